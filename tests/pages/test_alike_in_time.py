"""How long an answer takes tells nobody who is known here: a code asked for, a password, one that is forgotten, a
registration sent, and a referral.

A few of each with all other tests, where the work is compared and not the clock; `./run campaign enumeration` measures
(how far the medians are apart, and how well a classifier would tell the two apart by time alone).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
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
from tests.factories.referrals import SENT
from tests.factories.registering import walk

pytestmark = pytest.mark.django_db
ROUNDS = int(os.environ.get("SAFEFIT_ROUNDS", "0"))  # 0: nothing is timed
APART, TOLD = 0.010, 0.6  # seconds between the medians; share of pairs that a classifier gets right (half is a guess)
UNKNOWN = "nobody.here@example.org"


@dataclass(frozen=True)
class Way:
    """One press of a button with an address: `begin` does what comes before it, which is not timed."""

    known: str
    page: str
    said: Callable[[str], dict[str, Any]]
    begin: Callable[[str], Client] = lambda address: Client()


def _has_answered(address: str) -> Client:
    """Somebody who has come to the last page of registering, with this address."""
    browser = Client()
    first = browser.post("/join/")["Location"]
    led_to, _ = walk(browser, first, {"contact": {"ways": ["email"], "email": address}})
    assert led_to == "/join/check/"
    return browser


SIGNING_IN = {
    "code": Way("pat@example.org", "/account/sign-in/", lambda address: {"email": address}),
    "password": Way(
        "dee@example.org",
        "/account/sign-in/password/",
        lambda address: {"login": address, "password": "not these words"},
    ),
    "forgotten": Way("dee@example.org", "/account/password/forgotten/", lambda address: {"email": address}),
}
JOINING = {
    "registering": Way("pat@example.org", "/join/check/", lambda address: {}, _has_answered),
    "referring": Way("pat@example.org", "/refer/", lambda address: SENT | {"email": address}),
}
ALL = {**SIGNING_IN, **JOINING}


@pytest.fixture
def asked(request: Any, pat: Participant, dee: User, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(sign_in_codes, "leave_letter", leave_letter)  # to the worker, as it is in the product
    TOTP.activate(dee, generate_totp_secret())
    many = dict.fromkeys(settings.ACCOUNT_RATE_LIMITS, "1000000/d/key")
    hashers = ["django.contrib.auth.hashers.Argon2PasswordHasher"] if ROUNDS else settings.PASSWORD_HASHERS
    with override_settings(ACCOUNT_RATE_LIMITS=many, PASSWORD_HASHERS=hashers):
        dee.set_password("three unlikely words")  # by the same hasher as the one that unknown addresses meet
        dee.save()
        yield request.param


def ask(way: Way, address: str) -> Any:
    return way.begin(address).post(way.page, way.said(address))


def left_to_do() -> int:
    return ProcrastinateJob.objects.filter(status="todo").count()


@pytest.mark.parametrize("asked", SIGNING_IN.values(), ids=SIGNING_IN, indirect=True)
def test_a_known_address_costs_as_much_as_an_unknown_one(asked: Way) -> None:
    work = []
    for address in (asked.known, UNKNOWN):
        ask(asked, address)  # what is looked up once
        before = left_to_do()
        with CaptureQueriesContext(connection) as queries:
            answer = ask(asked, address)
        work.append((answer.status_code, sorted(answer.headers), left_to_do() - before, len(queries)))
    assert work[0] == work[1]


@pytest.mark.skipif(not ROUNDS, reason="measured by ./run campaign enumeration")
@pytest.mark.parametrize("asked", ALL.values(), ids=ALL, indirect=True)
def test_time_tells_a_known_address_from_an_unknown_one_no_better_than_a_guess(asked: Way) -> None:
    took: dict[bool, list[float]] = {True: [], False: []}
    answered = set()
    for turn in range(ROUNDS):
        for known in (True, False) if turn % 2 else (False, True):
            # A registration makes a login: an address that nobody had is known after it.
            address = asked.known if known else f"{turn}.{UNKNOWN}"
            browser, said = asked.begin(address), asked.said(address)
            forget_what_was_counted()  # for one address all day: to read it again takes longer each time
            began = time.perf_counter()
            answer = browser.post(asked.page, said)
            took[known].append(time.perf_counter() - began)
            answered.add(answer.status_code)
    apart, told = abs(median(took[True]) - median(took[False])), told_apart(took[True], took[False])
    sys.stdout.write(f"{asked.page} medians {apart * 1000:.2f} ms apart, told apart {told:.3f}\n")  # is read by hand
    assert len(answered) == 1 and answered.isdisjoint({403, 429}), "all alike, and none turned away"
    assert apart < APART and told < TOLD


def forget_what_was_counted() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_cache WHERE cache_key LIKE '%allauth:rl:%'")


def told_apart(one: list[float], other: list[float]) -> float:
    """The area under the curve of the best threshold, whichever of the two takes longer: 0.5 is a guess, 1 is sure."""
    longer = sum((a > b) + (a == b) / 2 for a in one for b in other) / (len(one) * len(other))
    return max(longer, 1 - longer)


def test_the_measure_tells_what_differs_and_not_what_does_not() -> None:
    assert told_apart([1, 2, 3, 4], [1, 2, 3, 4]) == 0.5
    assert told_apart([5, 6], [1, 2]) == told_apart([1, 2], [5, 6]) == 1
