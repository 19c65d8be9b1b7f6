"""The plain way to say what one person's way through the programme comes to: what the product reckons in columns
must come to the same. Pure, and slow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from outcomes.asking.windows import Due, Window, counting_window
from outcomes.counting.bands import BY_NAME, Bands, band_of
from outcomes.counting.cohort import NEVER, REGULAR, Cohort, SentForms, Timing
from outcomes.counting.instruments import ACTIVE_MINUTES, THRESHOLD
from outcomes.counting.quality import MODES
from outcomes.counting.taking_part import TakingPart
from outcomes.counting.truth import ALL_IN_ALL, SCALES
from outcomes.disclosure import Labels, Line, Sheet
from outcomes.disclosure.sheet import NONE
from outcomes.statistics import TOLERANCE
from participants.rules.programme_time import Pause

COUNTS = ("offered", "due", "attended", "given_back_late", "came", "minutes")


@dataclass(frozen=True)
class SentForm:
    """One form that was sent: when, and its scores by scale. A scale without a score is not in it."""

    on: date
    scores: Mapping[str, float]
    mode: str = "self"


@dataclass(frozen=True)
class Journey:
    """One person in one programme, as at a date. `person` only tells people apart."""

    person: int
    about: Mapping[str, str] = field(default_factory=dict)  # as recorded, by dimension
    cleared: bool = False
    took: TakingPart = TakingPart()
    came_on: tuple[date, ...] = ()
    pauses: tuple[Pause, ...] = ()
    forms: Mapping[str, SentForm] = field(default_factory=dict)  # by code of the timepoint

    def window(self, due: Due) -> Window:
        return counting_window(due, min(self.came_on, default=None), self.pauses)

    def form_in_window(self, timing: Timing) -> SentForm | None:
        form = self.forms.get(timing.code)
        return form if form is not None and self.window(timing.due).is_open(form.on) else None

    def was_due(self, timing: Timing, as_at: date) -> bool:
        if self.form_in_window(timing) is not None:
            return True
        return bool(self.came_on) and self.window(timing.due).has_closed(as_at)

    def pair(self, start: Timing, later: Timing, scale: str) -> tuple[float, float] | None:
        forms = (self.form_in_window(start), self.form_in_window(later))
        scores = [form.scores.get(scale) for form in forms if form is not None]
        if len(scores) != 2 or scores[0] is None or scores[1] is None:
            return None
        return scores[0], scores[1]


def lines_of(journeys: Sequence[Journey], *, timings: Sequence[Timing], bands: Bands, as_at: date) -> dict[str, Line]:
    """A line for each person, under their number. The first of `timings` is the start."""
    return {
        str(journey.person): Line(_placed(journey.about, bands), dict(_amounts(journey, timings, as_at)))
        for journey in journeys
    }


def _placed(about: Mapping[str, str], bands: Bands) -> tuple[tuple[str, str], ...]:
    return tuple((name, band_of(BY_NAME[name], about.get(name, ""), bands)) for name in BY_NAME if name in bands)


def _amounts(journey: Journey, timings: Sequence[Timing], as_at: date) -> Iterator[tuple[str, float]]:
    came, took, start = len(journey.came_on), journey.took, timings[0]
    stages = {
        "registered": True,
        "cleared": journey.cleared or came > 0,
        "started": came > 0,
        "regular": came >= REGULAR,
    }
    yield from ((f"funnel.{stage}", 1) for stage, reached in stages.items() if reached)
    visits = {"offered": took.offered, "due": took.due, "attended": took.attended, "late": took.given_back_late}
    visits |= {"missed": took.missed, "came": took.came, "hours": round(took.minutes / 60, 4)}
    yield from ((f"visits.{name}", number) for name, number in visits.items() if number)
    first = journey.form_in_window(start)
    if first is not None:
        yield from _came(start, first)
    elif came:
        yield from _did_not_come(start, journey)
    for later in timings[1:]:
        if journey.was_due(later, as_at):
            yield f"forms.{later.code}.due", 1
            if (form := journey.form_in_window(later)) is not None:
                yield from _came(later, form)
                for scale in (*SCALES, ACTIVE_MINUTES.scale):
                    yield from _pair(f"{scale}.{later.code}", journey.pair(start, later, scale))
                pair = journey.pair(start, later, ALL_IN_ALL)
                if pair is not None:
                    yield f"{ALL_IN_ALL}.{later.code}.before_apart", pair[0]
                continue
            yield from _did_not_come(later, journey)
            score, name = None if first is None else first.scores.get(ALL_IN_ALL), f"{ALL_IN_ALL}.{later.code}"
            if score is not None:
                yield from ((f"{name}.others", 1), (f"{name}.before_others", score), (f"{name}.before_apart", score))


def _came(timing: Timing, form: SentForm) -> Iterator[tuple[str, float]]:
    yield from ((f"forms.{timing.code}.{part}", 1) for part in ("sent", f"by_{form.mode}"))


def _did_not_come(timing: Timing, journey: Journey) -> Iterator[tuple[str, float]]:
    yield f"forms.{timing.code}.not_sent", 1
    if timing.code in journey.forms:
        yield f"forms.{timing.code}.outside", 1


def _pair(name: str, pair: tuple[float, float] | None) -> Iterator[tuple[str, float]]:
    if pair is not None:
        before, after = pair
        yield f"{name}.n", 1
        if not name.startswith(ACTIVE_MINUTES.measure):
            yield f"{name}.{_way(after - before)}", 1
        yield from ((f"{name}.before", before), (f"{name}.after", after), (f"{name}.change", after - before))


def _way(change: float) -> str:
    if abs(change) < THRESHOLD - TOLERANCE:
        return "same"
    return "improved" if change > 0 else "worse"


# --- to columns and back -----------------------------------------------------


def cohort(journeys: Sequence[Journey]) -> Cohort:
    some = sorted(journeys, key=lambda one: one.person)
    codes = dict.fromkeys(code for one in some for code in one.forms)
    took = {name: np.array([getattr(one.took, name) for one in some], np.int64) for name in COUNTS}
    return Cohort(
        people=np.array([one.person for one in some], np.int64),
        about={name: _labels([one.about.get(name, "") for one in some]) for name in BY_NAME},
        cleared=np.array([one.cleared for one in some], bool),
        took=TakingPart(**took | {"came": np.array([len(one.came_on) for one in some], np.int64)}),
        first_class=np.array([_number(min(one.came_on, default=None)) for one in some], np.int64),
        pauses={row: one.pauses for row, one in enumerate(some) if one.pauses},
        forms={code: _forms([one.forms.get(code) for one in some]) for code in codes},
    )


def _labels(said: Sequence[str]) -> Labels:
    values = tuple(sorted(set(said) - {""}))
    return Labels(values, np.array([values.index(one) if one else -1 for one in said], np.int64))


def _number(day: date | None) -> int:
    return NEVER if day is None else day.toordinal()


def _forms(each: Sequence[SentForm | None]) -> SentForms:
    scores = {
        scale: np.array([np.nan if form is None else form.scores.get(scale, np.nan) for form in each], float)
        for scale in (*SCALES, ACTIVE_MINUTES.scale)
    }
    modes = np.array([NONE if form is None else MODES.index(form.mode) for form in each], np.int64)
    return SentForms(np.array([_number(form and form.on) for form in each], np.int64), scores, modes=modes)


def journeys_in(columns: Cohort) -> list[Journey]:
    """Each by themselves; of the classes that they came to, the first."""
    return [
        Journey(
            person=person,
            about={
                name: of.values[of.numbers[row]] if of.numbers[row] >= 0 else "" for name, of in columns.about.items()
            },
            cleared=bool(columns.cleared[row]),
            took=TakingPart(*(int(getattr(columns.took, name)[row]) for name in COUNTS)),
            came_on=tuple(date.fromordinal(day) for day in columns.first_class[row : row + 1].tolist() if day < NEVER),
            pauses=columns.pauses.get(row, ()),
            forms={code: _form(forms, row) for code, forms in columns.forms.items() if forms.on[row] < NEVER},
        )
        for row, person in enumerate(columns.people.tolist())
    ]


def _form(forms: SentForms, row: int) -> SentForm:
    scores = {scale: float(values[row]) for scale, values in forms.scores.items() if not np.isnan(values[row])}
    mode = "self" if forms.modes is None else MODES[forms.modes[row]]
    return SentForm(date.fromordinal(int(forms.on[row])), scores, mode)


def lines_in(sheet: Sheet) -> dict[str, Line]:
    """The lines of a sheet, written one by one."""
    return {
        str(token): Line(
            tuple((name, of.values[of.numbers[row]]) for name, of in sheet.places.items() if of.numbers[row] >= 0),
            {name: float(column[row]) for name, column in sheet.amounts.items() if not np.isnan(column[row])},
        )
        for row, token in enumerate(sheet.tokens)
    }


def groups_of(line: Line) -> set[tuple[tuple[str, str], ...]]:
    """Every group that a line is in, of one dimension or of two."""
    pairs = {(one, other) for n, one in enumerate(line.places) for other in line.places[n + 1 :]}
    return {(), *((place,) for place in line.places), *pairs}
