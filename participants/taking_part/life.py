"""What happens to somebody's part in the programme: a break, coming back, leaving.

Here: the change of status and of the enrolment. Not here: what else follows in
the same transaction (consequences.py), clearance (health.py), death and the end
of all contact (stops.py), asking after a break (pauses.py).
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts.history import acting
from accounts.models import Person
from messaging.outbox import cancel, take_back
from messaging.worklist import cancel_tasks
from participants import notices
from participants.consequences import PAUSED, RESUMED, WITHDRAWN, Event, run_consequences
from participants.emergency import EMERGENCY_REVIEW
from participants.first_sign_in import ADDRESS_IN_DOUBT
from participants.health import HEALTH_DUE_CALL, REVIEW_CLEARANCE, clearance_of, stop_clearance
from participants.models import ClearanceState, Enrolment, EnrolmentPause, Participant, ParticipantStatus
from participants.refusals import BadReviewDate as BadReviewDate
from participants.refusals import NotPossibleNow as NotPossibleNow
from participants.rules.letter_rules import CLINICAL_LETTER
from participants.standing import facts_changed
from participants.support import end_all_support
from participants.taking_part.staying import moved_by_break

Status = ParticipantStatus
PAUSE_REVIEW = "pause_review"  # kind of the desk's task; its subject is the participant
OF_A_PARTICIPANT = (  # what the desk is asked while somebody takes part
    REVIEW_CLEARANCE,
    HEALTH_DUE_CALL,
    PAUSE_REVIEW,
    EMERGENCY_REVIEW,
    ADDRESS_IN_DOUBT,
    CLINICAL_LETTER,
)
ASK_AFTER = timedelta(weeks=4)  # for whoever cannot say how long a break will be
LONGEST = timedelta(days=365)


def review_dates(today: date) -> tuple[date, date]:
    """From when until when somebody may be asked again whether they are ready."""
    return today + timedelta(days=1), today + LONGEST


def pause(*, participant: Participant, reason: str, review_on: date | None = None, by: Person) -> Participant:
    """Out of the programme for a while: places are given back, and clearance stops.

    Coming back asks about health again. On `review_on`, four weeks from now when
    nobody can say, the person is asked whether they are ready. Raises NotPossibleNow, BadReviewDate.
    """
    today = timezone.localdate()
    review_on = _checked(review_on or today + ASK_AFTER, today)
    with acting(by, "participants.pause", on_behalf_of=participant.person, reason=reason):
        _change(participant, {Status.ACTIVE}, Status.PAUSED)
        for enrolment in _open_enrolments(participant):
            started = EnrolmentPause.objects.create(
                enrolment=enrolment, starts_on=today, reason=reason, review_on=review_on
            )
            notices.paused(pause=started, participant=participant)
        moved = _open_enrolments(participant).filter(closes_on__gte=today)  # an end that has passed stays where it is
        moved.update(closes_on=None)  # the break moves the end, and they are told again
        stop_clearance(participant=participant, reason="paused", by=by)
        return _followed_by(PAUSED, participant, by)


def move_review(*, participant: Participant, review_on: date, by: Person) -> Participant:
    """The break lasts until another day; the person is told, and asked then. Raises NotPossibleNow, BadReviewDate."""
    review_on = _checked(review_on, timezone.localdate())
    with acting(by, "participants.move_review", on_behalf_of=participant.person):
        Participant.objects.select_for_update().get(pk=participant.pk)
        participant.refresh_from_db(fields=["status"])
        if participant.status != Status.PAUSED:
            raise NotPossibleNow(participant.status)
        _asked_no_more(participant, by)
        for going_on in breaks_going_on(participant):
            going_on.review_on = review_on
            going_on.save(update_fields=["review_on"])
            notices.paused(pause=going_on, participant=participant)
        return participant


def resume(*, participant: Participant, by: Person) -> Participant:
    """Back in the programme. Booking opens again with new health answers, not before. Raises NotPossibleNow.

    What was answered or decided during the pause does not count: it speaks of the time before whatever it was for.
    """
    with acting(by, "participants.resume", on_behalf_of=participant.person):
        _change(participant, {Status.PAUSED}, Status.ACTIVE)
        _stays_longer(participant)
        end_breaks(participant, by)
        notices.resumed(participant=participant)
        standing = clearance_of(participant)
        if standing is not None and standing.state != ClearanceState.PAUSED:
            stop_clearance(participant=participant, reason="back_from_pause", by=by)
        return _followed_by(RESUMED, participant, by)


def withdraw(*, participant: Participant, reason: str = "", by: Person) -> Participant:
    """Leave the programme: enrolment and support end, nothing waits for review. The record stays as long as it must.

    `reason` is a code, never what somebody wrote.

    Raises NotPossibleNow.
    """
    with acting(by, "participants.withdraw", on_behalf_of=participant.person):
        _change(participant, {Status.ACTIVE, Status.PAUSED}, Status.WITHDRAWN)
        end_breaks(participant, by)  # or whatever was due to them would stay hidden behind it for ever
        _open_enrolments(participant).update(ends_on=timezone.localdate(), end_reason=reason or "left")
        end_all_support(participant=participant, by=by)
        cancel_tasks(kinds=OF_A_PARTICIPANT, subject_id=participant.pk, by=by)
        take_back(person=participant.person, programme=participant.programme, kinds=notices.WHILE_TAKING_PART)
        return _followed_by(WITHDRAWN, participant, by)


def _stays_longer(participant: Participant) -> None:
    """The days of the break that ends now do not count for somebody who was let stay."""
    for enrolment in _open_enrolments(participant).exclude(extended_until=None):
        enrolment.extended_until = moved_by_break(enrolment)
        enrolment.save(update_fields=["extended_until"])


def breaks_going_on(participant: Participant) -> QuerySet[EnrolmentPause]:
    """At most one for each open enrolment."""
    return EnrolmentPause.objects.filter(enrolment__participant=participant, ends_on=None).order_by("pk")


def end_breaks(participant: Participant, by: Person) -> None:
    """Inside an action: what goes on ends, today is the first day after it, and nobody asks after it any more."""
    _asked_no_more(participant, by)
    breaks_going_on(participant).update(ends_on=timezone.localdate())


def _asked_no_more(participant: Participant, by: Person) -> None:
    """Nobody asks any more whether they are ready on the day that was noted."""
    cancel_tasks(kinds=[PAUSE_REVIEW], subject_id=participant.pk, by=by)
    for going_on in breaks_going_on(participant):
        cancel(kinds=[notices.PAUSED, notices.PAUSE_REVIEW], subject_id=going_on.pk)


def _checked(review_on: date, today: date) -> date:
    earliest, latest = review_dates(today)
    if not earliest <= review_on <= latest:
        raise BadReviewDate(earliest, latest)
    return review_on


def _open_enrolments(participant: Participant) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(participant=participant, ends_on=None)


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
