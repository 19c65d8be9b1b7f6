"""The true figures of a release, counted from journeys. PURE, and never stored or shown.

Here: which counts, means and shares a release has, for everyone and for each
group. Not here: which groups there are (bands.py), what may be shown of the
figures (disclosure), the release around them (releases/figures.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from math import ceil
from typing import Final

from outcomes.counting.bands import Bands, placed
from outcomes.counting.cohort import Journey, Timing
from outcomes.disclosure import (
    EVERYONE,
    Contributions,
    Count,
    Derived,
    Estimate,
    Figures,
    Group,
    How,
    Kind,
    Line,
    Mean,
    Sheet,
    Split,
    Tables,
)
from outcomes.statistics import LEAST_FOR_AN_EFFECT_SIZE, PairedChange, difference_of_means, paired_change, responses

SCALES = ("body", "mind", "total", "overall")
ALL_IN_ALL: Final = "total"  # the scale by which those who answered are compared with those who did not
THRESHOLD: Final = 10.0  # points of 100 from which a change counts as one: our own line
STAGES: tuple[tuple[str, Callable[[Journey], bool]], ...] = (
    ("registered", lambda journey: True),
    ("cleared", lambda journey: journey.cleared or journey.started),
    ("started", lambda journey: journey.started),
    ("regular", lambda journey: journey.came_regularly),
)
STARTED = "funnel.started"
WAYS = ("improved", "same", "worse")
OFFERED, DUE, ATTENDED, LATE, MISSED = (f"visits.{name}" for name in ("offered", "due", "attended", "late", "missed"))
CAME, HOURS = "visits.came", "visits.hours"
Lines = Mapping[Group, Sequence[tuple[str, Line]]]  # by group: everybody in it, with their token


# --- who is counted in what ------------------------------------------------------


def sheet_of(journeys: Sequence[Journey], *, timings: Sequence[Timing], bands: Bands, as_at: date) -> dict[str, Line]:
    """A line for each person, under their number. The first of `timings` is the start."""
    return {
        str(journey.person): Line(placed(journey.about, bands), dict(_amounts(journey, timings, as_at)))
        for journey in journeys
    }


def _amounts(journey: Journey, timings: Sequence[Timing], as_at: date) -> Iterator[tuple[str, float]]:
    """What somebody adds to each measure. Somebody with one form alone is in no figure of change."""
    yield from ((f"funnel.{stage}", 1) for stage, reached in STAGES if reached(journey))
    yield from ((name, number) for name, number in _visits_of(journey) if number)
    for first in timings[:1]:
        if journey.form_in_window(first) is not None:
            yield f"forms.{first.code}.sent", 1
    for later in timings[1:]:
        if journey.was_due(later, as_at):
            yield f"forms.{later.code}.due", 1
            if journey.form_in_window(later) is None:
                yield f"forms.{later.code}.not_sent", 1
                yield from _start_alone(f"{ALL_IN_ALL}.{later.code}", journey.start_score(timings[0], ALL_IN_ALL))
            else:
                yield f"forms.{later.code}.sent", 1
                for scale in SCALES:
                    yield from _pair(f"{scale}.{later.code}", journey.pair(timings[0], later, scale))


def _visits_of(journey: Journey) -> Iterator[tuple[str, float]]:
    took = journey.took
    yield from ((OFFERED, took.offered), (DUE, took.due), (ATTENDED, took.attended))
    yield from ((LATE, took.given_back_late), (MISSED, took.missed))
    yield from ((CAME, took.came), (HOURS, round(took.minutes / 60, 4)))


def _start_alone(name: str, score: float | None) -> Iterator[tuple[str, float]]:
    if score is not None:
        yield from ((f"{name}.others", 1), (f"{name}.before_others", score), (f"{name}.before_apart", score))


def _pair(name: str, pair: tuple[float, float] | None) -> Iterator[tuple[str, float]]:
    if pair is None:
        return
    before, after = pair
    way = responses([after - before], THRESHOLD)
    yield f"{name}.n", 1
    yield from ((f"{name}.{part}", 1) for part in WAYS if getattr(way, part))
    yield from ((f"{name}.before", before), (f"{name}.after", after), (f"{name}.change", after - before))
    yield f"{name}.before_apart", before


# --- the figures -----------------------------------------------------------------


def figures_of(sheet: Sheet, *, timings: Sequence[Timing], tables: Tables) -> Figures:
    """Every true figure, for everyone and each group of the tables."""
    lines = lines_by_group(sheet, tables)
    counts, splits, means, derived = [*_stages(lines), *_visits(lines)], list[Split](), list[Mean](), [*_shares()]
    sums: list[tuple[str, tuple[str, ...]]] = [(DUE, (ATTENDED, LATE, MISSED))]
    for first in timings[:1]:
        counts.append(_people("forms", f"forms.{first.code}.sent", lines, STARTED))
        derived.append(_ratio("forms", f"forms.{first.code}.share", f"forms.{first.code}.sent", STARTED))
    derived += (_of_all(timing.code) for timing in timings)
    for later in timings[1:]:
        due, sent, not_sent = (f"forms.{later.code}.{part}" for part in ("due", "sent", "not_sent"))
        counts += [_people("forms", due, lines, STARTED)]
        counts += [_people("forms", part, lines, due) for part in (sent, not_sent)]
        sums.append((due, (sent, not_sent)))
        derived += _who_answered(f"forms.{later.code}", sent, not_sent)
        for scale in SCALES:
            name = f"{scale}.{later.code}"
            counts.append(_people("change", f"{name}.n", lines, sent))
            splits.append(_split(name, lines))
            means += _changes(name, f"{scale}.start", lines)
            derived += _of_change(name, due)
        counts.append(_people("answered", f"{ALL_IN_ALL}.{later.code}.others", lines, not_sent))
        means += _at_the_start(f"{ALL_IN_ALL}.{later.code}", f"{ALL_IN_ALL}.start", lines)
    return Figures(tables, tuple(counts), tuple(splits), tuple(means), tuple(derived), tuple(sums))


def dose_of(sheet: Sheet, *, minutes: tuple[int, int]) -> Figures:
    """Every class attended and the hours of them, of everyone alone: classes are of `minutes` at least and most."""
    lines = {EVERYONE: list(sheet.items())}
    return Figures(Tables(), (_visit(CAME, lines, None), _visit(HOURS, lines, None, hours_of=(CAME, *minutes))))


def lines_by_group(sheet: Sheet, tables: Tables) -> Lines:
    found: dict[Group, list[tuple[str, Line]]] = {group: [] for group in tables.everywhere}
    for token, line in sheet.items():
        for group in found.keys() & set(line.groups):
            found[group].append((token, line))
    return found


def _sums(name: str, lines: Lines) -> dict[Group, int]:
    return {group: int(sum(line.amounts.get(name, 0) for _, line in some)) for group, some in lines.items()}


def _people(table: str, name: str, lines: Lines, within: str | None) -> Count:
    """A count of people of whom it says nothing that they are in it: none and all of them may be shown."""
    return Count(table, name, _sums(name, lines), within=within, sensitive=False)


def _stages(lines: Lines) -> Iterator[Count]:
    """The funnel. Having joined or come says nothing of a person's health."""
    before = None
    for stage, _ in STAGES:
        name = f"funnel.{stage}"
        yield _people("funnel", name, lines, before)
        before = name


