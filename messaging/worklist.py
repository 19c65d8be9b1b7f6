"""Work for people: one queue of tasks, each with an owner, a due time and what was tried.

Here: raising, taking, trying and closing a task. Not here: what a kind of task
asks for (its owner's page decides and closes it), the words of the desk's page
(frontend). Called by the actions of the apps above and by the desk's pages. The
tasks of this app carry a message by voice or post: their subject is a Message.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.history import Actor, acting
from accounts.models import Person, Programme
from accounts.permissions import Permission
from messaging.models import Message, MessageState, Task, TaskAttempt, TaskState

CALL, LETTER, FORMAT_WANTED, NOT_REACHED = "call", "letter", "format_wanted", "not_reached"
WAY_FAILED = "way_failed"  # an address of the person leads to nobody; its subject is the contact point
TEXT_RECEIVED = "text_received"  # somebody texted us; its subject is the text
MESSAGE_TASKS = (CALL, LETTER, FORMAT_WANTED, NOT_REACHED)

# What may come of a try, and whether the person then knows what the message says.
REACHED, LEFT_MESSAGE, POSTED, IN_FORMAT = "reached", "left_message", "posted", "in_format"
TOLD_IN_CALL = "told_in_call"  # while they were on the phone about something else: told_in_call.py
NO_ANSWER, WRONG_DETAILS, GAVE_UP = "no_answer", "wrong_details", "gave_up"
TOLD = frozenset({REACHED, LEFT_MESSAGE, POSTED, IN_FORMAT, TOLD_IN_CALL})


class TaskIsClosed(Exception):
    """The task was closed before: `task` says by what outcome."""

    def __init__(self, task: Task) -> None:
        super().__init__(f"task {task.pk} is {task.state}")
        self.task = task


class TakenBySomebody(Exception):
    """Another person has the task: `owner`."""

    def __init__(self, owner: Person) -> None:
        super().__init__(f"taken by person {owner.pk}")
        self.owner = owner


def raise_task(
    *,
    programme: Programme,
    kind: str,
    due_at: datetime,
    about: Person | None = None,
    subject_id: int | None = None,
    context: dict[str, Any] | None = None,
    dedupe_key: str,
    urgent_for: Permission | None = None,
    afresh: bool = False,
    meant_for: Person | None = None,
    only_for: Permission | None = None,
    kept_from: Collection[int] = (),
    by: Actor,
) -> Task:
    """Ask somebody at the desk of `programme` to do something by `due_at`.

    While a task of the same `dedupe_key` is open, that one is returned as it is; `afresh`: with this context and
    day instead of its own, whoever has it.
    `context` is kept as it is in the row: no health facts in it. What cannot wait is
    `urgent_for` those who hold a permission: call alerts.tell_on_call in the same transaction.
    `meant_for` is named as who is asked to do it, and takes it like anybody else. What is `only_for` holders of a
    permission is known to nobody else, nor to the people `kept_from` it.
    """
    task = Task(
        programme=programme,
        kind=kind,
        due_at=due_at,
        about=about,
        subject_id=subject_id,
        context=context or {},
        dedupe_key=dedupe_key,
        urgent_for=urgent_for or "",
        meant_for=meant_for,
        only_for=only_for or "",
        kept_from=sorted(kept_from) or None,
    )
    with acting(by, "messaging.raise_task"):
        Task.objects.bulk_create([task], ignore_conflicts=True)  # the database allows one open task per key
        if afresh:
            stale = Task.objects.filter(dedupe_key=dedupe_key, state=TaskState.OPEN).exclude(context=task.context)
            stale.update(context=task.context, due_at=due_at)
        return Task.objects.filter(dedupe_key=dedupe_key).latest("id")


def take_task(*, task: Task, by: Person, instead_of: Person | None = None) -> Task:
    """`by` will do it. Raises TaskIsClosed, or TakenBySomebody unless that person is `instead_of`."""
    with acting(by, "messaging.take_task"):
        task = _locked(task)
        if task.owner is not None and task.owner not in (by, instead_of):
            raise TakenBySomebody(task.owner)
        return _taken(task, by)


def give_back_task(*, task: Task, by: Person) -> Task:
    """Whoever has the task cannot do it after all: it is anybody's again. Raises TaskIsClosed, TakenBySomebody."""
    with acting(by, "messaging.give_back_task"):
        task = _locked(task)
        if task.owner is not None and task.owner != by:
            raise TakenBySomebody(task.owner)
        task.owner = task.taken_at = None
        task.save(update_fields=["owner", "taken_at"])
        return task


def record_attempt(*, task: Task, outcome: str, note: str = "", by: Person) -> TaskAttempt:
    """Keep what came of one try; the task stays open. Who tries what cannot wait has it. Raises TaskIsClosed."""
    with acting(by, "messaging.record_attempt"):
        task = _locked(task)
        if task.urgent_for and task.owner is None:
            _taken(task, by)
        return TaskAttempt.objects.create(task=task, by=by, outcome=outcome, note=note)


def close_task(*, task: Task, outcome: str, by: Person, note: str = "") -> Task:
    """Done, with `outcome` as its last attempt. A message that it carried is then delivered, or failed.

    Raises TaskIsClosed.
    """
    with acting(by, "messaging.close_task"):
        task = _locked(task)
        TaskAttempt.objects.create(task=task, by=by, outcome=outcome, note=note)
        task.state, task.outcome, task.closed_at = TaskState.DONE, outcome, timezone.now()
        task.save(update_fields=["state", "outcome", "closed_at"])
        if task.kind in MESSAGE_TASKS:
            _settle_message(task)
        return task


def cancel_tasks(*, kinds: Collection[str], subject_id: int, by: Actor) -> int:
    """Open tasks of `kinds` about this row are no longer needed; returns how many."""
    with acting(by, "messaging.cancel_tasks"):
        return cancel_open(Task.objects.filter(kind__in=kinds, subject_id=subject_id))


def asked_before(keys: Iterable[str]) -> set[str]:
    """Those of `keys` under which somebody is being asked, or was; what was taken back counts for nothing."""
    asked = Task.objects.filter(dedupe_key__in=keys).exclude(state=TaskState.CANCELLED)
    return set(asked.values_list("dedupe_key", flat=True))


def cancel_open(tasks: QuerySet[Task]) -> int:
    """The open ones among `tasks` are no longer needed; inside an action."""
    return tasks.filter(state=TaskState.OPEN).update(state=TaskState.CANCELLED, closed_at=timezone.now())


def _locked(task: Task) -> Task:
    """The row as it is now, held until the end of the action, and open."""
    task = Task.objects.select_for_update(of=("self",)).select_related("owner").get(pk=task.pk)
    if task.state != TaskState.OPEN:
        raise TaskIsClosed(task)
    return task


def _taken(task: Task, by: Person) -> Task:
    task.owner, task.taken_at = by, timezone.now()
    task.save(update_fields=["owner", "taken_at"])
    return task


def _settle_message(task: Task) -> None:
    """The message that the desk had in hand arrived, or did not. One that had failed before stays failed."""
    state = MessageState.DELIVERED if task.outcome in TOLD else MessageState.FAILED
    Message.objects.filter(pk=task.subject_id or 0, state=MessageState.WITH_DESK).update(
        state=state, finished_at=task.closed_at
    )
