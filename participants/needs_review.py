"""Asking again what helps somebody, when the day has come: by message, or by the desk where writing does not do.

Here: who is asked when, whether they take part or help somebody. Not here: the
answer (needs.py), the words, the sending. Each day that was noted is asked about
once. Called every night; a night that was missed is made up for.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Min
from django.utils import timezone

from accounts.history import Actor, System, acting
from accounts.models import Person, Programme
from messaging.delivery import written_by_itself
from messaging.models import Message, Task
from messaging.one_by_one import one_by_one
from messaging.outbox import enqueue
from messaging.worklist import raise_task
from participants.models import AccessNeed, Participant, ParticipantStatus, Supporter
from participants.needs import NEEDS_DUE, NEEDS_REVIEW

WRITTEN_AT, CALLED_WITHIN = time(9), timedelta(days=7)
CALL_AFTER = timedelta(days=28)  # who has been written to and has not answered is called
ASKED_OF = (ParticipantStatus.ACTIVE, ParticipantStatus.PAUSED)


def ask_about_needs(*, on: date, by: Actor = System.WORKER) -> int:
    """One message, or one task of the desk, for each person whose day has come; returns how many. Twice is harmless."""
    due = {f"{NEEDS_DUE}:{pk}:{since}": (pk, since) for pk, since in _due(on).items()}
    written = {row.dedupe_key: row for row in Message.objects.filter(dedupe_key__in=due)}
    called = set(Task.objects.filter(dedupe_key__in=due).values_list("dedupe_key", flat=True))
    people = Person.objects.in_bulk([pk for pk, _ in due.values()])

    def ask(key: str) -> bool:
        person = people[due[key][0]]
        programme = _programme_of(person)  # asked last: most of those who are due have been asked
        if programme is None:
            return False
        with acting(by, "participants.ask_about_needs", on_behalf_of=person):
            if key not in written and written_by_itself(person):
                _write(person, programme, key, on)
            else:
                _have_called(person, programme, key, on, by)
        return True

    to_call = (key for key, (_, since) in due.items() if key not in written or on >= since + CALL_AFTER)
    return sum(one_by_one(ask, [key for key in to_call if key not in called]))


def still_due(person: Person) -> bool:
    """Whether something that was noted about `person` should be asked again today."""
    return AccessNeed.objects.filter(person=person).current().filter(review_on__lte=timezone.localdate()).exists()


def _due(on: date) -> dict[int, date]:
    """People of whom something is to be asked again, and since when."""
    rows = AccessNeed.objects.current().filter(review_on__lte=on, person__contact_stopped_at=None)
    return dict(rows.values_list("person").annotate(since=Min("review_on")).order_by("person"))


def _programme_of(person: Person) -> Programme | None:
    """Where somebody takes part, or helps; None when they do neither any more, and are not asked."""
    own = Participant.objects.filter(person=person, status__in=ASKED_OF).select_related("programme")
    if (participant := own.order_by("-pk").first()) is not None:
        return participant.programme
    helps = Supporter.objects.live().filter(person=person, participant__status__in=ASKED_OF)
    supporter = helps.select_related("participant__programme").order_by("-pk").first()
    return supporter.participant.programme if supporter else None


def _write(person: Person, programme: Programme, key: str, on: date) -> None:
    enqueue(
        programme=programme,
        person=person,
        kind=NEEDS_DUE,
        subject_id=person.pk,
        due_at=max(timezone.make_aware(datetime.combine(on, WRITTEN_AT)), timezone.now()),
        dedupe_key=key,
    )


def _have_called(person: Person, programme: Programme, key: str, on: date, by: Actor) -> None:
    raise_task(
        programme=programme,
        kind=NEEDS_REVIEW,
        due_at=timezone.make_aware(datetime.combine(on, WRITTEN_AT)) + CALLED_WITHIN,
        about=person,
        subject_id=person.pk,
        dedupe_key=key,
        by=by,
    )
