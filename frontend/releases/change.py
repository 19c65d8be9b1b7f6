"""How answers changed by a later timepoint, of people who sent both forms: averages, and how many moved how far."""

from __future__ import annotations

from collections.abc import Sequence

from frontend import charts
from frontend.releases.figures import Figures, Told, about, as_on, head_of, in_brief, name_of, number, of_one_day
from frontend.releases.sections import (
    Chart,
    Later,
    Scale,
    Section,
    Table,
    later_of,
    not_drawn,
    nothing_told,
    side_by_side,
)
from outcomes.counting.instruments import ACTIVE_MINUTES
from outcomes.releases.reading import EVERYONE, Where

SCALES = {"total": "Body and mind together", "body": "Body", "mind": "Mind", "overall": "All in all"}
SCORES = ("Form due from", "People with both forms", "At the start", "Later", "Change (95% interval)")
ACTIVE = ACTIVE_MINUTES.measure
STEP = 5  # points: the ends of a chart of changes are whole steps


def of_everyone(figures: Figures) -> list[Section]:
    return [
        _nobody_yet(one) if _is_nobody_due(figures, one) else _told(figures, one, _everyone(figures, one))
        for one in later_of(figures.release)
    ]


def of_groups(figures: Figures) -> list[Section]:
    due = (one for one in later_of(figures.release) if not _is_nobody_due(figures, one))
    return [_told(figures, one, _groups(figures, one)) for one in due]


def _told(figures: Figures, later: Later, section: Section) -> Section:
    names = (f"{scale}.{later.code}" for scale in (*SCALES, ACTIVE))
    return nothing_told(section, "sent both forms") if figures.hides_all(names) else section


def _is_nobody_due(figures: Figures, later: Later) -> bool:
    return figures.value(f"forms.{later.code}.due") == 0


def _nobody_yet(later: Later) -> Section:
    words = f"Nobody’s form at {later.words} is due yet, so there is nothing to tell."
    return Section(f"change-{later.code}", f"How answers changed by {later.words}", tables=[], words=[words])


def _everyone(figures: Figures, later: Later) -> Section:
    moved = [(words, f"{scale}.{later.code}", EVERYONE) for scale, words in SCALES.items()]
    averages = [[words, *_scores(figures, scale, later, EVERYONE)] for scale, words in SCALES.items()]
    return Section(
        f"change-{later.code}",
        f"How answers changed by {later.words}",
        words=[_who(figures, later)],
        tables=[
            Table("Average scores", ["Score", *SCORES], averages, _dumbbell(figures, later)),
            *_active(figures, later),
            _moved("How many moved, and which way", "Score", figures, later, moved),
            *_bounds(figures, later),
            *sizes(figures, [(words, f"{scale}.{later.code}") for scale, words in SIZED.items()]),
        ],
    )


def _groups(figures: Figures, later: Later) -> Section:
    name, head = name_of(figures.by), head_of(figures.by)
    moved = [(group, f"total.{later.code}", where) for group, where in figures.everywhere]
    return Section(
        f"change-{later.code}",
        f"How answers changed by {later.words}",
        words=[
            f"{_who(figures, later)} Intervals that overlap show neither that groups differ nor that they are alike."
        ],
        tables=[
            *(
                Table(
                    f"{words}: average scores by {name}",
                    [head, *SCORES],
                    [[group, *_scores(figures, scale, later, where)] for group, where in figures.everywhere],
                    _dots(figures, later, name) if scale == "total" else None,
                )
                for scale, words in SCALES.items()
            ),
            *_active(figures, later),
            _moved(f"Body and mind together: how many moved, by {name}", head, figures, later, moved),
        ],
    )


def _who(figures: Figures, later: Later) -> str:
    due = figures.shown(f"forms.{later.code}.due")
    of = f" The later form was due from {about(due)} people{as_on(due)}." if due else ""
    return (
        f"Only people who sent both the start form and the form at {later.words} are counted here.{of} "
        "Scores go from 0 to 100, and more is better."
    )


# --- averages ----------------------------------------------------------------


def _scores(figures: Figures, scale: str, later: Later, where: Where) -> list[str]:
    return scores(figures, f"{scale}.{later.code}", f"forms.{later.code}.due", where)


