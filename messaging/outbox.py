"""Messages are rows of the transaction that they tell of.

Here: putting a message into the outbox and taking it out again. Not here:
sending (delivery.py), tasks for people (worklist.py). Called by the actions and
notices of the apps above, inside their transaction, so that an action that is
undone leaves no message. The worker looks for due rows: nothing is notified.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.history import Actor, System, acting
from accounts.models import Person, Programme
from accounts.prepared import ask
from messaging.kinds import owner_of
from messaging.models import Message, MessageState, Task, WhyNot
from messaging.steps import note_taken_back
from messaging.suppression import hold_everything_to
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
    only_for: str = "",
    kept_from: Collection[int] | None = None,
    dedupe_key: str,
) -> Message:
    """Put a message to `person` into the outbox, due now or at `due_at`.

    `subject_id` is the row that the kind speaks of. `context` is kept as it is
    in the row: no health facts in it. The same `dedupe_key` again changes
    nothing and returns the row that is already there. Raises UnknownKind.
    `only_for` and `kept_from`: who at the desk may know of it, as of a task (worklist.raise_task).
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
    if not _put(message):
        return Message.objects.get(dedupe_key=dedupe_key)
    if only_for:
        message.only_for, message.kept_from = only_for, list(kept_from or ()) or None
        message.save(update_fields=["only_for", "kept_from"])
    return message


# By hand, since Django returns no key of a row that may have been there: one question to the database, not two,
# while whoever books holds the class.
_PUT = "SELECT id, created_at FROM messaging_enqueue(%s::bigint, %s::bigint, %s, %s::bigint, %s::jsonb, %s, %s)"


def _put(message: Message) -> bool:
    """Whether the row was written, and `message` is it; not when one with its dedupe_key was there."""
    rows = ask(
        _PUT,
        [
            message.programme_id,
            message.person_id,
            message.kind,
            message.subject_id,
            json.dumps(message.context),
            message.due_at,
            message.dedupe_key,
        ],
    )
    if not rows:
        return False
    ((message.pk, message.created_at),) = rows
    message._state.adding = False
    return True


def cancel(*, kinds: Collection[str], subject_id: int) -> int:
    """Messages of `kinds` about this row that have not reached anybody are no longer wanted; returns how many."""
    return _stop(Message.objects.filter(kind__in=kinds, subject_id=subject_id), by=System.WORKER)


def take_back(*, person: Person, programme: Programme, kinds: Collection[str]) -> int:
    """Messages of `kinds` to `person` about `programme` that have not reached them are no longer wanted."""
    return _stop(Message.objects.filter(kind__in=kinds, person=person, programme=programme), by=System.WORKER)


def stop_contact(*, person: Person, by: Actor) -> int:
    """From the commit on nothing goes out to `person`. Unsent messages, and the calls and letters that carry
    them, are taken back; returns how many messages.

    For a death or a wish for no contact: the first thing in its transaction.
    Once more at its end it takes back what the rest of the action has put into
    the outbox. Raises suppression.BeingWrittenTo.
    """
    with acting(by, "messaging.stop_contact"):
        hold_everything_to(person)
        if person.contact_stopped_at is None:
            person.contact_stopped_at = timezone.now()
            person.save(update_fields=["contact_stopped_at"])
        cancel_open(Task.objects.filter(kind__in=MESSAGE_TASKS, about=person))
        return _stop(Message.objects.filter(person=person), by=by, why=WhyNot.STOPPED)


def allow_contact(*, person: Person, by: Actor) -> None:
    """The person may be written to again. What was taken back stays so: nothing is sent a second time."""
    with acting(by, "messaging.allow_contact"):
        person.contact_stopped_at = None
        person.save(update_fields=["contact_stopped_at"])


def unsent_to(person: Person) -> int:
    """How many messages have not reached `person` yet, calls and letters among them."""
    return Message.objects.filter(person=person, state__in=STOPPABLE).count()


def _stop(messages: QuerySet[Message], *, by: Actor, why: WhyNot = WhyNot.TAKEN_BACK) -> int:
    """Inside a person's action the history goes on naming that person; `by` stands when there is none."""
    with acting(by, "messaging.cancel"):
        ids = list(messages.filter(state__in=STOPPABLE).select_for_update().order_by("id").values_list("id", flat=True))
        if not ids:
            return 0
        cancel_open(Task.objects.filter(kind__in=MESSAGE_TASKS, subject_id__in=ids))
        note_taken_back(ids, why)
        return Message.objects.filter(id__in=ids).update(state=MessageState.NOT_WANTED, finished_at=timezone.now())
