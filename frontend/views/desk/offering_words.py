"""What was changed about a hall, a kind of class, a limit or an agreement, and what a limit would mean, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from accounts.versions import Version
from classes.models import DaysOff
from frontend.wording import count, joined, moment, plain_date, sentence
from participants.models import Phase

NAMES = {
    "name": "Name",
    "summary": "What happens in it",
    "effort": "How hard it is",
    "positions": "Positions",
    "bring": "What to bring",
    "adaptations_met": "Made for",
    "credentials_needed": "What must be held",
    "people_per_instructor": "People for one instructor",
    "one_to_one": "One person at a time",
    "first_contact": "The programme begins with it",
    "companions_beside": "Companions take no place",
    "holds": "People in the hall",
    "active": "Offered",
    "address": "Street and number",
    "access_note": "Good to know",
    "entrance": "Which door",
    "defibrillator": "Defibrillator",
    "hall_contact": "Whom to call",
    "closed_from": "Closed from",
    "first": "First day",
    "last": "Last day",
    "most_a_week": "Places in a week",
    "one_to_ones_apart": "One-to-one sessions left out",
    "talks": "Talks suggested",
    "talks_per_weeks": "In so many weeks",
    "ends_on": "Until",
    "starts_on": "From",
    "area": "People counted in one area alone",
    "dimensions": "People told apart by",
    "k": "Hidden below",
    "purpose": "Used for",
    "ended_at": "Ended",
}
TRIED = (1, 2, 3, 4)  # what somebody may think of as a limit


def days_words(days: DaysOff) -> str:
    """The one day, or the first and the last."""
    return plain_date(days.first) if days.first == days.last else f"{plain_date(days.first)} to {plain_date(days.last)}"


def limit_words(phase: Phase) -> str:
    if phase.most_a_week is None:
        return "as many places in a week as somebody likes"
    apart = ", one-to-one sessions not counted" if phase.one_to_ones_apart else ""
    return f"at most {count(phase.most_a_week, 'place')} in a week{apart}"


def beyond_rows(counted: Sequence[int], without_one_to_ones: Sequence[int]) -> list[list[str]]:
    """For each limit that one may think of: how many people hold more than it, in the week where they hold most."""
    return [
        [f"At most {most}", str(sum(n > most for n in counted)), str(sum(n > most for n in without_one_to_ones))]
        for most in TRIED
    ]


def history_of(versions: Sequence[Version]) -> list[tuple[str, list[str]]]:
    """When and by whom; and each thing that was changed, old and new."""
    return [(_when(one), [_change(*change) for change in one.changes] or ["Added"]) for one in versions]


def _when(version: Version) -> str:
    return f"{sentence(moment(version.at))}{f', by {version.by}' if version.by else ''}"


def _change(name: str, before: Any, after: Any) -> str:
    return f"{NAMES.get(name, sentence(name.replace('_', ' ')))}: {_said(before)} → {_said(after)}"


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return plain_date(value)
    if isinstance(value, list):
        return joined(one.replace("_", " ") for one in value) or "nothing"
    return str(value).replace("_", " ") if value not in (None, "") else "nothing"
