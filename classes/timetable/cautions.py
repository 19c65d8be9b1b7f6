"""What somebody should think of before a class is published, changed or booked, and may do all the same.

Here: too little time to get from one place to the next, and more people than one
instructor should have in that kind of class. Not here: what refuses a class
(plans.py), words (pages). Called by the previews, and by the page on which a place is booked.

The time to get there is a plain rule, for nobody has measured the roads: less than
an hour between two classes of one instructor in different places, home included.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from classes.models import Booking, Mode, Session, Venue
from classes.models.booking import HELD_STATES
from classes.timetable.plans import Clash, ClassFields, led_within
from classes.wall_time import Span
from participants.models import Participant

TO_GET_THERE = timedelta(hours=1)


class CautionKind(enum.StrEnum):
    LITTLE_TIME = "little_time"
    MANY_PEOPLE = "many_people"


@dataclass(frozen=True)
class Caution:
    """`on` and `next_to`: the date, and the class before or after it. `most`: how many people there should be."""

    kind: CautionKind
    on: date | None = None
    next_to: Clash | None = None
    most: int = 0


def cautions_about(
    fields: ClassFields, spans: Sequence[Span], *, apart_from: Collection[int] = (), instructors: int = 1
) -> tuple[Caution, ...]:
    """Everything to think of about a class on `spans`, led by so many `instructors`. One query for any number."""
    return (*_of_people(fields, instructors), *_of_time(fields, spans, apart_from))


def too_many_for(capacity: int, people_per_instructor: int | None, instructors: int) -> bool:
    """Whether there are more places than that many instructors should look after."""
    return people_per_instructor is not None and capacity > people_per_instructor * instructors


def too_close(one: Span, start: Span) -> bool:
    """Whether two spans that do not overlap leave less than an hour between them."""
    gap = max(start.starts_at - one.ends_at, one.starts_at - start.ends_at)
    return timedelta(0) <= gap < TO_GET_THERE


def little_time_between(participant: Participant, session: Session) -> Booking | None:
    """A place of theirs in another hall from which, or to which, there is less than an hour: a warning, no refusal.

    Whoever is at home before or after has no way to go. One query, and none for a class online.
    """
    if session.is_from_home:
        return None
    around = (session.starts_at - TO_GET_THERE, session.ends_at + TO_GET_THERE)
    near = Booking.objects.filter(participant=participant, state__in=HELD_STATES, during__overlap=around)
    elsewhere = near.filter(session__mode=Mode.IN_PERSON).exclude(session__venue=session.venue_id)
    places = elsewhere.exclude(session=session).select_related("session__class_type", "session__venue")
    return next((place for place in places if too_close(_span(session), _span(place.session))), None)


def _span(session: Session) -> Span:
    return Span(session.occurs_on, session.starts_at, session.ends_at)


def _of_people(fields: ClassFields, instructors: int) -> tuple[Caution, ...]:
    ratio = fields["class_type"].people_per_instructor
    if ratio is None or not too_many_for(fields["capacity"], ratio, instructors):
        return ()
    return (Caution(CautionKind.MANY_PEOPLE, most=ratio * instructors),)


def _of_time(fields: ClassFields, spans: Sequence[Span], apart_from: Collection[int]) -> tuple[Caution, ...]:
    if not spans:
        return ()
    around = (min(s.starts_at for s in spans) - TO_GET_THERE, max(s.ends_at for s in spans) + TO_GET_THERE)
    there = [s for s in led_within(fields["instructor"], around) if s.pk not in apart_from]
    elsewhere = [s for s in there if _elsewhere(s, fields.get("venue"))]
    return tuple(
        Caution(CautionKind.LITTLE_TIME, one.on, Clash(s.pk, s.class_type.name, s.starts_at, s.ends_at))
        for one in spans
        for s in elsewhere
        if too_close(one, Span(one.on, s.starts_at, s.ends_at))
    )


def _elsewhere(session: Session, venue: Venue | None) -> bool:
    """Online is a place too: home, or wherever there is quiet."""
    return session.venue_id != (venue.pk if venue else None)
