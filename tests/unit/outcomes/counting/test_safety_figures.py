"""How often something went wrong, as figures that disclosure control can judge."""

from __future__ import annotations

from outcomes.counting.safety_figures import (
    CHECK_STOPS,
    REPORTS,
    TALK_STOPS,
    Event,
    events_sheet,
    harm_measure,
    safety_figures,
)
from outcomes.disclosure import EVERYONE
from tests.factories.one_by_one import lines_in

EVENTS = [
    Event("2026-Q4", "fall", "none", REPORTS, 12),
    Event("2026-Q4", "fall", "low", REPORTS, 9),
    Event("2026-Q4", "same_day_check_stop", "", CHECK_STOPS, 15),
]


def test_each_event_is_counted_once_and_reports_by_harm_add_up() -> None:
    found = safety_figures(events_sheet(EVENTS))
    found.check()
    counts = {name: values[EVERYONE] for name, values in found.true_counts.items()}
    assert (counts[REPORTS], counts[CHECK_STOPS], counts[TALK_STOPS]) == (21, 15, 0)
    assert (counts[harm_measure("none")], counts[harm_measure("low")]) == (12, 9)


def test_a_later_event_is_a_line_more_and_changes_no_other() -> None:
    more = [*EVENTS, Event("2027-Q1", "fall", "none", REPORTS, 1)]
    before, now = lines_in(events_sheet(EVENTS)), lines_in(events_sheet(more))
    assert {token: line for token, line in now.items() if token in before} == before
    assert len(now) == len(before) + 1
