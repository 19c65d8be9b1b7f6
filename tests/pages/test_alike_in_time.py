"""How long an answer takes tells nobody who is known here: a code asked for, a password, and one that is forgotten.

A few of each with all other tests, where the work is compared and not the clock; `./run campaign enumeration` measures
(how far the medians are apart, and how well a classifier would tell the two apart by time alone).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import User
from messaging import sign_in_codes
from messaging.sign_in_codes import leave_letter
from participants.models import Participant

pytestmark = pytest.mark.django_db
ROUNDS = int(os.environ.get("SAFEFIT_ROUNDS", "0"))  # 0: nothing is timed
APART, TOLD = 0.010, 0.6  # seconds between the medians; share of pairs that a classifier gets right (half is a guess)
UNKNOWN = "nobody.here@example.org"
WAYS: dict[str, tuple[str, str, Callable[[str], dict[str, str]]]] = {
    "code": ("pat@example.org", "/account/sign-in/", lambda address: {"email": address}),
    "password": (
        "dee@example.org",
        "/account/sign-in/password/",
        lambda address: {"login": address, "password": "not these words"},
    ),
    "forgotten": ("dee@example.org", "/account/password/forgotten/", lambda address: {"email": address}),
}


@pytest.fixture(params=WAYS)
def asked(request: Any, pat: Participant, dee: User, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(sign_in_codes, "leave_letter", leave_letter)  # to the worker, as it is in the product
    dee.set_password("three unlikely words")
    dee.save()
    TOTP.activate(dee, generate_totp_secret())
    many = dict.fromkeys(settings.ACCOUNT_RATE_LIMITS, "1000000/d/key")
    hashers = ["django.contrib.auth.hashers.Argon2PasswordHasher"] if ROUNDS else settings.PASSWORD_HASHERS
    with override_settings(ACCOUNT_RATE_LIMITS=many, PASSWORD_HASHERS=hashers):
        yield WAYS[request.param]


def ask(address: str, page: str, said: Callable[[str], dict[str, str]]) -> Any:
    return Client().post(page, said(address))


def left_to_do() -> int:
    return ProcrastinateJob.objects.filter(status="todo").count()


def test_a_known_address_costs_as_much_as_an_unknown_one(asked: Any) -> None:
    known, page, said = asked
    work = []
    for address in (known, UNKNOWN):
        ask(address, page, said)  # what is looked up once
        before = left_to_do()
        with CaptureQueriesContext(connection) as queries:
            answer = ask(address, page, said)
        work.append((answer.status_code, sorted(answer.headers), left_to_do() - before, len(queries)))
    assert work[0] == work[1]


@pytest.mark.skipif(not ROUNDS, reason="measured by ./run campaign enumeration")
def test_time_tells_a_known_address_from_an_unknown_one_no_better_than_a_guess(asked: Any) -> None:
    known, page, said = asked
    took: dict[str, list[float]] = {known: [], UNKNOWN: []}
    for turn in range(ROUNDS):
        for address in (known, UNKNOWN) if turn % 2 else (UNKNOWN, known):
            began = time.perf_counter()
            ask(address, page, said)
            took[address].append(time.perf_counter() - began)
    apart, told = abs(median(took[known]) - median(took[UNKNOWN])), told_apart(took[known], took[UNKNOWN])
    sys.stdout.write(
        f"{page} medians {apart * 1000:.2f} ms apart, told apart {told:.3f}\n"
    )  # read by whoever runs the campaign
    assert apart < APART and told < TOLD


def told_apart(one: list[float], other: list[float]) -> float:
    """The area under the curve of the best threshold, whichever of the two takes longer: 0.5 is a guess, 1 is sure."""
    longer = sum((a > b) + (a == b) / 2 for a in one for b in other) / (len(one) * len(other))
    return max(longer, 1 - longer)


def test_the_measure_tells_what_differs_and_not_what_does_not() -> None:
    assert told_apart([1, 2, 3, 4], [1, 2, 3, 4]) == 0.5
    assert told_apart([5, 6], [1, 2]) == told_apart([1, 2], [5, 6]) == 1
