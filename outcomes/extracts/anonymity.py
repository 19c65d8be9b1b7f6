"""Nobody stands out: values are made wider in the declared order, then whoever still would is left out. PURE.

Here: the rules, the search, and the account of who was left out, which obeys the
same rule. Not here: the steps of each field (widening.py), looking once more at
what was written (checking.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from outcomes.extracts.fields import NOT_RECORDED
from outcomes.extracts.widening import STEPS, Known, shown, shown_of

ROUND_TO = 5


@dataclass(frozen=True)
class Rules:
    """`quasi`: what others may know. `diverse`: a field that must take `l` values in each group; "" where none is.

    `drop_at_most`: in percent; values are made no wider once leaving out so few is enough.
    """

    k: int
    quasi: tuple[str, ...]
    order: tuple[str, ...]
    drop_at_most: int = 5
    l: int = 1  # noqa: E741 - its name in the literature
    diverse: str = ""


@dataclass(frozen=True)
class Protected:
    """`kept`: what is shown of each person by key, in order. `taken`: the steps, in order."""

    kept: Mapping[str, Mapping[str, str]]
    left_out: tuple[str, ...]
    taken: tuple[str, ...]
    smallest: int
    groups: int


def protect(people: Mapping[str, Known], rules: Rules, *, oldest: int) -> Protected:
    """Wider and wider until few enough stand out; those are left out, however many they are when no step is left."""
    levels, taken, steps = dict.fromkeys(rules.quasi, 0), list[str](), iter(rules.order)
    while True:
        visible = {key: shown_of(known, levels, oldest) for key, known in people.items()}
        groups = _groups(visible)
        standing_out = {key for some in groups for key in some if not _is_safe(some, people, rules)}
        step = (
            next((name for name in steps if name in levels), None) if _too_many(standing_out, people, rules) else None
        )
        if step is None:
            break
        levels[step] += 1
        taken.append(step)
    safe = [some for some in groups if not standing_out & set(some)]
    return Protected(
        kept={key: values for key, values in visible.items() if key not in standing_out},
        left_out=tuple(key for key in people if key in standing_out),
        taken=tuple(taken),
        smallest=min(map(len, safe), default=0),
        groups=len(safe),
    )


def account(people: Mapping[str, Known], left_out: Sequence[str], rules: Rules, *, oldest: int) -> dict[str, object]:
    """How many were left out, and who: counts that nobody stands out in either. None: too few to say."""
    found: dict[str, object] = {"people": _rounded(len(left_out), rules.k)}
    if found["people"] is not None:
        found["by"] = {name: _shares(name, people, left_out, rules.k, oldest) for name in rules.quasi}
    return found


def _groups(visible: Mapping[str, Mapping[str, str]]) -> list[list[str]]:
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for key, values in visible.items():
        found[tuple(values.values())].append(key)
    return list(found.values())


def _is_safe(group: Sequence[str], people: Mapping[str, Known], rules: Rules) -> bool:
    values = {shown(rules.diverse, people[key].get(rules.diverse, ""), 0, 0) for key in group} if rules.diverse else ()
    return len(group) >= rules.k and is_diverse(values, rules.l)


def is_diverse(values: Iterable[str], l: int) -> bool:  # noqa: E741
    """Whether these values of one group give none of them away: none is known, or enough different ones are."""
    known = set(values) - {NOT_RECORDED}
    return not known or len(known) >= l


def _too_many(standing_out: set[str], people: Mapping[str, Known], rules: Rules) -> bool:
    return len(standing_out) * 100 > rules.drop_at_most * len(people)


def _shares(
    name: str, people: Mapping[str, Known], left_out: Sequence[str], k: int, oldest: int
) -> dict[str, int | None] | None:
    """By the widest band that still says something. Small ones are added up; a sum that is small hides them all."""
    level = {name: len(STEPS[name]) - 2}
    counts: dict[str, int] = defaultdict(int)
    for key in left_out:
        counts[shown_of(people[key], level, oldest)[name]] += 1
    rest = sum(count for count in counts.values() if count < k)
    if 0 < rest < k:
        return None
    large = {band: _rounded(count, k) for band, count in sorted(counts.items()) if count >= k}
    return large | ({"others": _rounded(rest, k)} if rest else {})


def _rounded(count: int, k: int) -> int | None:
    """To the nearest five; None for a number of people below `k`."""
    if 0 < count < k:
        return None
    return (count + ROUND_TO // 2) // ROUND_TO * ROUND_TO
