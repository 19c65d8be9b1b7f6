"""What the ways of many people through the programme come to, for counting: columns with a row for each. PURE.

Here: who has reached which stage, and whose forms were due and came within their windows. Columns, as a release may
be about a million people. Not here: reading rows (gathering.py), adding up (truth.py), hiding (disclosure/).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np

from outcomes.asking.windows import Due, counting_window
from outcomes.counting.taking_part import TakingPart
from outcomes.disclosure.sheet import Bools, Floats, Ints, Labels
from participants.rules.programme_time import Pause

REGULAR = 4  # classes attended: more than trying it out
MEASURED_SCALE: Final = "score"  # of every measured movement, in its recipe
NEVER: Final = 9_999_999  # after every day there is; days are counted as date.toordinal does

Pauses = tuple[Pause, ...]


@dataclass(frozen=True)
class Timing:
    """A timepoint of the programme as releases speak of it."""

    code: str
    label: str
    due: Due


@dataclass(frozen=True, eq=False)
class SentForms:
    """The form of each person at one timepoint: the day it was sent, and the scores that it came to by scale."""

    on: Ints  # NEVER: none was sent
    scores: Mapping[str, Floats]  # not a number: none could be worked out

    asked: Bools | None = None  # who was asked; none: everybody who came is
    modes: Ints | None = None  # by whom it was filled in, as its place in AnswerMode; where that is counted
    answers: Mapping[str, Floats] = field(default_factory=dict)  # by item, + is better; only where they are counted
    once_more: tuple[SentForms, ...] = ()  # of whoever was asked again, as the one before came too early

    def score(self, scale: str) -> Floats:
        found = self.scores.get(scale)
        return np.full(len(self.on), np.nan) if found is None else found

    def between(self, opens: Ints, closes: Ints) -> SentForms:
        """Those alone that came within the window of each."""
        return self._where((opens <= self.on) & (self.on <= closes), SentForms(np.full_like(self.on, NEVER), {}))

    def or_nearer(self, other: SentForms, day: Ints) -> SentForms:
        """Of each person the one of the two that is nearer to a day of theirs, the other where they are as near."""
        nearer = (other.on == NEVER) | (np.abs(self.on - day) < np.abs(other.on - day))
        return self._where((self.on < NEVER) & nearer, other)

    def _where(self, which: Bools, other: SentForms) -> SentForms:
        scores = {scale: np.where(which, values, other.score(scale)) for scale, values in self.scores.items()}
        answers = {item: np.where(which, values, other.answer(item)) for item, values in self.answers.items()}
        modes = self.modes
        if self.modes is not None and other.modes is not None:
            modes = np.where(which, self.modes, other.modes)
        return SentForms(np.where(which, self.on, other.on), scores, self.asked, modes, answers)

    def answer(self, item: str) -> Floats:
        found = self.answers.get(item)
        return np.full(len(self.on), np.nan) if found is None else found

    def came(self, mode: int) -> Bools:
        """Whose form counts and was filled in so."""
        return np.zeros(len(self.on), bool) if self.modes is None else (self.on < NEVER) & (self.modes == mode)

    def of_those_asked(self, who: Bools) -> Bools:
        return who if self.asked is None else who & self.asked


@dataclass(frozen=True, eq=False)
class Tries:
    """Each time somebody was measured in one movement: whose row, the day, and how much it was."""

    rows: Ints
    on: Ints
    amounts: Floats  # not a number: it was not done

    def at(self, due: Due, opens: Ints, closes: Ints, scale: str) -> SentForms:
        """For each person the one that counts at a timepoint: the last around the start, else the nearest to its day.

        `opens` and `closes` are of each person. Whoever was measured once, or should have been, is asked.
        """
        first, last = opens[self.rows], closes[self.rows]
        counts = np.flatnonzero((first <= self.on) & (self.on <= last) & ~np.isnan(self.amounts))
        nearest = _nearest(due, first, last)[counts]
        order = counts[np.lexsort((self.on[counts], -np.abs(self.on[counts] - nearest)))]
        on, amounts = np.full(len(opens), NEVER), np.full(len(opens), np.nan)
        on[self.rows[order]], amounts[self.rows[order]] = self.on[order], self.amounts[order]
        return SentForms(on, {scale: amounts}, np.isin(np.arange(len(opens)), self.rows))


@dataclass(frozen=True, eq=False)
class Cohort:
    """The people of one programme, as at a date. `people` only tells them apart, and is in order."""

    people: Ints
    about: Mapping[str, Labels]  # as recorded, by dimension (bands.py)
    cleared: Bools
    took: TakingPart
    first_class: Ints  # the day of the first class attended, walk-ins too
    pauses: Mapping[int, Pauses]  # by row, of whoever had any
    forms: Mapping[str, SentForms]  # of our own check, by code of the timepoint
    others: Mapping[str, Mapping[str, SentForms]] = field(default_factory=dict)  # by code of the instrument first
    measured: Mapping[str, Tries] = field(default_factory=dict)  # by code of the instrument

    def __len__(self) -> int:
        return len(self.people)

    @property
    def started(self) -> Bools:
        return self.first_class < NEVER

    @property
    def came_regularly(self) -> Bools:
        return np.asarray(self.took.came) >= REGULAR

    @cached_property
    def _alike(self) -> tuple[Ints, list[tuple[date | None, Pauses]]]:
        """Those who started on the same day without a break have the same windows: which each has."""
        paused = np.isin(np.arange(len(self)), list(self.pauses)) & self.started
        days, kinds = np.unique(np.where(paused, NEVER, self.first_class), return_inverse=True)
        rows = np.flatnonzero(paused)
        kinds[rows] = len(days) + np.arange(len(rows))
        starts: list[tuple[date | None, Pauses]] = [(_day(day), ()) for day in days.tolist()]
        return kinds, [*starts, *((_day(int(self.first_class[row])), self.pauses[row]) for row in rows.tolist())]

    def window(self, due: Due) -> tuple[Ints, Ints]:
        """The first and the last day on which the form of each counts; NEVER: not known yet."""
        kinds, each = self._alike
        windows = [counting_window(due, first, pauses) for first, pauses in each]
        opens = [_number(window.opens_on) for window in windows]
        closes = [_number(window.closes_on) for window in windows]
        return np.array(opens, np.int64)[kinds], np.array(closes, np.int64)[kinds]

    def form(self, timing: Timing, of: str = "") -> SentForms:
        """The forms of a timepoint that came within their windows: those of our own check, or of an instrument."""
        if of in self.measured:
            return self.measured[of].at(timing.due, *self.window(timing.due), MEASURED_SCALE)
        sent = (self.others.get(of, {}) if of else self.forms).get(timing.code)
        if sent is None:
            return SentForms(np.full(len(self), NEVER), {})
        opens, closes = self.window(timing.due)
        nearest = _nearest(timing.due, opens, closes)
        found = sent.between(opens, closes)
        for other in sent.once_more:
            found = found.or_nearer(other.between(opens, closes), nearest)
        return found

    def sent_at_all(self, timing: Timing) -> Bools:
        """Who sent our own check of a timepoint, within its window or not."""
        sent = self.forms.get(timing.code)
        if sent is None:
            return np.zeros(len(self), bool)
        return np.asarray(np.logical_or.reduce([one.on < NEVER for one in (sent, *sent.once_more)]))

    def window_has_closed(self, timing: Timing, as_at: date) -> Bools:
        """Whose form should have come by the end of `as_at`, though perhaps it did not."""
        _, closes = self.window(timing.due)
        return self.started & (closes < as_at.toordinal())


def _nearest(due: Due, opens: Ints, closes: Ints) -> Ints:
    """The day to which the form that counts is nearest: the last one around the start counts."""
    return closes if due.is_start else np.where(opens < NEVER, opens + due.opens_before, NEVER)


def _day(number: int) -> date | None:
    return None if number == NEVER else date.fromordinal(number)


def _number(day: date | None) -> int:
    return NEVER if day is None else day.toordinal()
