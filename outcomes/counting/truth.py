"""The true figures of a release, counted from a cohort. PURE, and never stored or shown.

Here: which counts, means and shares a release has, for everyone and for each
group. Not here: which groups there are (bands.py), what may be shown of the
figures (disclosure), the release around them (releases/figures.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from outcomes.counting.bands import Bands, placed
from outcomes.counting.cohort import NEVER, Cohort, SentForms, Timing
from outcomes.counting.instruments import ACTIVE_MINUTES, Instrument, Told, own
from outcomes.counting.lines import HOURS, Lines
from outcomes.counting.quality import quality_of, who_came_how
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
    Mean,
    Sheet,
    Split,
    Tables,
)
from outcomes.disclosure.sheet import Bools, Floats
from outcomes.statistics import (
    LEAST_FOR_AN_EFFECT_SIZE,
    PairedChange,
    Way,
    difference_of_means,
    mean_of,
    paired_change,
    ways_of,
    ways_of_answers,
)

SCALES = ("body", "mind", "total", "overall")
ALL_IN_ALL: Final = "total"  # the scale by which those who answered are compared with those who did not
STAGES: tuple[tuple[str, Callable[[Cohort], Bools]], ...] = (
    ("registered", lambda cohort: np.ones(len(cohort), bool)),
    ("cleared", lambda cohort: cohort.cleared | cohort.started),
    ("started", lambda cohort: cohort.started),
    ("regular", lambda cohort: cohort.came_regularly),
)
OWN: Final = (*(own(scale) for scale in SCALES), ACTIVE_MINUTES)
REGISTERED, STARTED = "funnel.registered", "funnel.started"
IN_GROUP = f"{REGISTERED}.in_group"
WAYS = {"improved": Way.IMPROVED, "same": Way.SAME, "worse": Way.WORSE}
WAYS_OF_ANSWERS = WAYS | {"mixed": Way.MIXED}
OFFERED, DUE, ATTENDED, LATE, MISSED = (f"visits.{name}" for name in ("offered", "due", "attended", "late", "missed"))
CAME = "visits.came"


# --- who is counted in what ------------------------------------------------------


def sheet_of(
    cohort: Cohort, *, timings: Sequence[Timing], bands: Bands, as_at: date, instruments: Sequence[Instrument] = ()
) -> Sheet:
    """A line for each person, under their number. The first of `timings` is the start."""
    others = [column for one in instruments for column in _others_of(cohort, timings, as_at, one)]
    columns = _by_name([*_stages_of(cohort), *_visits_of(cohort), *_forms_of(cohort, timings, as_at), *others])
    places = placed(cohort.about, bands, len(cohort))
    return Sheet(cohort.people.astype(np.str_), places, columns)


def _by_name(columns: Sequence[tuple[str, Floats]]) -> dict[str, Floats]:
    """Those that anybody is in. Of two with one name, one would be lost and the people in it with it."""
    named = dict(columns)
    if len(named) < len(columns):
        raise ValueError("two columns of a sheet have one name")
    return {name: amount for name, amount in named.items() if not np.isnan(amount).all()}


def _each(who: Bools, amount: ArrayLike = 1.0) -> Floats:
    """What each of them adds, and nobody else."""
    return np.where(who, amount, np.nan)


def _stages_of(cohort: Cohort) -> Iterator[tuple[str, Floats]]:
    yield from ((f"funnel.{stage}", _each(reached(cohort))) for stage, reached in STAGES)


def _visits_of(cohort: Cohort) -> Iterator[tuple[str, Floats]]:
    took = cohort.took
    counts = {OFFERED: took.offered, DUE: took.due, ATTENDED: took.attended}
    counts |= {LATE: took.given_back_late, MISSED: took.missed, CAME: took.came}
    yield from ((name, _each(np.asarray(number) > 0, number)) for name, number in counts.items())
    minutes, of_each = np.unique(took.minutes, return_inverse=True)
    hours = np.array([round(number / 60, 4) for number in minutes.tolist()], float)[of_each]
    yield HOURS, _each(hours > 0, hours)


def _forms_of(cohort: Cohort, timings: Sequence[Timing], as_at: date) -> Iterator[tuple[str, Floats]]:
    """Forms that were due and sent, and what they came to. Somebody with one form alone is in no figure of change."""
    for first in timings[:1]:
        start = cohort.form(first)
        sent = start.on < NEVER
        yield f"forms.{first.code}.sent", _each(sent)
        yield from _came_how(cohort, first, start, cohort.started & ~sent)
    for later in timings[1:]:
        form = cohort.form(later)
        sent, missing = _sent_or_missing(cohort, later, form, as_at)
        yield f"forms.{later.code}.due", _each(sent | missing)
        yield f"forms.{later.code}.sent", _each(sent)
        yield from _came_how(cohort, later, form, missing)
        yield from _apart(f"{ALL_IN_ALL}.{later.code}", start.score(ALL_IN_ALL), form.score(ALL_IN_ALL), missing)
        for told in OWN:
            yield from _pair(later, told, start, form)


def _came_how(cohort: Cohort, timing: Timing, form: SentForms, missing: Bools) -> Iterator[tuple[str, Floats]]:
    yield from ((name, _each(who)) for name, who in who_came_how(cohort, timing, form, missing))


def _others_of(cohort: Cohort, timings: Sequence[Timing], as_at: date, of: Instrument) -> Iterator[tuple[str, Floats]]:
    """Forms of one more instrument, of whoever was asked to fill them in; or what was measured, of whoever ever was."""
    for first in timings[:1]:
        start = cohort.form(first, of.code)
    for later in timings[1:]:
        form = cohort.form(later, of.code)
        sent, missing = _sent_or_missing(cohort, later, form, as_at)
        yield f"{of.code}.{later.code}.due", _each(sent | missing)
        yield f"{of.code}.{later.code}.sent", _each(sent)
        for told in of.scales:
            yield from _pair(later, told, start, form)


def _sent_or_missing(cohort: Cohort, timing: Timing, form: SentForms, as_at: date) -> tuple[Bools, Bools]:
    sent = form.on < NEVER
    return sent, form.of_those_asked(~sent & cohort.window_has_closed(timing, as_at))


def _apart(name: str, first: Floats, last: Floats, missing: Bools) -> Iterator[tuple[str, Floats]]:
    """The start of whoever sent no later form, and of all who are held against each other: them, and the pairs."""
    alone, paired = _each(missing, first), _each(~np.isnan(last), first)
    yield f"{name}.others", _each(~np.isnan(alone))
    yield from ((f"{name}.before_others", alone), (f"{name}.before_apart", np.fmax(alone, paired)))


def _pair(later: Timing, told: Told, start: SentForms, form: SentForms) -> Iterator[tuple[str, Floats]]:
    """Of whoever has both scores. They stand as the instrument has them; only the way is turned to what is better."""
    name, people = (f"{of}.{later.code}" for of in (told.measure, told.of_people))
    first, last = start.score(told.scale), form.score(told.scale)
    change = last - first
    paired = ~np.isnan(change)
    before, after = _each(paired, first), _each(paired, last)
    yield f"{people}.n", _each(paired)
    if told.has_parts:
        ways = np.zeros(len(paired), np.int8)
        ways[paired] = _ways(told, start, form, paired)
        yield from ((f"{people}.{part}", _each(paired & (ways == way))) for part, way in _parts(told).items())
    yield from ((f"{name}.before", before), (f"{name}.after", after), (f"{name}.change", change))


def _ways(told: Told, start: SentForms, form: SentForms, paired: Bools) -> NDArray[np.int8]:
    """Which Way each of the paired went: by a line, or by their answers one by one where none is known."""
    if told.answers:
        return ways_of_answers(np.stack([form.answer(item) - start.answer(item) for item in told.answers])[:, paired])
    change = (form.score(told.scale) - start.score(told.scale))[paired]
    return ways_of(change if told.up else -change, told.better, told.worse)


def _parts(told: Told) -> Mapping[str, Way]:
    return WAYS_OF_ANSWERS if told.answers else WAYS


# --- the figures -----------------------------------------------------------------


def figures_of(
    sheet: Sheet, *, timings: Sequence[Timing], tables: Tables, instruments: Sequence[Instrument] = ()
) -> Figures:
    """Every true figure, for everyone and each group of the tables."""
    lines = Lines(sheet, sheet.rows(tables))
    counts, splits, means, derived = [*_stages(lines), *_visits(lines)], list[Split](), list[Mean](), [*_shares()]
    sums: list[tuple[str, tuple[str, ...]]] = [(DUE, (ATTENDED, LATE, MISSED))]
    for first in timings[:1]:
        counts.append(_people("forms", f"forms.{first.code}.sent", lines, STARTED))
        derived.append(_ratio("forms", f"forms.{first.code}.share", f"forms.{first.code}.sent", STARTED))
    derived += (_of_all(timing.code) for timing in timings)
    for timing in timings:
        how_they_came, adding_up = quality_of(timing, lines.sums, STARTED)
        counts, sums = [*counts, *how_they_came], [*sums, *adding_up]
    for later in timings[1:]:
        due, sent, not_sent = (f"forms.{later.code}.{part}" for part in ("due", "sent", "not_sent"))
        counts += [_people("forms", due, lines, STARTED)]
        counts += [_people("forms", part, lines, due) for part in (sent, not_sent)]
        sums.append((due, (sent, not_sent)))
        derived += _who_answered(f"forms.{later.code}", sent, not_sent)
        forms = [(sent, due, told) for told in OWN]
        for other in instruments:
            of_due, of_sent = (f"{other.code}.{later.code}.{part}" for part in ("due", "sent"))
            counts += [_people("change", of_due, lines, STARTED), _people("change", of_sent, lines, of_due)]
            forms += [(of_sent, of_due, told) for told in other.scales]
        for of_sent, of_due, told in forms:
            name, people = (f"{of}.{later.code}" for of in (told.measure, told.of_people))
            counts.append(_people("change", f"{people}.n", lines, of_sent))
            splits += [_split(people, _parts(told), lines)] if told.has_parts else []
            means += _changes(name, f"{people}.n", told, lines)
            derived += [*_of_people(people, of_due, told), *_of_change(name, f"{people}.n")]
        counts.append(_people("answered", f"{ALL_IN_ALL}.{later.code}.others", lines, not_sent))
        means += _at_the_start(f"{ALL_IN_ALL}.{later.code}", f"{ALL_IN_ALL}.start", lines)
    return Figures(tables, tuple(counts), tuple(splits), tuple(means), tuple(derived), tuple(sums))


def dose_of(sheet: Sheet, *, minutes: tuple[int, int]) -> Figures:
    """Every class attended and the hours of them, of everyone alone: classes are of `minutes` at least and most."""
    lines = Lines(sheet, sheet.rows(Tables()))
    return Figures(Tables(), (_visit(CAME, lines, None), _visit(HOURS, lines, None, hours_of=(CAME, *minutes))))


def _people(table: str, name: str, lines: Lines, within: str | None) -> Count:
    """A count of people of whom it says nothing that they are in it: none and all of them may be shown."""
    return Count(table, name, lines.sums(name), within=within, sensitive=False)


def _stages(lines: Lines) -> Iterator[Count]:
    """The funnel. Having joined or come says nothing of a person's health."""
    before = None
    for stage, _ in STAGES:
        name = f"funnel.{stage}"
        yield _people("funnel", name, lines, before)
        before = name


