"""How often something went wrong, as figures that disclosure control can judge."""

from __future__ import annotations

from outcomes.counting.safety_figures import (
    CHECK_STOPS,
    IN_A_WEEK,
    LATER,
    NOT_YET,
    REPORTS,
    TALK_STOPS,
    Event,
    events_sheet,
    harm_measure,
    safety_figures,
)
from outcomes.disclosure import EVERYONE, protect
from tests.factories.one_by_one import lines_in

EVENTS = [
    Event("2026-Q4", "fall", "none", REPORTS, 12, 10, 11),
    Event("2026-Q4", "fall", "low", REPORTS, 9, 8, 8),
    Event("2026-Q4", "same_day_check_stop", "", CHECK_STOPS, 15),
]


def test_each_event_is_counted_once_and_reports_by_harm_add_up() -> None:
    found = safety_figures(events_sheet(EVENTS))
    found.check()
    counts = {name: values[EVERYONE] for name, values in found.true_counts.items()}
    assert (counts[REPORTS], counts[CHECK_STOPS], counts[TALK_STOPS]) == (21, 15, 0)
    assert (counts[harm_measure("none")], counts[harm_measure("low")]) == (12, 9)
    assert [counts[name] for name in (IN_A_WEEK, LATER, NOT_YET)] == [18, 1, 2]


def test_that_all_were_looked_into_in_time_may_be_read_and_of_a_few_nothing() -> None:
    all_in_time = [Event("2026-Q4", "fall", harm, REPORTS, 12, 12, 12) for harm in ("none", "low")]
    cells = {cell.measure: cell for cell in protect(safety_figures(events_sheet(all_in_time))).cells}
    assert [(cells[name].value) for name in (IN_A_WEEK, LATER, NOT_YET, f"{IN_A_WEEK}.share")] == [25, 0, 0, 100]
    few = [Event("2026-Q4", "fall", "none", REPORTS, 6, 5, 6)]
    told = [cell for cell in protect(safety_figures(events_sheet(few))).cells if cell.shown and cell.value]
    assert told == []


def test_a_later_event_is_a_line_more_and_changes_no_other() -> None:
    more = [*EVENTS, Event("2027-Q1", "fall", "none", REPORTS, 1)]
    before, now = lines_in(events_sheet(EVENTS)), lines_in(events_sheet(more))
    assert {token: line for token, line in now.items() if token in before} == before
    assert len(now) == len(before) + 1
