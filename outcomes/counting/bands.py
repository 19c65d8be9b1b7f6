"""By what people are told apart in summaries: dimensions, their bands, and which may be read together. PURE.

Here: the declared lists (R7), bands that stay for as long as a programme
publishes (R8), and the order in which small ones are merged before anything is
withheld (R11). Not here: reading a person's facts (gathering.py), counting
(truth.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from outcomes.disclosure.sheet import NONE, Labels

NOT_RECORDED = "Not recorded"
BY = " by "  # between two dimensions that are read together, as an agreement names them


@dataclass(frozen=True)
class Dimension:
    """Its stored codes with their bands, in order, and which bands go together first when one is small."""

    name: str
    label: str
    bands: Mapping[str, str]
    merges: tuple[tuple[tuple[str, ...], str], ...] = ()
    rest: str = NOT_RECORDED  # of everybody else


AGES = ((50, "18 to 49"), (65, "50 to 64"), (75, "65 to 74"), (200, "75 or over"))
FIVE = ("1 (most deprived)", "2", "3", "4", "5 (least deprived)")
ETHNIC = {"asian": "Asian", "black": "Black", "mixed": "Mixed", "white": "White", "other": "Other"}
CANCERS = {
    "breast": "Breast", "prostate": "Prostate", "bowel": "Bowel", "lung": "Lung", "blood": "Blood", "other": "Other",
}  # fmt: skip
CAME_BY = {"referral": "Referred by a professional", "self": "By themselves", "desk": "Through our office"}
AGE_BANDS = tuple(band for _, band in AGES)
DIMENSIONS = (
    Dimension("area", "area", {}, rest="Elsewhere or not recorded"),
    Dimension(
        "age",
        "age",
        {band: band for band in AGE_BANDS},
        ((("65 to 74", "75 or over"), "65 or over"), (("18 to 49", "50 to 64"), "Under 65")),
    ),
    Dimension("sex", "sex", {"female": "Female", "male": "Male"}),
    Dimension(
        "ethnicity",
        "ethnic group",
        ETHNIC,
        (
            (("Mixed", "Other"), "Mixed or other"),
            (("Asian", "Black", "Mixed or other"), "Asian, Black, mixed or other"),
        ),
    ),
    Dimension(
        "cancer",
        "kind of cancer",
        CANCERS,
        ((("Lung", "Other"), "Lung or other"), (("Blood", "Lung or other"), "Blood, lung or other")),
    ),
    Dimension(
        "deprivation",
        "deprivation of the area, in fifths",
        {str(n): band for n, band in enumerate(FIVE, 1)},
        ((FIVE[:2], "1 or 2 (most deprived)"), (FIVE[3:], "4 or 5 (least deprived)")),
    ),
    Dimension(
        "source",
        "how they came to us",
        CAME_BY,
        ((tuple(CAME_BY.values())[1:], "By themselves or through our office"),),
    ),
)
BY_NAME = {dimension.name: dimension for dimension in DIMENSIONS}
PAIRS = (("area", "age"), ("area", "sex"), ("area", "deprivation"), ("age", "cancer"))
NAMES = (*BY_NAME, *(BY.join(pair) for pair in PAIRS))  # what an agreement may name
AREA = "area"
WITHIN_AN_AREA = tuple(other for one, other in PAIRS if one == AREA)  # what one of a single area may name

Bands = Mapping[str, Sequence[str]]


def age_band(born: date | None, on: date) -> str:
    return "" if born is None else AGE_BANDS[int(age_numbers(_turned(born), _turned(on)))]


def age_numbers(born: ArrayLike, on: ArrayLike) -> NDArray[np.int64]:
    """By number, the band of each; both dates as 20261129, so that what lies between is whole years times 10,000."""
    years = (np.asarray(on) - np.asarray(born)) // 10_000
    numbers: NDArray[np.int64] = np.searchsorted([below for below, _ in AGES[:-1]], years, side="right")
    return numbers


def _turned(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def chosen(agreed: Iterable[str]) -> list[str]:
    """Those of an agreement's dimensions and pairs that there are; a pair brings both of its dimensions."""
    names = [name for name in NAMES if name in set(agreed)]
    parts = {part for name in names for part in name.split(BY)}
    return [name for name in NAMES if name in parts or name in names]


def tables_of(names: Sequence[str], *, area: str) -> list[str]:
    """By what a release that names these is counted: one of a single area by the area, and each of them within it."""
    return chosen([AREA, *(BY.join((AREA, name)) for name in names)]) if area else list(names)


def dimensions_of(names: Iterable[str]) -> list[str]:
    return [name for name in names if BY not in name]


def pairs_of(names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in PAIRS if BY.join(pair) in set(names))


def bands_of(
    recorded: Mapping[str, Mapping[str, int]], *, areas: Sequence[str], fixed: Bands, k: int
) -> dict[str, list[str]]:
    """The bands of each dimension of which anything is recorded: those that are fixed, else merged until none is small.

    `recorded`: by dimension, of how many people each value is. An area that is none of `areas` has a name from k
    people on: fewer would read in every summary that one of them lives there.
    """
    found = {}
    for dimension in DIMENSIONS:
        people = recorded.get(dimension.name, {})
        if dimension.name in fixed:
            found[dimension.name] = list(fixed[dimension.name])
        elif dimension.name == AREA:
            found[AREA] = [
                *areas,
                *sorted({value for value, n in people.items() if n >= k} - set(areas)),
                dimension.rest,
            ]
        elif any(people.get(code) for code in dimension.bands):
            found[dimension.name] = [*_merged(dimension, people, k), dimension.rest]
    return found


def _merged(dimension: Dimension, recorded: Mapping[str, int], k: int) -> list[str]:
    size = {band: recorded.get(code, 0) for code, band in dimension.bands.items()}
    for parts, whole in dimension.merges:
        if all(part in size for part in parts) and min(size[part] for part in parts) < k:
            total = sum(size[part] for part in parts)
            size = {whole if band == parts[0] else band: n for band, n in size.items() if band not in parts[1:]}
            size[whole] = total
    return list(size)


def placed(recorded: Mapping[str, Labels], bands: Bands, people: int) -> dict[str, Labels]:
    """The band of each of so many people in each dimension there is."""
    found = {}
    for name in (name for name in BY_NAME if name in bands):
        values, order = tuple(bands[name]), {band: number for number, band in enumerate(bands[name])}
        said = recorded.get(name, Labels((), np.full(people, NONE)))
        # The last number is of those of whom nothing is recorded: NONE points there.
        numbers = [order[band_of(BY_NAME[name], value, bands)] for value in (*said.values, "")]
        found[name] = Labels(values, np.array(numbers)[said.numbers])
    return found


def band_of(dimension: Dimension, value: str, bands: Bands) -> str:
    band = dimension.bands.get(value, value)
    for parts, whole in dimension.merges:
        if band not in bands[dimension.name] and band in parts:
            band = whole
    return band if band in bands[dimension.name] else dimension.rest
