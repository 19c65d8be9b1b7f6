"""The register's moments, at the exact second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from classes.register import Window, is_ahead

START = datetime(2026, 10, 25, 10, tzinfo=UTC)
END = START + timedelta(hours=1)
WINDOW = Window(START, END)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        (START - timedelta(hours=24) - SECOND, False),
        (START - timedelta(hours=24), True),
        (START, True),
        (END + timedelta(hours=48) - SECOND, True),
        (END + timedelta(hours=48), False),
    ],
)
def test_health_facts_open_a_day_before_and_close_two_days_after(now: datetime, shown: bool) -> None:
    assert WINDOW.shows_facts(now) is shown


@pytest.mark.parametrize(("now", "started"), [(START - SECOND, False), (START, True)])
def test_marks_begin_at_the_start(now: datetime, started: bool) -> None:
    assert WINDOW.has_started(now) is started


@pytest.mark.parametrize(
    ("now", "open_"), [(END + timedelta(days=14) - SECOND, True), (END + timedelta(days=14), False)]
)
def test_marks_can_be_changed_for_fourteen_days(now: datetime, open_: bool) -> None:
    assert WINDOW.may_be_amended(now) is open_


@pytest.mark.parametrize(("ahead", "wrong"), [(timedelta(minutes=5), False), (timedelta(minutes=5, seconds=1), True)])
def test_a_clock_a_few_minutes_fast_is_borne_with(ahead: timedelta, wrong: bool) -> None:
    assert is_ahead(START + ahead, START) is wrong


def test_a_telephone_keeps_a_register_for_a_day_after_the_class() -> None:
    start = datetime(2027, 2, 3, 18, tzinfo=UTC)
    window = Window(start, start + timedelta(hours=1))
    assert window.kept_until == start + timedelta(hours=25) < window.facts_until
