"""What went wrong, as a release counts it: reports by how much harm there was and by when somebody had looked into
them, and days without exercise. PURE.

Here: events as lines of a sheet, and their counts, for everyone alone: an event
is in no group. No word of a report, no date. Not here: reading them
(gathering.py). Called by releases/figures.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from classes.incident_rules import Harm
from outcomes.disclosure import EVERYONE, Count, Derived, Figures, How, Line, Sheet, Split, Tables

REPORTS: Final = "safety.reports"
WITH_HARM: Final = "safety.reports.with_harm"
IN_A_WEEK: Final = "safety.reports.reviewed_in_a_week"
LATER: Final = "safety.reports.reviewed_later"
NOT_YET: Final = "safety.reports.not_reviewed"
CHECK_STOPS: Final = "safety.check_stops"  # days on which the same-day check said not to exercise
TALK_STOPS: Final = "safety.talk_stops"  # days on which whoever led the class said so after a talk


@dataclass(frozen=True)
class Event:
    """So many of one thing in one quarter. `harm` is of reports alone, and so is how many somebody has looked into:
    within a week, and altogether."""

    quarter: str
    kind: str
    harm: str
    measure: str
    number: int
    in_a_week: int = 0
    reviewed: int = 0


def harm_measure(harm: str) -> str:
    return f"{REPORTS}.{harm}"


def events_sheet(events: list[Event]) -> Sheet:
    """A line for each event, told apart by its number among its like."""
    return Sheet.of(
        {
            f"event {event.quarter} {event.kind} {event.harm} {number}": Line((), _amounts(event, number))
            for event in events
            for number in range(event.number)
        }
    )


def _amounts(event: Event, number: int) -> Mapping[str, float]:
    """Those that were looked into stand before the others of their like, as nothing else tells them apart."""
    if not event.harm:
        return {event.measure: 1}
    state = IN_A_WEEK if number < event.in_a_week else LATER if number < event.reviewed else NOT_YET
    return {event.measure: 1, harm_measure(event.harm): 1, state: 1}


def safety_figures(sheet: Sheet) -> Figures:
    def count(name: str) -> dict[tuple[tuple[str, str], ...], int]:
        return {EVERYONE: int(sheet.is_in(name).sum())}

    looked_into = (IN_A_WEEK, LATER, NOT_YET)
    counts = (
        *(Count("safety", name, count(name), sensitive=False) for name in (REPORTS, CHECK_STOPS, TALK_STOPS)),
        # How soon somebody did their work says nothing of whoever was hurt: none and all may be shown.
        *(Count("safety", name, count(name), within=REPORTS, sensitive=False) for name in looked_into),
    )
    share = Derived("safety", f"{IN_A_WEEK}.share", How.RATIO, (IN_A_WEEK, REPORTS))
    parts = {harm_measure(harm.value): count(harm_measure(harm.value)) for harm in Harm}
    merges = tuple(harm_measure(harm.value) for harm in Harm if harm is not Harm.NONE)
    splits = (Split("safety", REPORTS, parts, WITH_HARM, merges),)
    return Figures(Tables(), counts, splits, derived=(share,), sums=((REPORTS, looked_into),))
