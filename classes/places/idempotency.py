"""A request that is sent twice has one effect and one answer.

Here: claiming a key, keeping the first outcome, giving it again. Not here: what
the request does, and HTTP (the API and the pages). A key belongs to the person
who sends it: the same key of somebody else is another key. Kept for 7 days.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from accounts.prepared import ask
from classes.judging.refusals import KeyReused, Refusal, TryAgain
from classes.models import IdempotencyKey

KEPT_FOR = timedelta(days=7)
LONGEST_KEY = 64
REFUSED = 409  # the status of an outcome that is a refusal

# One statement, so that of two requests at the same moment one waits here for the other's outcome.
_CLAIM = "SELECT classes_claim_key(%s::bigint, %s, %s, %s, %s)"
_KEEP = (
    "UPDATE classes_idempotencykey SET status = %s::smallint, outcome = %s::jsonb WHERE by_id = %s::bigint AND key = %s"
)


@dataclass(frozen=True)
class Outcome:
    """What a request came to: an HTTP status and a JSON body; `replayed` when it was kept from an earlier one."""

    status: int
    body: dict[str, Any]
    replayed: bool = False


def once(*, key: str, body: object, action: Callable[[], Outcome], by: Person) -> Outcome:
    """The outcome of `action`, or of the earlier request of `by` with this key and the same body.

    An empty key means: no such promise. Whatever `action` raises undoes the claim,
    so the same request may be sent again; a refusal that shall be repeated is
    returned as an Outcome. Raises KeyReused when the body is another one.
    """
    if not key:
        return action()
    fingerprint = fingerprint_of(body)
    with transaction.atomic():
        if _claim(by, key, fingerprint):
            outcome = action()
            _keep(by, key, outcome)
            return outcome
    first = IdempotencyKey.objects.get(by=by, key=key)
    if first.body_hash != fingerprint:
        raise KeyReused
    return Outcome(first.status, first.outcome, replayed=True)


def kept_outcome(*, key: str, by: Person) -> Outcome | None:
    """What an earlier request of `by` with this key came to; None when there is none, or it is not over."""
    row = IdempotencyKey.objects.filter(by=by, key=key, status__gt=0).first()
    return Outcome(row.status, row.outcome, replayed=True) if row else None


def kept_if_refused(action: Callable[[], Outcome]) -> Outcome:
    """What `action` comes to; a refusal is an outcome like any other (REFUSED, with what helps to go on).

    Not TryAgain, which is raised: nothing was decided, and the same key may be sent again.
    """
    try:
        return action()
    except TryAgain:
        raise
    except Refusal as refusal:
        return Outcome(REFUSED, {"code": refusal.code, **refusal.details})


def forget_old_outcomes() -> int:
    """Delete outcomes older than KEPT_FOR; returns how many. For the nightly job."""
    return IdempotencyKey.objects.filter(at__lt=timezone.now() - KEPT_FOR).delete()[0]


def _claim(by: Person, key: str, fingerprint: str) -> bool:
    now = timezone.now()
    ((claimed,),) = ask(_CLAIM, [by.pk, key, fingerprint, now, now - KEPT_FOR])
    return claimed is not None


def _keep(by: Person, key: str, outcome: Outcome) -> None:
    ask(_KEEP, [outcome.status, json.dumps(outcome.body), by.pk, key])


def fingerprint_of(body: object) -> str:
    """What tells one body from another."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()
