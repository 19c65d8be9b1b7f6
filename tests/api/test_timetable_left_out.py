"""Dates that a class leaves out, by the API: seen, left out, put back as they were looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from classes.models import Series, Session
from classes.timetable import materialise
from classes.wall_time import UK
from instructors.models import InstructorStatus
from tests.factories.classes import SeriesFactory, SessionFactory

pytestmark = pytest.mark.django_db
BACK = {"on": "2026-12-25"}


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 11, 28, 9, tzinfo=UK), tick=False):
        yield


@pytest.fixture
def series(ines: Any) -> Series:
    first = dt.date(2026, 12, 4)  # Fridays
    series = SeriesFactory(instructor=ines, first_date=first, excluded_dates=[dt.date(2026, 12, 25)])
    materialise(until=dt.date(2027, 2, 20), by=ines.person)
    return series


@pytest.fixture(params=["desk", "own"])
def client(request: Any, ines: Any, dee: Any, sign_in: Any) -> Client:
    return sign_in(ines.person.user if request.param == "own" else dee)  # type: ignore[no-any-return]


@pytest.fixture
def root(series: Series) -> str:
    return f"/api/v1/sessions/{series.sessions.earliest('starts_at').pk}/"


def send(client: Client, where: str, body: dict[str, Any]) -> Any:
    return client.post(where, body, content_type="application/json")


def test_a_date_is_left_out_and_put_back(client: Client, root: str) -> None:
    assert client.get(f"{root}left-out/").json()["left_out"] == [{"on": "2026-12-25", "name": "Christmas Day"}]
    seen = send(client, f"{root}put-back/preview/", BACK).json()
    assert seen["may_be_put_back"] and seen["date"]["starts_at"] == "2026-12-25T18:00:00Z"
    done = send(client, f"{root}put-back/", {**BACK, "seen": seen["seen"]})
    assert done.status_code == 200 and Session.objects.filter(occurs_on=dt.date(2026, 12, 25)).count() == 1
    for where in (f"{root}put-back/", f"{root}put-back/preview/"):
        again = send(client, where, {**BACK, **({} if "preview" in where else {"seen": seen["seen"]})})
        assert (again.status_code, again.json()["code"]) == (409, "not_left_out")
    left = send(client, f"{root}left-out/", {"on": client.get(f"{root}left-out/").json()["not_made_yet"][0]})
    assert left.status_code == 200 and len(left.json()["left_out"]) == 1
    refused = send(client, f"{root}left-out/", BACK)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_to_make")


def test_what_stands_against_a_date_or_has_changed_is_told(
    client: Client, root: str, series: Series, ines: Any
) -> None:
    stale = send(client, f"{root}put-back/", {**BACK, "seen": "x"})
    assert (stale.status_code, stale.json()["code"]) == (409, "preview_outdated")
    SessionFactory(leader=ines, programme=ines.programme, starts_at=dt.datetime(2026, 12, 25, 18, tzinfo=UK))
    seen = send(client, f"{root}put-back/preview/", BACK).json()
    assert not seen["may_be_put_back"]
    refused = send(client, f"{root}put-back/", {**BACK, "seen": seen["seen"]})
    assert (refused.json()["code"], refused.json()["preview"]["date"]["obstacles"][0]["kind"]) == (
        "dates_refused",
        "instructor_busy",
    )


def test_a_class_that_is_not_possible_any_more_gets_no_date_back(dee: Any, sign_in: Any, root: str, ines: Any) -> None:
    type(ines).objects.filter(pk=ines.pk).update(status=InstructorStatus.STOOD_DOWN)
    desk = sign_in(dee)
    seen = send(desk, f"{root}put-back/preview/", BACK).json()
    refused = send(desk, f"{root}put-back/", {**BACK, "seen": seen["seen"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_possible")


def test_a_class_that_does_not_come_back_has_no_such_dates(client: Client, ines: Any) -> None:
    single = SessionFactory(programme=ines.programme, leader=ines)
    assert client.get(f"/api/v1/sessions/{single.pk}/left-out/").status_code == 404
