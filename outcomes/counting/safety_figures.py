"""What went wrong, as a release counts it: reports by how much harm there was, and days without exercise. PURE.

Here: events as lines of a sheet, and their counts, for everyone alone: an event
is in no group. No word of a report, no date. Not here: reading them
(gathering.py). Called by releases/figures.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from classes.incident_rules import Harm
from outcomes.disclosure import EVERYONE, Count, Figures, Line, Sheet, Split, Tables

REPORTS: Final = "safety.reports"
WITH_HARM: Final = "safety.reports.with_harm"
CHECK_STOPS: Final = "safety.check_stops"  # days on which the same-day check said not to exercise
TALK_STOPS: Final = "safety.talk_stops"  # days on which whoever led the class said so after a talk


@dataclass(frozen=True)
class Event:
    """So many of one thing in one quarter. `harm` is of reports alone."""

    quarter: str
    kind: str
    harm: str
    measure: str
    number: int


def harm_measure(harm: str) -> str:
    return f"{REPORTS}.{harm}"


def events_sheet(events: list[Event]) -> Sheet:
    """A line for each event, told apart by its number among its like."""
    return Sheet.of(
        {
            f"event {event.quarter} {event.kind} {event.harm} {number}": Line((), _amounts(event))
            for event in events
            for number in range(event.number)
        }
    )


def _amounts(event: Event) -> Mapping[str, float]:
    return {event.measure: 1, harm_measure(event.harm): 1} if event.harm else {event.measure: 1}


def safety_figures(sheet: Sheet) -> Figures:
    def count(name: str) -> dict[tuple[tuple[str, str], ...], int]:
        return {EVERYONE: int(sheet.is_in(name).sum())}

    counts = tuple(Count("safety", name, count(name), sensitive=False) for name in (REPORTS, CHECK_STOPS, TALK_STOPS))
    parts = {harm_measure(harm.value): count(harm_measure(harm.value)) for harm in Harm}
    merges = tuple(harm_measure(harm.value) for harm in Harm if harm is not Harm.NONE)
    return Figures(Tables(), counts, (Split("safety", REPORTS, parts, WITH_HARM, merges),))