def _shares() -> Iterator[Derived]:
    """Percentages of places, of everybody who registered, and of the stage before where that is another; and which part
    of everybody who registered is in each group."""
    way = [f"funnel.{stage}" for stage, _ in STAGES]
    yield Derived("funnel", IN_GROUP, How.SHARE, (REGISTERED,))
    yield from (_ratio("funnel", f"{stage}.share", stage, way[0]) for stage in way[1:])
    yield from (_ratio("funnel", f"{stage}.of_before", stage, before) for before, stage in pairwise(way[1:]))
    yield _ratio("visits", "visits.share", ATTENDED, DUE)
    yield _ratio("visits", "visits.of_offered", ATTENDED, OFFERED)
    yield _ratio("visits", "visits.late_share", LATE, DUE)


def _of_all(code: str) -> Derived:
    """Who sent a form, of everybody who registered."""
    return _ratio("funnel", f"forms.{code}.of_all", f"forms.{code}.sent", REGISTERED)


def _ratio(table: str, name: str, part: str, whole: str) -> Derived:
    return Derived(table, name, How.RATIO, (part, whole))


def _visits(lines: Lines) -> list[Count]:
    """Places offered, those booked that took place, and what became of them."""
    within = {OFFERED: None, DUE: OFFERED, ATTENDED: DUE, LATE: DUE, MISSED: DUE}
    return [_visit(name, lines, outer) for name, outer in within.items()]


