"""Who took part: how many reached each stage, of all who registered and of the stage before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from frontend import charts
from frontend.releases.figures import Figures, head_of, name_of, share
from frontend.releases.sections import PERCENT, Chart, Later, Section, Table, later_of, side_by_side
from outcomes.counting.truth import IN_GROUP

REGISTERED, STARTED = "funnel.registered", "funnel.started"
NOT_SHOWN = "Not shown"
FIFTHS = "deprivation"
COMPLETED = " (completed)"  # of the last form that there is


@dataclass(frozen=True)
class Stage:
    """`of` is the stage that it is a part of, and `who` says in words who they are.

    `of_all` and `of_before` are its shares as the release tells them; one that was made before it did tells the counts.
    """

    measure: str
    label: str
    of: str = ""
    who: str = ""
    of_all: str = ""
    of_before: str = ""


def of_everyone(figures: Figures) -> Section:
    stages = stages_of(figures)
    bars = [_bar(figures, stage) for stage in stages]
    drawn = charts.bars(bars, title="People at each stage, everyone", name="people", hi=_longest(bars))
    chart = Chart(drawn, "In brackets: the share of all who registered.")
    columns = ["Stage", "People", "Of all who registered", "Of the stage before"]
    return Section(
        "people",
        "Who took part",
        words=["How many of the people who agreed to be counted had reached each stage."],
        tables=[Table("People at each stage", columns, [_row(figures, stage) for stage in stages], chart)],
        notes=[
            "Shares are of the rounded numbers. The stage before a form is everyone from whom it was due.",
            *_elsewhere(figures),
        ],
    )


def is_nobody_there(figures: Figures) -> bool:
    """Whether nobody had registered, so that every other figure of people is nought or missing."""
    return figures.value(REGISTERED) == 0


def nobody_there(figures: Figures) -> Section:
    there = f" in {figures.release.area}" if figures.release.area else ""
    words = f"Nobody{there} who agreed to be counted had registered, so there is nothing to tell yet."
    return Section("people", "Who took part", tables=[], words=[words])


def _elsewhere(figures: Figures) -> list[str]:
    """What whoever runs the programme wrote down to read the share who started beside; frozen with the summary."""
    said = figures.release.method.get("started_elsewhere")
    if not said:
        return []
    share = f"{said['percent']}% of those who registered came to a first class ({said['source']})"
    return [f"In other programmes {share}. They were other people, and nobody has checked that the two compare."]


def of_groups(figures: Figures) -> Section:
    stages, name = stages_of(figures), name_of(figures.by)
    bars = [
        charts.Bar(group, figures.value(REGISTERED, where), figures.brief(REGISTERED, where))
        for group, where in figures.groups
    ]
    drawn = charts.bars(bars, title=f"People who registered, by {name}", name="people", hi=_longest(bars))
    chart = Chart(drawn, "People who registered.")
    columns = [head_of(figures.by), *(stage.label for stage in stages)]
    rows = [[group, *(figures.words(stage.measure, where) for stage in stages)] for group, where in figures.everywhere]
    people = Table(f"People at each stage, by {name}", columns, rows, chart)
    return Section("people", "Who took part", tables=[people, *_spread(figures, name), *_shares(figures, name)])


def _spread(figures: Figures, name: str) -> list[Table]:
    """Which part of everybody who registered is in each group, and which part would be by definition."""
    if not any(figures.figure(IN_GROUP, where) for _, where in figures.groups):
        return []
    rows = [[group, figures.words(IN_GROUP, where, unit="%")] for group, where in figures.groups]
    columns = [head_of(figures.by), "Of all who registered"]
    if figures.by == (FIFTHS,):
        columns.append("Of all areas, by definition")
        rows = [[*row, _by_definition(row[0])] for row in rows]
    return [Table(f"Which part of those who registered is in each group, by {name}", columns, rows)]


def _by_definition(band: str) -> str:
    """A fifth for each that the band holds; of nobody recorded there is none."""
    fifths = sum(str(n) in band for n in range(1, 6))
    return f"{100 // 5 * fifths}%" if fifths else ""


def stages_of(figures: Figures) -> list[Stage]:
    """The stages of the way, then each form, which is a part of those from whom it was due."""
    way = [
        Stage(REGISTERED, "Registered"),
        _of_way("funnel.cleared", "Checked as safe to start", REGISTERED, "registered"),
        _of_way(STARTED, "Came to a first class", "funnel.cleared", "checked"),
        _of_way("funnel.regular", f"Came to {figures.regular} or more classes", STARTED, "who came once"),
    ]
    start = _of_form("start", "Sent the start form", STARTED, "who came once")
    times = later_of(figures.release)
    last = times[-1:]
    later = [
        _of_form(one.code, f"Sent the form at {one.words}{COMPLETED if one in last else ''}", _due(one), "due")
        for one in times
    ]
    return [*way, *([start] if figures.has(start.measure) else []), *later]


def _due(one: Later) -> str:
    return f"forms.{one.code}.due"


def _of_way(measure: str, label: str, of: str, who: str) -> Stage:
    """A stage; where the one before is everyone, one share is both."""
    before = "share" if of == REGISTERED else "of_before"
    return Stage(measure, label, of, who, f"{measure}.share", f"{measure}.{before}")


def _of_form(code: str, label: str, of: str, who: str) -> Stage:
    return Stage(f"forms.{code}.sent", label, of, who, f"forms.{code}.of_all", f"forms.{code}.share")


def _longest(bars: Sequence[charts.Bar]) -> float:
    return max((bar.value for bar in bars if bar.value is not None), default=0)


def _bar(figures: Figures, stage: Stage) -> charts.Bar:
    words, of_all = figures.brief(stage.measure), _of_all(figures, stage)
    return charts.Bar(stage.label, figures.value(stage.measure), words if of_all is None else f"{words} ({of_all}%)")


def _of_all(figures: Figures, stage: Stage) -> int | None:
    return _share(figures, stage.of_all, stage.measure, REGISTERED) if stage.of else None


def _share(figures: Figures, told: str, part: str, whole: str) -> int | None:
    """A share as the release tells it."""
    if not figures.has(told):
        return share(figures.shown(part), figures.shown(whole))
    value = figures.value(told)
    return None if value is None else int(value)


def _row(figures: Figures, stage: Stage) -> list[str]:
    of_all = _of_all(figures, stage)
    of_all_words = "All of them" if not stage.of else NOT_SHOWN if of_all is None else f"{of_all}%"
    return [stage.label, figures.words(stage.measure), of_all_words, _of_before(figures, stage)]


def _of_before(figures: Figures, stage: Stage) -> str:
    if not stage.of:
        return "The first stage"
    part = _share(figures, stage.of_before, stage.measure, stage.of)
    return NOT_SHOWN if part is None else f"{part}% of {figures.brief(stage.of)} {stage.who}"


def _shares(figures: Figures, name: str) -> list[Table]:
    """Of those registered, with the interval: where this release counts it."""
    measures = {
        f"{STARTED}.share": "Came to a first class",
        "funnel.regular.share": f"Came to {figures.regular} or more",
    }
    if not figures.any_of(measures):
        return []
    title = f"Share who came to a first class, by {name}"
    started = side_by_side(figures, f"{STARTED}.share", PERCENT, title=title, name="started")
    rows = [
        [group, *(figures.with_interval(measure, where, unit="%") for measure in measures)]
        for group, where in figures.everywhere
    ]
    caption, columns = (
        f"Shares of all who registered, by {name} (95% interval)",
        [head_of(figures.by), *measures.values()],
    )
    return [
        Table(caption, columns, rows, started.saying("Of those who registered, the share who came to a first class."))
    ]
