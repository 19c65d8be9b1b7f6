"""The dates that a class leaves out, on the pages of the desk and of whoever leads it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from classes.models import Mode, Series, Session
from classes.timetable import preview_put_back, publish_series, publish_session
from classes.wall_time import UK
from tests.factories.classes import ClassTypeFactory, DaysOffFactory, SessionFactory, VenueFactory

pytestmark = pytest.mark.django_db
HALF_TERM = dt.date(2026, 10, 27)


@pytest.fixture(autouse=True)
def october() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 10, 1, 9, tzinfo=UK), tick=False):
        yield


@pytest.fixture
def series(programme: Any, ines: Any) -> Series:
    DaysOffFactory(
        programme=programme, name="Autumn half-term", first=dt.date(2026, 10, 26), last=dt.date(2026, 10, 30)
    )
    return publish_series(
        instructor=ines,
        class_type=ClassTypeFactory(programme=programme, name="Gentle strength"),
        mode=Mode.IN_PERSON,
        venue=VenueFactory(programme=programme, name="Old hall"),
        start_time=dt.time(18),
        duration_minutes=60,
        capacity=10,
        first_date=dt.date(2026, 10, 6),
        last_date=dt.date(2027, 3, 9),
        excluded_dates=[HALF_TERM],
        by=ines.person,
    )


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def seen_on(answer: Any) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', answer.content.decode())
    assert found, text_of(answer)
    return found[1]


@pytest.fixture(params=["desk", "teach"])
def place(request: Any, series: Series, dee: Any, ines: Any, sign_in: Any) -> tuple[Client, str]:
    first = series.sessions.earliest("starts_at").pk
    where = {"desk": f"/desk/timetable/{first}/", "teach": f"/teach/classes/{first}/"}[request.param]
    return sign_in(dee if request.param == "desk" else ines.person.user), where


def test_what_is_left_out_is_named_and_put_back_after_it_was_looked_at(place: tuple[Client, str]) -> None:
    browser, where = place
    told = "Not on: Tuesday 27 October 2026, Autumn half-term"
    assert told in text_of(browser.get(f"{where}change/"))
    assert "Tuesday 27 October 2026, Autumn half-term" in text_of(browser.get(f"{where}left-out/"))
    page = browser.get(f"{where}left-out/2026-10-27/")
    assert "6pm to 7pm" in text_of(page) and "Nobody is told" in text_of(page)
    assert not Session.objects.filter(occurs_on=HALF_TERM).exists()
    stale = browser.post(f"{where}left-out/2026-10-27/", {"seen": "another"})
    assert stale.status_code == 409 and "Something has changed since you looked at this page" in text_of(stale)
    done = browser.post(f"{where}left-out/2026-10-27/", {"seen": seen_on(page)}, follow=True)
    assert "Tuesday 27 October 2026 is back, and can be booked now." in text_of(done)
    assert Session.objects.get(occurs_on=HALF_TERM).starts_at.astimezone(UK).hour == 18
    assert "No date to come is left out." in text_of(browser.get(f"{where}change/"))
    again = browser.post(f"{where}left-out/2026-10-27/", {"seen": seen_on(page)}, follow=True)
    assert "This date is not left out any more." in text_of(again)


def test_a_date_that_is_not_made_is_left_out_and_comes_back_when_it_is_near(place: tuple[Client, str]) -> None:
    browser, where = place
    missing = browser.post(f"{where}left-out/", {})
    assert missing.status_code == 422 and "Select the date to leave out" in text_of(missing)
    done = browser.post(f"{where}left-out/", {"on": "2027-03-02"}, follow=True)
    assert "There is no class on Tuesday 2 March 2027." in text_of(done)
    page = browser.get(f"{where}left-out/2027-03-02/")
    assert "It cannot be booked yet: it opens by itself, 12 weeks before." in text_of(page)
    done = browser.post(f"{where}left-out/2027-03-02/", {"seen": seen_on(page)}, follow=True)
    assert "Tuesday 2 March 2027 opens by itself, 12 weeks before." in text_of(done)


def test_a_date_that_clashes_is_refused_with_the_class_that_is_there(
    place: tuple[Client, str], series: Series, ines: Any
) -> None:
    browser, where = place
    seen = seen_on(browser.get(f"{where}left-out/2026-10-27/"))
    publish_session(
        instructor=ines,
        class_type=ClassTypeFactory(programme=ines.programme, name="Chair yoga"),
        mode=Mode.IN_PERSON,
        venue=VenueFactory(programme=ines.programme),
        start_time=dt.time(17, 30),
        duration_minutes=60,
        capacity=5,
        on=HALF_TERM,
        by=ines.person,
    )
    page = browser.get(f"{where}left-out/2026-10-27/")
    assert "The instructor already leads Chair yoga, 5:30pm to 6:30pm." in text_of(page)
    assert "Put this date back</button>" not in page.content.decode()
    for sent in (seen, preview_put_back(series=series, on=HALF_TERM).fingerprint):
        refused = browser.post(f"{where}left-out/2026-10-27/", {"seen": sent})
        assert refused.status_code == 409 and "Chair yoga" in text_of(refused)


def test_what_is_no_date_and_a_class_that_does_not_come_back_are_not_found(
    place: tuple[Client, str], programme: Any, ines: Any
) -> None:
    browser, where = place
    assert browser.get(f"{where}left-out/someday/").status_code == 404
    single = SessionFactory(programme=programme, leader=ines)
    root = where.rsplit("/", 2)[0]
    assert browser.get(f"{root}/{single.pk}/left-out/").status_code == 404
    assert "Dates without this class" not in text_of(browser.get(f"{root}/{single.pk}/change/"))


def test_the_class_page_of_whoever_leads_it_says_when_it_is_not_on(series: Series, ines: Any, sign_in: Any) -> None:
    page = sign_in(ines.person.user).get(f"/teach/classes/{series.sessions.earliest('starts_at').pk}/")
    assert "Not on: Tuesday 27 October 2026, Autumn half-term" in text_of(page)


def test_a_date_that_was_made_meanwhile_is_not_left_out(
    place: tuple[Client, str], series: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, where = place
    monkeypatch.setattr("frontend.changing.left_out.can_be_left_out", lambda _: (dt.date(2026, 10, 13),))
    refused = browser.post(f"{where}left-out/", {"on": "2026-10-13"})
    assert refused.status_code == 409 and "added or left out meanwhile" in text_of(refused)
