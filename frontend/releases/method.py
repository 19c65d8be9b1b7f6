"""How a release was worked out, in words: who is counted, when, by which scoring, and what is hidden and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from frontend import wording
from frontend.releases.figures import FEW, TWO_DAYS, WITHHELD, name_of, tables_of
from frontend.releases.instruments import scoring_of
from frontend.releases.sections import later_of
from outcomes.models import Release

ROUNDED = (
    "Every number of people or places is rounded to the nearest 5, and small ones are hidden, so that nobody can be "
    "singled out."
)
REPEATED = (
    "Some figures are of an earlier day, which is shown beside them or over their table: since then too few people "
    "came or left to count anew."
)
TRIED = (
    "Before this summary could be published, a program tried to work the hidden numbers out from everything shown in "
    "it and in every summary before it. It could not."
)
LEAST = {"mean": 10, "comparison": 30, "denominator": 20}  # people, of releases that do not say


@dataclass(frozen=True)
class Method:
    """Facts are a term and what it means."""

    frozen: str
    hidden: list[tuple[str, str]]
    who: list[str]
    definitions: list[tuple[str, str]]
    windows: list[tuple[str, str]]
    scoring: list[str]
    tried: str = TRIED


def method_of(release: Release) -> Method:
    return Method(
        frozen=(
            f"Figures are as they stood when this summary was made, on {wording.day(release.as_at)}. They never "
            "change: a later summary has its own number."
        ),
        hidden=_hidden(release),
        who=[*WHO, *_of_one_area(release), *_by(release), *_not_recorded(release)],
        definitions=_definitions(release),
        windows=[(point["label"], _window(point)) for point in release.method.get("timepoints", [])],
        scoring=[*_scoring(release), *scoring_of(release)],
    )


def _hidden(release: Release) -> list[tuple[str, str]]:
    least = LEAST | release.method.get("least", {})
    return [
        (
            f"Fewer than {release.k}",
            f"A number from 1 to {release.k - 1}; and 0 as well, where that would say something of everybody.",
        ),
        (
            WITHHELD,
            "Showing it would let somebody work out a hidden number, or describe a handful of people: also the few who "
            "came or left since an earlier summary. An average is also withheld where it would tell nearly what each "
            "person scored, as it does when all of them scored nearly the same.",
        ),
        (
            FEW,
            f"Too few people stand behind it. An average needs {least['mean']}, one of a group that is read beside "
            f"others {least['comparison']}, and a share {least['denominator']}.",
        ),
        (
            TWO_DAYS,
            "It would be worked out from two numbers, and since one was counted too few people came or left to count "
            "it anew. Both stand in the tables, each with its day.",
        ),
        ("As at", "Too few people came or left since that day to count anew, so the figure of that day stands."),
        ("Totals", "They are counted from the true numbers and then rounded, so parts may not add up to them."),
    ]


# --- who ---------------------------------------------------------------------

WHO = (
    "Everything is counted from the beginning of the programme to the day of the summary, not quarter by quarter.",
    "Only people who agree to be counted in anonymous summaries. Whoever takes that back is left out of the next one.",
    "Who was referred and never registered has agreed to nothing, so counting begins with those who registered.",
)


def _of_one_area(release: Release) -> list[str]:
    if not release.area:
        return []
    return [
        f"Only people for whom {release.area} is recorded as where they live, as the agreement says. Small numbers "
        "are hidden as they are for the whole programme.",
        "What went wrong in classes, and how often people came altogether, is counted for the whole programme alone, "
        "and no part of this summary.",
    ]


def _by(release: Release) -> list[str]:
    by = [name_of(one) for one in tables_of(release)]
    if not by:
        return []
    return [
        f"Figures can be read by {wording.joined(by)}, as the agreement says. "
        "People of whom nothing is recorded are a group of their own."
    ]


def _not_recorded(release: Release) -> list[str]:
    missing = [name_of((name,)) for name in release.method.get("not_recorded", [])]
    return [f"Nothing is told apart by {wording.joined(missing)}: it is recorded of nobody."] if missing else []


# --- what and when -----------------------------------------------------------

STARTED = ("Started", "Came to a first class, at least to part of it.")
BOOKED = (
    "Booked",
    "Places in classes that took place. Classes that SafeFit cancelled, and those from which somebody was sent home "
    "unwell, count nowhere.",
)
OFFERED = (
    "Offered by the plan",
    "The most sessions of each phase, in weeks that are no break; or those booked, where that is more.",
)
FORMS = (
    ("Form due", "The person came to a first class, and the time of the form is over or the form has come."),
    (
        "Change",
        "Later less start, of each person who sent both forms, averaged, with its 95% interval (mean ± t × standard "
        "error).",
    ),
)
SIZES = (
    (
        "Spread",
        "How far people lie from their average: the standard deviation. That of the change is read back from its "
        "interval and the rounded number of people, so what is divided by it has one decimal place, and says nothing "
        "more than they do.",
    ),
    (
        "Half the spread at the start",
        "A rule of thumb for a change that people notice, given from 100 people with both forms on. Nobody is counted "
        "by it. How exactly our own check measures has not been studied, so no line of reliable change is given for "
        "it.",
    ),
    (
        "Low scores and high ones",
        "Whoever starts with a very low score tends to score higher the next time in any case, and whoever starts "
        "very high lower (regression to the mean). No figure is corrected for that.",
    ),
)
SHARES = (
    ("Shares", "Whole per cent, of two rounded numbers, with their 95% interval (Wilson)."),
    (
        "At least, at most",
        "The share if none of those who did not answer had risen by so much, and if all of them had. "
        "Nothing is assumed of them.",
    ),
    ("Rounding", "Every number of people, places or hours is given to the nearest 5."),
)
BY_STEPS = (
    "Averages",
    "Scores go by steps: an answer to one question from 0 to 10 goes by 10 of 100 points. Each average has so few "
    "decimal places that it does not tell how many people stand behind it.",
)


def _completed(release: Release) -> list[tuple[str, str]]:
    """The last stage of the funnel."""
    last = later_of(release)[-1:]
    return [
        (
            "Completed",
            f"Sent the form at {one.words}, the last that is asked for. Whoever goes on after that counts too.",
        )
        for one in last
    ]


def _definitions(release: Release) -> list[tuple[str, str]]:
    method = release.method
    return [
        STARTED,
        (f"{method.get('regular', 4)} or more classes", "Classes attended, with those that were not booked."),
        *_completed(release),
        BOOKED,
        *_late(method.get("late_hours")),
        *FORMS,
        (
            f"{method.get('threshold', 10):g} points or more",
            "Our own line, and no clinical one. Whoever moved by exactly so much counts.",
        ),
        *(SIZES if "line" in method.get("least", {}) else ()),
        *SHARES,
        *([BY_STEPS] if method.get("places_by_steps") else []),
    ]


def _late(hours: int | None) -> list[tuple[str, str]]:
    """Words of figures that earlier releases do not have."""
    if hours is None:
        return []
    late = f"Less than {hours} hours before the class. It counts as booked, and not as attended."
    return [("Given back late", late), OFFERED]


def _window(point: dict[str, Any]) -> str:
    if point["day"]:
        opens, closes = point["day"] - point["opens_before"], point["day"] + point["closes_after"]
        return f"Sent {opens} to {closes} days after the first class, not counting days of a break."
    return f"Sent from {point['opens_before']} days before to {point['closes_after']} days after the first class."


OWN_SCALES: Final = {  # of our own check, by the version of its rules
    "1": (
        "Body is the average of energy, sleep, strength, everyday jobs, aches and shortness of breath; 4 of these 6 "
        "must be answered.",
        "Mind is the average of spirits, worry, support by other people and being ready to be active; 3 of these 4 "
        "must be answered.",
        "Body and mind together is the average of all ten; 8 must be answered. All in all is one question by itself.",
        "Each is answered from 0 to 10. Aches, shortness of breath and worry are turned round, and averages are times "
        "ten: every score goes from 0 to 100, and more is better.",
    )
}


def _scoring(release: Release) -> list[str]:
    instrument = release.method.get("instrument")
    if not instrument:
        return []
    return [
        f"{instrument['citation']} Scored by version {instrument['version']} of its rules.",
        *OWN_SCALES.get(str(instrument["version"]), ()),
        "A score that cannot be worked out, because too many answers are missing, is left out; it never counts as 0.",
    ]
