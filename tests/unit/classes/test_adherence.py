"""What marks mean for adherence: every state, both ways of counting."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from classes import adherence
from classes.adherence import ADHERENCE, ATTENDED_STATES, DUE_STATES, GIVEN_BACK, Adherence, adherence_of, given_back
from classes.models import AttendanceState


def test_every_mark_is_in_the_table_and_the_table_names_no_other() -> None:
    assert set(ADHERENCE) == set(AttendanceState.values)


def test_the_table_in_the_docstring_says_what_the_code_says() -> None:
    told = {}
    for line in (adherence.__doc__ or "").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) >= 4 and cells[1] in ("yes", "no"):
            told[cells[0]] = (cells[1] == "yes", cells[2] == "yes")
    assert told == {
        AttendanceState(state).label: (counted.due, counted.attended) for state, counted in ADHERENCE.items()
    } | {state.replace("_", " "): (counted.due, counted.attended) for state, counted in GIVEN_BACK.items()}


def test_nothing_is_attended_that_was_not_due() -> None:
    assert set(ATTENDED_STATES) < set(DUE_STATES)


def test_marks_are_counted_by_the_table() -> None:
    states = ["attended", "attended_in_part", "absent_told", "absent_untold", "sent_home", "service_cancelled"]
    assert adherence_of(states) == Adherence(attended=2, due=4)
    assert adherence_of(states).share == 0.5


@pytest.mark.parametrize(
    ("minutes", "state"), [(0, "given_back_late"), (1439, "given_back_late"), (1440, "given_back_in_time")]
)
@pytest.mark.parametrize("starts_at", ["2027-03-28T10:00:00+01:00", "2027-10-31T10:00:00+00:00"])
def test_late_is_less_than_24_hours_whatever_the_clocks_do(minutes: int, state: str, starts_at: str) -> None:
    start = datetime.fromisoformat(starts_at)
    assert given_back(start - timedelta(minutes=minutes), start) == state


def test_a_place_given_back_late_was_due_and_one_given_back_in_time_was_not() -> None:
    assert adherence_of(["attended", "given_back_late", "given_back_in_time"]) == Adherence(attended=1, due=2)


def test_no_class_due_is_not_nought() -> None:
    assert adherence_of(["sent_home", "service_cancelled"]).share is None


def test_an_unknown_mark_is_an_error() -> None:
    with pytest.raises(KeyError):
        adherence_of(["present"])
