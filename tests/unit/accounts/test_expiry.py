"""Limits on tries hold however many people try; what has run out is deleted."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from allauth.core import ratelimit
from django.core.cache import cache
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from accounts.expiry import forget_what_ran_out
from accounts.models import BrowserSession
from messaging import tasks
from participants.models import Participant

pytestmark = pytest.mark.django_db


def guesses_left(email: str, ip: str = "198.51.100.7") -> bool:
    request = RequestFactory().post("/", REMOTE_ADDR=ip)
    return bool(ratelimit.consume(request, action="confirm_login_code", key=email))


def test_a_limit_holds_while_many_others_are_counted() -> None:
    assert [guesses_left("pat@example.org") for _ in range(11)] == [True] * 10 + [False]
    for number in range(400):
        cache.set(f"zzz:{number}", [1.0], 60)
    assert not guesses_left("pat@example.org", ip="198.51.100.8")


def test_what_has_run_out_is_deleted_every_night_and_what_has_not_stays(pat: Participant, sign_in: Any) -> None:
    sign_in(pat.person.user)
    cache.set("soon-over", 1, 60)
    cache.set("stays", 1, 60 * 60 * 24 * 30)
    forget_what_ran_out()
    assert (cache.get("soon-over"), BrowserSession.objects.count()) == (1, 1)
    with time_machine.travel(timezone.now() + dt.timedelta(days=15)):
        tasks.forget_sessions_and_counts()
        assert cache.get("stays") == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_cache WHERE cache_key LIKE '%%soon-over'")
        assert cursor.fetchone()[0] == 0
    assert not BrowserSession.objects.exists()
