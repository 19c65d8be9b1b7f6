"""What went wrong, as numbers: reports by how much harm there was and by when somebody had looked into them, and days
on which somebody was told to rest."""

from __future__ import annotations

from classes.incident_rules import Harm
from frontend.incident_words import HARMS
from frontend.releases.figures import Figures, about, as_on, in_brief
from frontend.releases.sections import Section, Table
from outcomes.counting.safety_figures import (
    CHECK_STOPS,
    IN_A_WEEK,
    LATER,
    NOT_YET,
    REPORTS,
    TALK_STOPS,
    WITH_HARM,
    harm_measure,
)
from outcomes.models import CellStatus

REPORTED = "Reports of something that went wrong, or nearly"
STOPS = {
    CHECK_STOPS: "Days on which somebody’s safety check said not to exercise",
    TALK_STOPS: "Days on which whoever led the class said so after a talk",
}


HARM_HIDDEN = "How much harm there was is not shown: with so few in each degree, it could tell of one of them."
LOOKED_INTO = {
    IN_A_WEEK: "Within 7 days of being reported",
    LATER: "Later",
    NOT_YET: "Not yet",
}


def of_everyone(figures: Figures) -> list[Section]:
    """Empty in a release that counts none of it."""
    if not figures.any_of((REPORTS, *STOPS)):
        return []
    happened = {REPORTS: REPORTED} | STOPS
    return [
        Section(
            "safety",
            "Safety",
            words=[
                "Counted in the whole programme, whoever it was about. None of it is told by group.",
                *_reports(figures),
            ],
            tables=[
                Table(
                    "What happened",
                    ["What", "Number"],
                    [[words, figures.words(name)] for name, words in happened.items()],
                ),
                *_harms(figures),
                *_looked_into(figures),
            ],
        )
    ]


def _looked_into(figures: Figures) -> list[Table]:
    if not figures.any_of(LOOKED_INTO) or _is_without_reports(figures):
        return []
    rows = [[words, figures.words(name)] for name, words in LOOKED_INTO.items()]
    return [Table("Reports, by when somebody responsible had looked into them", ["Looked into", "Reports"], rows)]


def _in_a_week(figures: Figures) -> list[str]:
    """Which share of the reports was looked into in time; of few reports there is none."""
    share = figures.shown(f"{IN_A_WEEK}.share")
    if share is None:
        return []
    return [f"Within 7 days of being reported, {in_brief(share, unit='%')} of them were looked into{as_on(share)}."]


def _reports(figures: Figures) -> list[str]:
    """How many, in words: on a telephone the tables are folded."""
    if not figures.has(REPORTS):
        return []
    shown, words = figures.shown(REPORTS), figures.words(REPORTS)
    number = f"{about(shown) if shown.value else 'none'}{as_on(shown)}" if shown else f"{words[:1].lower()}{words[1:]}"
    return [f"{REPORTED}: {number}.", *_in_a_week(figures), *_why_no_harms(figures)]


def _why_no_harms(figures: Figures) -> list[str]:
    return [] if _harms_told(figures) or _is_without_reports(figures) else [HARM_HIDDEN]


def _is_without_reports(figures: Figures) -> bool:
    return figures.value(REPORTS) == 0


def _harms_told(figures: Figures) -> bool:
    """Whether any degree is more than withheld; not counted at all, in an early release, is said in the table."""
    found = [one for name in (WITH_HARM, *map(harm_measure, Harm)) if (one := figures.figure(name))]
    return not found or any(one.status != CellStatus.WITHHELD for one in found)


def _harms(figures: Figures) -> list[Table]:
    """With the degrees of harm taken together where each alone would be too few; none where all are hidden."""
    if _is_without_reports(figures) or not _harms_told(figures):
        return []
    rows = [[_harm(harm), figures.words(harm_measure(harm))] for harm in Harm]
    together = [["Any harm, taken together", figures.words(WITH_HARM)]] if figures.has(WITH_HARM) else []
    return [Table("Reports, by how much harm there was", ["Harm", "Reports"], [*rows, *together])]


def _harm(harm: Harm) -> str:
    name, about = HARMS[harm]
    return f"{name}: {about[:1].lower()}{about[1:].rstrip('.')}" if about else name
