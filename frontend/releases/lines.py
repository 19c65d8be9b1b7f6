"""A release in a few sentences: what somebody reads who reads nothing else."""

from __future__ import annotations

from frontend import wording
from frontend.releases import instruments
from frontend.releases.figures import TOO_FEW, Figures, about, as_on, number, of_one_day, way_of
from frontend.releases.funnel import REGISTERED, STARTED, is_nobody_there
from frontend.releases.sections import Later, later_of
from outcomes.releases.reading import Figure

CAUTION = (
    "There was no comparison group, so these figures do not say what made the difference. "
    "Our own wellbeing check is a check-in, not a clinical measure."
)


def lines_of(figures: Figures) -> list[str]:
    release, lines = figures.release, list[str]()
    if registered := figures.shown(REGISTERED):
        there = f" in {release.area}" if release.area else ""
        people = f"{wording.sentence(about(registered))} people" if registered.value else "Nobody"
        day = wording.plain_date(registered.repeats or release.as_at)
        lines.append(f"{people}{there} who agreed to be counted had registered by {day}.{_came(figures, registered)}")
    if is_nobody_there(figures):
        return lines
    if attended := figures.shown("visits.share"):
        lines.append(_attended(figures, attended))
    return [*lines, *(_line_of_change(figures, one) for one in later_of(release)), *instruments.lines_of(figures)]


def _came(figures: Figures, registered: Figure) -> str:
    stages = ((STARTED, "came to a first class"), ("funnel.regular", f"came to {figures.regular} or more"))
    found = [(cell, words) for stage, words in stages if (cell := figures.shown(stage))]
    came = [
        f"{about(cell) if cell.value else 'nobody'} {words}" for cell, words in found if of_one_day(cell, registered)
    ]
    return f" Of these, {wording.joined(came)}." if came and registered.value else ""


def _attended(figures: Figures, share: Figure) -> str:
    """With of how many it is the share, where both were counted on the same day."""
    booked = figures.shown("visits.due")
    of = f"{about(booked)} places" if booked and of_one_day(booked, share) else "the places"
    return f"People came to {share.value:.0f}% of {of} that they had booked in classes that took place{as_on(share)}."


def _line_of_change(figures: Figures, later: Later) -> str:
    change, paired = figures.shown(f"total.{later.code}.change"), figures.shown(f"total.{later.code}.n")
    if figures.value(f"forms.{later.code}.due") == 0:
        return f"Nobody’s form at {later.words} is due yet."
    if change is None:
        return _why_no_change(figures, later)
    low, high = (number(value or 0, 1, signed=True) for value in (change.low, change.high))
    who, day = ("they", "") if paired and of_one_day(change, paired) else ("people with both forms", as_on(change))
    scored = f"For body and mind together, from 0 to 100, {who} scored on average {way_of(change)}"
    return f"{_who_sent(figures, later, paired)} {scored} (95% interval {low} to {high}){day}."


def _why_no_change(figures: Figures, later: Later) -> str:
    """Hidden for another reason than too few, it is not said that they were."""
    found = figures.figure(f"total.{later.code}.change")
    if found is None or found.reason in TOO_FEW:
        return f"Too few people have sent both the start form and the form at {later.words} to say how answers changed."
    return f"How answers changed by {later.words} is not shown, so that nobody can be singled out."


def _who_sent(figures: Figures, later: Later, paired: Figure | None) -> str:
    if paired is None:
        return f"How many people sent the form at {later.words} and the start form is not shown."
    due = figures.shown(f"forms.{later.code}.due")
    of = f", of {about(due)} from whom it was due," if due and of_one_day(due, paired) else ""
    people = f"{wording.sentence(about(paired))} people{of}"
    return f"{people} sent the form at {later.words} and the start form{as_on(paired)}."
