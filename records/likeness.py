"""How alike two records are: the same person, probably, perhaps, or nobody to ask about. PURE.

Here: the rule, from names, dates of birth and telephone numbers alone. Not here: which records are compared
(matching.py, which calls this). It decides nothing: somebody at the desk looks at both and says.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from datetime import date

from participants.rules.said import folded

SHORTEST = 3  # a name of fewer letters with one of them changed is another name


class Likeness(enum.StrEnum):
    THE_SAME = "the_same"
    PROBABLY = "probably"
    PERHAPS = "perhaps"


class Near(enum.IntEnum):
    """Of one fact on two records. HALF: of a whole name one part, since people marry."""

    NO = 0
    UNKNOWN = 1
    HALF = 2
    ALMOST = 3
    SAME = 4


@dataclass(frozen=True)
class Known:
    """What is known of somebody that tells people apart."""

    given_name: str
    family_name: str
    known_as: str = ""
    born: date | None = None
    phones: frozenset[str] = frozenset()


def likeness(one: Known, other: Known) -> Likeness | None:
    """None: nothing to ask. Twins share day, family name and telephone; a father and a son share a name."""
    name, born, rings = name_of_both(one, other), born_of_both(one, other), bool(one.phones & other.phones)
    return _TABLE.get((name, born, rings))


_TABLE = {
    (Near.SAME, Near.SAME, True): Likeness.THE_SAME,
    (Near.SAME, Near.SAME, False): Likeness.PROBABLY,
    (Near.ALMOST, Near.SAME, True): Likeness.PROBABLY,
    (Near.ALMOST, Near.SAME, False): Likeness.PERHAPS,
    (Near.HALF, Near.SAME, True): Likeness.PERHAPS,
    (Near.SAME, Near.ALMOST, True): Likeness.PERHAPS,
    (Near.SAME, Near.UNKNOWN, True): Likeness.PERHAPS,
}


def name_of_both(one: Known, other: Known) -> Near:
    """Case, accents, hyphens and apostrophes count for nothing; nor does which of the two names came first."""
    mine, theirs = _bare(one.family_name), _bare(other.family_name)
    family, first = _near(mine, theirs), max(_near(a, b) for a in _firsts(one) for b in _firsts(other))
    if family is first is Near.SAME or (mine in _firsts(other) and theirs in _firsts(one)):
        return Near.SAME
    if min(family, first) >= Near.ALMOST:
        return Near.ALMOST
    return Near.HALF if first is Near.SAME else Near.NO


def born_of_both(one: Known, other: Known) -> Near:
    """Almost: one figure was mistyped, or day and month were taken for one another."""
    if one.born is None or other.born is None:
        return Near.UNKNOWN
    if one.born == other.born:
        return Near.SAME
    a, b = one.born, other.born
    swapped = (a.year, a.month, a.day) == (b.year, b.day, b.month)
    differing = sum(x != y for x, y in zip(a.isoformat(), b.isoformat(), strict=True))
    return Near.ALMOST if swapped or differing == 1 else Near.NO


def _firsts(known: Known) -> set[str]:
    """What they may be called: the given name, the first of several, and what they are known as."""
    several = re.split(r"[\s-]+", known.given_name)
    return {bare for name in (known.given_name, several[0], known.known_as) if (bare := _bare(name))}


def _bare(name: str) -> str:
    return "".join(map(folded, name.split()))


def _near(one: str, other: str) -> Near:
    if one == other:
        return Near.SAME
    return Near.ALMOST if min(len(one), len(other)) >= SHORTEST and _one_slip(one, other) else Near.NO


def _one_slip(one: str, other: str) -> bool:
    """Whether one letter was left out, added or mistyped, or two that stand together changed places."""
    start = _alike(one, other)
    one, other = one[start:], other[start:]
    end = _alike(one[::-1], other[::-1])
    one, other = one[: len(one) - end], other[: len(other) - end]
    return max(len(one), len(other)) <= 1 or (len(one) == 2 and one == other[::-1])


def _alike(one: str, other: str) -> int:
    """How many letters both begin with."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
