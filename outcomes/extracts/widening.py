"""How each field that others may know of a person is made wider, one step after the other. PURE.

Here: the steps of each field. Not here: when a step is taken (anonymity.py). Each
step only ever joins values of the step before, so no two bands overlap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from outcomes.extracts.fields import ANY, CANCERS, ETHNIC, FIFTHS, NOT_RECORDED, QUASI, SEXES

Known = Mapping[str, str]  # of one person, by field, as recorded; an age is the year of birth, "" where not recorded
Levels = Mapping[str, int]  # by field, how many steps were taken
Step = Callable[[str, int], str]  # (what is recorded, the latest year of birth of those who are 90) → what is shown

OLDEST = 90
# The second round hides three fields for all: those left out instead are mostly of small groups, and missing then.
USUAL_ORDER = (
    *("ethnicity", "area", "cancer", "age_band", "age_band", "start_quarter", "deprivation"),
    *("ethnicity", "cancer", "start_quarter"),
)


def _years(width: int) -> Step:
    def band(born: str, oldest: int) -> str:
        if not born:
            return NOT_RECORDED
        first = int(born) // width * width
        if first <= oldest:  # the band in which the youngest of the oldest lies, and all before it
            return f"{oldest // width * width + width - 1} or before"
        return f"{first}-{first + width - 1}"

    return band


def _among(codes: Iterable[str]) -> Step:
    known = frozenset(codes)
    return lambda value, _: value if value in known else NOT_RECORDED


def _joined(codes: Iterable[str], whole: Mapping[str, str]) -> Step:
    plain = _among(codes)
    return lambda value, oldest: whole.get(plain(value, oldest), plain(value, oldest))


def _year(quarter: str, oldest: int) -> str:
    return quarter.partition("-Q")[0]


def _as_it_is(value: str, oldest: int) -> str:
    return value


def _any(value: str, oldest: int) -> str:
    return ANY


_OTHER_GROUPS = dict.fromkeys(("asian", "black", "mixed", "other"), "other_groups")
_SOLID = dict.fromkeys(("breast", "prostate", "bowel", "lung", "other"), "solid")
_ENDS = {"1": "1_or_2", "2": "1_or_2", "4": "4_or_5", "5": "4_or_5"}
STEPS: Mapping[str, tuple[Step, ...]] = {
    "age_band": (_years(5), _years(10), _years(20), _any),
    "sex": (_among(SEXES), _any),
    "ethnicity": (_among(ETHNIC), _joined(ETHNIC, _OTHER_GROUPS), _any),
    "deprivation": (_among(FIFTHS), _joined(FIFTHS, _ENDS), _any),
    "area": (_as_it_is, _any),
    "cancer": (_among(CANCERS), _joined(CANCERS, _SOLID), _any),
    "start_quarter": (_as_it_is, _year, _any),
}
assert set(STEPS) == set(QUASI)  # noqa: S101 - a field without steps would never be made wider


def shown(name: str, value: str, level: int, oldest: int) -> str:
    """What of `value` is shown after `level` steps."""
    return STEPS[name][level](value, oldest)


def shown_of(known: Known, levels: Levels, oldest: int) -> dict[str, str]:
    """What is shown of one person, by field of `levels`."""
    return {name: shown(name, known.get(name, ""), level, oldest) for name, level in levels.items()}


def steps_left_over(order: Sequence[str]) -> list[str]:
    """Names of `order` that are no field, or are named more often than they have steps; each once."""
    over = (name for name in order if order.count(name) >= len(STEPS.get(name, ())))
    return list(dict.fromkeys(over))
