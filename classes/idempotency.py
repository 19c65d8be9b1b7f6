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

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Person
from classes.models import IdempotencyKey
from classes.refusals import KeyReused

KEPT_FOR = timedelta(days=7)
LONGEST_KEY = 64

# One statement, so that of two requests at the same moment one waits here for the other's outcome.
_CLAIM = """
INSERT INTO classes_idempotencykey (by_id, key, body_hash, status, outcome, at)
VALUES (%s, %s, %s, 0, '{}', %s)
ON CONFLICT ON CONSTRAINT one_outcome_per_person_and_key DO UPDATE
   SET body_hash = excluded.body_hash, status = 0, outcome = '{}', at = excluded.at
 WHERE classes_idempotencykey.at < %s
RETURNING id
"""


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
    fingerprint = _fingerprint(body)
    with transaction.atomic():
        if _claim(by, key, fingerprint):
            outcome = action()
            IdempotencyKey.objects.filter(by=by, key=key).update(status=outcome.status, outcome=outcome.body)
            return outcome
    first = IdempotencyKey.objects.get(by=by, key=key)
    if first.body_hash != fingerprint:
        raise KeyReused
    return Outcome(first.status, first.outcome, replayed=True)


def forget_old_outcomes() -> int:
    """Delete outcomes older than KEPT_FOR; returns how many. For the nightly job."""
    return IdempotencyKey.objects.filter(at__lt=timezone.now() - KEPT_FOR).delete()[0]


def _claim(by: Person, key: str, fingerprint: str) -> bool:
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [by.pk, key, fingerprint, now, now - KEPT_FOR])
        return cursor.fetchone() is not None


def _fingerprint(body: object) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()
