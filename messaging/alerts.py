"""What cannot wait: whoever is on call is told at once, then the next every 15 minutes until somebody has it.

Here: telling the next, and looking for what nobody has taken. Not here: the rota
(on_call.py), the order of telling (rota.py), what is urgent (the owners of each kind of
task say so when they raise it). Called in the transaction that raises the task, and by
the worker every minute; a task whose first telling was forgotten is found by the worker.
The row of the task is what is never lost: the message is only the knock at the door.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.history import Actor, System, acting
from accounts.models import Person, Programme
from accounts.permissions import Permission
from accounts.staff import holders_of
from messaging.delivery import channels_to, written_by_itself
from messaging.kinds import Content, register_kind
from messaging.models import ALERT, Message, Task, TaskAlert
from messaging.on_call import on_call
from messaging.one_by_one import one_by_one
from messaging.outbox import enqueue
from messaging.rota import next_to_tell

NEXT_AFTER = timedelta(minutes=15)


def tell_on_call(*, task: Task, by: Actor) -> list[TaskAlert]:
    """Whoever is on call is told of what cannot wait, in the transaction that raised it. Once told, not again."""
    with acting(by, "messaging.tell_on_call"):
        return [] if task.alerts.exists() else _tell_next(task, timezone.now())


def escalate() -> int:
    """Tell the next of each task that nobody sees to, a quarter of an hour after the last; returns how many were told.

    Each task by itself: one that fails silences no other. Twice at once tells nobody twice: each is locked, and
    looked at again under its lock.
    """
    now = timezone.now()
    quiet = Task.objects.unanswered().exclude(Exists(_just_told(now).filter(task=OuterRef("pk"))))
    return sum(one_by_one(_escalate, list(quiet)))


def _escalate(quiet: Task) -> int:
    now = timezone.now()
    with acting(System.WORKER, "messaging.escalate"):
        free = Task.objects.unanswered().select_for_update(skip_locked=True, of=("self",))
        task = free.select_related("programme").filter(pk=quiet.pk).first()
        if task is None or _just_told(now).filter(task=task).exists():
            return 0  # somebody sees to it, or is being told, at this moment
        return len(_tell_next(task, now))


def alert_still_wanted(message: Message) -> Content | None:
    """Not once somebody sees to the task, or it is done; in the quiet hours too."""
    task = Task.objects.unanswered().filter(pk=message.subject_id or 0).first()
    if task is None:
        return None
    names = {"task_at": reverse("desk:task", args=[task.pk]), "on_call": message.context["on_call"]}
    by = message.context.get("by", "")
    return Content(names, urgent=True, needed_by=timezone.now() + NEXT_AFTER, by=by)


def register() -> None:
    """Called once, when the apps are ready."""
    register_kind(ALERT, alert_still_wanted)


def told_so_far(tasks: Sequence[Task]) -> dict[int, list[TaskAlert]]:
    """Task → who was told of it and when, in order; in one query."""
    found: dict[int, list[TaskAlert]] = {}
    for alert in TaskAlert.objects.filter(task__in=tasks).select_related("person").order_by("at", "pk"):
        found.setdefault(alert.task_id, []).append(alert)
    return found


def _may_hear(person: Person, kept_from: Sequence[int]) -> bool:
    """Whom nothing that we send reaches takes up nobody's quarter of an hour; whom it is kept from hears nothing."""
    if person.pk in kept_from:
        return False
    return person.contact_stopped_at is None and written_by_itself(person)


def whom_to_tell_first(programme: Programme, permission: Permission) -> Person | None:
    """Who is named for something new: the first on call who may do it, else the first by name; None for nobody."""
    shift = on_call(programme, timezone.now(), permission=permission).first()
    return shift.person if shift else holders_of(permission, programme).first()


def _just_told(now: datetime) -> QuerySet[TaskAlert]:
    return TaskAlert.objects.filter(at__gt=now - NEXT_AFTER)


def _tell_next(task: Task, now: datetime) -> list[TaskAlert]:
    permission = Permission(task.urgent_for)
    told = list(task.alerts.order_by("at", "pk").values_list("person", flat=True))
    shifts = on_call(task.programme, now, permission=permission)
    kept_from = task.kept_from or []
    people = {shift.person_id: shift.person for shift in shifts if _may_hear(shift.person, kept_from)}
    first, others = list(people), []
    if set(first) <= set(told):  # the rest of the desk is read only when its turn has come: the caller may hold locks
        rest = holders_of(permission, task.programme).exclude(pk__in=first)
        others = [person.pk for person in rest if _may_hear(person, kept_from)]
        people |= {person.pk: person for person in rest}
    alerts = []
    for pk in next_to_tell(first, others, told):
        alert = TaskAlert.objects.create(task=task, person=people[pk], on_call=pk in first, at=now)
        _send(alert, task, by="")
        for channel in channels_to(people[pk], ALERT)[1:]:
            _send(alert, task, by=channel)
        alerts.append(alert)
    return alerts


def _send(alert: TaskAlert, task: Task, *, by: str) -> None:
    """By the way they like best, and, as a message of its own, `by` each other one that reaches them by itself: an
    email is not heard at night, and a carrier of texts can be down.
    """
    enqueue(
        programme=task.programme,
        person=alert.person,
        kind=ALERT,
        subject_id=task.pk,
        context={"on_call": alert.on_call, **({"by": by} if by else {})},
        due_at=alert.at,
        only_for=task.only_for,
        kept_from=task.kept_from or [],
        dedupe_key=f"{ALERT}:{alert.pk}{f':{by}' if by else ''}",
    )
