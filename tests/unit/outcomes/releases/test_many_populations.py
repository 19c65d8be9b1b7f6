"""Random programmes, two partners, two dates, people who join and who take consent back: nobody can be found.

Quick here with two small programmes, and as long as one likes by `./run campaign disclosure`. In every second people
start on many days, and forms come late or are typed in after a quarter's summary: such small ones must get theirs.
"""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from time import monotonic

from outcomes.counting.bands import chosen
from outcomes.counting.taking_part import TakingPart
from outcomes.counting.truth import figures_of, sheet_of
from outcomes.disclosure import (
    Cell,
    Deadline,
    Earlier,
    Line,
    Reason,
    Sheet,
    Status,
    Structure,
    Tables,
    View,
    attack,
    structure_of,
)
from outcomes.disclosure.attack import LEAST_IN_A_MEAN
from outcomes.disclosure.exported import read
from outcomes.disclosure.from_files import attack_files
from outcomes.disclosure.rules import primary
from outcomes.disclosure.shapes import Key
from outcomes.releases.figures import Built, Counted, build
from tests.factories.exported import exported
from tests.factories.journeys import AS_AT, TIMINGS, population
from tests.factories.journeys import FIRST as FIRST_CLASS
from tests.factories.journeys import FORM_DAYS as DAY_OF
from tests.factories.one_by_one import Journey, SentForm, cohort, groups_of, lines_of

MINUTES = float(os.environ.get("SAFEFIT_MINUTES", 0))
FIRST = 2  # seed: a programme of 87 people, which takes a few seconds
TOLD_ONCE = 1014  # seed: 55 people; what repeated in their second quarter told how many forms came in one area
SECONDS_EACH = 60  # for one release: what is not judged by then is not published
LARGEST = 5000 if MINUTES else 90
TIMES = TIMINGS if MINUTES else TIMINGS[:2]
OUTSIDE = {"start": 20, "w12": 110}  # days after the first class: too late to count
QUARTER, REGISTERED_BEFORE = date(2027, 7, 1), timedelta(days=10)
AREAS = ["Dorset", "Hampshire", "Isle of Wight"]
AGES = ("18 to 49", "50 to 64", "65 to 74", "75 or over", "")
# By what two partners may tell people apart, and of which area alone; with every run of the tests the first of these.
BY = (
    ((("area",), ""), ((), "Dorset")),
    ((("area",), ""), (("area",), "")),
    ((("area",), ""), (("sex",), "")),
    ((("area",), ""), (("area", "age"), "")),
    ((("age", "sex"), ""), (("area", "sex"), "")),
    ((("area",), ""), (("area by sex",), "")),
    ((("area", "sex"), ""), (("sex",), "Hampshire")),
    ((("age",), "Dorset"), (("sex",), "Isle of Wight")),
)
Agreed = tuple[Sequence[str], str]


@dataclass
class Published:
    """One release as its partner has it, and who was counted in it: as it was kept, and looked at one by one."""

    name: str
    k: int
    structure: Structure
    cells: list[Cell]
    sheet: Sheet
    lines: dict[str, Line]

    def need(self, measure: str) -> int | None:
        """How many people it takes that this figure is counted anew; none: it is worked out from others."""
        if measure in self.structure.counts:
            return self.k
        return LEAST_IN_A_MEAN if measure in {**self.structure.mean_of, **self.structure.others_of} else None


@dataclass
class Tried:
    """What a run comes to."""

    people: list[int] = field(default_factory=list)
    published: int = 0
    blocked: Counter[str] = field(default_factory=Counter)
    cells: Counter[bool] = field(default_factory=Counter)  # by whether they are shown
    repeated: int = 0
    controls_broken: int = 0
    given_away: list[str] = field(default_factory=list)

    def words(self) -> str:
        whole = self.cells.total() or 1
        return (
            f"{len(self.people)} programmes of {min(self.people)} to {max(self.people)} people: "
            f"{self.published} releases published ({100 * self.cells[True] / whole:.0f} % of {whole} figures shown, "
            f"{self.repeated} of them repeats), {self.blocked.total()} blocked {dict(self.blocked) or ''}; "
            f"with small numbers alone hidden {self.controls_broken} of {len(self.people)} were broken; "
            f"given away: {len(self.given_away)}."
        )


def programme(draw: random.Random) -> list[Journey]:
    people = round(50 * (LARGEST / 50) ** draw.random())
    shares = [draw.random() ** 2 + 0.02 for _ in AREAS]
    sizes = {area: max(1, round(people * share / sum(shares))) for area, share in zip(AREAS, shares, strict=True)}
    return [somebody(draw, one) for one in population(draw.randrange(10**6), sizes)]


def somebody(draw: random.Random, one: Journey, first_class: date = FIRST_CLASS) -> Journey:
    about = {"age": draw.choice(AGES), "sex": draw.choice(("female", "female", "male", ""))}
    outside = {code: SentForm(first_class + timedelta(days=day), {}) for code, day in OUTSIDE.items()}
    came = one.forms if one.person % 3 else outside | one.forms
    return replace(one, about={**one.about, **about}, forms=came)


