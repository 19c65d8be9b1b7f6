"""Two averages with their intervals tell of ten who came between them what each has, where they are alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import sqrt
from random import Random
from statistics import fmean, stdev

import pytest
from scipy.special import stdtrit

from outcomes.disclosure import EVERYONE, Breach, Cell, Earlier, Group, Line, Sheet, Status, Structure, Tables, View
from outcomes.disclosure.alike import Told
from outcomes.disclosure.came_or_left import CameOrLeft
from outcomes.disclosure.shapes import Key
from outcomes.disclosure.sums import sizes_of
from outcomes.releases.figures import Built, Counted, build
from tests.factories.journeys import AS_AT, TIMINGS, journey
from tests.factories.one_by_one import Journey, cohort

DORSET, POOLE = (("area", "Dorset"),), (("area", "Poole"),)
TABLES = Tables({"area": ("Dorset", "Poole")})
CHANGE, START = "ecog.w12.change", "ecog.w12.before"
People = Mapping[int, tuple[str, float]]


def people(area: str, first: int, changes: Sequence[float]) -> dict[int, tuple[str, float]]:
    return {first + n: (area, change) for n, change in enumerate(changes)}


def usual(how_many: int) -> list[float]:
    return [(-1.0, 0.0, 0.0, 0.0, 1.0)[n % 5] for n in range(how_many)]


HERE = people("Dorset", 0, usual(30)) | people("Poole", 100, usual(40))
ALIKE, UNLIKE = people("Dorset", 200, [0.0] * 10), people("Dorset", 200, [-2.0, 2.0] * 5)


def told_of(some: People, groups: Sequence[Group], *, interval: bool) -> dict[Key, Told]:
    found = {}
    for group in groups:
        scores = [score for area, score in some.values() if not group or group[0][1] == area]
        reach = stdev(scores) / sqrt(len(scores)) * float(stdtrit(len(scores) - 1, 0.975))
        told = Told(round(fmean(scores), 2), 0.005, by=(CHANGE,))
        if interval:
            told = replace(told, reach=round(reach, 2) + 0.005)
        found[CHANGE, group] = told
    return found


def breaches(
    before: People,
    now: People,
    *groups: Group,
    interval: bool = True,
    ends: tuple[float, float] = (-5.0, 5.0),
) -> list[Breach]:
    first, last = (
        Sheet.of({str(n): Line((("area", area),), {CHANGE: score}) for n, (area, score) in some.items()})
        for some in (before, now)
    )
    told = (told_of(some, groups, interval=interval) for some in (before, now))
    sizes = sizes_of([CHANGE], TABLES, first, last)[CHANGE]
    return list(CameOrLeft(CHANGE, TABLES, ends, *told, sizes).breaches())


def test_ten_who_joined_and_are_alike_are_told_by_two_intervals() -> None:
    (breach,) = breaches(HERE, HERE | ALIKE, DORSET)
    assert (breach.measure, breach.group) == (CHANGE, DORSET)
    assert breach.words.startswith("ecog.w12.change of each of 10 who joined, Dorset: known to be -1")


def test_ten_who_left_are_told_too() -> None:
    (breach,) = breaches(HERE | ALIKE, HERE, DORSET)
    assert "who left" in breach.words


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (HERE, HERE | UNLIKE),
        (HERE, HERE | people("Dorset", 200, [0.0] * 9)),
        (HERE, {n: one for n, one in (HERE | ALIKE).items() if n}),
        (HERE, HERE | people("Poole", 200, [0.0] * 10)),
    ],
    ids=["unlike", "nine", "one left", "of another area"],
)
def test_whoever_is_unlike_or_not_alone_apart_is_not_told(before: People, now: People) -> None:
    assert not breaches(before, now, DORSET)


def test_what_tells_no_spread_tells_of_nobody() -> None:
    assert not breaches(HERE, HERE | ALIKE, DORSET, interval=False)


def test_what_the_shown_groups_leave_over_is_looked_at() -> None:
    """Of a scale of twenty points, ten join in either area: those of Poole differ."""
    now, wide = HERE | ALIKE | people("Poole", 300, [-5.0, 5.0] * 5), (-20.0, 20.0)
    assert [breach.group for breach in breaches(HERE, now, EVERYONE, POOLE, ends=wide)] == [EVERYONE]
    assert not breaches(HERE, now, EVERYONE, ends=wide)


def test_the_spread_at_the_start_tells_as_an_interval_does() -> None:
    some = [HERE, HERE | people("Poole", 200, [0.0] * 12)]
    sheets = [Sheet.of({str(n): Line((), {START: score}) for n, (_, score) in one.items()}) for one in some]
    told = []
    for one in some:
        scores = [score for _, score in one.values()]
        spread, by = round(stdev(scores), 3) + 0.0005, (START, "ecog.w12.before_spread")
        told.append({(START, EVERYONE): Told(round(fmean(scores), 3), 0.0005, spread=spread, by=by)})
    sizes = sizes_of([START], Tables(), *sheets)[START]
    assert len(list(CameOrLeft(START, Tables(), (-5, 5), *told, sizes).breaches())) == 1
    by_others = [{key: replace(one, by=(START,)) for key, one in each.items()} for each in told]
    assert not list(CameOrLeft(START, Tables(), (-5, 5), *by_others, sizes).breaches())


# --- as summaries are built ----------------------------------------------------


def somebody(n: int, draw: Random, change: float | None = None) -> Journey:
    start = round(draw.uniform(30, 60), 1)
    later = start + (draw.gauss(0, 12) if change is None else change)
    return journey(n, "Dorset", scores={"start": start, "w12": round(min(95, max(5, later)), 1)})


def made(journeys: list[Journey], *earlier: Earlier) -> Built:
    counted = Counted(cohort(journeys), TIMINGS[:2], [], ["Dorset"], AS_AT)
    return build(counted, earlier=earlier, k=8, step=lambda done: None)


def as_earlier(built: Built) -> Earlier:
    structure = Structure.from_dict({"dims": built.groups, **built.method})
    cells = [
        Cell(
            one["table"], one["measure"], tuple(one["where"].items()), Status(one["status"]), one["value"],
            one["low"], one["high"], one["decimal_places"],
        )
        for one in built.cells
    ]  # fmt: skip
    return Earlier("1", built.sheet, (View(tuple(cells), structure, 8),))


def test_a_quarter_later_it_is_not_told_that_all_who_joined_changed_alike() -> None:
    draw = Random(1)
    first = [somebody(n, draw) for n in range(30)]
    alike = [somebody(100 + n, draw, 10.0) for n in range(12)]
    before = made(first)
    now = made([*first, *alike], as_earlier(before))
    assert before.is_safe and now.is_safe
    told = {cell["measure"]: cell["status"] for cell in now.cells if not cell["where"]}
    assert told["total.w12.n"] == told["total.w12.before"] == "shown"
    assert told["total.w12.change"] == told["total.w12.after"] == "withheld"
