"""The next term in two pages: which classes and when, then every date; published all at once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from accounts.permissions import Role
from classes.models import Series
from classes.wall_time import UK
from messaging.models import Message
from tests.factories.accounts import ProgrammeFactory, someone
from tests.factories.classes import ClassTypeFactory, SeriesFactory, SessionFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 28, 9, tzinfo=UK)
ASK, CHECK = "/desk/timetable/next-term/", "/desk/timetable/next-term/check/"


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def series(ines: Any) -> Series:
    kind = ClassTypeFactory(programme=ines.programme, name="Gentle strength")
    first, last = dt.date(2026, 9, 18), dt.date(2026, 12, 11)  # Fridays
    return SeriesFactory(instructor=ines, class_type=kind, first_date=first, last_date=last)


@pytest.fixture
def desk(dee: Any, sign_in: Any) -> Any:
    return sign_in(dee)


def term(*series: Series, first: str = "2026-12-14", last: str = "2027-04-16", **more: str) -> dict[str, Any]:
    days = {
        f"{name}-{part}": value
        for name, on in (("first", first), ("last", last))
        for part, value in zip(("year", "month", "day"), on.split("-"), strict=True)
    }
    return {**days, "series": [str(one.pk) for one in series], **more}


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def seen_on(page: str) -> dict[str, str]:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert found is not None
    return {"seen": found[1]}


def test_a_term_is_published_after_every_date_was_looked_at(desk: Any, series: Series) -> None:
    assert f'href="{ASK}"' in text_of(desk.get("/desk/timetable/"))
    page = text_of(desk.get(ASK))
    assert "Gentle strength, Fridays at 6pm" in page and "Online, Ines Teacher, until 11 December 2026" in page
    assert re.search(rf'value="{series.pk}" [^>]*checked', page)
    assert desk.post(ASK, term(series))["Location"] == CHECK
    page = text_of(desk.get(CHECK))
    for words in (
        "1 class comes back, on 15 dates in all. Nobody is told.",
        "Left out: Friday 25 December 2026, Christmas Day.",
        "Left out: Friday 26 March 2027, Good Friday.",
        "The clocks change on Sunday 28 March 2027. The class still starts at 6pm.",
        "Publish 1 class",
    ):
        assert words in page, words
    assert Series.objects.count() == 1
    assert desk.post(CHECK, seen_on(page))["Location"] == "/desk/timetable/"
    new = Series.objects.exclude(pk=series.pk).get()
    assert (new.first_date, new.last_date) == (dt.date(2026, 12, 18), dt.date(2027, 4, 16))
    assert not Message.objects.exists()
    assert desk.post(CHECK, seen_on(page))["Location"] == ASK  # an old page publishes nothing again
    assert Series.objects.count() == 2


def test_what_to_think_of_stands_with_the_class_and_stops_nothing(desk: Any, series: Series) -> None:
    series.class_type.people_per_instructor = 8
    series.class_type.save()
    desk.post(ASK, term(series))
    page = text_of(desk.get(CHECK))
    assert "Please think of this. It does not stop you." in page
    assert "One instructor should have at most 8 people in this kind of class." in page
    assert desk.post(CHECK, seen_on(page))["Location"] == "/desk/timetable/"


def test_dates_that_cannot_be_held_are_named_and_can_be_left_out(
    desk: Any, series: Series, programme: Any, ines: Any
) -> None:
    yoga = ClassTypeFactory(programme=programme, name="Yoga")
    SessionFactory(
        programme=programme, leader=ines, class_type=yoga, starts_at=dt.datetime(2027, 1, 15, 18, 30, tzinfo=UK)
    )
    desk.post(ASK, term(series))
    page = text_of(desk.get(CHECK))
    assert "already leads Yoga" in page and "Publish" not in page
    assert desk.post(CHECK, {"seen": "x"}).status_code == 409
    assert desk.post(CHECK, {"leave_out": "yes"})["Location"] == CHECK
    page = text_of(desk.get(CHECK))
    assert "Left out: Friday 15 January 2027, which cannot be held." in page
    desk.post(CHECK, seen_on(page))
    assert dt.date(2027, 1, 15) in Series.objects.latest("pk").excluded_dates


def test_what_is_there_already_is_said_and_not_published(desk: Any, series: Series) -> None:
    desk.post(ASK, term(series, first="2026-11-30", last="2026-12-20"))
    assert "has a class at that time in the new term already" in text_of(desk.get(CHECK))
    assert desk.post(CHECK, {"seen": "x"}).status_code == 409
    desk.post(CHECK, {"leave_out": "yes"})
    page = text_of(desk.get(CHECK))
    assert "1 class is left out, because" in page and "Change the term or its classes" in page
    assert Series.objects.count() == 1


def test_what_has_changed_meanwhile_is_shown_again(desk: Any, series: Series) -> None:
    desk.post(ASK, term(series))
    page = text_of(desk.get(CHECK))
    Series.objects.update(start_time=dt.time(19))
    answer = desk.post(CHECK, seen_on(page))
    assert answer.status_code == 409 and "Something has changed since you looked" in text_of(answer)
    assert desk.post(CHECK, seen_on(text_of(answer))).status_code == 302


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"series": []}, "Select the classes that come back"),
        ({"last-year": "2026", "last-month": "12", "last-day": "1"}, "The last day must be the first day or later"),
        ({"last-year": "2036"}, "must be within 4 years of the first"),
    ],
)
def test_what_is_missing_or_wrong_is_named(desk: Any, series: Series, sent: dict[str, Any], words: str) -> None:
    answer = desk.post(ASK, term(series) | sent)
    assert answer.status_code == 422 and words in text_of(answer)
    assert desk.get(CHECK)["Location"] == ASK


def test_where_no_class_goes_on_there_is_nothing_to_choose_and_nothing_of_another_programme(
    desk: Any, sign_in: Any, series: Series
) -> None:
    elsewhere = sign_in(someone("Ed Elsewhere", Role.COORDINATOR, programme=ProgrammeFactory()))
    page = text_of(elsewhere.get(ASK))
    assert "No class goes on" in page and "Gentle strength" not in page
    assert elsewhere.post(ASK, term(series)).status_code == 422
