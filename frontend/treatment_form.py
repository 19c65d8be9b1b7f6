"""Days of treatment: the form in which they are noted, and what is noted in words. For the person and the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from frontend import forms
from frontend.wording import day, today
from participants.refusals import NotPossibleNow
from participants.rules.treatment_days import AHEAD, BACK, MOST_TIMES, MOST_WEEKS, Days
from participants.treatments import MOST_NOTED, BadDays, TooManyDays

AGAIN = "again"
FULL = f"There are {MOST_NOTED} entries already. Remove one that is over, then note this one."
NOT_NOW = "Nothing was changed. Days are noted while somebody takes part, or has a break."
FAULTS = {  # of treatment_days.fault_in: the field, and what is said there
    "past": ("first", "All of these days have passed. Check the day, the month and the year"),
    "too_long_ago": ("first", "The day must be within the last year"),
    "too_far": ("times", "The last of these days is more than 2 years away. Note fewer, and the others later"),
}


class TreatmentForm(forms.Form):
    first = forms.DateField(
        label="Which day?",
        called="the day",
        hint="If there are several, the first one.",
        earliest=lambda: today() - BACK,
        latest=lambda: today() + AHEAD,
    )
    how_often = forms.RadiosField(
        label="Only that day, or again every few weeks?",
        missing="Select only that day, or again every few weeks",
        options=(
            forms.Choice("once", "Only that day"),
            forms.Choice(AGAIN, "Again every few weeks", reveals=("every_weeks", "times")),
        ),
    )
    every_weeks = forms.NumberField(
        label="Every how many weeks?", called="the number of weeks", min_value=1, max_value=MOST_WEEKS, width=3
    )
    times = forms.NumberField(
        label="How many times in all?",
        called="the number of times",
        hint="Count the first day too. It can be changed later.",
        min_value=2,
        max_value=MOST_TIMES,
        width=3,
    )

    def keep(self, action: Callable[[Days], object]) -> bool:
        """Whether `action` has kept the days; otherwise why not is an error of the form. Raises NoConsent."""
        try:
            action(self._days())
        except BadDays as bad:
            self.add_error(*FAULTS[bad.fault])
        except TooManyDays:
            self.add_error(None, FULL)
        except NotPossibleNow:
            self.add_error(None, NOT_NOW)
        return not self.errors

    def _days(self) -> Days:
        given = self.cleaned_data
        if given["how_often"] != AGAIN:
            return Days(given["first"])
        return Days(given["first"], given["every_weeks"], given["times"])

    @property
    def refused_with(self) -> int | None:
        return 409 if self.non_field_errors() else None


def filled(days: Days) -> dict[str, Any]:
    """The form as these days would have filled it."""
    if days.times == 1:
        return {"first": days.first, "how_often": "once"}
    return {"first": days.first, "how_often": AGAIN, "every_weeks": days.every_weeks, "times": days.times}


def days_words(days: Days) -> str:
    """Every 3 weeks from Tuesday 1 December, 6 times."""
    if days.times == 1:
        return day(days.first)
    every = "Every week" if days.every_weeks == 1 else f"Every {days.every_weeks} weeks"
    return f"{every} from {day(days.first)}, {days.times} times"


def next_words(days: Days) -> str:
    """What is still to come of them; empty for one day that is."""
    coming: date | None = days.next_from(today())
    if coming is None:
        return "These days have passed."
    if days.times == 1:
        return ""
    return f"The next is {day(coming)}. The last is {day(days.last)}." if coming != days.last else "The last one comes."