def _active(figures: Figures, later: Later) -> list[Table]:
    """What people say they moved in a week, in minutes: of everyone, and of each group there is."""
    if not figures.has(f"{ACTIVE}.{later.code}.n"):
        return []
    head, by = (head_of(figures.by), f", by {name_of(figures.by)}") if figures.by else ("Who", "")
    rows = [[group, *_scores(figures, ACTIVE, later, where)] for group, where in figures.everywhere]
    return [Table(f"Minutes a week of moving enough to breathe a little faster{by}", [head, *SCORES], rows)]


def scores(figures: Figures, name: str, due: str, where: Where, *, of_people: str = "") -> list[str]:
    """The cells of one row. Where start, later and change are hidden for one reason, one cell says so.

    `of_people` begins the names of its figures of people, where these are another's too.
    """
    people = [figures.words(due, where), figures.words(f"{of_people or name}.n", where)]
    before, after = figures.words(f"{name}.before", where), figures.words(f"{name}.after", where)
    change = figures.with_interval(f"{name}.change", where, signed=True)
    is_hidden = not any(figures.shown(f"{name}.{part}", where) for part in ("before", "after", "change"))
    return [*people, before] if is_hidden and before == after == change else [*people, before, after, change]


def _dumbbell(figures: Figures, later: Later) -> Chart:
    pairs = [one for scale, words in SCALES.items() if (one := pair(figures, f"{scale}.{later.code}", words))]
    title = f"Average scores at the start and at {later.words}"
    key = "From 0 to 100, where more is better. Open dot: at the start. Full dot: later"
    note = f"Open dot: average at the start. Full dot: at {later.words}. Thin line: 95% interval of the change."
    return Chart(charts.dumbbell(pairs, title=title, key=key, name=f"change-{later.code}"), note)


def pair(figures: Figures, name: str, words: str) -> charts.Pair | None:
    before, after, change = (figures.shown(f"{name}.{part}") for part in ("before", "after", "change"))
    if before is None or after is None or not of_one_day(before, after):
        return None
    first, last = before.value or 0, after.value or 0
    low, high = (change.low, change.high) if change is not None and of_one_day(change, before) else (None, None)
    first_words, last_words = (number(value, before.decimal_places) for value in (first, last))
    return charts.Pair(
        words,
        first,
        last,
        f"{first_words} at the start, {last_words} later",
        beside=f"{first_words} to {last_words}",
        low=None if low is None else first + low,
        high=None if high is None else first + high,
    )


def _dots(figures: Figures, later: Later, name: str) -> Chart:
    measure = f"total.{later.code}.change"
    title = f"Average change in points by {name}, body and mind together"
    return side_by_side(figures, measure, _reach(figures, measure), title=title, name=f"change-{later.code}").saying(
        "Average change in points, body and mind together."
    )


