"""Marks that a telephone kept while there was no signal, and sends when there is: none is lost on the way.

Here: what becomes of each, in whichever class it was taken. Not here: adding marks (taking.py), which
does the same for them as for any other, what a telephone keeps and how (frontend/assets/js/offline).
Called by the page behind the offline register.

What was marked is a fact, whatever has changed since. It is kept also when the register has closed or when
whoever took it does not lead the class any more; the desk then looks at it. Only a mark that names nobody of
the class, or whose id another mark has, or that comes after closing from somebody who leads no more, cannot be
added: the desk is told, and the telephone keeps it.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from accounts.history import acting
from accounts.models import Person
from classes.models import Session, SessionLeader
from classes.register.acknowledging import Acknowledgement, Outcome
from classes.register.companions import NewCompanionMark
from classes.register.taking import TASK_DUE, NewMark, RegisterNotOpen, take_register
from classes.register.window import Window
from instructors.models import InstructorStatus
from messaging.worklist import raise_task

TASK_CAME_LATE = "marks_came_late"  # its subject is the class
TASK_NOT_TAKEN = "mark_not_taken"  # its subject is the class too


class Fate(enum.StrEnum):
    """What became of a mark that was kept."""

    KEPT = "kept"  # recorded now or before: the telephone may forget it
    NOT_YET = "not_yet"  # the class has not started by our clock: send it again
    WITH_DESK = "with_desk"  # could not be added, and the desk is asked: shown until somebody has read it
    NOT_YOURS = "not_yours"  # of a class that this person never led: nobody is asked


@dataclass(frozen=True)
class KeptMark:
    """A mark of somebody, or of whoever came along with them."""

    session_id: int
    mark: NewMark | NewCompanionMark


@dataclass(frozen=True)
class Sent:
    """`differs`: another device had said otherwise; both marks are kept."""

    id: UUID
    fate: Fate
    differs: bool = False


def take_kept_marks(*, marks: Sequence[KeptMark], by: Person) -> tuple[Sent, ...]:
    """What became of each, in the order they came. Sending them again changes nothing.

    A mark from ahead of our clock is taken for one of now: a telephone that is wrong is no reason to lose it.
    """
    now = timezone.now()
    came: dict[UUID, Sent] = {}
    by_class: dict[int, list[NewMark | NewCompanionMark]] = defaultdict(list)
    for one in marks:
        by_class[one.session_id].append(_no_later(one.mark, now))
    led, leads = classes_of(by, by_class)
    for pk, taken in by_class.items():
        told = _take(led[pk], taken, pk in leads, now, by) if pk in led else _all(taken, Fate.NOT_YOURS)
        came |= {sent.id: sent for sent in told}
    return tuple(came[one.mark.id] for one in marks)


def _no_later(mark: NewMark | NewCompanionMark, now: datetime) -> NewMark | NewCompanionMark:
    return replace(mark, marked_at=min(mark.marked_at, now)) if isinstance(mark, NewMark) else mark


def _all(marks: Sequence[NewMark | NewCompanionMark], fate: Fate) -> list[Sent]:
    return [Sent(mark.id, fate) for mark in marks]


def classes_of(by: Person, session_ids: Iterable[int]) -> tuple[dict[int, Session], set[int]]:
    """Those of these classes that `by` leads or has led, and the ids of those that `by` leads now."""
    rows = SessionLeader.objects.filter(session__in=list(session_ids), instructor__person=by)
    leading = list(rows.select_related("session__programme", "instructor"))
    now = {one.session_id for one in leading if one.active and one.instructor.status == InstructorStatus.ACTIVE}
    return {one.session_id: one.session for one in leading}, now


def _take(
    session: Session, taken: Sequence[NewMark | NewCompanionMark], leads: bool, now: datetime, by: Person
) -> list[Sent]:
    """Whoever does not lead the class any more may still hand in what they marked, until the register closes."""
    closed = not Window(session.starts_at, session.ends_at).may_be_amended(now)
    with acting(by, "classes.take_kept_marks"):
        if closed and not leads:
            _ask_desk(session, TASK_NOT_TAKEN, now, by)
            return _all(taken, Fate.WITH_DESK)
        marks = [mark for mark in taken if isinstance(mark, NewMark)]
        beside = [mark for mark in taken if isinstance(mark, NewCompanionMark)]
        try:
            answers = take_register(session=session, marks=marks, companions=beside, by=by, after_closing=True)
        except RegisterNotOpen:
            return _all(taken, Fate.NOT_YET)
        outcomes = {answer.outcome for answer in answers}
        if Outcome.RECORDED in outcomes and (closed or not leads):
            _ask_desk(session, TASK_CAME_LATE, now, by)
        if Outcome.REFUSED in outcomes:
            _ask_desk(session, TASK_NOT_TAKEN, now, by)
        return [Sent(answer.id, _fate(answer), differs=answer.differs) for answer in answers]


def _fate(answer: Acknowledgement) -> Fate:
    return Fate.WITH_DESK if answer.outcome is Outcome.REFUSED else Fate.KEPT


def _ask_desk(session: Session, kind: str, now: datetime, by: Person) -> None:
    raise_task(
        programme=session.programme,
        kind=kind,
        due_at=now + TASK_DUE,
        subject_id=session.pk,
        dedupe_key=f"{kind}:{session.pk}",
        by=by,
    )
