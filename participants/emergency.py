"""Whom to call in an emergency, kept true: changed, said to be still right, or asked about again by the desk.

Here: the contact and when it was last known to be right. Whoever gave it while
registering counts from then on. Not here: who is shown it (classes/register/), the
pages. `ask_about_contacts` is called every night.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.history import Actor, System, acting
from accounts.models import Person
from messaging.models import Task, TaskState
from messaging.one_by_one import one_by_one
from messaging.worklist import cancel_tasks, raise_task
from participants.health_content import rules
from participants.models import Participant, ParticipantStatus
from participants.refusals import NotPossibleNow
from participants.rules.screening import add_months

EMERGENCY_REVIEW = "emergency_review"  # kind of the desk's task; its subject is the participant
CALLED_WITHIN, CHANGED_WITHIN = timedelta(days=14), timedelta(days=1)
CALLED_BY = time(17)
ASKED_OF = (ParticipantStatus.ACTIVE, ParticipantStatus.PAUSED)


class NobodyToCall(Exception):
    """No contact is noted, so there is none to be right."""


def last_known_right(participant: Participant) -> datetime:
    """When the contact was given, changed or confirmed last."""
    return participant.emergency_confirmed_at or participant.registered_at


def confirmed_since(participant: Participant, moment: datetime) -> bool:
    """Whether somebody has changed it or said that it is right since `moment`; having registered is not enough."""
    at = participant.emergency_confirmed_at
    return at is not None and at >= moment


def due_for_review(participant: Participant) -> bool:
    """Whether it should be asked about: nobody is noted, or it was last known to be right too long ago."""
    known = timezone.localdate(last_known_right(participant))
    return not participant.emergency_phone or known <= _known_by(timezone.localdate())


def change_emergency_contact(
    *, participant: Participant, name: str, relationship: str, phone: str, by: Person
) -> Participant:
    """Somebody else, or another number. It counts as confirmed."""
    with acting(by, "participants.change_emergency_contact", on_behalf_of=participant.person):
        participant.emergency_name, participant.emergency_relationship = name, relationship
        participant.emergency_phone = phone
        return _known_right(participant, by, "emergency_name", "emergency_relationship", "emergency_phone")


def confirm_emergency_contact(*, participant: Participant, by: Person) -> Participant:
    """It is still right: the person has said so to `by`, or says it themselves. Raises NobodyToCall."""
    with acting(by, "participants.confirm_emergency_contact", on_behalf_of=participant.person):
        if not participant.emergency_phone:
            raise NobodyToCall
        return _known_right(participant, by)


def report_other_contact(*, participant: Participant, by: Person) -> Task:
    """It is not right any more, and `by` cannot change it: the desk asks within a day. Raises NotPossibleNow."""
    with acting(by, "participants.report_other_contact", on_behalf_of=participant.person):
        if participant.status not in ASKED_OF or participant.person.contact_stopped_at is not None:
            raise NotPossibleNow(participant.status)
        key = f"{EMERGENCY_REVIEW}:{participant.pk}:changed"
        return _have_asked(participant, key, timezone.now() + CHANGED_WITHIN, by)


def ask_about_contacts(*, on: date, by: Actor = System.WORKER) -> int:
    """One task of the desk for each person who takes part and whose contact is due; returns how many.

    Whoever was asked after, and nothing came of it, is asked after again as long again later. Twice is harmless.
    Nobody is called about it on a break.
    """
    due = {f"{EMERGENCY_REVIEW}:{row.pk}:{on:%Y%m%d}": row for row in _due(on)}
    since = timezone.make_aware(datetime.combine(_known_by(on), time()))
    asked = Task.objects.filter(kind=EMERGENCY_REVIEW).exclude(state=TaskState.CANCELLED)
    lately = set(asked.filter(Q(state=TaskState.OPEN) | Q(closed_at__gte=since)).values_list("subject_id", flat=True))
    to_ask = {key: row for key, row in due.items() if row.pk not in lately}
    within = timezone.make_aware(datetime.combine(on + CALLED_WITHIN, CALLED_BY))

    def ask(key: str) -> None:
        with acting(by, "participants.ask_about_contacts", on_behalf_of=to_ask[key].person):
            _have_asked(to_ask[key], key, within, by)

    return len(one_by_one(ask, to_ask))


def _due(on: date) -> QuerySet[Participant]:
    start_of_next = timezone.make_aware(datetime.combine(_known_by(on) + timedelta(days=1), time()))
    rows = Participant.objects.alias(known=Coalesce("emergency_confirmed_at", "registered_at")).filter(
        Q(known__lt=start_of_next) | Q(emergency_phone=""),
        status=ParticipantStatus.ACTIVE,
        person__contact_stopped_at=None,
    )
    return rows.select_related("person", "programme").order_by("pk")


def _known_by(on: date) -> date:
    """Who was last known to be right on this day, or before it, is asked about."""
    return add_months(on, -rules().emergency_review_months)


def _known_right(participant: Participant, by: Person, *changed: str) -> Participant:
    participant.emergency_confirmed_at, participant.emergency_confirmed_by = timezone.now(), by
    participant.save(update_fields=[*changed, "emergency_confirmed_at", "emergency_confirmed_by"])
    cancel_tasks(kinds=[EMERGENCY_REVIEW], subject_id=participant.pk, by=by)
    return participant


def _have_asked(participant: Participant, key: str, due_at: datetime, by: Actor) -> Task:
    return raise_task(
        programme=participant.programme,
        kind=EMERGENCY_REVIEW,
        due_at=due_at,
        about=participant.person,
        subject_id=participant.pk,
        dedupe_key=key,
        by=by,
    )
