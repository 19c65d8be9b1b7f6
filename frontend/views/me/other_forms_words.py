"""How the scores of other questionnaires than our own read on one's own page: names, days and numbers, and no more.

Here: words. Not here: the forms, and which scales are told of them (outcomes/answering/other_forms.py). Nothing is said
of a change: no line, no better or worse, nothing of what a number means. That is for the care team to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from frontend.releases.figures import plain
from frontend.views.me.progress_words import days_of
from outcomes.answering.other_forms import OtherForms
from outcomes.answering.progress import Form
from outcomes.counting.instruments import Told, instrument_of


@dataclass(frozen=True)
class OtherNumbers:
    """One questionnaire as a table: a row for each scale, a column for each time."""

    title: str
    dates: str
    columns: list[str]
    rows: list[list[str]]

    @property
    def spoken(self) -> list[str]:
        """The same numbers as they are read out, each scale in a row: a table is not heard."""
        times = self.columns[2:]
        return [
            ". ".join([name, way, *(f"{time}: {value}" for time, value in zip(times, values, strict=True))]) + "."
            for name, way, *values in self.rows
        ]


def in_numbers(sent: Iterable[OtherForms]) -> list[OtherNumbers]:
    return [_numbers(one) for one in sent if one.scales]


def _numbers(one: OtherForms) -> OtherNumbers:
    told = [scale for scale in instrument_of(one.recipe).scales if scale.scale in one.scales]
    columns = ["Score", "Which way", *(form.label for form in one.forms)]
    return OtherNumbers(one.title, days_of(one.forms), columns, [_row(scale, one.forms) for scale in told])


def _row(scale: Told, forms: Sequence[Form]) -> list[str]:
    way = f"From {plain(scale.lo, 3)} to {plain(scale.hi, 3)}; {'more' if scale.up else 'less'} is better"
    values = (form.scales.get(scale.scale) for form in forms)
    return [scale.label, way, *("No score" if value is None else plain(value, scale.places) for value in values)]
