"""Dates, times and counts in words."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
import time_machine
from django.conf import settings

from frontend import wording
from frontend.views.desk.answer_task_words import ANSWER_KINDS
from outcomes.asking.open_forms import QUESTIONS_CALL
from outcomes.extracts.fields import BY_KEY
from outcomes.models import AnswerMode
from participants.rules.programme_time import Stretch


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (time(18, 30), "6:30pm"),
        (time(10, 0), "10am"),
        (time(9, 5), "9:05am"),
        (time(12, 0), "noon"),
        (time(0, 0), "midnight"),
        (time(12, 15), "12:15pm"),
        (time(0, 15), "12:15am"),
        (datetime(2026, 7, 1, 9, 0, tzinfo=UTC), "10am"),
        (datetime(2026, 12, 1, 9, 0, tzinfo=UTC), "9am"),
    ],
)
def test_a_clock_time_is_written_as_people_say_it_in_the_uk(at: time | datetime, words: str) -> None:
    assert wording.clock(at) == words


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        wording.clock(datetime(2026, 7, 1, 9, 0))  # noqa: DTZ001  the mistake under test


def test_a_class_is_told_with_its_times_and_its_day() -> None:
    start, end = datetime(2027, 2, 2, 18, 30, tzinfo=UTC), datetime(2027, 2, 2, 19, 15, tzinfo=UTC)
    assert wording.when(start, end) == "6:30pm to 7:15pm, Tuesday 2 February 2027"
    assert wording.moment(start) == "Tuesday 2 February 2027 at 6:30pm"


def test_what_runs_past_midnight_names_both_days() -> None:
    start, end = datetime(2027, 2, 2, 23, 0, tzinfo=UTC), datetime(2027, 2, 3, 0, 30, tzinfo=UTC)
    assert wording.when(start, end) == "11pm, Tuesday 2 February 2027 to 12:30am, Wednesday 3 February 2027"


def test_a_summer_evening_in_utc_is_the_uk_day_it_falls_on() -> None:
    assert wording.plain_date(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == "2 July 2026"


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 12, 1), "Today, Tuesday 1 December"),
        (date(2026, 12, 2), "Tomorrow, Wednesday 2 December"),
        (date(2026, 12, 3), "Thursday 3 December"),
        (date(2027, 12, 3), "Friday 3 December 2027"),
    ],
)
def test_the_heading_of_a_day_says_today_and_leaves_out_a_year_that_is_plain(on: date, words: str) -> None:
    with time_machine.travel(datetime(2026, 12, 1, 12, 0, tzinfo=UTC), tick=False):
        assert wording.day_heading(on) == words
    assert wording.day_heading(on, date(2026, 12, 1)) == words


@pytest.mark.parametrize(
    ("on", "words"),
    [(date(2026, 12, 1), "today"), (date(2026, 12, 2), "tomorrow"), (date(2026, 12, 3), "on Thursday 3 December")],
)
def test_a_day_in_the_middle_of_a_sentence(on: date, words: str) -> None:
    with time_machine.travel(datetime(2026, 12, 1, 12, 0, tzinfo=UTC), tick=False):
        assert wording.from_today(on) == words


def test_counts_agree_with_their_noun() -> None:
    assert [wording.count(n, "place") for n in (0, 1, 2)] == ["no places", "1 place", "2 places"]
    assert wording.count(1204, "person", "people") == "1,204 people"


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (21, "21st"), (113, "113th")],
)
def test_a_place_in_a_queue_is_an_ordinal(number: int, words: str) -> None:
    assert wording.ordinal(number) == words


@pytest.mark.parametrize(
    ("least", "most", "per_weeks", "words"),
    [
        (1, 3, 1, "one to three sessions a week"),
        (1, 1, 1, "one session a week"),
        (1, 1, 4, "one session a month"),
        (2, 2, 3, "two sessions in three weeks"),
        (0, 1, 1, "up to one session a week"),
        (8, 12, 8, "8 to 12 sessions in 8 weeks"),
        (0, 0, 1, ""),
    ],
)
def test_what_a_phase_suggests_is_told_as_people_say_it(least: int, most: int, per_weeks: int, words: str) -> None:
    stretch = Stretch("any", 28, contacts_least=least, contacts_most=most, per_weeks=per_weeks)
    assert wording.contacts_planned(stretch) == words


@pytest.mark.parametrize(
    ("talks", "weeks", "words"),
    [
        (0, 4, "one session a week"),
        (1, 4, "one session a week, and one talk, one to one, a month"),
        (2, 12, "one session a week, and two talks, one to one, in 12 weeks"),
    ],
)
def test_talks_are_suggested_in_the_same_sentence(talks: int, weeks: int, words: str) -> None:
    stretch = Stretch("any", 28, contacts_least=1, contacts_most=1, talks=talks, talks_per_weeks=weeks)
    assert wording.contacts_planned(stretch) == words


def test_lists_are_joined_as_they_are_spoken() -> None:
    assert wording.joined([]) == ""
    assert wording.joined(["Poole"]) == "Poole"
    assert wording.joined(["Poole", "Newport", "Southampton"]) == "Poole, Newport and Southampton"
    assert wording.joined(["a", "b"], "or") == "a or b"


def test_nothing_is_never_a_blank() -> None:
    assert [wording.yes_no(a) for a in (True, False, None)] == ["Yes", "No", "Not answered"]
    assert [wording.given(v) for v in (None, "", 0, "x")] == ["Not given", "Not given", "0", "x"]


def test_sentences_begin_with_a_capital_and_keep_the_rest() -> None:
    assert wording.sentence("your NHS number") == "Your NHS number"


def test_a_name_owns_what_follows_it() -> None:
    assert wording.possessive("Pat") == "Pat’s"


def test_telephone_numbers_are_written_and_linked() -> None:
    assert wording.telephone("+441632960001") == "01632 960001"
    assert wording.telephone("+33123456789") == "+33123456789"
    assert wording.telephone_link("01632 960 000") == "tel:+441632960000"
    assert wording.telephone_link("+44 1632 960 000") == "tel:+441632960000"


@pytest.mark.parametrize(
    ("left", "words", "tone"),
    [
        (-1, "Full: join the waiting list", "full"),
        (0, "Full: join the waiting list", "full"),
        (1, "1 place left", "few"),
        (3, "Few places left", "few"),
        (4, "Places available", "ok"),
    ],
)
def test_places_are_told_in_a_word_and_a_tone(left: int, words: str, tone: str) -> None:
    assert wording.places_label(left) == wording.Label(words, tone)


def test_waiting_for_a_place_and_waiting_for_us_share_no_words() -> None:
    assert wording.booking_label("waiting").words != wording.CHECKING_LABEL.words
    assert wording.booking_label("booked").tone == "ok"


PAGES_OF_OUTCOMES = (
    "desk/wellbeing*", "desk/goal*", "desk/measures*", "desk/person_progress*", "desk/questionnaire*", "desk/system*",
    "desk/*stud*", "desk/*extract*", "desk/*release*", "desk/*agreement*", "me/wellbeing*", "me/progress*", "me/goal*",
    "me/research*", "me/stud*", "partner/*", "parts/summary*", "parts/extract*", "../messages/**/questionnaire_*",
)  # fmt: skip


def test_questions_are_answered_by_phone_in_one_word_wherever_they_are_spoken_of() -> None:
    pages = Path(settings.BASE_DIR) / "frontend" / "jinja2" / "frontend"
    files = {pattern: list(pages.glob(pattern)) for pattern in PAGES_OF_OUTCOMES}
    assert all(files.values()), "a page has moved: this check reads nothing"
    texts = {str(path): re.sub(r"{#.*?#}", "", path.read_text(), flags=re.S) for of in files.values() for path in of}
    texts |= {"ways": " ".join(AnswerMode.labels), "call": repr(ANSWER_KINDS[QUESTIONS_CALL])}
    texts |= {key: repr(field) for key, field in BY_KEY.items()}
    assert [name for name, text in texts.items() if "telephone" in text.lower()] == []
