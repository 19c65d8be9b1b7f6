"""The true figures of a release, counted from journeys. PURE, and never stored or shown.

Here: which counts, means and shares a release has, for everyone and for each
group. Not here: which groups there are (bands.py), what may be shown of the
figures (disclosure), the release around them (releases/figures.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from outcomes.counting.bands import Bands, placed
from outcomes.counting.cohort import Journey, Timing
from outcomes.disclosure import Contributions, Count, Estimate, Figures, Group, Line, Mean, Ratio, Sheet, Split, Tables
from outcomes.statistics import PairedChange, paired_change, responses

SCALES = ("body", "mind", "total", "overall")
THRESHOLD: Final = 10.0  # points of 100 from which a change counts as one: our own line
STAGES: tuple[tuple[str, Callable[[Journey], bool]], ...] = (
    ("registered", lambda journey: True),
    ("cleared", lambda journey: journey.cleared or journey.started),
    ("started", lambda journey: journey.started),
    ("regular", lambda journey: journey.came_regularly),
)
STARTED = "funnel.started"
WAYS = ("improved", "same", "worse")
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
    for name, visits in (("visits.due", journey.classes_due), ("visits.attended", journey.classes_attended)):
        if visits:
            yield name, visits
    for later in timings[1:]:
        if journey.was_due(later, as_at):
            yield f"forms.{later.code}.due", 1
            if journey.form_in_window(later) is not None:
                yield f"forms.{later.code}.sent", 1
                for scale in SCALES:
                    yield from _pair(f"{scale}.{later.code}", journey.pair(timings[0], later, scale))


def _pair(name: str, pair: tuple[float, float] | None) -> Iterator[tuple[str, float]]:
    if pair is None:
        return
    before, after = pair
    way = responses([after - before], THRESHOLD)
    yield f"{name}.n", 1
    yield from ((f"{name}.{part}", 1) for part in WAYS if getattr(way, part))
    yield from ((f"{name}.before", before), (f"{name}.after", after), (f"{name}.change", after - before))


# --- the figures -----------------------------------------------------------------


def figures_of(sheet: Sheet, *, timings: Sequence[Timing], tables: Tables) -> Figures:
    """Every true figure, for everyone and each group of the tables."""
    lines = lines_by_group(sheet, tables)
    counts, splits, means, ratios = [*_stages(lines), *_visits(lines)], list[Split](), list[Mean](), list[Ratio]()
    for later in timings[1:]:
        due, sent = (f"forms.{later.code}.{part}" for part in ("due", "sent"))
        counts += [_people("forms", due, lines, STARTED), _people("forms", sent, lines, due)]
        for scale in SCALES:
            name = f"{scale}.{later.code}"
            counts.append(_people("change", f"{name}.n", lines, sent))
            splits.append(_split(name, lines))
            means += _changes(name, f"{scale}.start", lines)
            ratios.append(Ratio("change", f"{name}.share_improved", f"{name}.improved", f"{name}.n"))
    ratios.append(Ratio("visits", "visits.share", "visits.attended", "visits.due"))
    return Figures(tables, tuple(counts), tuple(splits), tuple(means), tuple(ratios))


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


def _visits(lines: Lines) -> list[Count]:
    """Places booked that took place, and those attended."""
    return [_visit("visits.due", lines, None), _visit("visits.attended", lines, "visits.due")]


def _visit(name: str, lines: Lines, within: str | None) -> Count:
    each = {group: [int(line.amounts.get(name, 0)) for _, line in some] for group, some in lines.items()}
    made_by = {group: _contributions(visits) for group, visits in each.items()}
    return Count("visits", name, _sums(name, lines), within=within, sensitive=False, contributions=made_by)


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
