"""Who is acting, and who read what.

`acting` opens the transaction of an action and tells the database who acts, so
that every history row of every statement inside it (ORM, raw SQL, SQL
function) names the actor. `log_read` keeps reads, which no trigger sees.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import AccessLog, Person
from accounts.prepared import ask


class System(enum.StrEnum):
    """Actors that are not people."""

    WORKER = "system:worker"
    COMMAND = "system:command"
    PUBLIC = "system:public"  # somebody at the public pages of whom there is no record yet


Actor = Person | System
_SETTING = "pghistory.context_metadata"  # read by the history triggers
_NAME = "SELECT coalesce(current_setting(%s, true), ''), set_config(%s, %s, true)"
_acting: ContextVar[bool] = ContextVar("acting", default=False)


def actor_name(by: Actor) -> str:
    """How an actor stands in history: a person's id, or the name of a part of the system."""
    return str(by) if isinstance(by, System) else f"person:{by.pk}"


def context_of(by: Actor, action: str, *, on_behalf_of: Person | None = None, reason: str = "") -> str:
    """The JSON that stands in each history row: by, action, and for whom and why where that is known."""
    context = {"by": actor_name(by), "action": action}
    if on_behalf_of is not None and on_behalf_of != by:
        context["on_behalf_of"] = actor_name(on_behalf_of)
    if reason:
        context["reason"] = reason
    return json.dumps(context)


@contextmanager
def acting(by: Actor, action: str, *, on_behalf_of: Person | None = None, reason: str = "") -> Iterator[None]:
    """One transaction in which `by` does `action` (dotted: "classes.book_place").

    Inside another `acting` the outer one goes on naming the actor, because the
    person pressed one button; the inner action is then a part of theirs.
    """
    if _acting.get():
        with transaction.atomic():
            yield
        return
    token = _acting.set(True)
    try:
        with transaction.atomic():
            before = _name_actor(context_of(by, action, on_behalf_of=on_behalf_of, reason=reason))
            yield
            _name_actor(before)
    finally:
        _acting.reset(token)


def _name_actor(context: str) -> str:
    """Tell this transaction who acts; returns what was set before. A rollback undoes it."""
    ((before, _),) = ask(_NAME, [_SETTING, _SETTING, context])
    return str(before)


def log_read(*, target: Person, purpose: str, what: str, by: Person, at: datetime | None = None) -> None:
    """Keep that `by` read `what` (a kind of fact, never its content) about `target`: now, or `at`."""
    log_reads(targets=[target], purpose=purpose, what=what, by=by, at=at)


def log_reads(*, targets: Iterable[Person], purpose: str, what: str, by: Person, at: datetime | None = None) -> None:
    """The same for many people at once, in one statement."""
    read = {"by": by, "purpose": purpose, "what": what, "at": at or timezone.now()}
    AccessLog.objects.bulk_create(AccessLog(target=target, **read) for target in targets)
