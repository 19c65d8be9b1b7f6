"""Coming to classes: of the places booked and offered, how many were taken; and how much that comes to."""

from __future__ import annotations

from frontend import charts
from frontend.releases.figures import Figures, Told, about, as_on, head_of, name_of, of_one_day
from frontend.releases.sections import PERCENT, Chart, Section, Table, dot, side_by_side
from outcomes.releases.reading import EVERYONE, Where

PLACES = {
    "visits.offered": "Offered by the plan",
    "visits.due": "Booked",
    "visits.attended": "Attended",
    "visits.late": "Given back late",
    "visits.missed": "Not come to",
}
SHARES = {
    "visits.share": "Attended, of those booked",
    "visits.of_offered": "Attended, of those offered",
    "visits.late_share": "Given back late, of those booked",
}
WORDS = "How many of the places that people had booked were attended, in classes that took place."


def of_everyone(figures: Figures) -> Section:
    places = [[label, figures.words(measure)] for measure, label in _counted(figures, PLACES).items()]
    shares = [[label, *_share(figures, measure, EVERYONE)] for measure, label in _counted(figures, SHARES).items()]
    return Section(
        "classes",
        "Coming to classes",
        words=[WORDS, *_dose(figures)],
        tables=[
            Table("Places in classes", ["Places", "Number"], places),
            Table("Shares of these places", ["Share", "Everyone", "95% interval"], shares, _dots(figures)),
        ],
        notes=_notes(figures),
    )


def of_groups(figures: Figures) -> Section:
    name, places, shares = name_of(figures.by), _counted(figures, PLACES), _counted(figures, SHARES)
    dots = side_by_side(
        figures, "visits.share", PERCENT, title=f"Share of booked places that were attended, by {name}", name="classes"
    )
    return Section(
        "classes",
        "Coming to classes",
        words=[WORDS],
        tables=[
            Table(
                f"Places in classes, by {name}",
                [head_of(figures.by), *places.values()],
                [
                    [group, *(figures.words(measure, where) for measure in places)]
                    for group, where in figures.everywhere
                ],
            ),
            Table(
                f"Shares of these places, by {name} (95% interval)",
                [head_of(figures.by), *shares.values()],
                [
                    [group, *(figures.with_interval(measure, where, unit="%") for measure in shares)]
                    for group, where in figures.everywhere
                ],
                dots,
            ),
        ],
        notes=_notes(figures),
    )


def _dots(figures: Figures) -> Chart:
    rows = [dot(label, found, PERCENT) for measure, label in SHARES.items() if (found := figures.shown(measure))]
    title = "Shares of places in classes, out of 100"
    return Chart(charts.dots(rows, title=title, name="classes", lo=0, hi=100, unit="%"), "Thin line: the 95% interval.")


def _counted(figures: Figures, measures: dict[str, str]) -> dict[str, str]:
    """Those that this release counts; the first ones of old in any case."""
    always = ("visits.due", "visits.attended", "visits.share")
    return {measure: label for measure, label in measures.items() if measure in always or figures.has(measure)}


def _share(figures: Figures, measure: str, where: Where) -> list[str]:
    found = figures.shown(measure, where)
    if found is None or found.low is None or found.high is None:
        return [figures.words(measure, where, unit="%")]
    return [figures.words(measure, where, unit="%"), Told(f"{found.low:.0f}% to {found.high:.0f}%", found.repeats)]


def _dose(figures: Figures) -> list[str]:
    """How much it was altogether, classes without a booking too."""
    came, hours = figures.shown("visits.came"), figures.shown("visits.hours")
    if came is None:
        return []
    long = f", {about(hours)} hours of class" if hours and of_one_day(came, hours) else ""
    return [
        f"Altogether people came {about(came)} times{long}{as_on(came)}. "
        "That counts classes without a booking, and those during a break."
    ]


def _notes(figures: Figures) -> list[str]:
    if not figures.has("visits.late"):
        return []
    hours = figures.release.method.get("late_hours", 24)
    return [
        f"A place given back less than {hours} hours before the class counts as booked and not attended. "
        "Classes that SafeFit cancelled count nowhere."
    ]
