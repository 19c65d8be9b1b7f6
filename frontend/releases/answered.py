"""Who answered and who did not, side by side by what was known at the start: how far the answers speak for all."""

from __future__ import annotations

from frontend.releases.figures import Figures, about, as_on, head_of, name_of, of_one_day
from frontend.releases.sections import Later, Section, Table, later_of
from outcomes.releases.reading import Where

NAME, TITLE = "answered", "Who answered, and who did not"
NOBODY_DUE = "Nobody’s later form is due yet, so there is nobody who has not sent one."
UNEVEN = 0.1  # of releases that do not say


def of_everyone(figures: Figures) -> list[Section]:
    """How many forms came, and how those who sent none had answered at the start. Empty in a release without."""
    counted = [one for one in later_of(figures.release) if figures.has(f"forms.{one.code}.not_sent")]
    if not counted:
        return []
    later = [one for one in counted if _is_due(figures, one)]
    if not later:
        return [Section(NAME, TITLE, tables=[], words=[NOBODY_DUE])]
    columns = ["Form", "Due from", "Sent in its time", "Not in its time", "Share sent (95% interval)"]
    sent = Table("Forms due and sent", columns, [[one.label, *_forms(figures, one)] for one in later])
    words = _lines(figures, later)
    if figures.release.area:  # the rest is counted of the whole programme alone
        return [Section(NAME, TITLE, words=words, tables=[sent])]
    by_group = "Whether some groups answered less than others stands with the figures by group."
    return [Section(NAME, TITLE, [sent, _at_the_start(figures, later)], [*words, by_group], [_apart(figures)])]


def _at_the_start(figures: Figures, later: list[Later]) -> Table:
    columns = [
        "Form",
        "With both forms: average at the start",
        "Form not sent: people",
        "Average at the start",
        "Apart",
    ]
    caption = "Body and mind together at the start, of those who answered later and of those who did not"
    return Table(caption, columns, [[one.label, *_starts(figures, one)] for one in later])


def of_groups(figures: Figures) -> list[Section]:
    """Whether those who sent a form are spread over the groups as those who did not. Of single dimensions alone."""
    later = [one for one in later_of(figures.release) if _has_shares(figures, one) and _is_due(figures, one)]
    if not later:
        return []
    name = name_of(figures.by)
    columns = [head_of(figures.by), "Of those who sent it", "Of those who did not", "Apart"]
    tables = [
        Table(
            f"The form at {one.words}, by {name}",
            columns,
            [[group, *_shares(figures, one, where)] for group, where in figures.groups],
        )
        for one in later
    ]
    words = [
        "Of all who sent the form, and of all who did not: which share is in each group. A column adds up to 100%, "
        "but for rounding."
    ]
    return [Section(NAME, TITLE, words=words, tables=tables, notes=[_apart(figures)])]


def _lines(figures: Figures, later: list[Later]) -> list[str]:
    return [line for one in later if (line := _line(figures, one))]


def _line(figures: Figures, later: Later) -> str:
    due, not_sent = figures.shown(f"forms.{later.code}.due"), figures.shown(f"forms.{later.code}.not_sent")
    if due is None or not_sent is None or not not_sent.value or not of_one_day(due, not_sent):
        return ""
    did_not = f"{about(not_sent)} did not send it in its time{as_on(due)}"
    return (
        f"Of {about(due)} people from whom the form at {later.words} was due, {did_not}: "
        "the figures of change say nothing of them."
    )


def _is_due(figures: Figures, later: Later) -> bool:
    """From anybody, as far as is told."""
    return figures.value(f"forms.{later.code}.due") != 0


def _forms(figures: Figures, later: Later) -> list[str]:
    name = f"forms.{later.code}"
    counts = [figures.words(f"{name}.{part}") for part in ("due", "sent", "not_sent")]
    return [*counts, figures.with_interval(f"{name}.share", unit="%")]


def _starts(figures: Figures, later: Later) -> list[str]:
    name = f"total.{later.code}"
    return [
        figures.words(f"{name}.before"),
        figures.words(f"{name}.others"),
        figures.words(f"{name}.before_others"),
        figures.words(f"{name}.before_apart", signed=True),
    ]


def _has_shares(figures: Figures, later: Later) -> bool:
    return any(figures.figure(f"forms.{later.code}.share_sent", where) for _, where in figures.groups)


def _shares(figures: Figures, later: Later, where: Where) -> list[str]:
    name = f"forms.{later.code}"
    shares = [figures.words(f"{name}.{part}", where, unit="%") for part in ("share_sent", "share_not_sent")]
    return [*shares, figures.words(f"{name}.apart", where, signed=True)]


def _apart(figures: Figures) -> str:
    uneven = figures.release.method.get("uneven", UNEVEN)
    return (
        "“Apart” is the standardised difference: those who sent the form less those who did not, by their common "
        f"spread. From {uneven:g} on, either way, the two are unlike enough to speak of it. It is not a test."
    )