def _visit(name: str, lines: Lines, within: str | None, hours_of: tuple[str, int, int] | None = None) -> Count:
    made_by = {group: _contributions(np.ceil(visits)) for group, visits in lines.amounts(name).items()}
    return Count(
        "dose" if name in (CAME, HOURS) else "visits",
        name,
        lines.sums(name),
        within=within,
        sensitive=False,
        contributions=made_by,
        made_by=STARTED if name in (ATTENDED, CAME, HOURS) else REGISTERED,
        hours_of=hours_of,
    )


def _contributions(visits: Floats) -> Contributions:
    largest = np.sort(np.concatenate([np.partition(visits, -2)[-2:] if len(visits) > 2 else visits, [0, 0]]))
    return Contributions(len(visits), int(largest[-1]), int(largest[-2]))


def _split(name: str, ways: Iterable[str], lines: Lines) -> Split:
    """How many moved by the threshold or more, either way, and how many did not."""
    parts = {f"{name}.{way}": lines.sums(f"{name}.{way}") for way in ways}
    merges = tuple(part for part in parts if part != f"{name}.improved")
    return Split("change", f"{name}.n", parts, f"{name}.not_improved", merges)


def _changes(name: str, of: str, told: Told, lines: Lines) -> list[Mean]:
    """Mean at the start with its spread, later, and of the change. The start is one variable, whatever follows."""
    firsts, lasts = lines.amounts(f"{name}.before"), lines.amounts(f"{name}.after")
    changes = {group: paired_change(np.column_stack([firsts[group], lasts[group]])) for group in lines.rows}
    people = lines.people(of)
    ends, wide, start = (told.lo, told.hi), told.hi - told.lo, f"{told.measure}.start"
    before = Mean(
        "change", f"{name}.before", of, _estimates(changes, _before), range=ends, variable=start, people=people
    )  # fmt: skip
    after = Mean("change", f"{name}.after", of, _estimates(changes, _after), range=ends)
    change = Mean("change", f"{name}.change", of, _estimates(changes, _change), range=(-wide, wide))
    spreads = _estimates(changes, _spread)
    spread = Mean("change", f"{name}.before_spread", of, spreads, Kind.SPREAD, everyone_only=True)
    return [replace(mean, decimal_places=told.places_of_an_average) for mean in (before, after, change, spread)]


