"""A release in a few sentences: what somebody reads who reads nothing else."""

from __future__ import annotations

from frontend import wording
from frontend.releases.figures import Figures, about, number
from frontend.releases.funnel import REGISTERED, STARTED
from frontend.releases.sections import Later, later_of

CAUTION = (
    "There was no comparison group, so these figures do not say what made the difference. "
    "The scores are a check-in, not a clinical measure."
)


def lines_of(figures: Figures) -> list[str]:
    release, lines = figures.release, list[str]()
    if registered := figures.shown(REGISTERED):
        lines.append(
            f"{wording.sentence(about(registered))} people who agreed to be counted had registered "
            f"by {wording.plain_date(registered.repeats or release.as_at)}.{_came(figures)}"
        )
    if attended := figures.shown("visits.share"):
        lines.append(f"People came to {attended.value:.0f}% of the classes they had booked and that took place.")
    return [*lines, *(_line_of_change(figures, one) for one in later_of(release))]


def _came(figures: Figures) -> str:
    stages = ((STARTED, "came to a first class"), ("funnel.regular", f"came to {figures.regular} or more"))
    came = [f"{about(cell)} {words}" for stage, words in stages if (cell := figures.shown(stage))]
    return f" Of these, {wording.joined(came)}." if came else ""


def _line_of_change(figures: Figures, later: Later) -> str:
    change, paired = figures.shown(f"total.{later.code}.change"), figures.shown(f"total.{later.code}.n")
    if change is None or paired is None:
        return f"Too few people have sent both the start form and the form at {later.words} to say how answers changed."
    low, high = (number(value or 0, 1, signed=True) for value in (change.low, change.high))
    due = figures.shown(f"forms.{later.code}.due")
    of = f", of {about(due)} from whom it was due," if due else ""
    return (
        f"{wording.sentence(about(paired))} people{of} sent the form at {later.words} and the start form. "
        f"Out of 100 for body and mind together, they scored on average {way_of(change.value or 0)} "
        f"(95% interval {low} to {high})."
    )


def way_of(change: float) -> str:
    size = number(abs(change), 1)
    if size == "0.0":
        return "the same as at the start"
    return f"{size} points {'higher' if change > 0 else 'lower'} than at the start"
