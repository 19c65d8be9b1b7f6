"""What each person's way through the programme comes to, for counting. PURE.

Here: which stage somebody has reached, which forms were due and which sent
within their windows, and whose answers make a pair. Not here: reading rows
(gathering.py), adding up (truth.py), hiding (disclosure/).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from outcomes.asking.windows import Due, Window, window_of
from outcomes.counting.taking_part import TakingPart
from participants.programme_time import Pause

REGULAR = 4  # classes attended: more than trying it out


@dataclass(frozen=True)
class Timing:
    """A timepoint of the programme as releases speak of it."""

    code: str
    label: str
    due: Due


@dataclass(frozen=True)
class SentForm:
    """One form that was sent: when, and its scores by scale. A scale without a score is not in it."""

    on: date
    scores: Mapping[str, float]


@dataclass(frozen=True)
class Journey:
    """One person in one programme, as at a date. `person` only tells people apart: it is never stored or shown."""

    person: int
    about: Mapping[str, str] = field(default_factory=dict)  # as recorded, by dimension (bands.py)
    enrolled_on: date | None = None
    cleared: bool = False
    took: TakingPart = TakingPart()
    came_on: tuple[date, ...] = ()  # every class attended, walk-ins too
    pauses: tuple[Pause, ...] = ()
    forms: Mapping[str, SentForm] = field(default_factory=dict)  # by code of the timepoint

    @property
    def first_class_on(self) -> date | None:
        return min(self.came_on, default=None)

    @property
    def started(self) -> bool:
        return bool(self.came_on)

    @property
    def came_regularly(self) -> bool:
        return len(self.came_on) >= REGULAR

    def window(self, due: Due) -> Window:
        """The window within which a form of this timepoint counts; for a start form, around the first class."""
        first = self.first_class_on
        if first is None:
            return Window()
        window = window_of(due, enrolled_on=first, first_class_on=first, pauses=self.pauses)
        if not due.is_start:
            return window
        return Window(first - timedelta(days=due.opens_before), window.due_on, window.closes_on)

    def form_in_window(self, timing: Timing) -> SentForm | None:
        form = self.forms.get(timing.code)
        return form if form is not None and self.window(timing.due).is_open(form.on) else None

    def was_due(self, timing: Timing, as_at: date) -> bool:
        """Whether the form should have come by `as_at`: its window has closed, or it came within it."""
        if self.form_in_window(timing) is not None:
            return True
        return self.started and self.window(timing.due).has_closed(as_at)

    def pair(self, start: Timing, later: Timing, scale: str) -> tuple[float, float] | None:
        """The scores at the start and later, when both forms came in their windows and both could be scored."""
        forms = (self.form_in_window(start), self.form_in_window(later))
        scores = [form.scores.get(scale) for form in forms if form is not None]
        if len(scores) != 2 or scores[0] is None or scores[1] is None:
            return None
        return scores[0], scores[1]

    def start_score(self, start: Timing, scale: str) -> float | None:
        form = self.form_in_window(start)
        return None if form is None else form.scores.get(scale)