def _shares() -> Iterator[Derived]:
    """Percentages of places, of everybody who registered, and of the stage before where that is another."""
    way = [f"funnel.{stage}" for stage, _ in STAGES]
    yield from (_ratio("funnel", f"{stage}.share", stage, way[0]) for stage in way[1:])
    yield from (_ratio("funnel", f"{stage}.of_before", stage, before) for before, stage in pairwise(way[1:]))
    yield _ratio("visits", "visits.share", ATTENDED, DUE)
    yield _ratio("visits", "visits.of_offered", ATTENDED, OFFERED)
    yield _ratio("visits", "visits.late_share", LATE, DUE)


def _of_all(code: str) -> Derived:
    """Who sent a form, of everybody who registered."""
    return _ratio("funnel", f"forms.{code}.of_all", f"forms.{code}.sent", "funnel.registered")


def _ratio(table: str, name: str, part: str, whole: str) -> Derived:
    return Derived(table, name, How.RATIO, (part, whole))


def _visits(lines: Lines) -> list[Count]:
    """Places offered, those booked that took place, and what became of them."""
    within = {OFFERED: None, DUE: OFFERED, ATTENDED: DUE, LATE: DUE, MISSED: DUE}
    return [_visit(name, lines, outer) for name, outer in within.items()]


def _visit(name: str, lines: Lines, within: str | None, hours_of: tuple[str, int, int] | None = None) -> Count:
    each = {group: [ceil(line.amounts.get(name, 0)) for _, line in some] for group, some in lines.items()}
    made_by = {group: _contributions(visits) for group, visits in each.items()}
    return Count(
        "dose" if name in (CAME, HOURS) else "visits",
        name,
        _sums(name, lines),
        within=within,
        sensitive=False,
        contributions=made_by,
        made_by=STARTED if name in (ATTENDED, CAME, HOURS) else "funnel.registered",
        hours_of=hours_of,
    )


