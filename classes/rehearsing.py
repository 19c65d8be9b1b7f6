"""A rehearsal for whoever has never come to a class online: does the camera and the sound of their device work?

Here: whether one is offered, and keeping how it went; who wants help is rung by the desk. Not here: the try itself,
which stays on the person's own device (frontend/assets/js/rehearsal.js), the words. What instructors read of it stands
in the register (classes/register/opening.py). Called by the pages of participants.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from accounts.history import acting
from accounts.models import Person
from classes.models import Attendance, Mode, Rehearsal, RehearsalOutcome
from messaging.worklist import cancel_tasks, raise_task
from participants.models import Participant
from participants.working_days import due_in_working_days

HELP_ONLINE = "help_online"  # kind of the desk's task; its subject is the participant
CALL_WITHIN = 1  # working days


def is_offered_to(participant: Participant) -> bool:
    """Whether they have never come to a class online, by the marks in force."""
    theirs = Attendance.objects.filter(Q(booking__participant=participant) | Q(guest__participant=participant))
    return not theirs.counting().filter(session__mode=Mode.REMOTE).exists()


def last_rehearsal(participant: Participant) -> Rehearsal | None:
    return Rehearsal.objects.filter(participant=participant).order_by("-at", "-pk").first()


def keep_rehearsal(*, participant: Participant, outcome: RehearsalOutcome, by: Person) -> Rehearsal:
    """How it went. Who wants help is rung within a working day; who has got it to work is not any more."""
    with acting(by, "classes.keep_rehearsal", on_behalf_of=participant.person):
        kept = Rehearsal.objects.create(participant=participant, outcome=outcome, by=by)
        if outcome == RehearsalOutcome.READY:
            cancel_tasks(kinds=[HELP_ONLINE], subject_id=participant.pk, by=by)
        else:
            _ask_to_ring(participant, by)
        return kept


def _ask_to_ring(participant: Participant, by: Person) -> None:
    raise_task(
        programme=participant.programme,
        kind=HELP_ONLINE,
        due_at=due_in_working_days(timezone.now(), CALL_WITHIN),
        about=participant.person,
        subject_id=participant.pk,
        dedupe_key=f"{HELP_ONLINE}:{participant.pk}",
        by=by,
    )
