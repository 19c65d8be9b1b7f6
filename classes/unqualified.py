"""Dates to come that are led by somebody who may not lead them on that day, and what the desk is asked about them.

It may have become so since they were given the date: something ran out or was sent back, they teach
no more, or their kind of class asks for more. Here: finding such dates, one task for each instructor
with every date and how many people, and one that cannot wait for each date that is near. Not here: the
rule (instructors/credentials.py); dates that are published, changed or covered, for which it is asked
at once (timetable/plans.py, cover/). Called whenever somebody's standing, their dates or a kind of class
have changed, and by the worker.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.history import Actor, acting
from accounts.permissions import Permission
from classes.leading import credentials_needed
from classes.models import BookingState, ClassType, Session, SessionLeader, SessionStatus
from instructors.credentials import Reason, overridden, reasons_against_leading
from instructors.models import Instructor, InstructorStatus
from instructors.rules_in_use import credential_rules
from instructors.standing import held_by_all
from messaging import alerts, worklist
from messaging.models import Task
from messaging.one_by_one import one_by_one

LEADER_LACKS = "leader_lacks_credential"  # kind of the desk's task; its subject is the instructor
LEADS_SOON = "leads_soon_without"  # the same of one date that is near; its subject is the date
TIME_TO_ARRANGE = timedelta(days=2)
SOON = timedelta(hours=48)
MOST_NAMED = 20  # dates in one task; the instructor's page names them all


@dataclass(frozen=True)
class Led:
    """A date and whoever leads it. `reasons`: why they may not, none where they teach no more; `by_override`: kinds
    that only the desk lets pass on that day."""

    session: Session
    instructor: Instructor
    people: int
    reasons: tuple[Reason, ...]
    by_override: tuple[str, ...]

    @property
    def teaches(self) -> bool:
        return self.instructor.status == InstructorStatus.ACTIVE

    @property
    def lacking(self) -> bool:
        return bool(self.reasons) or not self.teaches


def led_by(instructors: Iterable[int]) -> list[Led]:
    """Every date to come that one of them leads or covers, in order; four queries. Who assists is not asked."""
    return _judged(_to_come().filter(instructor__in=instructors))


def dates_led_without(kind: ClassType) -> list[tuple[Session, Instructor]]:
    """Of one kind of class: the dates led by somebody who may not, and who it is."""
    of_kind = _judged(_to_come().filter(session__class_type=kind))
    return [(led.session, led.instructor) for led in of_kind if led.lacking]


def leading(sessions: Collection[Session]) -> list[Instructor]:
    """Whoever leads, assists or covers one of `sessions` as things are."""
    return _leading(SessionLeader.objects.filter(active=True, session__in=sessions))


def asked_for(programmes: Collection[int]) -> Mapping[int, Mapping[str, list[str]]]:
    """By programme: each kind of credential, and the kinds of class for which somebody must hold it."""
    found: dict[int, dict[str, list[str]]] = {programme: {} for programme in programmes}
    for kind in ClassType.objects.filter(programme__in=programmes, active=True).order_by("name"):
        for credential in kind.credentials_needed:
            found[kind.programme_id].setdefault(credential, []).append(kind.name)
    return found


def look_again(instructor: Instructor, by: Actor) -> None:
    """Inside an action: what the desk is asked about this instructor's dates is as things are now."""
    look_at([instructor], by)


def look_at(instructors: Collection[Instructor], by: Actor) -> None:
    """The same for several."""
    lacking = [led for led in led_by([one.pk for one in instructors]) if led.lacking]
    for one in instructors:
        _ask(one, [led for led in lacking if led.instructor == one], by)


def look_at_kind(kind: ClassType, by: Actor) -> None:
    """The same for everybody who leads a class of this kind: it asks for something else."""
    look_at(_leading(_to_come().filter(session__class_type=kind)), by)


def look_at_everybody(by: Actor) -> None:
    """Every night: what has changed with nothing but the date, and what was seen to and is so still; each by itself."""
    asked = Task.objects.to_do().filter(kind__in=(LEADER_LACKS, LEADS_SOON)).values("about")

    def look(instructor: Instructor) -> None:
        with acting(by, "classes.look_at_who_leads"):
            look_again(instructor, by)

    one_by_one(look, _leading(_to_come(), or_about=asked))


