"""How answers to other questionnaires than our own changed: each instrument as it is scored and as its sources have it.

Here: sections for everyone and for groups, from what the release says of each instrument. Not here: our own check
(change.py, whose rows these are), which scales are told (outcomes/counting/instruments.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from frontend import charts, wording
from frontend.releases.change import SCORES, bound, key_of, pair, parts, scores, sizes, way
from frontend.releases.figures import Figures, Told, about, as_on, head_of, in_brief, name_of, number, way_of
from frontend.releases.sections import Chart, Later, Section, Table, later_of, not_drawn, nothing_told
from outcomes.models import Release
from outcomes.releases.reading import EVERYONE, Where

KEY: Final = ("Better by the line or more", "About the same", "Worse by the line or more")
WAYS: Final = ("better", "worse")
SHARE: Final = "Share better (95% interval)"
MOVED: Final = (*KEY, SHARE)
WAYS_OF_ANSWERS: Final = {"improved": "Better", "mixed": "Mixed", "same": "The same", "worse": "Worse"}


@dataclass(frozen=True)
class Scale:
    """One scale at one timepoint."""

    label: str
    name: str  # of its figures, without their last part
    of_people: str  # the same of its figures of people
    lo: float
    hi: float
    up: bool
    better: float
    worse: float
    source: str
    also: tuple[str, ...]  # other lines that are known of it
    by_answers: bool  # people are counted by their answers one by one, and by no line

    @property
    def reach(self) -> str:
        low = f"{self.lo:g}".replace("-", "−")
        return f"from {low} to {self.hi:g}, and {'more' if self.up else 'less'} is better"

    @property
    def line(self) -> str:
        return _points(self.better, self.worse, self.source)


@dataclass(frozen=True)
class Words:
    """What is said of a form, or of a movement that was measured."""

    how: str
    who: str  # are counted
    whose: str
    due: str
    both: str
    both_said: str
    due_from: str
    if_everyone: str


FORM: Final = Words(
    how="how answers changed by",
    who="who sent both its form at the start and its form at",
    whose="who were asked to",
    due="The later form was due from",
    both="People with both forms",
    both_said="sent both its forms",
    due_from="Form due from",
    if_everyone="If everyone from whom it was due had sent the form",
)
MOVEMENT: Final = Words(
    how="how it changed by",
    who="who were measured both at the start and at",
    whose="who were measured at all",
    due="To be measured then, having been so before, were",
    both="People measured twice",
    both_said="were measured twice",
    due_from="To be measured",
    if_everyone="If everyone who was to be measured had been",
)


@dataclass(frozen=True)
class Asked:
    """One instrument at one timepoint."""

    code: str
    title: str
    later: Later
    scales: tuple[Scale, ...]
    words: Words

    @property
    def due(self) -> str:
        return f"{self.code}.{self.later.code}.due"

    @property
    def with_line(self) -> list[Scale]:
        return [scale for scale in self.scales if scale.better and scale.worse]

    @property
    def by_answers(self) -> list[Scale]:
        return [scale for scale in self.scales if scale.by_answers]


def of_everyone(figures: Figures) -> list[Section]:
    return [_told(figures, asked, _everyone(figures, asked)) for asked in _asked(figures)]


def of_groups(figures: Figures) -> list[Section]:
    return [_told(figures, asked, _groups(figures, asked)) for asked in _asked(figures)]


def _told(figures: Figures, asked: Asked, section: Section) -> Section:
    names = (scale.name for scale in asked.scales)
    return nothing_told(section, asked.words.both_said) if figures.hides_all(names) else section


def lines_of(figures: Figures) -> list[str]:
    """A sentence on each, by the first of its scales: for whoever reads nothing else."""
    return [_line(figures, asked, asked.scales[0]) for asked in _asked(figures)]


def scoring_of(release: Release) -> Iterator[str]:
    """A sentence for the method on each instrument."""
    for one in release.method.get("instruments", []):
        yield (
            f"{one['title']}, version {one['version']} of its scoring: {one['citation']}. "
            "Its scores stand as it has them."
        )


def _points(better: float, worse: float, source: str) -> str:
    points = f"{better:g}" if better == worse else f"{better:g} for better, {worse:g} for worse"
    return f"{points} points ({source})"


def _line(figures: Figures, asked: Asked, scale: Scale) -> str:
    change, paired = figures.shown(f"{scale.name}.change"), figures.shown(f"{scale.of_people}.n")
    if asked.words is MOVEMENT:
        both = f"been measured in {asked.title}, at the start and at {asked.later.words}"
    else:
        both = f"sent both forms of {asked.title}, at the start and at {asked.later.words}"
    if change is None or paired is None:
        return f"Too few people have {both}, to say how that changed."
    on = f"On {scale.label} ({scale.reach}),"
    low, high = (number(end or 0, change.decimal_places, signed=True) for end in (change.low, change.high))
    who, moved = "people with both scored", way_of(change)
    if asked.words is MOVEMENT:
        who, moved = "people measured twice reached", way_of(change, "more", "fewer")
    told = f"{who} on average {moved} (95% interval {low} to {high}){as_on(change)}"
    return f"{wording.sentence(about(paired))} people have {both}{as_on(paired)}. {on} {told}."


def _asked(figures: Figures) -> list[Asked]:
    """Those from whom anybody's form was due."""
    each = (
        Asked(
            one["code"],
            one["title"],
            later,
            tuple(_scale(told, later) for told in one["scales"]),
            MOVEMENT if one.get("measured") else FORM,
        )
        for one in figures.release.method.get("instruments", [])
        for later in later_of(figures.release)
    )
    return [asked for asked in each if figures.has(asked.due) and figures.value(asked.due) != 0]


