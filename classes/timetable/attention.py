"""What somebody should think of about dates that are on the timetable: for the lists of the desk and of instructors.

Here: reading and judging many dates at once, by the rules of the previews (cautions.py) and of what suits
whom (judging/fit.py). It warns and changes nothing. Not here: words. How many people exercise otherwise is
a number without names: who they are stands in the register, where each look is logged.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from classes.judging.fit import Offer, advice
from classes.models import Booking, BookingState, ClassType, Session, SessionLeader
from classes.timetable.cautions import TO_GET_THERE, too_close, too_many_for
from classes.timetable.plans import Clash
from classes.wall_time import Span
from participants.models import Clearance


class Attention(enum.StrEnum):
    LITTLE_TIME = "little_time"  # to get from one place to the next
    MANY_BOOKED = "many_booked"  # more people have a place than so many instructors should have
    MANY_PLACES = "many_places"  # more places than that, not taken yet
    ADAPTED = "adapted"  # people with a place exercise otherwise than the class does


@dataclass(frozen=True)
class Note:
    """`number`: of people, or the most that so many `instructors` should have. `next_to`: the class before or after."""

    kind: Attention
    number: int = 0
    instructors: int = 0
    next_to: Clash | None = None


def notes_on(
    sessions: Sequence[Session], *, health_of: Callable[[Session], bool] = lambda session: True
) -> dict[int, tuple[Note, ...]]:
    """For each date by id what to think of, where there is something. Two queries for any number of dates.

    `health_of` says for which dates the reader may know that somebody exercises otherwise.
    """
    coming = [session for session in sessions if not session.is_cancelled]
    leading = _leading(coming)
    adapted = _adapted([session for session in coming if health_of(session)])
    found = {
        session.pk: (*_of_time(session, leading), *_of_people(session, leading), *_of_fit(adapted[session.pk]))
        for session in coming
    }
    return {pk: notes for pk, notes in found.items() if notes}


def _leading(sessions: Sequence[Session]) -> list[SessionLeader]:
    """Whoever leads, assists or covers any of them, with everything they do around that time."""
    if not sessions:
        return []
    around = (
        min(session.starts_at for session in sessions) - TO_GET_THERE,
        max(session.ends_at for session in sessions) + TO_GET_THERE,
    )
    theirs = SessionLeader.objects.filter(active=True, session__in=sessions).values("instructor")
    rows = SessionLeader.objects.filter(active=True, instructor__in=theirs, during__overlap=around)
    return list(rows.select_related("session__class_type").order_by("session__starts_at", "pk"))


def _of_time(session: Session, leading: Iterable[SessionLeader]) -> list[Note]:
    """The classes of whoever leads it that are somewhere else, and less than an hour before or after it."""
    rows = list(leading)
    who = {row.instructor_id for row in rows if row.session_id == session.pk}
    near = {
        row.session_id: row.session
        for row in rows
        if row.instructor_id in who
        and row.session.venue_id != session.venue_id
        and too_close(_span(session), _span(row.session))
    }
    return [
        Note(Attention.LITTLE_TIME, next_to=Clash(s.pk, s.class_type.name, s.starts_at, s.ends_at))
        for s in near.values()
    ]


def _of_people(session: Session, leading: Iterable[SessionLeader]) -> list[Note]:
    instructors = max(1, sum(1 for row in leading if row.session_id == session.pk))
    ratio = session.class_type.people_per_instructor
    for kind, people in ((Attention.MANY_BOOKED, session.places_taken), (Attention.MANY_PLACES, session.capacity)):
        if ratio is not None and too_many_for(people, ratio, instructors):
            return [Note(kind, number=ratio * instructors, instructors=instructors)]
    return []


def _of_fit(people: int) -> list[Note]:
    return [Note(Attention.ADAPTED, number=people)] if people else []


def _adapted(sessions: Collection[Session]) -> dict[int, int]:
    """How many people with a place in each class exercise otherwise than it does."""
    kinds = {session.pk: session.class_type for session in sessions}
    in_force = Clearance.objects.filter(participant=OuterRef("participant")).order_by("-id")
    places = Booking.objects.filter(session__in=kinds, state=BookingState.BOOKED)
    rows = places.annotate(adaptations=Subquery(in_force.values("adaptations")[:1])).exclude(adaptations=[])
    found: dict[int, int] = defaultdict(int)
    for session_id, adaptations in rows.values_list("session_id", "adaptations"):
        found[session_id] += _is_unsuited(kinds[session_id], adaptations or ())
    return found


def _is_unsuited(kind: ClassType, adaptations: Collection[str]) -> bool:
    return bool(advice(adaptations, Offer(kind.positions, kind.effort, kind.adaptations_met)))


def _span(session: Session) -> Span:
    return Span(session.occurs_on, session.starts_at, session.ends_at)