def _reach(figures: Figures, measure: str) -> Scale:
    """As far as the intervals go, in whole steps, with no change in sight."""
    found = [one for _, where in figures.everywhere if (one := figures.shown(measure, where))]
    ends = [0.0, *(end for one in found for end in (one.value, one.low, one.high) if end is not None)]
    return Scale(STEP * (min(ends) // STEP), -STEP * (-max(max(ends), 1) // STEP), signed=True)


SIZED = SCALES | {ACTIVE: "Minutes a week"}
SIZES = {
    "before_spread": "Spread at the start",
    "effect": "Change, by that spread",
    "dz": "Change, by its own spread",
    "half_spread": "Half the spread at the start",
}


def sizes(figures: Figures, scales: Sequence[tuple[str, str]]) -> list[Table]:
    """How large each change is beside how much people differ, by what this release counts: of one area not all."""
    parts = [part for part in SIZES if figures.any_of(f"{name}.{part}" for _, name in scales)]
    caption = "How large the average change is, beside how much people differ"
    rows = [[words, *_size(figures, name, parts)] for words, name in scales]
    return [Table(caption, ["Score", *(SIZES[part] for part in parts)], rows)] if parts else []


def _size(figures: Figures, name: str, parts: Sequence[str]) -> list[str]:
    found = [figures.words(f"{name}.{part}", signed=part in ("effect", "dz")) for part in parts]
    return found[:1] if len(set(found)) == 1 else found


# --- how many moved ----------------------------------------------------------

Moved = tuple[str, str, Where]  # what the row is, the measure without its last part, of whom


def _moved(caption: str, head: str, figures: Figures, later: Later, moved: list[Moved]) -> Table:
    columns = [head, "People with both forms", *_key(figures), "Share higher (95% interval)"]
    rows = [[words, *way(figures, name, where)] for words, name, where in moved]
    return Table(caption, columns, rows, _stack(figures, later, moved))


def _key(figures: Figures) -> list[str]:
    return [f"{figures.threshold} points or more higher", "About the same", f"{figures.threshold} points or more lower"]


def way(figures: Figures, name: str, where: Where, *, down: str = "lower") -> list[str]:
    """The parts of one row. Where all are hidden for one reason, one cell says so."""
    higher, same, lower = (figures.words(f"{name}.{part}", where) for part in ("improved", "same", "worse"))
    if together := figures.shown(f"{name}.not_improved", where):
        same, lower = Told(f"{in_brief(together)}, with those {down}", together.repeats), "With the same"
    share = figures.with_interval(f"{name}.share_improved", where, unit="%")
    people, parts = figures.words(f"{name}.n", where), [higher, same, lower, share]
    return [people, higher] if len(set(parts)) == 1 else [people, *parts]


def _stack(figures: Figures, later: Later, moved: list[Moved]) -> Chart:
    rows = [row for words, name, where in moved if (row := parts(figures, words, name, where))]
    title = f"How many moved by {figures.threshold} points or more by {later.words}"
    left_out = not_drawn(words for words, name, where in moved if not parts(figures, words, name, where))
    own = f"People with both forms, in parts. {figures.threshold} of 100 points is our own line."
    note = " ".join([own, *left_out])
    key = key_of(rows, _key(figures), "About the same or lower, as one number")
    return Chart(charts.stack(rows, key=key, title=title, name=f"moved-{later.code}"), note)


def key_of(rows: Sequence[charts.Parts], key: Sequence[str], together: str) -> list[str]:
    """What the parts of these rows are called; `together`: two of them that are shown as one number."""
    as_one = [len(row.parts) > len(key) for row in rows]
    apart = [key[0], *("" if all(as_one) else words for words in key[1:])]
    return [*apart, together] if any(as_one) else apart


def parts(
    figures: Figures, words: str, name: str, where: Where, *, ways: tuple[str, str] = ("higher", "lower")
) -> charts.Parts | None:
    together = figures.shown(f"{name}.not_improved", where) is not None
    names = ("improved", "not_improved") if together else ("improved", "same", "worse")
    found = [figures.shown(f"{name}.{part}", where) for part in names]
    shown = [one for one in found if one is not None]
    if len(shown) < len(found) or not of_one_day(*shown):
        return None
    known = [one.value or 0 for one in shown]
    higher, *others = (number(value, 0) for value in known)
    beside = " · ".join([higher, *others])
    if together:
        said = f"{higher} {ways[0]}, {others[0]} about the same or {ways[1]}, as one number"
        return charts.Parts(words, (known[0], 0, 0, known[1]), said, beside)
    said = f"{higher} {ways[0]}, {others[0]} about the same, {others[1]} {ways[1]}"
    return charts.Parts(words, tuple(known), said, beside)


def _bounds(figures: Figures, later: Later) -> list[Table]:
    """What the share would be had everyone answered: at the least, and at the most."""
    measures = {scale: f"{scale}.{later.code}.bounds" for scale in SCALES}
    if not figures.any_of(measures.values()):
        return []
    columns = ["Score", "Both forms, of those due", "Share higher, of those due: at least", "At most"]
    rows = [[words, *bound(figures, f"{scale}.{later.code}")] for scale, words in SCALES.items()]
    return [Table("If everyone from whom it was due had sent the form", columns, rows)]


def bound(figures: Figures, name: str) -> list[str]:
    paired, found = figures.with_interval(f"{name}.share_paired", unit="%"), figures.shown(f"{name}.bounds")
    if found is None:
        return [paired, figures.words(f"{name}.bounds")]
    ends = (f"{number(end or 0, found.decimal_places)}%" for end in (found.low, found.high))
    return [paired, *(Told(end, found.repeats) for end in ends)]
