"""Whoever leads a class is late, is there, or is missing.

Here: saying so, and asking the desk when a class with people in it has begun and nothing shows that anybody leads it.
What shows it: they said that they are there, opened the register, or marked somebody; a register that a telephone
saves by itself does not. Not here: the message to people (telling/running_late.py), cover (cover/). Called by pages of
instructors and of the desk, and by the worker.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.history import Actor, acting
from accounts.models import AccessLog, Person
from accounts.permissions import Permission
from classes.locks import lock_session
from classes.models import (
    DELAYS,
    Arrival,
    Attendance,
    Booking,
    BookingState,
    RunningLate,
    Session,
    SessionLeader,
    SessionStatus,
)
from classes.register.opening import PURPOSE, SAVED
from classes.telling.running_late import LEADER_MISSING, begins_at, delay_of, tell_of_delay
from messaging import alerts, worklist
from messaging.models import Task
from messaging.one_by_one import one_by_one

LOOK = "classes.look_for_leaders"
LATE_FROM, THERE_FROM = timedelta(hours=3), timedelta(hours=1)  # before the start


class NotNow(Exception):
    """The class is off or over, is too far ahead, or that delay has passed."""


def delays_of(session: Session, now: datetime) -> tuple[int, ...]:
    """The delays that can be told now, in minutes; none before LATE_FROM, and none that has passed."""
    if session.status != SessionStatus.PUBLISHED or now < session.starts_at - LATE_FROM or now >= session.ends_at:
        return ()
    return tuple(minutes for minutes in DELAYS if now < session.starts_at + timedelta(minutes=minutes))


def may_say_here(session: Session, now: datetime) -> bool:
    published = session.status == SessionStatus.PUBLISHED
    return published and session.starts_at - THERE_FROM <= now < session.ends_at


def say_late(*, session: Session, minutes: int, by: Person) -> RunningLate:
    """Everybody with a place is told once that it begins so many minutes late. Raises NotNow."""
    with acting(by, "classes.say_late"):
        locked = lock_session(session.pk)
        if (said := delay_of(locked)) is not None:
            return said
        if minutes not in delays_of(locked, timezone.now()):
            raise NotNow
        delay = RunningLate.objects.create(session=locked, starts_at=locked.starts_at, minutes=minutes, by=by)
        tell_of_delay(delay)
        return delay


def say_here(*, session: Session, by: Person) -> None:
    """Whoever leads it is there; saying it twice changes nothing. Raises NotNow."""
    with acting(by, "classes.say_here"):
        locked = lock_session(session.pk)
        if not may_say_here(locked, timezone.now()):
            raise NotNow
        if not arrivals_at([locked]).filter(by=by).exists():
            Arrival.objects.create(session=locked, starts_at=locked.starts_at, by=by)
        worklist.cancel_tasks(kinds=[LEADER_MISSING], subject_id=locked.pk, by=by)


def arrivals_at(sessions: Collection[Session]) -> QuerySet[Arrival]:
    """Who has said that they are there; what was said before a class was moved to a later day is no sign any more."""
    return Arrival.objects.filter(session__in=sessions, at__gte=F("session__starts_at") - THERE_FROM)


def may_say_nobody_is_there(booking: Booking, now: datetime) -> bool:
    """From the start of the class on, while it lasts, by whoever has a place."""
    session = booking.session
    held = booking.state == BookingState.BOOKED and session.status == SessionStatus.PUBLISHED
    return held and session.starts_at <= now < session.ends_at


def say_nobody_is_there(*, booking: Booking, by: Person) -> None:
    """Whoever has a place waits and sees nobody who leads: the desk is asked at once, whatever else seems to show that
    somebody is there. Raises NotNow."""
    with acting(by, "classes.say_nobody_is_there", on_behalf_of=booking.participant.person):
        if not may_say_nobody_is_there(booking, timezone.now()):
            raise NotNow
        _ask(booking.session, by, said=True)


def look_for_leaders(by: Actor) -> int:
    """Of each class under way that nobody seems to lead the desk is asked once, and whoever is on call is told; what
    was asked closes itself when somebody turns up. Each class by itself. Returns how many are missing."""
    begun = _begun(timezone.now())
    there = _with_a_sign(begun)
    with acting(by, LOOK):
        by_itself = Task.objects.exclude(context__has_key="said")  # what people in the class say somebody judges
        worklist.cancel_open(by_itself.filter(kind=LEADER_MISSING, subject_id__in=there))
        over = Session.objects.filter(pk__in=_asked_about()).exclude(ends_at__gt=timezone.now())
        worklist.cancel_open(by_itself.filter(kind=LEADER_MISSING, subject_id__in=over.values("pk")))
    missing = [session for session in begun if session.pk not in there]
    known = worklist.asked_before(_key(session) for session in missing)
    one_by_one(partial(_ask, by=by), [session for session in missing if _key(session) not in known])
    return len(missing)


def _begun(now: datetime) -> list[Session]:
    """Under way for so long that somebody should be there, with people booked; after a delay that was told, later."""
    wait = timedelta(minutes=settings.LEADER_MISSING_AFTER)
    booked = Booking.objects.filter(state=BookingState.BOOKED)
    under_way = Session.objects.published().not_over(now).filter(starts_at__lte=now - wait)
    sessions = list(under_way.filter(pk__in=booked.values("session")).select_related("class_type", "programme"))
    delays = {one.session_id: one for one in _delays(sessions)}
    return [one for one in sessions if one.pk not in delays or now >= begins_at(delays[one.pk]) + wait]


def _delays(sessions: Collection[Session]) -> Collection[RunningLate]:
    said = RunningLate.objects.filter(session__in=sessions, starts_at=F("session__starts_at"))
    return said.select_related("session")


def _with_a_sign(sessions: Collection[Session]) -> set[int]:
    """Keys of those of which somebody has said that they are there, marked somebody, or opened the register."""
    signs = set(arrivals_at(sessions).values_list("session", flat=True))
    signs |= set(Attendance.objects.filter(session__in=sessions).values_list("session", flat=True))
    return signs | _opened([session for session in sessions if session.pk not in signs])


def _opened(sessions: Collection[Session]) -> set[int]:
    """A register that was opened by whoever leads the class is a read about its people; three queries."""
    leading, booked = _people_by_class(sessions)
    if not sessions:
        return set()
    reads = AccessLog.objects.filter(
        purpose=PURPOSE,
        by__in={pk for those in leading.values() for pk in those},
        target__in={pk for those in booked.values() for pk in those},
        at__gte=min(session.starts_at for session in sessions) - THERE_FROM,
    ).exclude(what__endswith=SAVED)
    found = list(reads.values_list("by", "target", "at"))
    return {
        session.pk
        for session in sessions
        for by, target, at in found
        if by in leading[session.pk] and target in booked[session.pk] and at >= session.starts_at - THERE_FROM
    }


def _people_by_class(sessions: Collection[Session]) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """By key of the class: the people who lead it, and those with a place."""
    leading: dict[int, set[int]] = defaultdict(set)
    booked: dict[int, set[int]] = defaultdict(set)
    leaders = SessionLeader.objects.filter(session__in=sessions, active=True)
    for session, person in leaders.values_list("session", "instructor__person"):
        leading[session].add(person)
    places = Booking.objects.filter(session__in=sessions, state=BookingState.BOOKED)
    for session, person in places.values_list("session", "participant__person"):
        booked[session].add(person)
    return leading, booked


def _asked_about() -> list[int]:
    open_tasks = Task.objects.filter(kind=LEADER_MISSING).to_do().order_by()
    return [pk for pk in open_tasks.values_list("subject_id", flat=True) if pk is not None]


def _ask(session: Session, by: Actor, *, said: bool = False) -> None:
    """The task and the word to whoever is on call, or neither."""
    with acting(by, LOOK):
        task = worklist.raise_task(
            programme=session.programme,
            kind=LEADER_MISSING,
            due_at=timezone.now(),
            subject_id=session.pk,
            context={
                "class": session.class_type.name,
                "on": timezone.localdate(session.starts_at).isoformat(),
                **({"said": True} if said else {}),
            },
            dedupe_key=f"{_key(session)}:said" if said else _key(session),
            urgent_for=Permission.PUBLISH_FOR_ANYONE,
            by=by,
        )
        alerts.tell_on_call(task=task, by=by)


def _key(session: Session) -> str:
    return f"{LEADER_MISSING}:{session.pk}:{session.starts_at.isoformat()}"
