"""A release together with all that anybody has been shown before, by any partner (R9, R10, R12). PURE.

Here: what must be repeated because too few came or left to count it anew, the
attack on this counting beside each earlier one, and what is withheld until it
finds nothing. An attacker is taken to have every release of the programme, to
know how many people stand behind each mean, and, where fewer than k people
changed, how many and in which group. Called by outcomes/releases/figures.py.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from itertools import islice
from time import perf_counter

from outcomes.disclosure.alike import of_whom, siblings, told_by, told_means
from outcomes.disclosure.apart import Starts
from outcomes.disclosure.attack import LEAST_IN_A_MEAN, SLACK, Report, Tally, attack
from outcomes.disclosure.came_or_left import CameOrLeft
from outcomes.disclosure.chains import Counting, given_away
from outcomes.disclosure.countings import Earlier, joined
from outcomes.disclosure.derived import sources, worked_out_from
from outcomes.disclosure.frame import Tie
from outcomes.disclosure.means import given_up, surely
from outcomes.disclosure.puzzle import MIN_WIDTH, Breach, Deadline, Known, Puzzle, known_of, puzzles_of
from outcomes.disclosure.repair import mend, with_secondary
from outcomes.disclosure.repeats import BEFORE, beside, of_then, ties_of, twice
from outcomes.disclosure.rules import Cells, withheld
from outcomes.disclosure.shapes import EVERYONE, Cell, Group, Key, Protected, Reason, Structure, Tables
from outcomes.disclosure.sheet import Moved, Sheet, moved, surely_moved
from outcomes.disclosure.sums import Means, Sizes, sizes_of

NOBODY = Sheet.of({})
AT_ONCE = 6  # how many breaches are mended before the attack is made anew


@dataclass(frozen=True)
class Beside:
    """An earlier counting, and its number, as some of its readers know it; and which numbers are small to them all."""

    number: int
    earlier: Earlier
    structure: Structure
    moves: Moved
    k: int


def readers(earlier: Earlier, k: int) -> Iterator[tuple[Earlier, int]]:
    """Whoever reads `earlier` beside a release in which fewer than `k` are hidden; all that each knows.

    Those to whom as large a number is small know what such partners were shown. All of them together know everything,
    and to them no number is small that one of them may read by the agreement: a partner from eight people on is told
    of eleven. Held against the strictest, what was published to the others would block every later summary.
    """
    careful = tuple(view for view in earlier.views if view.k >= k)
    if careful and len(careful) < len(earlier.views):
        yield replace(earlier, views=careful), k
    yield earlier, min([k, *(view.k for view in earlier.views)])


@dataclass
class Union:
    """A protected release, the sheet that it was counted from, and every earlier counting, the latest first."""

    protected: Protected
    sheet: Sheet
    earlier: Sequence[Earlier]
    deadline: Deadline

    def __post_init__(self) -> None:
        self.structure, self.k = self.protected.structure, self.protected.k
        self.beside = [joined([self.structure, *(view.structure for view in one.views)]) for one in self.earlier]
        self.moves = [
            surely_moved(one.known(), self.sheet, structure)
            if one.sheet is None
            else moved(one.sheet, self.sheet, structure)
            for one, structure in zip(self.earlier, self.beside, strict=True)
        ]
        self.together = list(self._together())
        self.cells: Cells = {cell.key: cell for cell in self.protected.cells}
        of = self.structure.derived
        self.sources = {key: sources(*of[key[0]], key[1]) for key in self.cells if key[0] in of}
        self._sizes: dict[tuple[str, int], list[tuple[Tables, dict[str, Sizes]]]] = {}  # by earlier counting, and k

    def settled(self) -> tuple[Protected, Report]:
        """The cells that may stand beside all that was shown before, and what the attack on them found."""
        began = perf_counter()
        self._hold()
        # Each round only ever withholds; what is left when nothing can be is a breach, and blocks the release. Whatever
        # gave nothing away beside an earlier counting gives nothing away with less: until all is mended only the others
        # are looked at again, and then every one once more.
        tally = self._attacked_and_mended()
        while tally.mended or (tally.breaches and self._give_way(list(tally.breaches.values()))):
            tally = self._attacked_and_mended(tally.broken)
            if not (tally.breaches or tally.mended):
                tally = self._attacked_and_mended()
        cells = tuple(self.cells.values())
        report = Report(
            breaches=tuple(tally.breaches.values()),
            cells=len(cells),
            figures=tally.figures,
            searches=tally.searches,
            seconds=round(perf_counter() - began, 3),
            against=tuple(one.name for one in self.earlier),
        )
        return Protected(cells, self.structure, self.k), report

    # --- R9: repeat what too few people changed ------------------------------

    def _hold(self) -> None:
        for key, cell in list(self.cells.items()):
            if key[0] not in self.structure.derived:
                self.cells[key] = self._held(cell)
        self._give_up()
        for key in self.sources:
            self.cells[key] = self._derived(self.cells[key])

    def _held(self, cell: Cell) -> Cell:
        need = self.k if cell.measure in self.structure.counts else LEAST_IN_A_MEAN
        for earlier, moves in zip(self.earlier, self.moves, strict=True):
            before = earlier.cells.get(cell.key)
            people = moves.in_all[of_whom(cell.measure), cell.group]
            if before is None or people >= need:
                continue
            if before.shown:
                return self._repeated(before, earlier)
            if people or earlier.sheet is None:
                return withheld(cell)
        return cell

    def _repeated(self, before: Cell, earlier: Earlier) -> Cell:
        """The earlier figure, unless it may stand for a number that this partner is not to see."""
        is_count = before.measure in self.structure.counts and before.value
        if is_count and earlier.highest_k(before.key) < self.k and (before.value or 0) - SLACK < self.k:
            return withheld(before)
        if self._tells_of_each(before, earlier):
            return withheld(before)
        return replace(before, counted=earlier.name)

    def _tells_of_each(self, before: Cell, earlier: Earlier) -> bool:
        """Whether an earlier mean says nearly what each person has: that is not said once more."""
        ends, told = self.structure.ranges.get(before.measure), told_by(before)
        if ends is None or told is None:
            return False
        people = earlier.cells.get((self.structure.mean_of[before.measure], before.group))
        least = LEAST_IN_A_MEAN if people is None else surely(people, floor=LEAST_IN_A_MEAN)
        return told.tells_of_each(least, ends)

    def _give_up(self) -> None:
        while (key := next(given_up(self.cells, self.structure), None)) is not None:
            self._withhold(self.cells[key])

    def _derived(self, cell: Cell) -> Cell:
        """What is worked out comes from figures of one counting, as they are shown: so it says no more than they do."""
        found = [source for key in self.sources[cell.key] if (source := self.cells.get(key)) and source.shown]
        if len(found) < len(self.sources[cell.key]):
            return withheld(cell) if cell.shown else cell
        countings = {source.counted for source in found}
        if len(countings) > 1:
            return withheld(cell, Reason.TWO_DAYS)
        (counted,) = countings
        return self._of_then(cell, found, counted) if counted else cell

    def _of_then(self, cell: Cell, found: Sequence[Cell], counted: str) -> Cell:
        """As it was shown then; a figure that nobody was shown then is worked out from those that were."""
        earlier = next(one for one in self.earlier if one.name == counted)
        before = earlier.cells.get(cell.key)
        if before is not None and before.shown:
            return replace(before, counted=counted)
        worked_out = worked_out_from(cell, self.structure.derived[cell.measure][0], found)
        return replace(worked_out, counted=counted) if worked_out.shown else worked_out

    # --- R10, R12: the attack on everything together -------------------------

    def attacked(self, beside: Collection[int] | None = None, *, mending: bool = False) -> Tally:
        """What the cells, as they are at present, give away by themselves and beside all that was shown before.

        `beside`: the numbers of the earlier countings that are looked at; every one without it. `mending`: counts are
        withheld as they are found, not a few at a time before everything is looked at anew.
        """
        tally = Tally()
        now = list(self._own.values())
        alone = attack(now, self.structure, self.k, deadline=self.deadline)
        tally.add(alone.breaches)
        tally.figures, tally.searches = alone.figures, alone.searches
        tally.mended += self._mend_alone() if mending and alone.breaches else 0
        tally.add(list(self._means(now, None, self.structure)))
        for one in self.together:
            if one.earlier.sheet is None or (beside is not None and one.number not in beside):
                continue  # without a sheet nobody knows who changed; what is counted anew differs by k people at least
            found = len(tally.breaches)
            now = list(self._own.values())
            puzzles = self._puzzles(now, one)
            for puzzle in puzzles:
                tally.mended += self._mend(puzzle) if mending else 0
                tally.add([breach for _, breach in puzzle.breaches(MIN_WIDTH)])
            tally.count(puzzles)
            tally.add(list(self._means(now, one, one.structure)))
            told = told_means({cell.key: cell for cell in now}, one.structure)
            before = told_means(one.earlier.cells, one.structure)
            starts = Starts(one.earlier.sheet, self.sheet, one.structure)
            tally.add([*starts.given_away(before, told), *starts.given_away_by_several(before, told)])
            tally.broken |= {one.number} if len(tally.breaches) > found else set()
        if not (tally.breaches or tally.mended):
            tally.add(list(self._chains(now)))
        return tally

    def _attacked_and_mended(self, beside: Collection[int] | None = None) -> Tally:
        tally = self.attacked(beside, mending=True)
        if beside is None and not (tally.breaches or tally.mended):
            tally.mended = self._mend_repeats()
        return tally

    @property
    def _own(self) -> Cells:
        """What is counted anew."""
        return {key: cell for key, cell in self.cells.items() if not cell.counted}

    def _mend_alone(self) -> int:
        """Withhold counts until those that are counted anew give nothing away by themselves: how many."""
        own = self._own
        mended = with_secondary(own, self.structure, self.k, self.deadline)
        return self._withhold_each(key for key, cell in mended.items() if cell is not own[key])

    def _mend(self, puzzle: Puzzle) -> int:
        """Withhold counts of this counting until a puzzle gives nothing away: how many."""
        return self._withhold_each(mend(puzzle, self._own))

    def _mend_repeats(self) -> int:
        """Withhold counts until the figures that repeat an earlier counting give nothing away of this one: how many.

        That repeats are few who changed is what anybody reads from them; where nothing else is left, they go.
        """
        mended, left = 0, list[Key]()
        repeated = ties_of(self.cells.values(), self.structure, self.k)
        for earlier, structure in zip(self.earlier, self.beside, strict=True):
            now = known_of(self._own.values(), self.structure, self.k)
            k = min([self.k, *(view.k for view in earlier.views)])
            ties = repeated.get(earlier.name, ())
            for puzzle in beside(now, earlier.known(), structure, ties, k=k, deadline=self.deadline) if ties else ():
                mended += self._mend(puzzle)
                left += (tie.later for _ in islice(puzzle.breaches(MIN_WIDTH), 1) for tie in puzzle.frame.ties)
        return mended or self._withhold_each(left)

    def _withhold_each(self, keys: Iterable[Key]) -> int:
        cells = [self.cells[key] for key in keys]
        for cell in cells:
            self._withhold(cell)
        return len(cells)

    def _together(self) -> Iterator[Beside]:
        for number, (earlier, moves) in enumerate(zip(self.earlier, self.moves, strict=True)):
            for known, k in readers(earlier, self.k):
                structure = joined([self.structure, *(view.structure for view in known.views)])
                yield Beside(number, known, structure, moves, k)

    def _puzzles(self, now: Sequence[Cell], one: Beside) -> list[Puzzle]:
        known = known_of(now, self.structure, self.k)
        before = of_then(one.earlier.known())
        ties = list(self._ties(one.moves, one.structure, before))
        made = partial(puzzles_of, structure=twice(one.structure), k=one.k, ties=ties, deadline=self.deadline)
        puzzles, told_before = made({**known, **before}), cache(lambda: made(before))
        for number, puzzle in enumerate(puzzles):
            puzzle.told_before = partial(_one_of, told_before, number)
        return [puzzle for puzzle in puzzles if puzzle.frame.ties]

    def _ties(self, moves: Moved, structure: Structure, before: Known) -> Iterator[Tie]:
        """What a reader may know of those who changed: how many; where there was nobody before, that they are few.

        It does not say how many visits they made.
        """
        nobody = surely_nobody(before, structure.tables)
        for number, family in enumerate(structure.families()):
            people = [name for name in family if name not in structure.visits]
            for group in structure.everywhere:
                changed = moves.touched[number, group]
                for name in people if changed < self.k else ():
                    was_nobody = any((one + BEFORE, group) in nobody for one in _hangs_on(name, structure))
                    few = self.k - 1 if changed and was_nobody else changed
                    yield Tie((name, group), (name + BEFORE, group), few)

    def _means(self, now: Sequence[Cell], one: Beside | None, structure: Structure) -> Iterator[Breach]:
        told = told_means({cell.key: cell for cell in now}, structure)
        before = {} if one is None else told_means(one.earlier.cells, structure)
        for tables, sizes in self._sizes_beside(one, structure):
            for name, ends in structure.ranges.items():
                yield from Means(name, tables, ends, before, told, sizes[name], self.deadline).breaches()
                yield from CameOrLeft(name, tables, ends, before, told, sizes[name]).breaches()

    def _chains(self, now: Sequence[Cell]) -> Iterator[Breach]:
        """What three countings and more say together, which no two of them do."""
        told = told_means({cell.key: cell for cell in now}, self.structure)
        today = Counting(1, self.sheet, told, self.structure.ranges)
        return given_away([*self._told_before, today], self.deadline)

    @cached_property
    def _told_before(self) -> list[Counting]:
        """The earliest first. Of a counting without a sheet nobody knows whose averages they are."""
        return [
            Counting(-number, one.sheet, told_means(one.cells, structure), structure.ranges)
            for number, (one, structure) in enumerate(zip(self.earlier, self.beside, strict=True))
            if one.sheet is not None
        ][::-1]

    def _sizes_beside(self, one: Beside | None, structure: Structure) -> list[tuple[Tables, dict[str, Sizes]]]:
        """How many stand behind each mean, which no withholding changes: so it is counted once."""
        key, sheet = (("", 0), NOBODY) if one is None else ((one.earlier.name, one.k), one.earlier.sheet or NOBODY)
        if key not in self._sizes:
            self._sizes[key] = [
                (tables, sizes_of(list(structure.ranges), tables, sheet, self.sheet))
                for tables in structure.tables.components()
            ]
        return self._sizes[key]

    def _give_way(self, breaches: Sequence[Breach]) -> int:
        """Withhold one more figure of this counting near each of some breaches: how many were left to withhold."""
        of_each = {breach.measure.removesuffix(BEFORE): breach for breach in reversed(breaches)}
        chosen = (self._nearest(measure, breach.group) for measure, breach in of_each.items())
        cells = list(islice(filter(None, chosen), AT_ONCE))
        for cell in cells:
            self._withhold(cell)
        self._give_up()
        return len(cells)

    def _nearest(self, measure: str, group: Group) -> Cell | None:
        """Of the shown figures near a breach, or else of all that hang on it: groups first, then the smallest."""
        hangs_on = next((names for names in self.structure.families() if measure in names), ())
        told = [cell for cell in self.cells.values() if not cell.counted and cell.shown]
        near, family = (
            [cell for cell in told if cell.measure in names] for names in (set(self._near(measure)), hangs_on)
        )
        return min(
            near or family,
            key=lambda cell: (
                cell.group == EVERYONE,
                len(set(cell.group) ^ set(group)),
                # A mean goes before the others of its scale; of counts the smallest does.
                measure in self.structure.ranges and cell.measure != measure,
                cell.value or 0,
            ),
            default=None,
        )

    def _near(self, measure: str) -> Iterator[str]:
        yield measure
        yield from siblings(measure, self.structure)
        yield from (name for pair in self.structure.within.items() if measure in pair for name in pair)
        yield from (name for name, (visits, *_) in self.structure.hours_of.items() if visits == measure)

    def _withhold(self, cell: Cell) -> None:
        self.cells[cell.key] = withheld(cell)
        for mean in self._means_of(cell):
            self._withhold(mean)
        for key, of in self.sources.items():
            if cell.key in of:
                self.cells[key] = self._derived(self.cells[key])

    def _means_of(self, count: Cell) -> Iterator[Cell]:
        """Averages of people of whom it is not told how many they are."""
        for mean, of in {**self.structure.mean_of, **self.structure.others_of}.items():
            cell = self.cells.get((mean, count.group)) if of == count.measure else None
            if cell is not None and cell.shown and not cell.counted:
                yield cell


def _one_of(puzzles: Callable[[], Sequence[Puzzle]], number: int) -> Puzzle:
    return puzzles()[number]


def surely_nobody(known: Known, tables: Tables) -> set[Key]:
    """Of whom it is known that there are none: by their own number, as part of such a group, or as all parts of it."""
    found: dict[str, set[Group]] = {}
    for name, group in (key for key, limits in known.items() if limits == (0, 0)):
        found.setdefault(name, set()).add(group)
    for nobody in found.values():
        while more := {group for whole, parts in tables.divisions for group in _also(nobody, whole, parts)} - nobody:
            nobody |= more
    return {(name, group) for name, nobody in found.items() for group in nobody}


def _also(nobody: Collection[Group], whole: Group, parts: Sequence[Group]) -> Iterator[Group]:
    if whole in nobody:
        yield from parts
    elif all(part in nobody for part in parts):
        yield whole


def _hangs_on(measure: str, structure: Structure) -> Iterator[str]:
    """The measure, those that it is a part of, and those that it adds up with."""
    name: str | None = measure
    while name is not None:
        yield name
        name = structure.within.get(name)
    for whole, parts in structure.sums:
        if measure in (whole, *parts):
            yield from (whole, *parts)
