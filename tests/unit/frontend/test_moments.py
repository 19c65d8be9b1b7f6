"""Dates in three boxes, and times of day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
import time_machine

from frontend import forms, wording
from frontend.moments import Typed, read_time


class Born(forms.Form):
    born = forms.DateField(label="What is your date of birth?", called="your date of birth", latest=wording.today)


class Starts(forms.Form):
    on = forms.DateField(label="First day", earliest=wording.today, latest=date(2028, 12, 31), required=False)


def sent(day: str, month: str, year: str, name: str = "born") -> dict[str, str]:
    return {f"{name}-day": day, f"{name}-month": month, f"{name}-year": year}


def error(form: forms.Form, name: str) -> str:
    return str(form.errors[name][0]) if name in form.errors else ""


@pytest.mark.parametrize("month", ["3", "03", "March", "mar", " MAR "])
def test_a_month_is_read_as_a_number_or_a_name(month: str) -> None:
    form = Born(sent("9", month, "1950"))
    assert form.is_valid()
    assert form.cleaned_data["born"] == date(1950, 3, 9)


@pytest.mark.parametrize(
    ("boxes", "words", "target"),
    [
        (("", "", ""), "Enter your date of birth", "day"),
        (("31", "2", "1950"), "Your date of birth must be a real date: February 1950 has 28 days", "day"),
        (("30", "2", "1952"), "Your date of birth must be a real date: February 1952 has 29 days", "day"),
        (("", "2", "1950"), "Your date of birth must include a day", "day"),
        (("3", "", ""), "Your date of birth must include a month and year", "month"),
        (("3", "2", ""), "Your date of birth must include a year", "year"),
        (("32", "2", "1950"), "Your date of birth must be a real date, with a day from 1 to 31", "day"),
        (("0", "2", "1950"), "Your date of birth must be a real date, with a day from 1 to 31", "day"),
        (("٣", "2", "1950"), "Your date of birth must be a real date, with a day from 1 to 31", "day"),
        (
            ("3", "13", "1950"),
            "Your date of birth must be a real date, with a month from 1 to 12, or its name",
            "month",
        ),
        (
            ("3", "Febr", "1950"),
            "Your date of birth must be a real date, with a month from 1 to 12, or its name",
            "month",
        ),
        (("3", "2", "50"), "Your date of birth must be a real date, with a year of 4 numbers, like 1958", "year"),
        (("3", "2", "0950"), "Your date of birth must be a real date, with a year of 4 numbers, like 1958", "year"),
        (("3", "2", "2950"), "Your date of birth must be in the past", "day"),
    ],
)
def test_a_wrong_date_says_what_to_do_and_leads_to_the_box(
    boxes: tuple[str, str, str], words: str, target: str
) -> None:
    form = Born(sent(*boxes))
    assert error(form, "born") == words
    assert f'href="#id_born-{target}"' in forms.error_summary(form)
    assert all(f'value="{box}"' in forms.draw(form["born"]) for box in boxes)


@time_machine.travel(datetime(2026, 12, 1, 12, 0, tzinfo=UTC), tick=False)
def test_bounds_are_told_in_words() -> None:
    assert error(Starts(sent("30", "11", "2026", "on")), "on") == "First day must be today or later"
    assert error(Starts(sent("1", "1", "2029", "on")), "on") == "First day must be 31 December 2028 or earlier"
    assert Starts(sent("1", "12", "2026", "on")).is_valid()


def test_a_fixed_first_day_is_told_in_words() -> None:
    class Later(forms.Form):
        on = forms.DateField(label="First day", earliest=date(2020, 1, 1))

    assert error(Later(sent("1", "1", "1999", "on")), "on") == "First day must be 1 January 2020 or later"


def test_a_date_that_may_be_left_out_is_none() -> None:
    form = Starts({})
    assert form.is_valid()
    assert form.cleaned_data["on"] is None
    assert "First day (optional)" in forms.draw(form["on"])


def test_a_date_already_known_fills_the_boxes() -> None:
    drawn = forms.draw(Born(initial={"born": date(1950, 3, 9)})["born"])
    assert all(f'value="{part}"' in drawn for part in ("9", "3", "1950"))


def test_only_the_wrong_boxes_are_marked() -> None:
    drawn = forms.draw(Born(sent("3", "13", "1950"))["born"])
    assert drawn.count("nhsuk-input--error") == 1


def test_a_birthday_can_be_filled_in_by_the_browser() -> None:
    class Birthday(forms.Form):
        born = forms.DateField(label="Date of birth", birthday=True)

    assert 'autocomplete="bday-day"' in forms.draw(Birthday()["born"])
    assert 'inputmode="numeric"' in forms.draw(Birthday()["born"])


def test_a_date_knows_whether_it_was_sent_at_all() -> None:
    widget = Born().fields["born"].widget
    assert widget.value_omitted_from_data({}, {}, "born")
    assert widget.value_from_datadict(sent("1", "", ""), {}, "born") == Typed(day="1")


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("6:30pm", time(18, 30)),
        ("6.30 PM", time(18, 30)),
        ("18:30", time(18, 30)),
        ("0630", time(6, 30)),
        ("6pm", time(18)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("noon", time(12)),
        ("Midday", time(12)),
        ("midnight", time(0)),
        ("6", None),
        ("13pm", None),
        ("0am", None),
        ("25:00", None),
        ("10:61", None),
        ("soon", None),
    ],
)
def test_a_time_is_read_as_people_write_it(words: str, read: time | None) -> None:
    assert read_time(words) == read


def test_a_time_field_asks_for_morning_or_evening_when_it_must() -> None:
    class Starting(forms.Form):
        start = forms.TimeField(label="Start time", called="the start time")
        end = forms.TimeField(label="End time", required=False)

    form = Starting({"start": "6"})
    assert error(form, "start") == "The start time must be a time, like 6:30pm or 18:30"
    good = Starting({"start": "6pm"})
    assert good.is_valid()
    assert good.cleaned_data == {"start": time(18), "end": None}
    assert 'value="6:30pm"' in forms.draw(Starting(initial={"start": time(18, 30)})["start"])


def test_no_value_of_another_kind_breaks_the_boxes() -> None:
    nonsense: Any = "2026-01-01"
    assert 'value=""' in forms.draw(Born(initial={"born": nonsense})["born"])
