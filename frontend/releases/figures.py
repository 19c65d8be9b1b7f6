"""The figures of one release as they stand in words: rounded, hidden, repeated, with their intervals.

Here: one figure at a time, and the groups of a table. Not here: which figures stand together (funnel.py, visits.py,
change.py, answered.py, safety.py), how a figure is worked out or hidden (outcomes/releases/figures.py,
outcomes/disclosure).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import product
from typing import Any, Self

from frontend import wording
from outcomes.counting.bands import AREA, BY_NAME
from outcomes.disclosure import Minimums, Reason
from outcomes.models import CellStatus, Release
from outcomes.releases.export import is_count
from outcomes.releases.reading import EVERYONE, Figure, Where, everyone_in

EVERYBODY = "Everyone"
TOO_FEW = (Reason.TOO_FEW, Reason.SMALL)
LEAST_WHOLE = Minimums().denominator  # people a percentage is of
NOT_COUNTED, WITHHELD, FEW, TWO_DAYS = "Not counted", "Withheld", "Too few to say", "Of two days"


class Told(str):
    """A shown figure in words. `day` is that of the earlier counting which it repeats, if it does."""

    day: date | None

    def __new__(cls, words: str, day: date | None) -> Self:
        told = super().__new__(cls, words)
        told.day = day
        return told


class Figures:
    """The figures of a release for everyone, and for the groups of the table `by` (one dimension, or a pair).

    Of a release of one area, everyone is everyone there, and each group is that part of them.
    """

    def __init__(self, release: Release, figures: Iterable[Figure], by: Sequence[str] = ()) -> None:
        self.release, self.by = release, tuple(by)
        self.all = list(figures)
        whole = frozenset(everyone_in(release).items())
        self._found = {(one.measure, one.where - whole): one for one in self.all}
        self._about: dict[str, dict[str, Any]] = release.method.get("measures", {})

    @property
    def groups(self) -> list[tuple[str, Where]]:
        """The groups of the table with their names, in order; those of whom nothing is recorded too."""
        if not self.by:
            return []
        values = product(*(self.release.groups[name] for name in self.by))
        return [(", ".join(each), frozenset(zip(self.by, each, strict=True))) for each in values]

    @property
    def everywhere(self) -> list[tuple[str, Where]]:
        return [(EVERYBODY, EVERYONE), *self.groups]

    def has(self, measure: str) -> bool:
        """Whether this release counts `measure` at all: an earlier one may not."""
        return (measure, EVERYONE) in self._found

    def any_of(self, measures: Iterable[str]) -> bool:
        return any(self.has(measure) for measure in measures)

    def hides_all(self, names: Iterable[str]) -> bool:
        """Whether measures that begin with one of `names` are counted, and nothing but nought is shown of any."""
        begins = tuple(f"{name}." for name in names)
        found = [one for one in self.all if one.measure.startswith(begins)]
        return bool(found) and not any(one.status == CellStatus.SHOWN and one.value for one in found)

    def figure(self, measure: str, where: Where = EVERYONE) -> Figure | None:
        return self._found.get((measure, where))

    def shown(self, measure: str, where: Where = EVERYONE) -> Figure | None:
        found = self.figure(measure, where)
        return found if found is not None and found.status == CellStatus.SHOWN else None

    @property
    def threshold(self) -> str:
        """Points of 100 from which a change counts as one."""
        return f"{self.release.method.get('threshold', 10):g}"

    @property
    def regular(self) -> int:
        """Classes from which on somebody comes regularly."""
        return int(self.release.method.get("regular", 4))

    def value(self, measure: str, where: Where = EVERYONE) -> float | None:
        found = self.shown(measure, where)
        return None if found is None else found.value

    def words(self, measure: str, where: Where = EVERYONE, *, signed: bool = False, unit: str = "") -> str:
        """A figure as it stands in a table, which says of which day it is (sections.py)."""
        found = self.figure(measure, where)
        if found is None:
            return NOT_COUNTED
        if found.status != CellStatus.SHOWN:
            return self._why_hidden(found)
        return Told(f"{number(found.value or 0, found.decimal_places, signed=signed)}{unit}", found.repeats)

    def brief(self, measure: str, where: Where = EVERYONE) -> str:
        """A count without the day that it repeats: beside a mark of a chart, and within a sentence."""
        found = self.shown(measure, where)
        return self.words(measure, where) if found is None else in_brief(found)

    def with_interval(self, measure: str, where: Where = EVERYONE, *, signed: bool = False, unit: str = "") -> str:
        """+4.2 (+1.9 to +6.6)."""
        found = self.shown(measure, where)
        if found is None:
            return self.words(measure, where)
        return Told(in_brief(found, signed=signed, unit=unit), found.repeats)

    def _why_hidden(self, found: Figure) -> str:
        if found.status == CellStatus.SMALL and is_count(self._about.get(found.measure, {})):
            return f"Fewer than {self.release.k}"
        if found.reason == Reason.TWO_DAYS:
            return TWO_DAYS
        return FEW if found.reason in TOO_FEW else WITHHELD


def in_brief(figure: Figure, *, signed: bool = False, unit: str = "") -> str:
    """A shown figure with the interval it has, and without the day: beside a mark of a chart."""
    value, low, high = (
        None if each is None else f"{number(each, figure.decimal_places, signed=signed)}{unit}"
        for each in (figure.value, figure.low, figure.high)
    )
    return f"{value} ({low} to {high})" if low is not None and high is not None else str(value)


def of_one_day(*figures: Figure) -> bool:
    """Whether they were counted on the same day: others neither add up nor stand in one drawing or sentence."""
    return len({one.repeats for one in figures}) == 1


def as_on(figure: Figure) -> str:
    """What a sentence on a figure ends with: the day that it repeats, if it does."""
    return "" if figure.repeats is None else f", as on {wording.plain_date(figure.repeats)}"


def number(value: float, places: int, *, signed: bool = False) -> str:
    """1,204 or +4.2, with a true minus sign."""
    rounded = round(value, places) + 0.0
    words = f"{abs(rounded):,.{places}f}"
    sign = "−" if rounded < 0 else ("+" if signed and rounded > 0 else "")
    return f"{sign}{words}"


def plain(value: float, places: int) -> str:
    """21, 66.7 or −0.567: a whole number has no places."""
    return number(value, 0 if value == int(value) else places)


def way_of(change: Figure, higher: str = "points higher", lower: str = "points lower") -> str:
    """3.2 points higher than at the start."""
    size = number(abs(change.value or 0), change.decimal_places)
    if not size.strip("0."):
        return "the same as at the start"
    return f"{size} {higher if (change.value or 0) > 0 else lower} than at the start"


def about(figure: Figure) -> str:
    """About 45: a count in a sentence."""
    return f"about {number(figure.value or 0, 0)}"


def share(part: Figure | None, whole: Figure | None) -> int | None:
    """Whole per cent of two shown counts, as rule R3 has it: of 20 people or more, none without both."""
    if part is None or whole is None or (whole.value or 0) < LEAST_WHOLE or not of_one_day(part, whole):
        return None
    return int(100 * (part.value or 0) / (whole.value or 1) + 0.5)  # halves up, as every share of a release


# --- which tables a release has ----------------------------------------------


def tables_of(release: Release) -> list[tuple[str, ...]]:
    """By what its figures can be read: each dimension, then the declared pairs; of one area, each within the area."""
    names = [name for name in BY_NAME if name in release.groups]
    if release.area:
        return [(name,) for name in names if name != AREA]
    return [*((name,) for name in names), *(tuple(pair) for pair in release.method.get("pairs", []))]


def slug_of(by: Sequence[str]) -> str:
    return "-".join(by)


def table_called(release: Release, slug: str) -> tuple[str, ...] | None:
    """The table whose page has this address; None when the release has none such."""
    return next((by for by in tables_of(release) if slug_of(by) == slug), None)


def name_of(by: Sequence[str]) -> str:
    """area; area and age."""
    return wording.joined(BY_NAME[name].label for name in by)


def head_of(by: Sequence[str]) -> str:
    """What stands over the names of the groups: Area and age."""
    return wording.sentence(name_of(by))
