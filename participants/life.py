"""What happens to somebody's part in the programme: a pause, coming back, leaving.

Here: the change of status and of the enrolment. Not here: what else follows in
the same transaction (consequences.py), clearance (health.py).
"""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from accounts.history import acting
from accounts.models import Person
from messaging.worklist import cancel_tasks
from participants.consequences import PAUSED, RESUMED, WITHDRAWN, Event, run_consequences
from participants.health import REVIEW_CLEARANCE, clearance_of, stop_clearance
from participants.models import (
    ClearanceState,
    Enrolment,
    EnrolmentPause,
    Participant,
    ParticipantStatus,
    Supporter,
    SupporterStatus,
)
from participants.refusals import NotPossibleNow as NotPossibleNow
from participants.standing import facts_changed

Status = ParticipantStatus


def pause(*, participant: Participant, reason: str, review_on: date | None = None, by: Person) -> Participant:
    """Out of the programme for a while. Clearance stops with it: coming back asks about health again.

    Raises NotPossibleNow.
    """
    with acting(by, "participants.pause", on_behalf_of=participant.person, reason=reason):
        _change(participant, {Status.ACTIVE}, Status.PAUSED)
        for enrolment in _open_enrolments(participant):
            EnrolmentPause.objects.create(
                enrolment=enrolment, starts_on=timezone.localdate(), reason=reason, review_on=review_on
            )
        stop_clearance(participant=participant, reason="paused", by=by)
        return _followed_by(PAUSED, participant, by)


def resume(*, participant: Participant, by: Person) -> Participant:
    """Back in the programme. Booking opens again with new health answers, not before. Raises NotPossibleNow.

    What was answered or decided during the pause does not count: it speaks of the time before whatever it was for.
    """
    with acting(by, "participants.resume", on_behalf_of=participant.person):
        _change(participant, {Status.PAUSED}, Status.ACTIVE)
        _end_pauses(participant)
        standing = clearance_of(participant)
        if standing is not None and standing.state != ClearanceState.PAUSED:
            stop_clearance(participant=participant, reason="back_from_pause", by=by)
        return _followed_by(RESUMED, participant, by)


def withdraw(*, participant: Participant, reason: str = "", by: Person) -> Participant:
    """Leave the programme: enrolment and support end, nothing waits for review. The record stays as long as it must.

    Raises NotPossibleNow.
    """
    with acting(by, "participants.withdraw", on_behalf_of=participant.person, reason=reason):
        _change(participant, {Status.ACTIVE, Status.PAUSED}, Status.WITHDRAWN)
        now = timezone.now()
        _end_pauses(participant)  # or whatever was due to them would stay hidden behind it for ever
        _open_enrolments(participant).update(ends_on=timezone.localdate(now), end_reason=reason or "left")
        Supporter.objects.filter(participant=participant).exclude(status=SupporterStatus.ENDED).update(
            status=SupporterStatus.ENDED, ends_at=now
        )
        cancel_tasks(kinds=[REVIEW_CLEARANCE], subject_id=participant.pk, by=by)
        return _followed_by(WITHDRAWN, participant, by)


def _open_enrolments(participant: Participant) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(participant=participant, ends_on=None)


def _end_pauses(participant: Participant) -> None:
    pauses = EnrolmentPause.objects.filter(enrolment__participant=participant, ends_on=None)
    pauses.update(ends_on=timezone.localdate())


def _change(participant: Participant, before: set[Status], after: Status) -> None:
    """Lock the row, judge its status as it is now, and change it."""
    facts_changed(participant)
    participant.refresh_from_db(fields=["status"])
    if participant.status not in before:
        raise NotPossibleNow(participant.status)
    participant.status = after
    participant.save(update_fields=["status"])


def _followed_by(event: Event, participant: Participant, by: Person) -> Participant:
    run_consequences(event, participant, by)
    return participant