def _scale(told: dict[str, Any], later: Later) -> Scale:
    facts = {name: told[name] for name in ("label", "lo", "hi", "up", "better", "worse", "source")}
    also = tuple(_points(**line) for line in told.get("also", ()))
    name, of_people = (f"{of}.{later.code}" for of in (told["measure"], told.get("counts") or told["measure"]))
    return Scale(name=name, of_people=of_people, also=also, by_answers=bool(told.get("answers")), **facts)


def _everyone(figures: Figures, asked: Asked) -> Section:
    averages = [[scale.label, *_scores(figures, asked, scale, EVERYONE)] for scale in asked.scales]
    return Section(
        f"{asked.code}-{asked.later.code}",
        _title(asked),
        words=[_who(figures, asked), *_reaches(asked)],
        tables=[
            Table("Average scores", ["Score", *_heads(asked)], averages, _dumbbell(figures, asked)),
            *_moved(figures, asked),
            *sizes(figures, [(scale.label, scale.name) for scale in asked.scales]),
        ],
        notes=_lines(asked),
    )


def _groups(figures: Figures, asked: Asked) -> Section:
    name, head = name_of(figures.by), head_of(figures.by)
    return Section(
        f"{asked.code}-{asked.later.code}",
        _title(asked),
        words=[
            f"{_who(figures, asked)} Intervals that overlap show neither that groups differ nor that they are alike.",
            *_reaches(asked),
        ],
        tables=[
            table
            for scale in asked.scales
            for table in (
                Table(
                    f"{scale.label}: average scores by {name}",
                    [head, *_heads(asked)],
                    [[group, *_scores(figures, asked, scale, where)] for group, where in figures.everywhere],
                ),
                *_moved_in_groups(figures, asked, scale),
            )
        ],
        notes=_lines(asked),
    )


def _scores(figures: Figures, asked: Asked, scale: Scale, where: Where) -> list[str]:
    return scores(figures, scale.name, asked.due, where, of_people=scale.of_people)


def _title(asked: Asked) -> str:
    return f"{asked.title}: {asked.words.how} {asked.later.words}"


def _heads(asked: Asked) -> list[str]:
    return [asked.words.due_from, asked.words.both, *SCORES[2:]]


def _who(figures: Figures, asked: Asked) -> str:
    due = figures.shown(asked.due)
    of = f" {asked.words.due} {about(due)} people{as_on(due)}." if due else ""
    return f"Only people {asked.words.who} {asked.later.words} are counted here, of those {asked.words.whose}.{of}"


def _reaches(asked: Asked) -> list[str]:
    """A sentence for all scales of one reach."""
    by_reach: dict[str, list[str]] = {}
    for scale in asked.scales:
        by_reach.setdefault(scale.reach, []).append(scale.label)
    return [
        f"{wording.joined(labels)} {'goes' if len(labels) == 1 else 'go'} {reach}."
        for reach, labels in by_reach.items()
    ]


def _lines(asked: Asked) -> list[str]:
    """From which line on a change counts, and who says so."""
    by_line: dict[str, list[str]] = {}
    for scale in asked.with_line:
        by_line.setdefault(scale.line, []).append(scale.label)
    lines = [f"The line for {wording.joined(labels)}: {line}." for line, labels in by_line.items()]
    lines += [f"Also known for {scale.label}: {'; '.join(scale.also)}." for scale in asked.scales if scale.also]
    lines += [
        f"No line is known for {scale.label}, so people are counted by their answers one by one. Better: one answer or "
        "more is better and none is worse. Worse: the other way round. Mixed: some are better and some worse."
        for scale in asked.by_answers
    ]
    counted = (*asked.with_line, *asked.by_answers)
    without = [scale.label for scale in asked.scales if scale not in counted]
    none = f"For {wording.joined(without)} no line is known, so nobody is counted by one."
    return [*lines, *([none] if without else [])]


