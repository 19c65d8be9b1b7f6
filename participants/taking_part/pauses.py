"""Asking after a break: on the day that was noted, the person by message and the desk by a task.

Here: who is asked when. Not here: starting and ending a break (life.py). Called
every night; a night that was missed is made up for, and each day is asked about once.
"""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone

from accounts.history import Actor, System, acting
from messaging.one_by_one import one_by_one
from messaging.worklist import asked_before, raise_task
from participants import notices
from participants.models import EnrolmentPause, ParticipantStatus
from participants.taking_part.life import PAUSE_REVIEW

WRITTEN_AT, CALLED_BY = time(9), time(17)


def ask_after_pauses(*, on: date, by: Actor = System.WORKER) -> int:
    """One message and one task for each break whose day has come; returns how many. Twice is harmless."""
    due = {_key(going_on): going_on for going_on in _due(on)}
    asked = asked_before(due)
    return len(one_by_one(lambda key: _ask(due[key], key, on, by), due.keys() - asked))


def _due(on: date) -> list[EnrolmentPause]:
    rows = EnrolmentPause.objects.filter(
        ends_on=None,
        review_on__lte=on,
        enrolment__participant__status=ParticipantStatus.PAUSED,
        enrolment__participant__person__contact_stopped_at=None,
    )
    return list(rows.select_related("enrolment__participant__person", "enrolment__participant__programme"))


def _key(going_on: EnrolmentPause) -> str:
    return f"{PAUSE_REVIEW}:{going_on.pk}:{going_on.review_on}"


def _ask(going_on: EnrolmentPause, key: str, on: date, by: Actor) -> None:
    participant = going_on.enrolment.participant
    written_at = max(timezone.make_aware(datetime.combine(on, WRITTEN_AT)), timezone.now())
    with acting(by, "participants.ask_after_pauses"):
        notices.pause_review(pause=going_on, participant=participant, due_at=written_at)
        raise_task(
            programme=participant.programme,
            kind=PAUSE_REVIEW,
            due_at=timezone.make_aware(datetime.combine(on, CALLED_BY)),
            about=participant.person,
            subject_id=participant.pk,
            dedupe_key=key,
            by=by,
        )
