"""Keeping what somebody managed in a measured movement, in a class or at the desk; putting it right later.

Here: the action, its refusals, and what may be read. Not here: what is asked
first and what may be kept (sit_to_stand.py), rows (models/measures.py). Called by
pages of instructors and of the desk. It is a health fact: an instructor records
it as they write how a class went, of who came, until the register shows health
facts no more; the desk of who is cleared to exercise.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils import timezone

from accounts.history import acting
from accounts.models import Person
from classes.models import Session
from classes.register import notes_open, to_note
from outcomes.models import Measure
from outcomes.sit_to_stand import NOT_DONE, VERSION, Tried, problem_with
from participants.models import Participant
from participants.standing import standing_of


class BadMeasure(Exception):
    """It cannot be kept so: `problem` as in sit_to_stand.problem_with, "day" for one to come or before they joined,
    "id" for something else that was sent under the same id."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class NotNow(Exception):
    """In a class it is recorded from its start until 48 hours after it, of somebody whose mark says that they came."""


class NotCleared(Exception):
    """They are not cleared to exercise on that day: nothing is measured, only that it was not done."""


class PutRightAlready(Exception):
    """What was to be put right has been, by `latest`."""

    def __init__(self, latest: Measure) -> None:
        super().__init__(str(latest.pk))
        self.latest = latest


def measures_of(participant: Participant) -> list[Measure]:
    """Those in force of somebody whom the caller may already see, the latest first."""
    rows = Measure.objects.filter(participant=participant).in_force()
    return list(rows.select_related("by", "session__class_type"))


def all_measures_of(participant: Participant) -> list[Measure]:
    """Those that were put right too."""
    rows = Measure.objects.filter(participant=participant).select_related("by", "session__class_type", "replaced_by")
    return list(rows.order_by("-measured_on", "-at"))


def record_measure(
    *,
    id: UUID,
    participant: Participant,
    tried: Tried,
    on: date | None = None,
    session: Session | None = None,
    replaces: Measure | None = None,
    by: Person,
) -> Measure:
    """Keep one try, in place of `replaces` where that is put right. The same one sent twice adds nothing.

    `on` is the day; that of `session` where it was in a class. Raises BadMeasure, NotNow, NotCleared, PutRightAlready.
    """
    if problem := problem_with(tried):
        raise BadMeasure(problem)
    with acting(by, "outcomes.record_measure", on_behalf_of=participant.person):
        Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)  # one after the other
        day = timezone.localdate(session.starts_at) if session else on or timezone.localdate()
        row = Measure(
            id=id,
            participant=participant,
            kind=tried.kind,
            result=tried.result,
            value=tried.value,
            reason=tried.reason,
            safety_version=VERSION,
            measured_on=day,
            session=session,
            replaces=replaces,
            by=by,
        )
        if there := Measure.objects.filter(pk=id).first():
            return _same(there, row)
        _may_be_kept(row)
        row.save(force_insert=True)
        row.made_now = True
        return row


def _same(there: Measure, row: Measure) -> Measure:
    facts = ("participant_id", "kind", "result", "value", "reason", "measured_on", "session_id", "replaces_id")
    if any(getattr(there, fact) != getattr(row, fact) for fact in facts):
        raise BadMeasure("id")
    return there


def _may_be_kept(row: Measure) -> None:
    if row.replaces is not None:
        _still_stands(row.replaces, row.participant)
    if row.session is not None:
        came = {one.participant.pk for one in to_note(row.session)}
        if not notes_open(row.session, timezone.now()) or row.participant_id not in came:
            raise NotNow
        return
    if not timezone.localdate(row.participant.registered_at) <= row.measured_on <= timezone.localdate():
        raise BadMeasure("day")
    if row.result != NOT_DONE and not standing_of(row.participant).is_cleared(row.measured_on):
        raise NotCleared


def _still_stands(replaced: Measure, participant: Participant) -> None:
    if replaced.participant_id != participant.pk:
        raise BadMeasure("id")
    if (later := Measure.objects.filter(replaces=replaced).first()) is not None:
        raise PutRightAlready(later)
