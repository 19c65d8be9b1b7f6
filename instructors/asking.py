"""What the desk is asked about instructors: to check what was handed in, and to see to what runs out.

Here: two kinds of task, kept as things are: raised while there is a need, taken back when
it is over. Not here: telling the instructor (notices.py), dates that somebody leads without
what is needed (classes/unqualified.py). Called by every action about an instructor, and by night.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.history import Actor
from instructors.credentials import Held, ran_out, standing_of
from instructors.models import Credential, Instructor, InstructorStatus
from instructors.rules_in_use import credential_rules
from instructors.standing import held_by
from messaging import worklist
from messaging.models import Task

TO_CHECK, RUNS_OUT = "credential_to_check", "credential_runs_out"  # kinds of the desk's task; subject: the instructor
TIME_TO_CHECK = timedelta(days=7)


def see_to_tasks(instructor: Instructor, by: Actor) -> None:
    """Inside an action: what the desk is asked about `instructor` is what there is to ask."""
    teaches = instructor.status == InstructorStatus.ACTIVE
    _ask_to_check(
        instructor, by, wanted=teaches and Credential.objects.to_check().filter(instructor=instructor).exists()
    )
    ending = running_out(held_by(instructor), credential_rules().second_notice_days) if teaches else {}
    _ask_about_ends(instructor, ending, by)


def running_out(held: tuple[Held, ...], days: int) -> dict[str, date]:
    """Kind → its last day, for what ends within so many days, or has ended, and nothing verified goes on with it."""
    today = timezone.localdate()
    found = {}
    for kind in dict.fromkeys(one.kind for one in held if not one.override):
        until = standing_of(kind, held, today).until or ran_out(kind, held, today)
        if until is not None and until <= today + timedelta(days=days):
            found[kind] = until
    return found


def _ask_to_check(instructor: Instructor, by: Actor, *, wanted: bool) -> None:
    if not wanted:
        worklist.cancel_tasks(kinds=[TO_CHECK], subject_id=instructor.pk, by=by)
        return
    worklist.raise_task(
        programme=instructor.programme,
        kind=TO_CHECK,
        due_at=timezone.now() + TIME_TO_CHECK,
        about=instructor.person,
        subject_id=instructor.pk,
        dedupe_key=f"{TO_CHECK}:{instructor.pk}",
        by=by,
    )


def _ask_about_ends(instructor: Instructor, ending: dict[str, date], by: Actor) -> None:
    """Once for each end: what was seen to is not asked again."""
    keys = {f"{RUNS_OUT}:{instructor.pk}:{kind}:{until}": until for kind, until in ending.items()}
    ours = Task.objects.filter(kind=RUNS_OUT, subject_id=instructor.pk)
    worklist.cancel_open(ours.exclude(dedupe_key__in=keys))
    known = worklist.asked_before(keys)
    for key, until in keys.items():
        if key not in known:
            worklist.raise_task(
                programme=instructor.programme,
                kind=RUNS_OUT,
                due_at=_before(until),
                about=instructor.person,
                subject_id=instructor.pk,
                context={"on": until.isoformat()},
                dedupe_key=key,
                by=by,
            )


def _before(until: date) -> datetime:
    """A week before it ends, and not in the past."""
    now = timezone.now()
    return max(now, now + timedelta(days=(until - timezone.localdate(now)).days - 7))
