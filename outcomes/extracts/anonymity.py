"""Nobody stands out: values are made wider in the declared order, then whoever still would is left out. PURE.

Nor in what the same project had before, joined by the names that people have in it.

Here: the rules, the search, and the account of who was left out, which obeys the
same rule. Not here: the steps of each field (widening.py), looking once more at
what was written (checking.py), what a project had before (making.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from outcomes.extracts.fields import NOT_RECORDED
from outcomes.extracts.widening import STEPS, Known, Levels, shown, shown_of

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
class Earlier:
    """How one before this showed people: how wide each field was, and which took `l` values in each group."""

    levels: Levels
    oldest: int
    diverse: str = ""
    l: int = 1  # noqa: E741


@dataclass(frozen=True)
class Protected:
    """`kept`: what is shown of each person by key, in order. `taken`: the steps, in order."""

    kept: Mapping[str, Mapping[str, str]]
    left_out: tuple[str, ...]
    taken: tuple[str, ...]
    smallest: int
    groups: int


def protect(people: Mapping[str, Known], rules: Rules, *, oldest: int, earlier: Sequence[Earlier] = ()) -> Protected:
    """Wider and wider until few enough stand out; those are left out, however many they are when no step is left.

    People are told apart by what is shown of them now and in `earlier`. Whoever stands out in that alone is left out
    first: no step of today makes wider what was shown then.
    """
    rules = _with_earlier(rules, earlier)
    before = {key: tuple(_shown_in(one, known, rules) for one in earlier) for key, known in people.items()}
    there = set(people) - (_standing_out(_groups(before), people, rules) if earlier else set())
    levels, taken, steps = dict.fromkeys(rules.quasi, 0), list[str](), iter(rules.order)
    while True:
        visible = {key: shown_of(people[key], levels, oldest) for key in people if key in there}
        groups = _groups({key: (tuple(values.values()), before[key]) for key, values in visible.items()})
        standing_out = _standing_out(groups, people, rules)
        step = next((name for name in steps if name in levels), None) if _too_many(standing_out, there, rules) else None
        if step is None:
            break
        levels[step] += 1
        taken.append(step)
    safe = [some for some in groups if not standing_out & set(some)]
    kept = {key: values for key, values in visible.items() if key not in standing_out}
    return Protected(
        kept=kept,
        left_out=tuple(key for key in people if key not in kept),
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


def _with_earlier(rules: Rules, earlier: Iterable[Earlier]) -> Rules:
    """What no group of an earlier extract gave away, no group of both gives away."""
    apart = [one for one in earlier if one.diverse and one.diverse not in rules.quasi]
    if rules.diverse or not apart:
        return rules
    return replace(rules, diverse=apart[0].diverse, l=max(one.l for one in apart))


def _shown_in(one: Earlier, known: Known, rules: Rules) -> tuple[str, ...]:
    """What `one` showed of somebody that others may know: then and now."""
    fields = {name: level for name, level in one.levels.items() if name != rules.diverse}
    if one.diverse in rules.quasi:
        fields[one.diverse] = 0
    return tuple(shown_of(known, fields, one.oldest).values())


def _groups(visible: Mapping[str, Hashable]) -> list[list[str]]:
    """Keys of people of whom the same is shown."""
    found: dict[Hashable, list[str]] = defaultdict(list)
    for key, values in visible.items():
        found[values].append(key)
    return list(found.values())


def _standing_out(groups: Iterable[Sequence[str]], people: Mapping[str, Known], rules: Rules) -> set[str]:
    return {key for some in groups for key in some if not _is_safe(some, people, rules)}


def _is_safe(group: Sequence[str], people: Mapping[str, Known], rules: Rules) -> bool:
    values = {shown(rules.diverse, people[key].get(rules.diverse, ""), 0, 0) for key in group} if rules.diverse else ()
    return len(group) >= rules.k and is_diverse(values, rules.l)


def is_diverse(values: Iterable[str], l: int) -> bool:  # noqa: E741
    """Whether these values of one group give none of them away: none is known, or enough different ones are."""
    known = set(values) - {NOT_RECORDED}
    return not known or len(known) >= l


def _too_many(standing_out: set[str], there: set[str], rules: Rules) -> bool:
    return len(standing_out) * 100 > rules.drop_at_most * len(there)


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
