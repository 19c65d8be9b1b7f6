"""What classes are made of: kinds of class, halls and their rooms, days without classes, as the desk keeps them.

Here: whose they are to keep, adding and changing them, closing a hall from a day on. A
hall or a kind of class is never deleted, since classes that were held name it; its history
is kept. Not here: classes themselves (timetable), words and pages. Called by the desk's pages.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TypedDict

from django.db import IntegrityError, transaction
from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts.history import acting
from accounts.models import Person, Programme
from accounts.permissions import Permission, programmes_allowing
from classes.models import ClassType, DaysOff, Room, Session, SessionStatus, Venue
from classes.unqualified import look_at_kind


class KindFacts(TypedDict):
    name: str
    summary: str
    effort: str
    positions: list[str]
    bring: str
    credentials_needed: list[str]
    adaptations_met: list[str]
    people_per_instructor: int | None
    one_to_one: bool
    first_contact: bool
    companions_beside: bool
    active: bool


class HallFacts(TypedDict):
    name: str
    address: str
    town: str
    postcode: str
    area: str
    step_free: str
    step_free_note: str
    accessible_toilet: str
    accessible_toilet_note: str
    hearing_loop: str
    hearing_loop_note: str
    parking: str
    parking_note: str
    chairs: str
    chairs_note: str
    access_note: str
    entrance: str
    getting_there: str
    defibrillator: str
    hall_contact: str
    holds: int | None


class DaysFacts(TypedDict):
    name: str
    first: date
    last: date
    active: bool


class NameTaken(Exception):
    """There is one of that name in this programme, or in this hall, already; of days: of that name and first day."""


def kinds_kept_by(user: object) -> QuerySet[ClassType]:
    """Those of the programmes whose timetable `user` arranges, no longer offered ones last."""
    kinds = ClassType.objects.filter(programme_id__in=_programmes(user)).select_related("programme")
    return kinds.order_by("-active", "name", "pk")


def halls_kept_by(user: object) -> QuerySet[Venue]:
    """The same of halls; `coming`: how many dates are to come in each."""
    coming = Q(sessions__starts_at__gt=timezone.now(), sessions__status=SessionStatus.PUBLISHED)
    halls = Venue.objects.filter(programme_id__in=_programmes(user)).select_related("programme")
    return halls.annotate(coming=Count("sessions", filter=coming)).order_by("name", "pk").prefetch_related("rooms")


def days_off_kept_by(user: object) -> QuerySet[DaysOff]:
    """The same of days without classes: those to come first, in order; then those that are over or no longer count."""
    days = DaysOff.objects.filter(programme_id__in=_programmes(user)).select_related("programme", "venue")
    return days.annotate(counts=Q(active=True, last__gte=timezone.localdate())).order_by("-counts", "first", "pk")


def programmes_kept_by(user: object) -> QuerySet[Programme]:
    return Programme.objects.filter(pk__in=_programmes(user)).order_by("name")


def add_kind(*, programme: Programme, facts: KindFacts, wanted_first: bool = False, by: Person) -> ClassType:
    """`wanted_first`: where the programme begins with it, nobody books a class before it. Raises NameTaken."""
    with acting(by, "classes.add_kind"), _named():
        if facts["first_contact"]:
            _begin_with(programme, facts, wanted_first)
        return ClassType.objects.create(programme=programme, **facts)


def change_kind(
    *, kind: ClassType, facts: KindFacts, changed: Collection[str], wanted_first: bool = False, by: Person
) -> ClassType:
    """Classes of this kind follow at once, those that were held too: it is one and the same. Raises NameTaken.

    All but whether companions take a place: a date stays as it was when it was made, for its places are counted so.

    Only what is `changed` of its facts is written: another person may have changed the rest meanwhile. Where it needs
    other credentials than before, the desk is asked about dates that are led without them; they stay as they are.
    `wanted_first` as in add_kind; places that are held stay.
    """
    with acting(by, "classes.change_kind"), _named():
        if "active" in changed and not facts["active"]:
            _begin_no_longer_with(kind)
        elif "first_contact" in changed:
            _begin_with(kind.programme, facts, wanted_first)
        ClassType.objects.filter(pk=kind.pk).update(**_only(facts, changed))
        kind.refresh_from_db()
        if "credentials_needed" in changed:
            look_at_kind(kind, by)
    return kind


def _begin_with(programme: Programme, facts: KindFacts, wanted_first: bool) -> None:
    """A programme begins with one kind at most: this one from now on, or, where it was this one, with none."""
    ClassType.objects.filter(programme=programme, first_contact=True).update(first_contact=False)
    Programme.objects.filter(pk=programme.pk).update(first_contact_first=facts["first_contact"] and wanted_first)


def _begin_no_longer_with(kind: ClassType) -> None:
    """What is no longer offered nobody can book, so no class may wait for it. Of another kind this says nothing."""
    if ClassType.objects.filter(pk=kind.pk, first_contact=True).update(first_contact=False):
        Programme.objects.filter(pk=kind.programme_id).update(first_contact_first=False)


def add_hall(*, programme: Programme, facts: HallFacts, by: Person) -> Venue:
    """Raises NameTaken."""
    with acting(by, "classes.add_hall"), _named():
        return Venue.objects.create(programme=programme, **facts)


def change_hall(*, hall: Venue, facts: HallFacts, changed: Collection[str], by: Person) -> Venue:
    """What people read of it is so at once. Nobody is told: it is the same hall. `changed` as in change_kind.

    Dates to come there hold as many people as the hall does, and at least whoever was let in before.

    Raises NameTaken. For whom a change of the way in matters, see dates_with_people.
    """
    with acting(by, "classes.change_hall"), _named():
        Venue.objects.filter(pk=hall.pk).update(**_only(facts, changed))
        if "holds" in changed:
            _hold(hall, facts["holds"])
    hall.refresh_from_db()
    return hall


def _hold(hall: Venue, holds: int | None) -> None:
    """Each row is read as it is when its turn has come, so that nobody who comes along is beyond what it says."""
    least = Case(When(companions__gt=0, then=F("capacity") + F("companions")), default=Value(0))
    Session.objects.filter(pk__in=_to_come(hall).order_by().values("pk")).update(
        holds=None if holds is None else Greatest(Value(holds), least)
    )


def dates_with_people(hall: Venue) -> QuerySet[Session]:
    """Dates to come in the hall in which somebody has a place, in order."""
    return _to_come(hall).filter(places_taken__gt=0)


def add_room(*, hall: Venue, name: str, by: Person) -> Room:
    """Raises NameTaken."""
    with acting(by, "classes.add_room"), _named():
        return Room.objects.create(venue=hall, name=name)


def add_days_off(*, programme: Programme, hall: Venue | None = None, facts: DaysFacts, by: Person) -> DaysOff:
    """Of every class of the programme, or of those in one of its halls. Raises NameTaken.

    What is on the timetable already stays: these are offered when dates are published.
    """
    with acting(by, "classes.add_days_off"), _named():
        return DaysOff.objects.create(programme=programme, venue=hall, **facts)


def change_days_off(*, days: DaysOff, facts: DaysFacts, changed: Collection[str], by: Person) -> DaysOff:
    """The same for days that are there; `changed` as in change_kind. Raises NameTaken."""
    with acting(by, "classes.change_days_off"), _named():
        DaysOff.objects.filter(pk=days.pk).update(**_only(facts, changed))
    days.refresh_from_db(fields=list(facts))
    return days


def dates_within(days: DaysOff) -> QuerySet[Session]:
    """Dates to come that are planned on these days all the same, in order: they stay until somebody cancels them."""
    coming = Session.objects.filter(
        programme=days.programme_id, status=SessionStatus.PUBLISHED, starts_at__gt=timezone.now()
    )
    if days.venue_id is not None:
        coming = coming.filter(venue=days.venue_id)
    within = coming.filter(starts_at__date__range=(days.first, days.last)) if days.active else coming.none()
    return within.select_related("class_type").order_by("starts_at", "pk")


def rooms_kept_by(user: object) -> QuerySet[Room]:
    return Room.objects.filter(venue__programme_id__in=_programmes(user)).select_related("venue")


def change_room(*, room: Room, name: str, by: Person) -> Room:
    """It is the same room under another name, in classes that were held too. Raises NameTaken."""
    with acting(by, "classes.change_room"), _named():
        Room.objects.filter(pk=room.pk).update(name=name)
    room.refresh_from_db()
    return room


def close_hall(*, hall: Venue, closed_from: date | None, by: Person) -> list[Session]:
    """From this day on nothing new is held there; None: it is open again. Returns the dates that are planned after it.

    They stay as they are until somebody moves or cancels them: people have places in them.
    """
    with acting(by, "classes.close_hall"):
        Venue.objects.filter(pk=hall.pk).update(closed_from=closed_from)
    hall.refresh_from_db()
    return list(planned_after_closing(hall))


def planned_after_closing(hall: Venue) -> QuerySet[Session]:
    """Dates to come in a hall that is closed by then, in order."""
    if hall.closed_from is None:
        return Session.objects.none()
    return _to_come(hall).filter(starts_at__date__gte=hall.closed_from)


def _to_come(hall: Venue) -> QuerySet[Session]:
    there = Session.objects.filter(venue=hall, status=SessionStatus.PUBLISHED, starts_at__gt=timezone.now())
    return there.select_related("class_type").order_by("starts_at", "pk")


def _only(facts: KindFacts | HallFacts | DaysFacts, changed: Collection[str]) -> dict[str, object]:
    return {name: value for name, value in facts.items() if name in changed}


def _programmes(user: object) -> set[int]:
    return programmes_allowing(user, Permission.PUBLISH_FOR_ANYONE)


@contextmanager
def _named() -> Iterator[None]:
    """The database refuses a second one of that name; its other constraints are not for anybody to read."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as refused:
        if "_per_name" not in str(refused):
            raise
        raise NameTaken from refused
