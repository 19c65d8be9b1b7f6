"""Asking again before a clearance runs out: reminders, and a call for whoever has not answered.

Here: who is asked when. Not here: the answers (health.py), the words, the
sending. A clearance that has run out simply no longer holds: no row is
rewritten. Called every night; a night that was missed is made up for.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.history import Actor, System, acting
from messaging.models import Message
from messaging.one_by_one import one_by_one
from messaging.worklist import asked_before, raise_task
from participants.health import CLEARED, HEALTH_DUE_CALL
from participants.models import Clearance, Enrolment, ParticipantStatus
from participants.notices import health_due

REMIND_BEFORE = (28, 7)  # days before the last day of a clearance
CALL_BEFORE = 3  # days: who has been written to and has not answered is called
STILL_CALLED = 14  # days after the last day, when nights were missed
WRITTEN_AT, CALLED_BY = time(9), time(17)


def ask_again(*, on: date, by: Actor = System.WORKER) -> int:
    """Put reminders into the outbox and calls on the worklist; returns how many. Twice is harmless.

    A fixed number of queries, and a few more for each person who is asked.
    """
    due = _running_out(on)
    reminders = {_reminder(clearance, on): clearance for clearance in due if _left(clearance, on) >= 0}
    sent = set(Message.objects.filter(dedupe_key__in=reminders).values_list("dedupe_key", flat=True))
    calls = {f"{HEALTH_DUE_CALL}:{c.pk}": c for c in due if _left(c, on) <= CALL_BEFORE}
    asked = asked_before(calls)
    new = {key: clearance for key, clearance in (reminders | calls).items() if key not in sent | asked}

    def ask(key: str) -> None:
        with acting(by, "participants.ask_again"):
            if key in reminders:
                health_due(clearance=new[key], due_at=max(_at(on, WRITTEN_AT), timezone.now()), dedupe_key=key)
            else:
                _have_called(new[key], key, by)

    return len(one_by_one(ask, new))


def _running_out(on: date) -> list[Clearance]:
    """Clearances in force of people who take part and whose programme is not over, with few days left."""
    in_force = Clearance.objects.filter(
        participant__status=ParticipantStatus.ACTIVE, participant__person__contact_stopped_at=None
    ).in_force()
    window = Q(
        valid_until__gte=on - timedelta(days=STILL_CALLED), valid_until__lte=on + timedelta(days=REMIND_BEFORE[0])
    )
    over = Enrolment.objects.filter(participant=OuterRef("participant"), ends_on=None, closes_on__lt=on)
    rows = Clearance.objects.filter(~Exists(over), window, pk__in=in_force.values("pk"), state__in=CLEARED)
    return list(rows.select_related("participant__person", "participant__programme").order_by("valid_until", "pk"))


def _left(clearance: Clearance, on: date) -> int:
    assert clearance.valid_until is not None  # noqa: S101  a constraint of the table
    return (clearance.valid_until - on).days


def _reminder(clearance: Clearance, on: date) -> str:
    """Names the reminder that this day asks for: the last of REMIND_BEFORE that has come."""
    stage = min(days for days in REMIND_BEFORE if _left(clearance, on) <= days)
    return f"health_due:{clearance.pk}:{stage}"


def _at(on: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(on, clock))


def _have_called(clearance: Clearance, key: str, by: Actor) -> None:
    assert clearance.valid_until is not None  # noqa: S101  a constraint of the table
    raise_task(
        programme=clearance.participant.programme,
        kind=HEALTH_DUE_CALL,
        due_at=_at(clearance.valid_until, CALLED_BY),
        about=clearance.participant.person,
        subject_id=clearance.participant_id,
        dedupe_key=key,
        by=by,
    )
