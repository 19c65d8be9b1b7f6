"""A date that wants cover and has none when it is late: whoever is on call is told.

How many hours before the class that is are numbers (instructors/rules.py). Called when cover is
asked for, and by the worker.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts.history import Actor
from accounts.permissions import Permission
from classes.models import CoverRequest
from classes.telling.cover import NOT_COVERED, no_cover_wanted
from instructors.rules import CredentialRules
from instructors.rules_in_use import credential_rules
from messaging import alerts, worklist


def alert_about_uncovered(by: Actor) -> int:
    """Inside an action: each once. Returns how many wait too long. Of what has begun nobody is asked any more."""
    rules, begun = credential_rules(), CoverRequest.objects.wanted().filter(session__starts_at__lte=timezone.now())
    no_cover_wanted(list(begun.values_list("session", flat=True)), by)
    wanted = CoverRequest.objects.wanted().filter(session__starts_at__gt=timezone.now())
    late = [one for one in wanted.select_related("session__class_type", "session__programme") if _is_late(one, rules)]
    known = worklist.asked_before(_key(one) for one in late)
    for request in late:
        if _key(request) not in known:
            _alert(request, by)
    return len(late)


def alert_if_late(request: CoverRequest, by: Actor, *, nobody_may: bool) -> None:
    if nobody_may or _is_late(request, credential_rules()):
        _alert(request, by)


def _is_late(request: CoverRequest, rules: CredentialRules) -> bool:
    before = timedelta(hours=rules.cover_hours(request.session.mode))
    return request.session.starts_at - before <= timezone.now()


def _alert(request: CoverRequest, by: Actor) -> None:
    session = request.session
    task = worklist.raise_task(
        programme=session.programme,
        kind=NOT_COVERED,
        due_at=timezone.now(),
        subject_id=session.pk,
        context={"class": session.class_type.name, "on": timezone.localdate(session.starts_at).isoformat()},
        dedupe_key=_key(request),
        urgent_for=Permission.PUBLISH_FOR_ANYONE,
        by=by,
    )
    alerts.tell_on_call(task=task, by=by)


def _key(request: CoverRequest) -> str:
    return f"{NOT_COVERED}:{request.pk}:{request.session.starts_at.isoformat()}"
