"""What a page of a release shows: everyone, or the groups of one table; with the way to all the others.

Called by the pages of partners (views/partner/releases.py) and of the desk (views/desk/releases.py), and for paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from frontend.releases import answered, came, change, funnel, instruments, safety, visits
from frontend.releases.figures import Figures, head_of, slug_of, tables_of
from frontend.releases.lines import CAUTION, lines_of
from frontend.releases.method import REPEATED, ROUNDED, Method, method_of
from frontend.releases.sections import Section
from frontend.releases.since import first_of, since
from outcomes.models import CellStatus, Release, ReleaseState
from outcomes.releases import reading

KEPT: Final = 32
Read: TypeAlias = tuple[reading.Figure, ...]


@dataclass(frozen=True)
class Way:
    """A link to the groups of one table."""

    words: str
    slug: str
    is_pair: bool


@dataclass(frozen=True)
class Overview:
    """Everyone. `before` is the summary that `since` looks back to."""

    lines: list[str]
    caution: str
    since: list[str]
    before: Release | None
    sections: list[Section]
    method: Method
    hides: bool
    rounding: str


@dataclass(frozen=True)
class Breakdown:
    """Every group of one table."""

    name: str
    caution: str
    sections: list[Section]
    hides: bool
    rounding: str


def overview_of(release: Release, before: Release | None) -> Overview:
    """Of a published release words and charts are made once, from the figures as they stand: it never changes."""
    read = tuple(reading.figures_at(release)), () if before is None else tuple(reading.figures_at(before))
    return (_kept if release.state == ReleaseState.PUBLISHED else _overview)(release, before, *read)


@lru_cache(maxsize=KEPT)
def _kept(release: Release, before: Release | None, now: Read, then: Read) -> Overview:
    """A worker keeps the last few; a release is known again by its key, and by every figure."""
    return _overview(release, before, now, then)


def _overview(release: Release, before: Release | None, now: Read, then: Read) -> Overview:
    figures = Figures(release, now)
    return Overview(
        lines=lines_of(figures),
        caution=CAUTION,
        since=[first_of(figures)] if before is None else since(figures, Figures(before, then)),
        before=before,
        sections=[*of_people(figures), *safety.of_everyone(figures)],
        method=method_of(release),
        hides=_hides(figures),
        rounding=_rounding(figures),
    )


def breakdown_of(release: Release, by: Sequence[str]) -> Breakdown:
    return _breakdown(Figures(release, reading.figures_at(release, by), by))


def _breakdown(figures: Figures) -> Breakdown:
    return Breakdown(
        name=head_of(figures.by),
        caution=f"{CAUTION} Groups differ in many ways besides this one.",
        sections=by_group(figures),
        hides=_hides(figures),
        rounding=_rounding(figures),
    )


def of_people(figures: Figures) -> list[Section]:
    """Sections on everyone, but for safety, which is counted whoever agreed."""
    if funnel.is_nobody_there(figures):
        return [funnel.nobody_there(figures)]
    return [
        funnel.of_everyone(figures),
        visits.of_everyone(figures),
        *change.of_everyone(figures),
        *instruments.of_everyone(figures),
        *answered.of_everyone(figures),
        *came.of_everyone(figures),
    ]


def by_group(figures: Figures) -> list[Section]:
    """Sections on the groups of one table."""
    if funnel.is_nobody_there(figures):
        return [funnel.nobody_there(figures)]
    return [
        funnel.of_groups(figures),
        visits.of_groups(figures),
        *change.of_groups(figures),
        *instruments.of_groups(figures),
        *answered.of_groups(figures),
    ]


def ways_of(release: Release) -> list[Way]:
    """By what the figures can be read, dimensions first."""
    return [Way(head_of(by), slug_of(by), len(by) > 1) for by in tables_of(release)]


def _hides(figures: Figures) -> bool:
    return any(one.status != CellStatus.SHOWN for one in figures.all)


def _rounding(figures: Figures) -> str:
    """What is to be known of the numbers before they are read."""
    return f"{ROUNDED} {REPEATED}" if any(one.repeats for one in figures.all) else ROUNDED
