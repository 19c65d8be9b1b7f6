"""By a wrong clock the web server changes nothing; it reads on, and goes on by itself once the clock is right."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from safefit.right_clock import RightClockMiddleware

pytestmark = pytest.mark.django_db


@pytest.fixture
def web(settings) -> RightClockMiddleware:
    settings.CHECKS_CLOCK = True
    return RightClockMiddleware(lambda request: HttpResponse(request.method))


def ask(web: RightClockMiddleware, method: str = "POST", path: str = "/me/") -> HttpResponse:
    request: HttpRequest = RequestFactory().generic(method, path)
    return web(request)


def at(minutes: float) -> time_machine.travel:
    return time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes))


@pytest.mark.parametrize("minutes", [5, -5, -60])
def test_minutes_ahead_or_behind_it_reads_and_changes_nothing(web: RightClockMiddleware, minutes: int) -> None:
    with at(minutes):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            answer = ask(web, method)
            assert answer.status_code == 503 and "Retry-After" in answer
            assert "Nobody can sign in either" in answer.content.decode()
        assert ask(web, path="/api/v1/bookings/")["Content-Type"] == "application/problem+json"
        assert ask(web, "GET").status_code == ask(web, "HEAD").status_code == 200
    assert ask(web).status_code == 200, "once it is right it goes on by itself"


def test_a_clock_that_jumps_between_two_requests_is_noticed_with_the_next(web: RightClockMiddleware) -> None:
    assert ask(web).status_code == 200
    with at(-60):
        assert ask(web).status_code == 503
    assert ask(web).status_code == 200


def test_seconds_apart_are_no_wrong_clock_and_the_database_is_not_asked_each_time(
    web: RightClockMiddleware, django_assert_num_queries
) -> None:
    with at(0.2), django_assert_num_queries(1):
        assert [ask(web).status_code for _ in range(3)] == [200, 200, 200]


def test_only_the_web_server_asks() -> None:
    with pytest.raises(MiddlewareNotUsed):
        RightClockMiddleware(lambda request: HttpResponse())
