"""Publishing a class and a new term by the API: every date looked at first, all of them or none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from classes.models import ClassType, Series, Session
from classes.wall_time import UK
from tests.factories.classes import (
    ClassTypeFactory,
    DaysOffFactory,
    RoomFactory,
    SeriesFactory,
    SessionFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 28, 9, tzinfo=UK)
NEW, TERMS = "/api/v1/new-classes/", "/api/v1/terms/"
ONCE = {"on": "2026-12-02"}
WEEKLY = {"first_date": "2026-12-02", "last_date": "2026-12-30", "excluded_dates": ["2026-12-23"]}


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def own(ines: Any, sign_in: Any) -> Client:
    return sign_in(ines.person.user)  # type: ignore[no-any-return]


@pytest.fixture
def desk(dee: Any, sign_in: Any) -> Client:
    return sign_in(dee)  # type: ignore[no-any-return]


@pytest.fixture
def plan(ines: Any) -> dict[str, Any]:
    kind = ClassTypeFactory(programme=ines.programme)
    named = {"instructor": ines.pk, "class_type": kind.pk}
    return {**named, "mode": "remote", "start_time": "18:00", "duration_minutes": 60, "capacity": 10, "walk_in": 1}


@pytest.fixture
def series(ines: Any) -> Series:
    first, last = dt.date(2026, 9, 18), dt.date(2026, 12, 11)  # Fridays
    return SeriesFactory(instructor=ines, first_date=first, last_date=last)


def send(client: Client, where: str, body: dict[str, Any], key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(where, body, content_type="application/json", headers=headers)


def test_a_class_is_looked_at_and_published_once(own: Client, plan: dict[str, Any]) -> None:
    seen = send(own, f"{NEW}preview/", {**plan, **WEEKLY}).json()
    assert seen["may_be_published"]
    assert [one["on"] for one in seen["dates"]] == ["2026-12-02", "2026-12-09", "2026-12-16", "2026-12-30"]
    assert Session.objects.count() == 0
    first = send(own, NEW, {**plan, **WEEKLY}, key="k")
    assert (first.status_code, len(first.json()["sessions"])) == (201, 4)
    again = send(own, NEW, {**plan, **WEEKLY}, key="k")
    assert (again.status_code, again.json()) == (200, first.json())
    assert send(own, NEW, {**plan, **ONCE}, key="k").status_code == 422
    assert (Series.objects.count(), set(Session.objects.values_list("walk_in", flat=True))) == (1, {1})


def test_a_class_may_end_after_a_number_of_dates_and_leave_out_days_without_classes(
    own: Client, plan: dict[str, Any], ines: Any
) -> None:
    DaysOffFactory(programme=ines.programme, name="Hall shut", first=dt.date(2026, 12, 21), last=dt.date(2026, 12, 24))
    shut = DaysOffFactory(
        programme=ines.programme, venue=VenueFactory(programme=ines.programme), first=dt.date(2026, 12, 18)
    )
    asked = {**plan, "first_date": "2026-12-11", "number_of_dates": 3, "leave_out_days_off": True}  # Fridays
    seen = send(own, f"{NEW}preview/", asked).json()
    assert [one["on"] for one in seen["dates"]] == ["2026-12-11", "2026-12-18", "2027-01-08"]
    left_out = [{"on": "2026-12-25", "name": "Christmas Day"}, {"on": "2027-01-01", "name": "New Year’s Day"}]
    assert (seen["left_out"], seen["days_off"]) == (left_out, [])
    all_the_same = send(own, f"{NEW}preview/", {**asked, "leave_out_days_off": False}).json()
    assert (all_the_same["left_out"], all_the_same["days_off"]) == ([], left_out[:1])
    assert send(own, f"{NEW}preview/", {**plan, "on": "2026-12-25"}).json()["days_off"] == left_out[:1]
    there = {**plan, "mode": "in_person", "venue": shut.venue_id, "on": "2026-12-18"}
    assert send(own, f"{NEW}preview/", there).json()["days_off"] == [{"on": "2026-12-18", "name": shut.name}]
    send(own, NEW, asked)
    made = Series.objects.get()
    assert (made.last_date, made.excluded_dates) == (dt.date(2027, 1, 8), [dt.date(2026, 12, 25), dt.date(2027, 1, 1)])


@pytest.mark.parametrize("ends", [{}, {"last_date": "2026-12-30", "number_of_dates": 3}])
def test_a_class_that_comes_back_ends_in_one_way(own: Client, plan: dict[str, Any], ends: dict[str, Any]) -> None:
    refused = send(own, f"{NEW}preview/", {**plan, "first_date": "2026-12-11", **ends})
    assert refused.status_code == 400 and "one of last_date and number_of_dates" in refused.content.decode()


def test_a_class_that_is_held_once_has_no_series(own: Client, plan: dict[str, Any]) -> None:
    one_to_one = {**plan, **ONCE, "kind": "one_to_one", "capacity": 1, "walk_in": 0}
    assert send(own, f"{NEW}preview/", one_to_one).json()["problems"] == ["kind_is_for_a_group"]
    ClassType.objects.update(one_to_one=True)
    assert send(own, f"{NEW}preview/", one_to_one).json()["problems"] == []
    made = send(own, NEW, one_to_one).json()
    assert (made["series"], made["sessions"]) == (None, [Session.objects.get().pk])


def test_what_stands_against_a_new_class_is_told_by_date(own: Client, plan: dict[str, Any], ines: Any) -> None:
    SessionFactory(programme=ines.programme, leader=ines, starts_at=dt.datetime(2026, 12, 9, 18, tzinfo=UK))
    refused = send(own, NEW, {**plan, **WEEKLY})
    assert (refused.status_code, refused.json()["code"]) == (409, "dates_refused")
    stands = {one["on"]: [o["kind"] for o in one["obstacles"]] for one in refused.json()["preview"]["dates"]}
    assert stands["2026-12-09"] == ["instructor_busy"] and stands["2026-12-02"] == []
    refused = send(own, NEW, {**plan, **ONCE, "duration_minutes": 5})
    assert (refused.json()["code"], refused.json()["preview"]["problems"]) == ("not_possible", ["duration"])
    assert Series.objects.count() == 0


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({}, "on"),
        ({"first_date": "2026-12-02"}, "on"),
        ({**ONCE, **WEEKLY}, "excluded_dates"),
        ({**WEEKLY, "which": "first"}, "which"),
        ({**WEEKLY, "last_date": "2026-12-01"}, "last_date"),
        ({**WEEKLY, "last_date": "9999-12-01"}, "last_date"),
        ({**WEEKLY, "kind": "one_to_one"}, "kind"),
        ({**WEEKLY, "interval_weeks": 3}, "interval_weeks"),
        ({**ONCE, "instructor": 10**9}, "instructor"),
    ],
)
def test_what_cannot_be_published_is_named(own: Client, plan: dict[str, Any], more: dict[str, Any], wrong: str) -> None:
    refused = send(own, f"{NEW}preview/", {**plan, **more})
    assert refused.status_code == 400
    assert wrong in refused.json()["errors"]


def test_an_instructor_publishes_for_nobody_else(own: Client, plan: dict[str, Any], ivor: Any, desk: Client) -> None:
    for_ivor = {**plan, **ONCE, "instructor": ivor.pk}
    assert list(send(own, NEW, for_ivor).json()["errors"]) == ["instructor"]
    assert send(desk, NEW, for_ivor).status_code == 201


def test_a_term_is_published_as_it_was_looked_at(desk: Client, series: Series) -> None:
    term = {"series": [series.pk], "first": "2026-12-14", "last": "2027-01-29"}
    seen = send(desk, f"{TERMS}preview/", term).json()
    (coming,) = seen["classes"]
    assert (seen["may_be_published"], coming["holidays"]) == (True, ["2026-12-25", "2027-01-01"])
    assert len(coming["dates"]) == 5
    body = {**term, "seen": seen["seen"]}
    first = send(desk, TERMS, body, key="k")
    assert (first.status_code, first.json()["series"]) == (201, [Series.objects.latest("pk").pk])
    assert send(desk, TERMS, body, key="k").status_code == 200
    assert send(desk, TERMS, {**body, "on_holidays": True}, key="k").status_code == 422
    refused = send(desk, TERMS, body)
    assert (refused.status_code, refused.json()["code"]) == (409, "term_outdated")
    assert refused.json()["preview"]["classes"][0]["already"] == first.json()["series"][0]


def test_a_term_with_a_date_that_cannot_be_held_is_published_without_it_or_not_at_all(
    desk: Client, series: Series, ines: Any
) -> None:
    SessionFactory(programme=ines.programme, leader=ines, starts_at=dt.datetime(2026, 12, 18, 18, tzinfo=UK))
    term = {"series": [series.pk], "first": "2026-12-14", "last": "2027-01-29"}
    seen = send(desk, f"{TERMS}preview/", term).json()["seen"]
    assert send(desk, TERMS, {**term, "seen": seen}).json()["code"] == "dates_refused"
    term["leave_out"] = True
    seen = send(desk, f"{TERMS}preview/", term).json()
    assert seen["classes"][0]["left_out"] == ["2026-12-18"]
    assert send(desk, TERMS, {**term, "seen": seen["seen"]}).status_code == 201
    seen = send(desk, f"{TERMS}preview/", term).json()
    assert (seen["dropped"], seen["may_be_published"]) == ([series.pk], False)
    assert send(desk, TERMS, {**term, "seen": seen["seen"]}).json()["code"] == "not_possible"


def test_a_term_ends_after_it_begins_and_names_classes_of_the_programme(desk: Client, series: Series) -> None:
    term = {"series": [series.pk], "first": "2026-12-14", "last": "2026-12-13"}
    assert list(send(desk, f"{TERMS}preview/", term).json()["errors"]) == ["last"]
    elsewhere = {**term, "last": "2027-01-29", "series": [SeriesFactory().pk]}
    assert list(send(desk, f"{TERMS}preview/", elsewhere).json()["errors"]) == ["series"]


def test_the_choices_are_those_of_whoever_asks(desk: Client, own: Client, series: Series, ivor: Any) -> None:
    room = RoomFactory(venue=VenueFactory(programme=series.programme))
    VenueFactory()
    told = desk.get("/api/v1/timetable-choices/").json()
    assert {one["id"] for one in told["instructors"]} == {series.instructor.pk, ivor.pk}
    assert [(one["id"], [r["id"] for r in one["rooms"]]) for one in told["venues"]] == [(room.venue_id, [room.pk])]
    assert [one["id"] for one in told["series"]] == [series.pk]
    told = own.get("/api/v1/timetable-choices/").json()
    assert ([one["id"] for one in told["instructors"]], told["series"]) == ([series.instructor.pk], [])
