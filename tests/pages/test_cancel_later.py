"""Two buttons that name their dates: this one only, or this one and all that come after it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from classes.judging.refusals import TryAgain
from classes.models import Booking, BookingSource
from classes.places.blocks import book_dates
from frontend.wording import short_day
from messaging.models import Message
from participants.models import Participant, SupporterScope
from tests.factories.classes import SeriesFactory, SessionFactory
from tests.pages.test_booking import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def places(pat: Participant) -> list[Booking]:
    series = SeriesFactory(programme=pat.programme)
    start = timezone.now() + dt.timedelta(days=3)
    sessions = [
        SessionFactory(
            programme=pat.programme, series=series, class_type=series.class_type, starts_at=start + n * dt.timedelta(7)
        )
        for n in range(4)
    ]
    done = book_dates(participant=pat, sessions=sessions, by=pat.person, source=BookingSource.SELF)
    return [one.booking for one in done if one.booking]


@pytest.fixture
def as_pat(pat: Participant, sign_in: Any) -> Client:
    return sign_in(pat.person.user)  # type: ignore[no-any-return]


def url(booking: Booking) -> str:
    return f"/me/bookings/{booking.pk}/cancel-later/"


def dates_on(page: Any) -> str:
    found = re.search(r'name="dates" value="([^"]*)"', page.content.decode())
    assert found
    return found.group(1)


def states(places: list[Booking]) -> list[str]:
    return [Booking.objects.get(pk=place.pk).state for place in places]


def test_the_page_of_a_place_has_both_buttons_and_each_names_its_dates(  # pitfalls 31
    as_pat: Client, places: list[Booking]
) -> None:
    second = short_day(places[1].session.starts_at)
    page = text(as_pat.get(f"/me/bookings/{places[1].pk}/"))
    assert f"Cancel {second} only" in page and f"Cancel {second} and the 2 dates after it" in page
    assert "and the one date after it" in text(as_pat.get(f"/me/bookings/{places[2].pk}/"))
    last = text(as_pat.get(f"/me/bookings/{places[3].pk}/"))
    assert "Cancel my place" in last and url(places[3]) not in last


def test_the_page_lists_every_date_and_exactly_these_are_given_back_with_one_message(  # pitfalls 31
    as_pat: Client, places: list[Booking]
) -> None:
    page = as_pat.get(url(places[1]))
    for place in places[1:]:
        assert short_day(place.session.starts_at) in text(page)
    assert short_day(places[0].session.starts_at) not in text(page)
    answer = as_pat.post(url(places[1]), {"dates": dates_on(page), "reason": "travel"}, follow=True)
    assert "You have cancelled 3 dates" in text(answer)
    assert states(places) == ["booked", "cancelled", "cancelled", "cancelled"]
    assert Message.objects.filter(kind="dates_cancelled").count() == 1
    again = as_pat.post(url(places[1]), {"dates": dates_on(page)}, follow=True)
    assert "nothing left to do" in text(again)
    assert as_pat.get(url(places[1])).status_code == 302


def test_a_date_that_was_booked_after_the_page_was_drawn_is_kept(
    as_pat: Client, pat: Participant, places: list[Booking]
) -> None:
    shown = dates_on(as_pat.get(url(places[0])))
    series = places[0].session.series
    newer = SessionFactory(
        programme=pat.programme, series=series, starts_at=places[3].session.starts_at + dt.timedelta(days=7)
    )
    book_dates(participant=pat, sessions=[newer], by=pat.person, source=BookingSource.SELF)
    as_pat.post(url(places[0]), {"dates": shown})
    assert Booking.objects.get(session=newer).state == "booked"


def test_nothing_of_somebody_else_is_given_back(as_pat: Client, quinn: Participant, places: list[Booking]) -> None:
    theirs = book_dates(participant=quinn, sessions=[places[0].session], by=quinn.person, source=BookingSource.SELF)[
        0
    ].booking
    assert theirs is not None
    as_pat.post(url(places[0]), {"dates": f"{theirs.pk} x"})
    assert states([theirs, *places]) == ["booked"] * 5
    assert as_pat.post(url(places[0]), {}).status_code == 422


def test_the_last_date_has_no_later_ones(as_pat: Client, places: list[Booking]) -> None:
    assert as_pat.get(url(places[3]))["Location"] == f"/me/bookings/{places[3].pk}/"


def test_when_too_many_people_book_nothing_is_changed(
    as_pat: Client, places: list[Booking], monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(**rest: Any) -> None:
        raise TryAgain

    monkeypatch.setattr("frontend.views.me.cancelling.cancel_dates", busy)
    answer = as_pat.post(url(places[0]), {"dates": dates_on(as_pat.get(url(places[0])))})
    assert answer.status_code == 409 and "Nothing was changed" in text(answer)


def test_a_supporter_gives_them_back_with_a_copy(
    pat: Participant, sam: User, sign_in: Any, places: list[Booking]
) -> None:
    pat.supporters.update(scopes=[SupporterScope.BOOK, SupporterScope.SEE_MESSAGES])
    browser = sign_in(sam)
    session = browser.session
    session["acting_for"] = pat.pk
    session.save()
    page = browser.get(url(places[2]))
    assert "Why can Pat not come?" in text(page)
    browser.post(url(places[2]), {"dates": dates_on(page), "copy": "yes"})
    assert states(places) == ["booked", "booked", "cancelled", "cancelled"]
    assert Message.objects.filter(person=sam.person, kind="dates_cancelled").count() == 1
