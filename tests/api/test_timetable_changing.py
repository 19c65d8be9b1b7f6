"""Changing dates by the API: what was looked at is what is saved, for whoever leads the class and for the desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from classes.judging.refusals import TryAgain
from classes.models import BookingSource, BookingState, Mode, Series, Session
from classes.places.booking import book_place
from classes.timetable import cancel_session
from classes.wall_time import UK
from messaging.models import Message
from tests.factories.classes import BookingFactory, ClassTypeFactory, RoomFactory, SessionFactory, VenueFactory
from tests.factories.timetable import published_weekly

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 10, 1, 9, tzinfo=UK)
FIRST = dt.date(2026, 10, 6)  # a Tuesday
LATER = {"scope": "this-and-later"}
ONE = {"scope": "this-date"}


@pytest.fixture(autouse=True)
def october() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def series(ines: Any) -> Series:
    return published_weekly(ines, first=FIRST, dates=3)


@pytest.fixture
def dates(series: Series) -> list[Session]:
    return list(series.sessions.order_by("starts_at"))


@pytest.fixture
def desk(dee: Any, sign_in: Any) -> Client:
    return sign_in(dee)  # type: ignore[no-any-return]


def send(client: Client, session: Session, body: dict[str, Any], *, preview: bool = False, key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    where = f"/api/v1/sessions/{session.pk}/change/{'preview/' if preview else ''}"
    return client.post(where, body, content_type="application/json", headers=headers)


def look(client: Client, session: Session, body: dict[str, Any]) -> Any:
    return send(client, session, body, preview=True).json()


def save(client: Client, session: Session, body: dict[str, Any], **more: Any) -> Any:
    seen = look(client, session, body)["seen"]
    return send(client, session, {**body, "seen": seen, **more})


def test_a_preview_says_what_each_date_would_be_and_whom_it_concerns(
    desk: Client, dates: list[Session], pat: Any
) -> None:
    BookingFactory(session=dates[1], participant=pat)
    BookingFactory(session=dates[2], state=BookingState.WAITING, participant=pat)
    told = look(desk, dates[1], {**LATER, "start_time": "19:30", "capacity": 8})
    assert (told["may_be_saved"], told["people_told"], told["problems"]) == (True, 1, [])
    assert [one["session"] for one in told["dates"]] == [dates[1].pk, dates[2].pk]
    one, other = told["dates"]
    assert one["old"]["starts_at"] == "2026-10-13T18:00:00+01:00"
    assert one["new"]["starts_at"] == "2026-10-13T19:30:00+01:00"
    assert (one["before"]["start_time"], one["after"]["start_time"]) == ("18:00", "19:30")
    assert one["changes"] == ["capacity", "time"]
    assert (one["booked"], one["waiting"], other["booked"], other["waiting"]) == (1, 0, 0, 1)
    assert Session.objects.get(pk=dates[1].pk).starts_at == dates[1].starts_at
    assert b"Pat" not in send(desk, dates[1], {**LATER, "capacity": 8}, preview=True).content


@pytest.mark.parametrize(
    ("said", "hours"), [({}, 24), ({"release_hours": None}, None), ({"release_hours": 5}, 5), ({"mode": "remote"}, 2)]
)
def test_places_kept_back_from_now_on_go_to_others_in_time_unless_it_is_said(
    desk: Client, dates: list[Session], said: dict[str, Any], hours: int | None
) -> None:
    (told,) = look(desk, dates[1], {**ONE, "reserved": 2, **said})["dates"]
    assert (told["before"]["release_hours"], told["after"]["release_hours"]) == (None, hours)


@pytest.mark.parametrize(("on", "holiday"), [("2026-12-25", "Christmas Day"), ("2026-10-14", "")])
def test_a_preview_names_the_bank_holiday_onto_which_a_date_would_move(
    desk: Client, dates: list[Session], on: str, holiday: str
) -> None:
    (told,) = look(desk, dates[1], {**ONE, "on": on})["dates"]
    assert (told["new"]["on"], told["holiday"]) == (on, holiday)


def test_what_was_looked_at_is_saved_once_for_a_key(desk: Client, dates: list[Session], pat: Any) -> None:
    book_place(participant=pat, session=dates[1], by=pat.person, source=BookingSource.SELF)
    body = {**LATER, "start_time": "19:30"}
    body["seen"] = look(desk, dates[1], body)["seen"]
    first = send(desk, dates[1], body, key="k")
    assert (first.status_code, first.json()["people_told"]) == (200, 1)
    assert send(desk, dates[1], body, key="k").json() == first.json()
    assert send(desk, dates[1], {**body, "capacity": 9}, key="k").status_code == 422
    starts = Session.objects.order_by("starts_at").values_list("starts_at", flat=True)
    assert [f"{at.astimezone(UK):%d %H}" for at in starts] == ["06 18", "13 19", "20 19"]
    assert Message.objects.filter(kind="class_changed").count() == 1


def test_what_has_changed_since_is_not_saved_and_is_shown(desk: Client, dates: list[Session], pat: Any) -> None:
    body = {**ONE, "start_time": "19:30"}
    seen = look(desk, dates[1], body)["seen"]
    BookingFactory(session=dates[1], participant=pat)
    refused = send(desk, dates[1], {**body, "seen": seen}, key="k")
    assert (refused.status_code, refused.json()["code"]) == (409, "preview_outdated")
    again = refused.json()["preview"]
    assert (again["dates"][0]["booked"], again["seen"] == seen) == (1, False)
    assert send(desk, dates[1], {**body, "seen": again["seen"]}, key="k").status_code == 200


def test_one_date_goes_to_another_day_and_another_place(desk: Client, dates: list[Session], programme: Any) -> None:
    venue = VenueFactory(programme=programme, name="New hall")
    room = RoomFactory(venue=venue)
    answer = save(desk, dates[0], {**ONE, "on": "2026-10-07", "venue": venue.pk, "room": room.pk})
    assert answer.status_code == 200, answer.json()
    moved = Session.objects.get(pk=dates[0].pk)
    assert (moved.starts_at.astimezone(UK).day, moved.venue, moved.room) == (7, venue, room)
    assert save(desk, dates[0], {**ONE, "mode": "remote", "join_url": "https://a.example"}).status_code == 200
    moved.refresh_from_db()
    assert (moved.mode, moved.venue, moved.room) == (Mode.REMOTE, None, None)


def test_later_dates_go_to_another_weekday(desk: Client, dates: list[Session]) -> None:
    told = save(desk, dates[1], {**LATER, "weekday": "monday"}).json()
    assert [one["new"]["on"] for one in told["dates"]] == ["2026-10-12", "2026-10-19"]
    assert [one.starts_at.astimezone(UK).weekday() for one in Session.objects.order_by("starts_at")] == [1, 0, 0]


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({**ONE, "weekday": "monday"}, "weekday"),
        ({**LATER, "weekday": "someday"}, "weekday"),
        ({}, "scope"),
        ({"scope": "everything"}, "scope"),
        ({**LATER, "on": "2026-10-07"}, "on"),
        ({**LATER, "which": "first"}, "which"),
        ({**ONE, "start_time": "7pm"}, "start_time"),
        ({**ONE, "start_time": "25:00"}, "start_time"),
        ({**ONE, "venue": 10**9}, "venue"),
        ({**ONE, "capacity": "8"}, "capacity"),
        ({**ONE, "places_taken": 1}, "places_taken"),
    ],
)
def test_what_cannot_be_asked_is_named(desk: Client, dates: list[Session], body: dict[str, Any], wrong: str) -> None:
    refused = send(desk, dates[0], body, preview=True)
    assert (refused.status_code, list(refused.json()["errors"])) == (400, [wrong])


def test_a_key_of_another_programme_is_not_offered(desk: Client, dates: list[Session]) -> None:
    for body in ({"class_type": ClassTypeFactory().pk}, {"venue": VenueFactory().pk}, {"room": RoomFactory().pk}):
        assert send(desk, dates[0], {**ONE, **body}, preview=True).status_code == 400


def test_what_stands_against_it_is_told_with_the_preview(
    desk: Client, dates: list[Session], series: Series, ines: Any, pat: Any
) -> None:
    taken = SessionFactory(
        programme=series.programme, leader=ines, starts_at=dates[0].starts_at + dt.timedelta(hours=2)
    )
    codes = {
        "dates_refused": {**ONE, "start_time": "20:00"},
        "not_possible": {**ONE, "duration_minutes": 5},
        "nothing_changes": {**ONE, "start_time": "18:00"},
    }
    for code, body in codes.items():
        refused = save(desk, dates[0], body)
        assert (refused.status_code, refused.json()["code"]) == (409, code)
    stands = look(desk, dates[0], codes["dates_refused"])["dates"][0]["obstacles"]
    assert [one["kind"] for one in stands] == ["instructor_busy"]
    assert stands[0]["clash"]["class_name"] == taken.class_type.name
    assert look(desk, dates[0], codes["not_possible"])["problems"] == ["duration"]


def test_nobody_is_moved_onto_another_class_of_theirs_unseen(desk: Client, dates: list[Session], pat: Any) -> None:
    here = book_place(participant=pat, session=dates[0], by=pat.person, source=BookingSource.SELF)
    there = SessionFactory(programme=pat.programme, starts_at=dates[0].starts_at + dt.timedelta(hours=2))
    book_place(participant=pat, session=there, by=pat.person, source=BookingSource.SELF)
    body = {**ONE, "start_time": "20:00"}
    refused = save(desk, dates[0], body)
    assert (refused.status_code, refused.json()["code"]) == (409, "people_busy")
    assert refused.json()["preview"]["dates"][0]["busy"] == [{"booking": here.pk, "participant": pat.pk}]
    assert save(desk, dates[0], body, give_back=True).status_code == 200
    here.refresh_from_db()
    assert here.state == BookingState.CLOSED


def test_an_instructor_changes_own_classes_and_a_series_only_where_it_is_theirs(
    ines: Any, ivor: Any, sign_in: Any, dates: list[Session], series: Series
) -> None:
    own, other = sign_in(ines.person.user), sign_in(ivor.person.user)
    assert look(own, dates[0], {**LATER, "capacity": 9})["may_be_saved"]
    assert send(other, dates[0], {**ONE, "capacity": 9}, preview=True).status_code == 404
    assert send(own, dates[0], {**ONE, "instructor": ivor.pk}, preview=True).status_code == 400
    Series.objects.filter(pk=series.pk).update(instructor=ivor)
    refused = send(own, dates[0], {**LATER, "capacity": 9}, preview=True)
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["scope"])


def test_a_date_that_nobody_can_lead_asks_who_does(desk: Client, programme: Any) -> None:
    alone = SessionFactory(programme=programme)
    refused = send(desk, alone, {**ONE, "capacity": 9}, preview=True)
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["instructor"])


def test_a_cancelled_date_has_nothing_left_to_change(desk: Client, dates: list[Session], dee: Any) -> None:
    cancel_session(session=dates[0], reason="Snow", by=dee.person)
    assert save(desk, dates[0], {**ONE, "capacity": 9}).json()["code"] == "nothing_changes"


def test_the_api_says_when_there_are_too_many_people(
    desk: Client, dates: list[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(**rest: Any) -> None:
        raise TryAgain

    monkeypatch.setattr("classes.api.timetable.changing.change_dates", busy)
    assert save(desk, dates[0], {**ONE, "capacity": 9}).json()["code"] == "try_again"


def test_a_clock_time_that_happens_twice_is_named_by_which(desk: Client, programme: Any, ines: Any) -> None:
    night = SessionFactory(
        programme=programme, leader=ines, starts_at=dt.datetime(2026, 10, 24, 22, tzinfo=UK), mode=Mode.REMOTE
    )
    body = {**ONE, "on": "2026-10-25", "start_time": "01:30"}
    assert look(desk, night, body)["dates"][0]["obstacles"][0]["kind"] == "happens_twice"
    assert look(desk, night, {**body, "which": "second"})["dates"][0]["new"]["starts_at"] == "2026-10-25T01:30:00Z"