def look_at_what_is_near(by: Actor) -> None:
    """More often: dates that have come near, each asked about once, and by itself."""
    near = _to_come().filter(session__starts_at__lte=timezone.now() + SOON)
    lacking = {_key(led): led for led in _judged(near) if led.lacking}
    one_by_one(lambda key: _alert(lacking[key], by), lacking)


def _to_come() -> QuerySet[SessionLeader]:
    return SessionLeader.objects.leading().filter(
        session__status=SessionStatus.PUBLISHED, session__starts_at__gt=timezone.now()
    )


def _leading(rows: QuerySet[SessionLeader], or_about: QuerySet[Any] | None = None) -> list[Instructor]:
    """Whoever leads one of `rows`, and about whom the desk is asked."""
    them = Q(pk__in=rows.values("instructor")) | (Q(person__in=or_about) if or_about is not None else Q())
    return list(Instructor.objects.filter(them).select_related("person", "programme").order_by("pk"))


def _judged(rows: QuerySet[SessionLeader]) -> list[Led]:
    booked = Count("session__bookings", filter=Q(session__bookings__state=BookingState.BOOKED))
    read = rows.select_related("session__class_type", "session__venue", "session__programme", "instructor__person")
    leading = list(read.annotate(booked=booked).order_by("session__starts_at", "pk"))
    held, rules = held_by_all({row.instructor_id for row in leading}), credential_rules()
    found = []
    for row in leading:
        on = timezone.localdate(row.session.starts_at)
        needed = credentials_needed(row.session.class_type, row.session.mode, rules)
        reasons = reasons_against_leading(held[row.instructor_id], needed, on)
        passed = overridden(held[row.instructor_id], needed, on)
        found.append(Led(row.session, row.instructor, row.booked, reasons, passed))
    return found


def _ask(instructor: Instructor, lacking: list[Led], by: Actor) -> None:
    now = timezone.now()
    _forget_alerts(instructor, lacking)
    if not lacking:
        worklist.cancel_tasks(kinds=[LEADER_LACKS], subject_id=instructor.pk, by=by)
        return
    worklist.raise_task(
        programme=instructor.programme,
        kind=LEADER_LACKS,
        due_at=_by(now, lacking[0].session.starts_at),
        about=instructor.person,
        subject_id=instructor.pk,
        context=_context(lacking),
        dedupe_key=f"{LEADER_LACKS}:{instructor.pk}",
        afresh=True,
        by=by,
    )
    for led in lacking:
        if led.session.starts_at <= now + SOON:
            _alert(led, by)


def _by(now: datetime, first: datetime) -> datetime:
    return max(now, min(now + TIME_TO_ARRANGE, first))


def _context(lacking: list[Led]) -> dict[str, object]:
    named = [
        [timezone.localdate(led.session.starts_at).isoformat(), led.session.class_type.name, led.people]
        for led in lacking[:MOST_NAMED]
    ]
    return {"dates": len(lacking), "people": sum(led.people for led in lacking), "led": named}


def _alert(led: Led, by: Actor) -> None:
    """Once for each date and whoever leads it, whatever was done about it since."""
    if worklist.asked_before([_key(led)]):
        return
    with acting(by, "classes.look_at_who_leads_soon"):
        task = worklist.raise_task(
            programme=led.session.programme,
            kind=LEADS_SOON,
            due_at=timezone.now(),
            about=led.instructor.person,
            subject_id=led.session.pk,
            context=_context([led]),
            dedupe_key=_key(led),
            urgent_for=Permission.PUBLISH_FOR_ANYONE,
            by=by,
        )
        alerts.tell_on_call(task=task, by=by)


def _forget_alerts(instructor: Instructor, lacking: list[Led]) -> None:
    ours = Task.objects.filter(kind=LEADS_SOON, about=instructor.person, programme=instructor.programme)
    worklist.cancel_open(ours.exclude(dedupe_key__in=[_key(led) for led in lacking]))


def _key(led: Led) -> str:
    return f"{LEADS_SOON}:{led.session.pk}:{led.instructor.pk}:{led.session.starts_at.isoformat()}"