def _of_people(name: str, due: str, told: Told) -> Iterator[Derived]:
    """How many of those who were due are paired, how many improved, and within what that lies for all of them."""
    if told.has_parts:
        yield _ratio("change", f"{name}.share_improved", f"{name}.improved", f"{name}.n")
    yield _ratio("change", f"{name}.share_paired", f"{name}.n", due)
    if told.has_parts:
        yield Derived("change", f"{name}.bounds", How.BOUNDS, (f"{name}.improved", f"{name}.n", due))


def _of_change(name: str, people: str) -> Iterator[Derived]:
    """How large the change is beside how much people differ."""
    change, spread = f"{name}.change", f"{name}.before_spread"
    yield Derived("change", f"{name}.effect", How.EFFECT, (change, spread, people))
    yield Derived("change", f"{name}.dz", How.DZ, (change, people))
    yield Derived("change", f"{name}.half_spread", How.HALF, (spread, people))


# --- those who answered and those who did not ------------------------------------


def _who_answered(name: str, sent: str, not_sent: str) -> Iterator[Derived]:
    yield _ratio("forms", f"{name}.share", sent, f"{name}.due")
    yield Derived("answered", f"{name}.share_sent", How.SHARE, (sent,))
    yield Derived("answered", f"{name}.share_not_sent", How.SHARE, (not_sent,))
    yield Derived("answered", f"{name}.apart", How.APART, (sent, not_sent))


def _at_the_start(name: str, start: str, lines: Lines) -> list[Mean]:
    """The score at the start of those who sent no later form, and how far it lies from that of the others."""
    of = f"{name}.others"
    there, here = (lines.amounts(f"{name}.{part}")[EVERYONE] for part in ("before_others", "before"))
    mean = mean_of(there)
    apart = difference_of_means(here, there) if len(here) >= LEAST_FOR_AN_EFFECT_SIZE else None
    means, sizes = ({EVERYONE: Estimate(found)} if found is not None else {} for found in (mean, apart))
    people = {EVERYONE: lines.people(of)[EVERYONE]}
    return [
        Mean(
            "answered",
            f"{name}.before_others",
            of,
            means,
            range=(0, 100),
            variable=start,
            people=people,
            everyone_only=True,
        ),
        Mean("answered", f"{name}.before_apart", of, sizes, Kind.EFFECT_SIZE, decimal_places=2, everyone_only=True),
    ]


def _estimates(
    changes: Mapping[Group, PairedChange], read: Callable[[PairedChange], Estimate | None]
) -> dict[Group, Estimate]:
    return {group: found for group, change in changes.items() if (found := read(change)) is not None}


def _before(change: PairedChange) -> Estimate | None:
    return None if change.mean_before is None else Estimate(change.mean_before)


def _after(change: PairedChange) -> Estimate | None:
    return None if change.mean_after is None else Estimate(change.mean_after)


def _spread(change: PairedChange) -> Estimate | None:
    return None if change.sd_before is None else Estimate(change.sd_before)


def _change(change: PairedChange) -> Estimate | None:
    return None if change.mean_change is None else Estimate(change.mean_change, change.low, change.high)
