"""A friendly call after two classes missed without a word, or one after a day on which they were not well: to ask how
somebody is, and never a sanction.

Here: when the desk is asked to call, and when it is not needed any more. Not here: what counts (absences.py), what is
said (the call sheet). Called whenever marks are added or amended, when somebody gives up a place or answers their check
themselves, and when they pause, leave or die.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.history import Actor, acting
from classes.models import Attendance, SymptomCheck
from classes.register.absences import is_missed
from classes.same_day.symptoms import Result
from messaging.models import Task, TaskState
from messaging.worklist import cancel_open, raise_task
from participants.models import Participant, ParticipantStatus
from participants.working_days import due_in_working_days

WELFARE_CALL = "welfare_call"  # kind of the desk's task; its subject is the participant
CALL_WITHIN = 1  # working days
TOLD_US = "told_us"  # what came of a call that was not needed: they were in touch themselves


@dataclass
class _Record:
    """The marks in force of one person, in the order of their classes, and the last of these classes."""

    marks: list[tuple[datetime, str]] = field(default_factory=list)
    last: int = 0


def call_after_absences(participant_ids: Collection[int], *, by: Actor) -> None:
    """Look again at the classes of these people, whose rows the caller holds: one open call for whoever has been
    missed, none for whoever has been heard of. A fixed number of queries, and a few for each call.
    """
    with acting(by, "classes.call_after_absences"):
        records, flagged = _records(participant_ids), _flagged(participant_ids)
        missed = {pk for pk, record in records.items() if is_missed(record.marks, flagged[pk])}
        cancel_open(_absence_calls(set(participant_ids) - missed))
        people = Participant.objects.filter(pk__in=missed, status=ParticipantStatus.ACTIVE)
        answered = _already_called(missed)
        for participant in people.select_related("person", "programme"):
            if records[participant.pk].last not in answered.get(participant.pk, set()):
                _ask_to_call(participant, records[participant.pk].last, by)


def end_absence_calls(participant: Participant, by: Actor) -> None:
    """Where they are is known now."""
    with acting(by, "classes.end_absence_calls"):
        cancel_open(_absence_calls([participant.pk]))


def heard_from(participant: Participant) -> None:
    """Inside an action of theirs: they have told us something since, so nobody has to call. The same absences ask for
    no other call."""
    open_call = _absence_calls([participant.pk]).filter(state=TaskState.OPEN)
    open_call.update(state=TaskState.DONE, outcome=TOLD_US, closed_at=timezone.now())


def _flagged(participant_ids: Collection[int]) -> dict[int, list[datetime]]:
    """When the classes were for which their same-day check came to more than “ready”. One query."""
    checks = SymptomCheck.objects.filter(participant__in=participant_ids).exclude(result=Result.READY)
    found: dict[int, list[datetime]] = defaultdict(list)
    for who, start in checks.values_list("participant", "session__starts_at"):
        found[who].append(start)
    return found


def _records(participant_ids: Collection[int]) -> dict[int, _Record]:
    theirs = Attendance.objects.filter(
        Q(booking__participant__in=participant_ids) | Q(guest__participant__in=participant_ids)
    )
    rows = (
        Attendance.objects.filter(pk__in=theirs.in_force().values("pk"))
        .annotate(who=Coalesce("booking__participant_id", "guest__participant_id"))
        .order_by("session__starts_at", "session_id")
        .values_list("who", "state", "session_id", "session__starts_at")
    )
    found: dict[int, _Record] = defaultdict(_Record)
    for who, state, session_id, start in rows:
        found[who].marks.append((start, state))
        found[who].last = session_id
    return found


def _key(participant_id: int) -> str:
    return f"{WELFARE_CALL}:absences:{participant_id}"


def _absence_calls(participant_ids: Collection[int]) -> QuerySet[Task]:
    return Task.objects.filter(kind=WELFARE_CALL, dedupe_key__in=[_key(pk) for pk in participant_ids])


def _already_called(participant_ids: Collection[int]) -> dict[int, set[int]]:
    """After which absence somebody has called already: the same one, saved again, asks for no second call."""
    done = _absence_calls(participant_ids).filter(state=TaskState.DONE)
    called: dict[int, set[int]] = defaultdict(set)
    for subject_id, context in done.values_list("subject_id", "context"):
        called[subject_id or 0].add(context.get("last", 0))
    return called


def _ask_to_call(participant: Participant, last: int, by: Actor) -> None:
    raise_task(
        programme=participant.programme,
        kind=WELFARE_CALL,
        due_at=due_in_working_days(timezone.now(), CALL_WITHIN),
        about=participant.person,
        subject_id=participant.pk,
        context={"last": last},
        dedupe_key=_key(participant.pk),
        by=by,
    )
