"""Cancelling dates by the API: exactly those that were named, all of them or none."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from classes.judging.refusals import TryAgain
from classes.models import Booking, BookingState, Series, Session, SessionStatus
from messaging.models import Message
from tests.factories.classes import AttendanceFactory, BookingFactory, SessionFactory, weekly_dates

pytestmark = pytest.mark.django_db


@pytest.fixture
def dates(pat: Any) -> list[Session]:
    return weekly_dates(pat.programme, capacity=10)


@pytest.fixture
def desk(dee: Any, sign_in: Any) -> Client:
    return sign_in(dee)  # type: ignore[no-any-return]


def look(client: Client, session: Session, scope: str) -> Any:
    where = f"/api/v1/sessions/{session.pk}/cancel/preview/"
    return client.post(where, {"scope": scope}, content_type="application/json")


def send(
    client: Client, session: Session, scope: str, dates: list[Session], key: str = "", reason: str = "Snow"
) -> Any:
    body = {"scope": scope, "dates": [one.pk for one in dates], "reason": reason}
    headers = {"Idempotency-Key": key} if key else {}
    where = f"/api/v1/sessions/{session.pk}/cancel/"
    return client.post(where, body, content_type="application/json", headers=headers)


def cancelled() -> set[int]:
    return set(Session.objects.filter(status=SessionStatus.CANCELLED).values_list("pk", flat=True))


def test_later_dates_are_listed_and_cancelled_once_and_the_series_ends(
    desk: Client, dates: list[Session], pat: Any
) -> None:
    for session in dates:
        BookingFactory(session=session, participant=pat)
    seen = look(desk, dates[1], "this-and-later").json()
    assert [one["session"] for one in seen["dates"]] == [dates[1].pk, dates[2].pk]
    assert (seen["people_told"], seen["dates"][0]["booked"]) == (1, 1)
    assert seen["later"] != []
    done = send(desk, dates[1], "this-and-later", dates[1:], key="k")
    assert (done.status_code, done.json()["people_told"]) == (200, 1)
    assert send(desk, dates[1], "this-and-later", dates[1:], key="k").json() == done.json()
    assert send(desk, dates[1], "this-and-later", dates[2:], key="k").status_code == 422
    assert cancelled() == {dates[1].pk, dates[2].pk}
    assert Series.objects.get().last_date < dates[1].occurs_on
    assert Message.objects.filter(person=pat.person).count() == 1


def test_what_is_not_what_was_listed_cancels_nothing(desk: Client, dates: list[Session]) -> None:
    for scope, named in (("all-to-come", dates[1:]), ("chosen-dates", [SessionFactory()]), ("this-date", dates[:2])):
        refused = send(desk, dates[0], scope, named)
        assert (refused.status_code, refused.json()["code"]) == (409, "dates_outdated")
    assert refused.json()["preview"]["dates"][0]["session"] == dates[0].pk
    assert cancelled() == set()


def test_chosen_dates_leave_the_series_as_it_is(desk: Client, dates: list[Session]) -> None:
    last = Series.objects.get().last_date
    assert look(desk, dates[0], "chosen-dates").json()["later"] == []
    assert send(desk, dates[0], "chosen-dates", [dates[0], dates[2]]).status_code == 200
    assert cancelled() == {dates[0].pk, dates[2].pk}
    assert Series.objects.get().last_date == last


def test_one_date_is_cancelled_once_and_for_all(desk: Client, dates: list[Session], pat: Any) -> None:
    BookingFactory(session=dates[0], participant=pat)
    for told in (1, 0):
        done = send(desk, dates[0], "this-date", dates[:1])
        assert done.json() == {"cancelled": [dates[0].pk], "people_told": told}
    assert Booking.objects.get().state == BookingState.CLOSED


def test_a_date_with_a_mark_stays(desk: Client, programme: Any) -> None:
    session = SessionFactory(programme=programme)
    AttendanceFactory(booking=BookingFactory(session=session))
    refused = send(desk, session, "this-date", [session])
    assert (refused.json()["code"], refused.json()["session"]) == ("too_late_to_cancel", session.pk)


def test_a_reason_is_needed_and_other_dates_only_where_there_are_some(desk: Client, programme: Any) -> None:
    alone = SessionFactory(programme=programme)
    assert list(send(desk, alone, "this-date", [alone], reason=" ").json()["errors"]) == ["reason"]
    assert list(look(desk, alone, "all-to-come").json()["errors"]) == ["scope"]


def test_an_instructor_cancels_own_classes_alone(ines: Any, ivor: Any, sign_in: Any) -> None:
    own = SessionFactory(programme=ines.programme, leader=ines, starts_at=_soon())
    assert send(sign_in(ivor.person.user), own, "this-date", [own]).status_code == 404
    assert send(sign_in(ines.person.user), own, "this-date", [own]).status_code == 200


def test_the_api_says_when_there_are_too_many_people(
    desk: Client, dates: list[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(**rest: Any) -> None:
        raise TryAgain

    monkeypatch.setattr("classes.api.timetable.cancelling.cancel_sessions", busy)
    assert send(desk, dates[0], "this-date", dates[:1]).json()["code"] == "try_again"


def _soon() -> dt.datetime:
    return dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