def later(draw: random.Random, people: Sequence[Journey]) -> list[Journey]:
    """Some take consent back, some join; often a handful."""
    gone = draw.sample(range(len(people)), draw.choice((0, 1, 1, 3, 9, len(people) // 10)))
    joined = draw.choice((0, 1, 2, 8, 12, len(people) // 5))
    new = [somebody(draw, one) for one in population(draw.randrange(10**6), {draw.choice(AREAS): joined})]
    stayed = [one for i, one in enumerate(people) if i not in gone]
    return [*stayed, *(replace(one, person=one.person + 1_000_000) for one in new)]


@dataclass(frozen=True)
class Life:
    """What somebody's way will be in the end, and when each form is known of beyond the day that it was filled in."""

    journey: Journey
    typed: dict[str, date]

    def by(self, as_at: date) -> Journey | None:
        """As it is known then; none: they have not registered."""
        one, weeks = self.journey, (as_at - self.start).days // 7
        if self.start - REGISTERED_BEFORE > as_at:
            return None
        classes, missed = (min(number, max(0, weeks)) for number in (one.took.attended, one.took.missed))
        took = TakingPart(max(classes + missed, min(24, 2 * max(0, weeks))), classes + missed, classes, 0, classes)
        forms = {code: form for code, form in one.forms.items() if self.typed.get(code, form.on) <= as_at}
        return replace(one, took=replace(took, minutes=45 * classes), came_on=one.came_on[:classes], forms=forms)

    @property
    def start(self) -> date:
        return date.fromordinal(self.journey.person // 1000)


def a_life(draw: random.Random, number: int, start: date) -> Life:
    (one,) = population(draw.randrange(10**6), {draw.choice((*AREAS, AREAS[0], AREAS[0], "")): 1})
    late = {code: draw.choice((0, 0, 0, 5, 15, 40)) for code in one.forms}
    filled = {code: start + timedelta(DAY_OF[code] + late[code]) for code in one.forms}
    forms = {code: replace(form, on=filled[code]) for code, form in one.forms.items()}
    typed = {code: on + timedelta(draw.choice((0, 0, 0, 0, 60))) for code, on in filled.items()}
    came = tuple(start + timedelta(weeks=week) for week in range(len(one.came_on)))
    whole = replace(one, person=start.toordinal() * 1000 + number, came_on=came, forms=forms)
    return Life(somebody(draw, whole, start), typed)


def quarters(draw: random.Random) -> list[tuple[date, list[Journey]]]:
    """Two of them, of a small programme: a few leave between, others join, and forms come late."""
    people, spread = round(40 * 3.75 ** draw.random()), draw.choice((60, 200, 400))
    lives = [a_life(draw, number, QUARTER - timedelta(draw.randrange(spread))) for number in range(people)]
    joined = draw.choice((0, 1, 2, 4, 8, 12, people // 4))
    lives += [a_life(draw, people + number, QUARTER + timedelta(draw.randrange(91))) for number in range(joined)]
    gone = draw.sample(lives, draw.choice((0, 1, 1, 2, 3, 5)))
    return [
        (as_at, [one for life in lives if life not in out and (one := life.by(as_at)) is not None])
        for as_at, out in ((QUARTER, ()), (QUARTER + timedelta(91), gone))
    ]


def countings(published: Sequence[Published]) -> list[Earlier]:
    """As outcomes/releases/past.py reads them from rows: the latest first."""
    return [
        Earlier(one.name, one.sheet, tuple(views))
        for one in reversed(published)
        if (views := [view for each in published for view in _views(each, one.name)])
    ]


def _views(one: Published, name: str) -> Iterator[View]:
    cells = tuple(replace(cell, counted="") for cell in one.cells if (cell.counted or one.name) == name)
    if cells:
        yield View(cells, one.structure, one.k)


def built(
    people: Sequence[Journey], k: int, agreed: Agreed, published: Sequence[Published], bands, as_at: date, times
) -> Built:
    by, area = agreed
    counted = Counted(cohort(people), times, chosen(by), AREAS, as_at, minutes=(30, 60), fixed=bands, area=area)
    return build(counted, earlier=countings(published), k=k, step=lambda done: None, seconds=SECONDS_EACH)


def as_published(name: str, made: Built, k: int, people: Sequence[Journey], as_at: date, times) -> Published:
    structure = Structure.from_dict({"dims": made.groups, **made.method})
    cells = [
        Cell(
            cell["table"], cell["measure"], tuple(cell["where"].items()), Status(cell["status"]), cell["value"],
            cell["low"], cell["high"], cell["decimal_places"], Reason(cell["reason"]) if cell["reason"] else None,
            cell["counted"],
        )
        for cell in made.cells
    ]  # fmt: skip
    lines = lines_of(people, timings=times, bands=made.method["bands"], as_at=as_at)
    return Published(name, k, structure, cells, made.sheet, lines)


def control_is_broken(people: Sequence[Journey]) -> bool:
    """Whether the same figures are, where small numbers are hidden and nothing else."""
    bands = {"area": [*AREAS, "Elsewhere or not recorded"]}
    sheet = sheet_of(cohort(people), timings=TIMES, bands=bands, as_at=AS_AT)
    made = figures_of(sheet, timings=TIMES, tables=Tables({"area": tuple(bands["area"])}))
    cells = [cell for cell in primary(made, 8).values() if cell.measure not in {one.merged for one in made.splits}]
    structure = replace(structure_of(made), derived={}, mean_of={}, others_of={})
    return not attack(cells, structure, 8, deadline=Deadline.after(SECONDS_EACH)).survived


def counted_in(sheet: dict[str, Line], key: Key) -> dict[str, float]:
    return {
        token: line.amounts[key[0]]
        for token, line in sheet.items()
        if key[0] in line.amounts and key[1] in groups_of(line)
    }


def told_of_few(published: Sequence[Published]) -> Iterator[str]:
    """Looked at by hand, without any search: small counts shown, and figures counted anew that a few changed."""
    shown: dict[Key, dict[str, float]] = {}
    for one in published:
        for cell in one.cells:
            need = one.need(cell.measure)
            if not cell.shown or cell.counted or need is None:
                continue
            now = counted_in(one.lines, cell.key)
            if cell.measure not in one.structure.visits and 0 < len(now) < need:
                yield f"{one.name}: {cell.key} is of {len(now)}"
            before = shown.setdefault(cell.key, now)
            moved = sum(before.get(token) != now.get(token) for token in before.keys() | now.keys())
            if 0 < moved < need:
                yield f"{one.name}: {cell.key} was counted anew though {moved} changed it"
            shown[cell.key] = now


def try_one(seed: int, tried: Tried, *, small: bool) -> None:
    draw = random.Random(seed)
    if small:
        by, (first, second) = (draw.choice(BY), quarters(draw))
    else:
        people = programme(draw)
        by = draw.choice(BY) if MINUTES else BY[0]
        first, second = (AS_AT, people), (AS_AT, later(draw, people))
    tried.people.append(len(first[1]))
    published: list[Published] = []
    bands: dict[str, list[str]] = {}
    times = TIMINGS if small else TIMES
    for time, (as_at, people) in enumerate((first, second)):
        for partner, (k, agreed) in enumerate(zip((8, 10), by, strict=True)):
            made = built(people, k, agreed, published, bands, as_at, times)
            if not made.is_safe:
                tried.blocked[made.attack["gave_up"] or "given away"] += 1
                continue
            bands = {**made.method["bands"], **bands}
            published.append(as_published(f"{time}{partner}", made, k, people, as_at, times))
    for one in published:
        tried.cells.update(cell.shown for cell in one.cells)
        tried.repeated += sum(bool(cell.counted) for cell in one.cells)
    tried.published += len(published)
    files = [read(exported(one.cells, one.structure, one.k, one.name)) for one in published]
    found = [breach.words for breach in attack_files(files).breaches] if files else []
    tried.given_away += [f"seed {seed}: {words}" for words in (*found, *told_of_few(published))]
    tried.controls_broken += 0 if small else control_is_broken(first[1])


def test_nobody_is_found_in_what_random_programmes_publish() -> None:
    tried, seed, until = Tried(), FIRST, monotonic() + 60 * MINUTES
    while seed == FIRST or monotonic() < until:
        try_one(seed, tried, small=False)
        try_one(seed if MINUTES else TOLD_ONCE, tried, small=True)
        seed += 1
    sys.stdout.write(f"\n{tried.words()}\n")  # read by whoever runs the campaign
    assert tried.given_away == []
    assert tried.published > tried.blocked.total()
    assert "given away" not in tried.blocked, "what gives somebody away is withheld, until nothing does"
    assert tried.controls_broken


def test_the_look_by_hand_finds_small_counts_and_figures_that_a_few_changed() -> None:
    """Nothing else would say so if it looked past them: what is published never holds any."""
    structure = Structure.from_dict({"dims": {}, "measures": {"n": {}, "m": {"mean_of": "n"}}, "sums": []})
    everybody = {str(number): Line((), {"n": 1, "m": 50.0 + number}) for number in range(30)}
    cells = [Cell("t", name, (), Status.SHOWN, 30.0) for name in ("n", "m")]

    def published(name: str, lines: dict[str, Line]) -> Published:
        return Published(name, 8, structure, cells, Sheet.of(lines), lines)

    first, fewer = published("1", everybody), dict(list(everybody.items())[:21])
    assert list(told_of_few([first, first])) == []
    assert list(told_of_few([first, published("2", fewer)])) == ["2: ('m', ()) was counted anew though 9 changed it"]
    assert list(told_of_few([published("3", dict(list(everybody.items())[:7]))])) == [
        "3: ('n', ()) is of 7",
        "3: ('m', ()) is of 7",
    ]