def _dumbbell(figures: Figures, asked: Asked) -> Chart | None:
    """Of scales with one reach; others share no axis."""
    ends = {(scale.lo, scale.hi) for scale in asked.scales}
    if len(ends) > 1:
        return None
    ((lo, hi),) = ends
    pairs = [one for scale in asked.scales if (one := pair(figures, scale.name, _turned(scale)))]
    title = f"Average scores at the start and at {asked.later.words}: {asked.title}"
    key = f"From {lo:g} to {hi:g}. Open dot: at the start. Full dot: later"
    drawn = charts.dumbbell(pairs, title=title, key=key, name=f"{asked.code}-{asked.later.code}", lo=lo, hi=hi)
    return Chart(drawn, f"{key}. Thin line: 95% interval of the change.")


def _turned(scale: Scale) -> str:
    return scale.label if scale.up else f"{scale.label} (less is better)"


def _moved(figures: Figures, asked: Asked) -> list[Table]:
    counted = [scale for scale in asked.scales if scale in (*asked.with_line, *asked.by_answers)]
    if not counted:
        return []
    bounds = [[scale.label, *bound(figures, scale.of_people)] for scale in counted]
    columns = ["Score", "Both, of those due", "Share better, of those due: at least", "At most"]
    return [*_by_line(figures, asked), *_by_answers(figures, asked), Table(asked.words.if_everyone, columns, bounds)]


def _by_line(figures: Figures, asked: Asked) -> list[Table]:
    rows = [[scale.label, *way(figures, scale.of_people, EVERYONE, down="worse")] for scale in asked.with_line]
    columns = ["Score", asked.words.both, *MOVED]
    return (
        [Table("How many moved, and which way", columns, rows, _stack(figures, asked, asked.with_line))] if rows else []
    )


def _by_answers(figures: Figures, asked: Asked) -> list[Table]:
    rows = [[scale.label, *_one_by_one(figures, scale, EVERYONE)] for scale in asked.by_answers]
    columns = ["Score", asked.words.both, *WAYS_OF_ANSWERS.values(), SHARE]
    return [Table("How many answered better or worse, answer by answer", columns, rows)] if rows else []


def _one_by_one(figures: Figures, scale: Scale, where: Where) -> list[str]:
    """The parts of one row. Where all are hidden for one reason, one cell says so."""
    parts = [figures.words(f"{scale.of_people}.{part}", where) for part in WAYS_OF_ANSWERS]
    if together := figures.shown(f"{scale.of_people}.not_improved", where):
        all_of_them = Told(f"{in_brief(together)}, all that are not better", together.repeats)
        parts = [parts[0], all_of_them, *["With the mixed"] * 2]
    share = figures.with_interval(f"{scale.of_people}.share_improved", where, unit="%")
    people = figures.words(f"{scale.of_people}.n", where)
    return [people, share] if len({*parts, share}) == 1 else [people, *parts, share]


def _stack(figures: Figures, asked: Asked, scales: Sequence[Scale]) -> Chart:
    rows = [row for scale in scales if (row := parts(figures, scale.label, scale.of_people, EVERYONE, ways=WAYS))]
    title = f"How many moved by the line or more by {asked.later.words}: {asked.title}"
    name = f"moved-{asked.code}-{asked.later.code}"
    left_out = not_drawn(
        one.label for one in scales if not parts(figures, one.label, one.of_people, EVERYONE, ways=WAYS)
    )
    key = key_of(rows, KEY, "About the same or worse, as one number")
    note = " ".join([f"{asked.words.both}, in parts.", *left_out])
    return Chart(charts.stack(rows, key=key, title=title, name=name), note)


def _moved_in_groups(figures: Figures, asked: Asked, scale: Scale) -> list[Table]:
    if scale.by_answers:
        rows = [[group, *_one_by_one(figures, scale, where)] for group, where in figures.everywhere]
        columns = [head_of(figures.by), asked.words.both, *WAYS_OF_ANSWERS.values(), SHARE]
        caption = f"{scale.label}: how many answered better or worse, answer by answer, by {name_of(figures.by)}"
        return [Table(caption, columns, rows)]
    if scale not in asked.with_line:
        return []
    rows = [[group, *way(figures, scale.of_people, where, down="worse")] for group, where in figures.everywhere]
    caption = f"{scale.label}: how many moved, by {name_of(figures.by)}"
    return [Table(caption, [head_of(figures.by), asked.words.both, *MOVED], rows)]
