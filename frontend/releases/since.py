"""What has changed since the summary before, in sentences, and never more than the shown figures can carry.

A count is rounded to five, so the true one lies up to two to either side. A difference is given in numbers only
where rounding cannot turn it round or make it up; a smaller one is said in words or not at all. A figure that
repeats an earlier counting is no news, and is said to repeat. Averages of two summaries are set side by side and
not subtracted: mostly the same people stand behind both.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from frontend import wording
from frontend.releases.figures import Figures, about, in_brief, name_of, tables_of
from frontend.releases.funnel import REGISTERED, STARTED
from frontend.releases.sections import Later, later_of
from outcomes.releases.export import ROUND_TO
from outcomes.releases.reading import Figure

SLACK = ROUND_TO // 2  # a true count lies so far to either side of the rounded one
LEAST_SAID = 2 * ROUND_TO  # a rounded difference from here on may be given as a number
NOT_ANEW = "because too few people came or left since to count anew"
NEW_FIGURES = (
    "Some figures are new in this summary. Where others repeat an earlier day, a new one may be withheld until more "
    "people have come or left: side by side they could show the few who did."
)
SAME_PEOPLE = "Each summary counts from the beginning of the programme, so mostly the same people stand behind both."


def first_of(figures: Figures) -> str:
    release = figures.release
    whose = f"{release.covers} for {release.organisation.name}"
    return f"This is the first summary of {whose}: there is none before it to set beside it."


def since(now: Figures, before: Figures) -> list[str]:
    """Sentences, the numbers of people first."""
    later = later_of(now.release)
    lines = [*_method(now, before), *_counts(now, before, later), *_attended(now, before)]
    if _same_scoring(now, before):
        lines += [line for one in later for line in _change(now, before, one)]
    return [*lines, SAME_PEOPLE]


def headline(now: Figures, before: Figures | None) -> str:
    """One sentence for a list: how many had registered, and what of that is new. Empty where it is hidden."""
    found = now.shown(REGISTERED)
    if found is None:
        return ""
    if found.repeats is not None:
        return f"{_people(found)} had registered, as on {wording.plain_date(found.repeats)}."
    line = _count(now, before, REGISTERED, "had registered") if before is not None else ""
    return line or f"{_people(found)} had registered."


# --- counts ------------------------------------------------------------------


def _counts(now: Figures, before: Figures, later: list[Later]) -> Iterator[str]:
    measures = {
        REGISTERED: "had registered",
        STARTED: "had come to a first class",
        "funnel.regular": f"had come to {now.regular} or more classes",
    } | {f"total.{one.code}.n": f"had sent both the start form and the form at {one.words}" for one in later}
    repeated: dict[date, list[str]] = {}
    for measure, did in measures.items():
        found = now.shown(measure)
        if found is not None and found.repeats is not None:
            repeated.setdefault(found.repeats, []).append(did)
        elif line := _count(now, before, measure, did):
            yield line
    for day, all_of_it in repeated.items():
        yield f"As on {wording.plain_date(day)}, {NOT_ANEW}: how many people {wording.joined(all_of_it)}."


def _count(now: Figures, before: Figures, measure: str, did: str) -> str:
    """One number beside the same one of before; empty where either was not counted or both are hidden."""
    if not (now.has(measure) and before.has(measure)):
        return ""
    new, old = now.shown(measure), before.shown(measure)
    if new is None:
        return (
            "" if old is None else f"How many people {did} is hidden now. On {_day(old, before)} it was {about(old)}."
        )
    if old is None:
        return f"{_people(new)} {did}. The summary before could not show how many."
    return f"{_people(new)} {did}, {_difference(new, old, _day(old, before))}."


def _difference(new: Figure, old: Figure, day: str) -> str:
    """In numbers only where both roundings together leave no doubt of it."""
    apart = (new.value or 0) - (old.value or 0)
    was = f"({about(old)})"
    if abs(apart) <= 2 * SLACK:
        return f"about as many as on {day} {was}"
    more = "more" if apart > 0 else "fewer"
    if abs(apart) < LEAST_SAID:
        return f"a few {more} than on {day} {was}"
    return f"about {abs(apart):,.0f} {more} than on {day} {was}"


def _people(figure: Figure) -> str:
    return f"{wording.sentence(about(figure))} people" if figure.value else "Nobody"


def _day(figure: Figure, before: Figures) -> str:
    counted: date = figure.repeats or before.release.as_at
    return wording.plain_date(counted)


# --- shares and averages -----------------------------------------------------


def _attended(now: Figures, before: Figures) -> Iterator[str]:
    """The share of booked places attended: higher or lower only where no rounding can make it so."""
    new, old = now.shown("visits.share"), before.shown("visits.share")
    if new is None or old is None or new.repeats is not None:
        return
    reach, was = _reach(now), _reach(before)
    if reach is None or was is None:
        return
    more = "more than" if reach[0] > was[1] else "less than" if reach[1] < was[0] else "about as"
    then = f"on {_day(old, before)} ({old.value:.0f}%)"
    yield f"People came to {new.value:.0f}% of the classes they had booked, {more} {then}."


def _reach(figures: Figures) -> tuple[float, float] | None:
    """The least and the greatest that the true share can be, with both numbers rounded."""
    attended, booked = figures.value("visits.attended"), figures.value("visits.due")
    if attended is None or booked is None or booked <= SLACK:
        return None
    return (attended - SLACK) / (booked + SLACK), (attended + SLACK) / (booked - SLACK)


def _change(now: Figures, before: Figures, later: Later) -> Iterator[str]:
    measure = f"total.{later.code}.change"
    new, old = now.shown(measure), before.shown(measure)
    if new is None or old is None:
        return
    words = f"Average change by {later.words}, body and mind together: {in_brief(new, signed=True)}"
    if new.repeats is not None:
        yield f"{words}, as on {wording.plain_date(new.repeats)}, {NOT_ANEW}."
    else:
        yield f"{words}. On {_day(old, before)} it was {in_brief(old, signed=True)}."


# --- how it was counted ------------------------------------------------------


def rescored(now: Figures, before: Figures) -> bool:
    return _version(now) != _version(before)


def _same_scoring(now: Figures, before: Figures) -> bool:
    times = [figures.release.method.get("timepoints") for figures in (now, before)]
    return not rescored(now, before) and times[0] == times[1]


def _version(figures: Figures) -> object:
    return figures.release.method.get("instrument", {}).get("version")


def _other_scoring(now: Figures, before: Figures) -> Iterator[tuple[str, str, str]]:
    """Instruments beside our own that both summaries tell, and that are scored in another way."""
    was = {one["code"]: one["version"] for one in before.release.method.get("instruments", [])}
    for one in now.release.method.get("instruments", []):
        if was.get(one["code"], one["version"]) != one["version"]:
            yield one["title"], one["version"], was[one["code"]]


def _other_values(now: Figures, before: Figures) -> Iterator[tuple[str, str]]:
    """By which set of values an index is told, and was: the labels of two scales that stand for the same people."""
    was = {
        scale["counts"]: scale
        for one in before.release.method.get("instruments", [])
        for scale in one["scales"]
        if scale.get("counts")
    }
    for one in now.release.method.get("instruments", []):
        for scale in one["scales"]:
            old = was.get(scale.get("counts", ""), scale)
            if old["measure"] != scale["measure"]:
                yield scale["label"], old["label"]


def _method(now: Figures, before: Figures) -> Iterator[str]:
    """What was done in another way than before: it comes first, as it bears on all that follows."""
    number, release = before.release.number, now.release
    if rescored(now, before):
        yield (
            f"Scores are worked out anew, by version {_version(now)} of the scoring: summary {number} had version "
            f"{_version(before)}. Read no difference between their scores as a change in people."
        )
    elif not _same_scoring(now, before):
        yield (
            f"The times at which forms count are not those of summary {number}, "
            "so its averages are not set beside these."
        )
    yield from (
        f"{title} is scored anew, by version {version}: summary {number} had version {old}. Read no difference between "
        "its scores as a change in people."
        for title, version, old in _other_scoring(now, before)
    )
    yield from (
        f"{label} stands in place of {old}, which summary {number} had. Read no difference between the two as a change "
        "in people."
        for label, old in _other_values(now, before)
    )
    if release.k != before.release.k:
        yield f"Numbers below {release.k} are hidden now; below {before.release.k} in summary {number}."
    new = [name_of(by) for by in tables_of(release) if by not in tables_of(before.release)]
    if new:
        yield f"New in this summary: figures by {wording.joined(new)}."
    if any(not before.has(one.measure) for one in now.all):
        yield NEW_FIGURES