def _contributions(visits: Sequence[int]) -> Contributions:
    first, second, *_ = [*sorted(visits, reverse=True), 0, 0]
    return Contributions(sum(count > 0 for count in visits), first, second)


def _split(name: str, lines: Lines) -> Split:
    """How many moved by the threshold or more, either way, and how many did not."""
    parts = {f"{name}.{way}": _sums(f"{name}.{way}", lines) for way in WAYS}
    merges = (f"{name}.same", f"{name}.worse")
    return Split("change", f"{name}.n", parts, f"{name}.not_improved", merges)


def _changes(name: str, start: str, lines: Lines) -> list[Mean]:
    """Mean at the start, later, and of the change. The start is one variable, whichever form follows it."""
    paired = {
        group: {token: line for token, line in some if f"{name}.n" in line.amounts} for group, some in lines.items()
    }
    changes = {
        group: paired_change(
            [(line.amounts[f"{name}.before"], line.amounts[f"{name}.after"]) for line in some.values()]
        )
        for group, some in paired.items()
    }
    people = {group: frozenset(some) for group, some in paired.items()}
    of = f"{name}.n"
    before = Mean(
        "change", f"{name}.before", of, _estimates(changes, _before), range=(0, 100), variable=start, people=people
    )  # fmt: skip
    after = Mean("change", f"{name}.after", of, _estimates(changes, _after), range=(0, 100))
    change = Mean("change", f"{name}.change", of, _estimates(changes, _change), range=(-100, 100))
    return [before, after, change]


def _of_change(name: str, due: str) -> Iterator[Derived]:
    """How many of those who were due are paired, how many improved, and within what that lies for all of them."""
    yield _ratio("change", f"{name}.share_improved", f"{name}.improved", f"{name}.n")
    yield _ratio("change", f"{name}.share_paired", f"{name}.n", due)
    yield Derived("change", f"{name}.bounds", How.BOUNDS, (f"{name}.improved", f"{name}.n", due))


# --- those who answered and those who did not ------------------------------------


def _who_answered(name: str, sent: str, not_sent: str) -> Iterator[Derived]:
    yield _ratio("forms", f"{name}.share", sent, f"{name}.due")
    yield Derived("answered", f"{name}.share_sent", How.SHARE, (sent,))
    yield Derived("answered", f"{name}.share_not_sent", How.SHARE, (not_sent,))
    yield Derived("answered", f"{name}.apart", How.APART, (sent, not_sent))


def _at_the_start(name: str, start: str, lines: Lines) -> list[Mean]:
    """The score at the start of those who sent no later form, and how far it lies from that of the others."""
    of = f"{name}.others"
    others = {token: line for token, line in lines[EVERYONE] if of in line.amounts}
    there = [line.amounts[f"{name}.before_others"] for line in others.values()]
    here = [line.amounts[f"{name}.before"] for _, line in lines[EVERYONE] if f"{name}.before" in line.amounts]
    enough = len(here) >= LEAST_FOR_AN_EFFECT_SIZE
    mean = {EVERYONE: Estimate(sum(there) / len(there))} if there else {}
    apart = difference_of_means(here, there) if enough else None
    size = {EVERYONE: Estimate(apart)} if apart is not None else {}
    people = {EVERYONE: frozenset(others)}
    return [
        Mean(
            "answered",
            f"{name}.before_others",
            of,
            mean,
            range=(0, 100),
            variable=start,
            people=people,
            everyone_only=True,
        ),
        Mean("answered", f"{name}.before_apart", of, size, Kind.EFFECT_SIZE, decimal_places=2, everyone_only=True),
    ]


def _estimates(
    changes: Mapping[Group, PairedChange], read: Callable[[PairedChange], Estimate | None]
) -> dict[Group, Estimate]:
    return {group: found for group, change in changes.items() if (found := read(change)) is not None}


def _before(change: PairedChange) -> Estimate | None:
    return None if change.mean_before is None else Estimate(change.mean_before)


def _after(change: PairedChange) -> Estimate | None:
    return None if change.mean_after is None else Estimate(change.mean_after)


def _change(change: PairedChange) -> Estimate | None:
    return None if change.mean_change is None else Estimate(change.mean_change, change.low, change.high)
