"""Demo venues, kinds of class and weekly series, begun nine months ago."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import Programme
from classes.models import ClassType, Effort, Fact, Mode, Position, Room, Series, Venue
from instructors.models import CredentialKind, Instructor

NEEDED = [CredentialKind.CANCER_EXERCISE, CredentialKind.FIRST_AID, CredentialKind.PUBLIC_LIABILITY]
NEEDED_ONLINE = [CredentialKind.CANCER_EXERCISE, CredentialKind.REMOTE_INSURANCE]
WEEKS_BEHIND = 38


@dataclass(frozen=True)
class Plan:
    """One weekly class: what, where (None is online), by whom, which weekday (Monday 0) and when."""

    class_type: str
    venue: str | None
    instructor: str
    weekday: int
    start: dt.time
    minutes: int
    capacity: int


PLANS = (
    Plan("Seated strength", None, "ines", 0, dt.time(10, 0), 45, 16),
    Plan("Balance and breathing", "Hamworthy Demo Hall", "ines", 1, dt.time(14, 0), 60, 16),
    Plan("Steady circuits", "Newport Demo Centre", "ivor", 2, dt.time(18, 30), 45, 14),
    Plan("Balance and breathing", "Totton Demo Rooms", "ivor", 3, dt.time(11, 0), 60, 16),
    Plan("Gentle stretch", None, "ines", 4, dt.time(16, 0), 30, 16),
)


def make_class_types(programme: Programme) -> dict[str, ClassType]:
    def make(
        name: str, summary: str, effort: Effort, positions: list[Position], bring: str, needed: Sequence[str]
    ) -> ClassType:
        return ClassType.objects.create(
            programme=programme, name=name, summary=summary, effort=effort, positions=positions, bring=bring,
            credentials_needed=list(needed),
        )  # fmt: skip

    made = [
        make(
            "Seated strength",
            "Build strength from a steady chair, at your own pace.",
            Effort.GENTLE,
            [Position.SEATED],
            "A firm chair without wheels, water",
            NEEDED_ONLINE,
        ),
        make(
            "Balance and breathing",
            "Standing balance with a chair to hold, and calm breathing to finish.",
            Effort.GENTLE,
            [Position.SEATED, Position.STANDING],
            "Water, flat shoes",
            NEEDED,
        ),
        make(
            "Steady circuits",
            "A round of simple exercises with rests whenever you want them.",
            Effort.MODERATE,
            [Position.STANDING],
            "Water, flat shoes, a small towel",
            NEEDED,
        ),
        make(
            "Gentle stretch",
            "Slow stretches on a chair or a mat to ease stiff joints.",
            Effort.GENTLE,
            [Position.SEATED, Position.FLOOR],
            "A mat if you have one",
            NEEDED_ONLINE,
        ),
        make(
            "First conversation",
            "Half an hour with an instructor to plan what suits you.",
            Effort.GENTLE,
            [Position.SEATED],
            "",
            NEEDED_ONLINE,
        ),
    ]
    return {class_type.name: class_type for class_type in made}


def make_venues(programme: Programme) -> dict[str, Venue]:
    made = [
        Venue.objects.create(
            programme=programme,
            name="Hamworthy Demo Hall",
            address="1 Made Up Road",
            town="Poole",
            postcode="BH15 9ZZ",
            area="Dorset",
            step_free=Fact.YES,
            accessible_toilet=Fact.YES,
            hearing_loop=Fact.YES,
            parking=Fact.YES,
            chairs=Fact.YES,
            entrance="The side door, next to the ramp",
            getting_there="Buses stop outside. Free parking behind the hall.",
            defibrillator="In the porch, on the left",
        ),
        Venue.objects.create(
            programme=programme,
            name="Newport Demo Centre",
            address="2 Made Up Lane",
            town="Newport",
            postcode="PO30 9ZZ",
            area="Isle of Wight",
            step_free=Fact.YES,
            accessible_toilet=Fact.YES,
            hearing_loop=Fact.NO,
            parking=Fact.UNKNOWN,
            chairs=Fact.YES,
            entrance="Main door, then the lift to the first floor",
            getting_there="Ten minutes on foot from the bus station. By ferry: the bus meets the boat.",
            defibrillator="Reception",
        ),
        Venue.objects.create(
            programme=programme,
            name="Totton Demo Rooms",
            address="3 Made Up Way",
            town="Totton",
            postcode="SO40 9ZZ",
            area="Hampshire",
            step_free=Fact.NO,
            accessible_toilet=Fact.UNKNOWN,
            hearing_loop=Fact.UNKNOWN,
            parking=Fact.YES,
            chairs=Fact.YES,
            access_note="Two steps at the door. Call us and we will help.",
            getting_there="Five minutes on foot from the station.",
            defibrillator="Outside the library, 100 metres away",
        ),
    ]
    for venue in made:
        Room.objects.create(venue=venue, name="Main hall")
    return {venue.name: venue for venue in made}


def make_series(
    programme: Programme,
    class_types: dict[str, ClassType],
    venues: dict[str, Venue],
    instructors: dict[str, Instructor],
) -> list[Series]:
    """The weekly series. Their past dates are written by past.py; coming ones are made by `materialise`."""
    today = timezone.localdate()
    monday = today - dt.timedelta(days=today.weekday(), weeks=WEEKS_BEHIND)
    return [
        Series.objects.create(
            programme=programme,
            class_type=class_types[plan.class_type],
            mode=Mode.IN_PERSON if plan.venue else Mode.REMOTE,
            venue=venues[plan.venue] if plan.venue else None,
            room=venues[plan.venue].rooms.get() if plan.venue else None,
            instructor=instructors[plan.instructor],
            start_time=plan.start,
            duration_minutes=plan.minutes,
            first_date=monday + dt.timedelta(days=plan.weekday),
            last_date=today + dt.timedelta(days=364),
            capacity=plan.capacity,
            join_url="" if plan.venue else "https://meet.safefit.example/demo",
            dial_in="" if plan.venue else "01632 960 050, code 1234",
            materialised_until=today - dt.timedelta(days=1),
        )
        for plan in PLANS
    ]
