"""Messages are rows of the transaction that they tell of.

Here: putting a message into the outbox and taking it out again. Not here:
sending (delivery.py), tasks for people (worklist.py). Called by the actions and
notices of the apps above, inside their transaction, so that an action that is
undone leaves no message. The worker looks for due rows: nothing is notified.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.history import Actor, System, acting
from accounts.models import Person, Programme
from messaging.kinds import owner_of
from messaging.models import Message, MessageState, Task
from messaging.worklist import MESSAGE_TASKS, cancel_open

STOPPABLE = (MessageState.QUEUED, MessageState.WITH_DESK)


def enqueue(
    *,
    programme: Programme,
    person: Person,
    kind: str,
    subject_id: int | None = None,
    context: dict[str, Any] | None = None,
    due_at: datetime | None = None,
    dedupe_key: str,
) -> Message:
    """Put a message to `person` into the outbox, due now or at `due_at`.

    `subject_id` is the row that the kind speaks of. `context` is kept as it is
    in the row: no health facts in it. The same `dedupe_key` again changes
    nothing and returns the row that is already there. Raises UnknownKind.
    """
    owner_of(kind)
    message = Message(
        programme=programme,
        person=person,
        kind=kind,
        subject_id=subject_id,
        context=context or {},
        due_at=due_at or timezone.now(),
        dedupe_key=dedupe_key,
    )
    Message.objects.bulk_create([message], ignore_conflicts=True)
    return Message.objects.get(dedupe_key=dedupe_key)


def cancel(*, kinds: Collection[str], subject_id: int) -> int:
    """Messages of `kinds` about this row that have not reached anybody are no longer wanted; returns how many."""
    return _stop(Message.objects.filter(kind__in=kinds, subject_id=subject_id), by=System.WORKER)


def stop_contact(*, person: Person, by: Actor) -> int:
    """Take every unsent message to `person` back, and the calls and letters that carry them; returns how many.

    For a death or a wish for no contact. The caller also sets
    `Person.contact_stopped_at`, which delivery asks for whatever comes later.
    """
    with acting(by, "messaging.stop_contact"):
        cancel_open(Task.objects.filter(kind__in=MESSAGE_TASKS, about=person))
        return _stop(Message.objects.filter(person=person), by=by)


def _stop(messages: QuerySet[Message], *, by: Actor) -> int:
    """Inside a person's action the history goes on naming that person; `by` stands when there is none."""
    with acting(by, "messaging.cancel"):
        ids = list(messages.filter(state__in=STOPPABLE).select_for_update().order_by("id").values_list("id", flat=True))
        if not ids:
            return 0
        cancel_open(Task.objects.filter(kind__in=MESSAGE_TASKS, subject_id__in=ids))
        return Message.objects.filter(id__in=ids).update(state=MessageState.NOT_WANTED, finished_at=timezone.now())
