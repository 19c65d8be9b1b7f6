"""A date that wants cover and has none when it is late: whoever is on call is told.

Where nobody may and there is time yet, the desk is asked in its working hours. From how many hours
before the class it is late is a number (instructors/rules.py). Called when cover is asked for, and by the worker.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone

from accounts.history import Actor, System, acting
from accounts.permissions import Permission
from classes.models import CoverRequest
from classes.telling.cover import NOT_COVERED, no_cover_wanted
from instructors.rules import CredentialRules
from instructors.rules_in_use import credential_rules
from messaging import alerts, worklist
from messaging.models import Task
from messaging.one_by_one import one_by_one
from participants.working_days import due_in_working_days

LATE, NOBODY_MAY = "late", "nobody_may"


def alert_about_uncovered(by: Actor = System.WORKER) -> int:
    """Each once, and by itself. Returns how many wait too long.

    Until the class would be over: people may stand in the hall while nobody leads it.
    """
    rules, over = credential_rules(), CoverRequest.objects.wanted().filter(session__ends_at__lte=timezone.now())
    with acting(by, "classes.alert_about_uncovered"):
        no_cover_wanted(list(over.values_list("session", flat=True)), by)
    wanted = CoverRequest.objects.wanted().filter(session__ends_at__gt=timezone.now())
    late = [one for one in wanted.select_related("session__class_type", "session__programme") if _is_late(one, rules)]
    known = worklist.asked_before(_key(one, LATE) for one in late)
    one_by_one(partial(_alert, by=by), [one for one in late if _key(one, LATE) not in known])
    return len(late)


def alert_if_late(request: CoverRequest, by: Actor, *, nobody_may: bool) -> None:
    """Where there is time yet and nobody may, the desk is asked in its working hours and nobody is woken."""
    if _is_late(request, credential_rules()):
        _alert(request, by)
    elif nobody_may:
        _ask(request, NOBODY_MAY, due_in_working_days(timezone.now(), 1), by)


def _is_late(request: CoverRequest, rules: CredentialRules) -> bool:
    before = timedelta(hours=rules.cover_hours(request.session.mode))
    return request.session.starts_at - before <= timezone.now()


def _alert(request: CoverRequest, by: Actor) -> None:
    """What the desk was asked in its working hours gives way to it."""
    with acting(by, "classes.alert_about_uncovered"):
        worklist.cancel_open(Task.objects.filter(kind=NOT_COVERED, subject_id=request.session_id, urgent_for=""))
        task = _ask(request, LATE, timezone.now(), by, urgent_for=Permission.PUBLISH_FOR_ANYONE)
        alerts.tell_on_call(task=task, by=by)


def _ask(request: CoverRequest, why: str, due_at: datetime, by: Actor, *, urgent_for: Permission | None = None) -> Task:
    session = request.session
    return worklist.raise_task(
        programme=session.programme,
        kind=NOT_COVERED,
        due_at=due_at,
        subject_id=session.pk,
        context={"class": session.class_type.name, "on": timezone.localdate(session.starts_at).isoformat()},
        dedupe_key=_key(request, why),
        urgent_for=urgent_for,
        by=by,
    )


def _key(request: CoverRequest, why: str) -> str:
    """One for each: whoever saw to the first weeks before is told all the same when it is late."""
    return f"{NOT_COVERED}:{why}:{request.pk}:{request.session.starts_at.isoformat()}"
