"""Somebody is worried about exercise for a person: the clinical team decides, and until then nothing is booked.

Here: referring back, and ending it with a decision or when they leave. Not here: the decision itself
(health.py, which ends it), what follows for places (consequences.py), the pages. Called by the desk and by
whoever leads a class. How soon somebody must look is not signed off.
"""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.history import Actor, acting
from accounts.models import Person
from accounts.permissions import Permission
from messaging.alerts import whom_to_tell_first
from messaging.models import Task
from messaging.worklist import cancel_open, close_task, raise_task
from participants.consequences import CLEARANCE_CHANGED, run_consequences
from participants.models import (
    Clearance,
    ClearanceState,
    Participant,
    ParticipantStatus,
    ReferBack,
    ReferBackEnd,
    ReferBackOutcome,
)
from participants.notices import referred_back
from participants.refusals import NotPossibleNow
from participants.rules.letter_rules import CLINICAL_LETTER, LetterKind
from participants.standing import facts_changed
from participants.working_days import due_in_working_days

REFER_BACK = "refer_back"  # kind of task; the id of the row stands in its context
REFERRED_BACK = "referred_back"  # why a person must look, beside the flags of answers
DECIDED_WITHIN = 2  # working days
LONGEST_WHY = 2000
MAY_BE_REFERRED = (ParticipantStatus.ACTIVE, ParticipantStatus.PAUSED)


class OtherWords(Exception):
    """The client-made id came with something else before."""


class NoWords(ValueError):
    """Nobody is referred back without a word on why, or with more than LONGEST_WHY characters."""


def refer_back(*, participant: Participant, why: str, id: UUID, by: Person) -> ReferBack:
    """Clearance waits for a person's decision from now on; a task names who is asked, and until when.

    Places follow as with every change of clearance, and the person is told in neutral words. The same `id` with the
    same words gives the row that is there. Raises NoWords, OtherWords, NotPossibleNow for who takes part no more.
    """
    why = why.strip()
    if not why or len(why) > LONGEST_WHY:
        raise NoWords
    with acting(by, "participants.refer_back", on_behalf_of=participant.person):
        facts_changed(participant)
        participant.refresh_from_db(fields=["status"])
        if participant.status not in MAY_BE_REFERRED:
            raise NotPossibleNow(participant.status)
        given = ReferBack(id=id, participant=participant, why=why, by=by)
        try:
            with transaction.atomic():
                given.save(force_insert=True)
        except IntegrityError:
            return _sent_before(given)
        _stop(given)
        _ask(given)
        run_consequences(CLEARANCE_CHANGED, participant, by)
        referred_back(given)
        return given


def is_referred_back(participant: Participant) -> bool:
    return ReferBack.objects.open().filter(participant=participant).exists()


def end_refer_backs(participant: Participant, outcome: str, by: Actor) -> None:
    """Whatever was open is decided, its task done, and the clinical team asked about it no more. Inside an action."""
    person = by if isinstance(by, Person) else None
    letters = Task.objects.filter(kind=CLINICAL_LETTER, subject_id=participant.pk)
    for row in ReferBack.objects.open().filter(participant=participant):
        ReferBackEnd.objects.create(refer_back=row, outcome=outcome, by=person)
        asked = Task.objects.to_do().filter(dedupe_key=_key(row))
        if person is None:
            cancel_open(asked)
        for task in asked:
            close_task(task=task, outcome=outcome, by=person)  # type: ignore[arg-type]  # none is left without one
        cancel_open(letters.filter(context__letter=LetterKind.REFERRED_BACK))  # "until this is decided" is over


def end_when_they_leave(participant: Participant, by: Actor) -> None:
    """A consequence of leaving and of a death."""
    end_refer_backs(participant, ReferBackOutcome.LEFT, by)


def _stop(given: ReferBack) -> None:
    """The clearance that stood holds no more. A person's "not suitable" stays: it says more."""
    participant = given.participant
    standing = Clearance.objects.filter(participant=participant).in_force().first()
    if standing is not None and standing.state == ClearanceState.NOT_SUITABLE:
        return
    answered = participant.health_profiles.first()
    Clearance.objects.create(
        participant=participant,
        profile=answered,
        state=ClearanceState.NEEDS_REVIEW,
        adaptations=standing.adaptations if standing else [],
        note=standing.note if standing else "",
        flags=sorted({*(standing.flags if standing else []), REFERRED_BACK}),
        reason=REFERRED_BACK,
        valid_from=timezone.localdate(given.at),
        review_due_at=due_in_working_days(given.at, DECIDED_WITHIN),
        decided_by=given.by,
    )


def _ask(given: ReferBack) -> None:
    programme = given.participant.programme
    raise_task(
        programme=programme,
        kind=REFER_BACK,
        due_at=due_in_working_days(given.at, DECIDED_WITHIN),
        about=given.participant.person,
        context={"key": str(given.pk)},
        dedupe_key=_key(given),
        meant_for=whom_to_tell_first(programme, Permission.DECIDE_CLEARANCE),
        by=given.by,
    )


def _key(row: ReferBack) -> str:
    return f"{REFER_BACK}:{row.pk}"


def _sent_before(given: ReferBack) -> ReferBack:
    there = ReferBack.objects.get(pk=given.pk)
    if (there.participant_id, there.why, there.by_id) != (given.participant_id, given.why, given.by_id):
        raise OtherWords from None
    return there
