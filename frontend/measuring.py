"""Standing up from a chair, as a form and in words: shared by instructors, the desk and the person.

Here: the form and its words. Not here: the pages, what may be kept (outcomes/sit_to_stand.py).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from frontend import forms
from frontend.safety_check import as_uuid
from frontend.wording import count, plain_date, sentence, today
from outcomes import sit_to_stand
from outcomes.answering import measuring
from outcomes.models import Measure, MeasureKind, MeasureReason, MeasureResult
from outcomes.sit_to_stand import Tried

NOT_SIGNED_OFF = "These questions and steps are not signed off by a clinician yet."
PROBLEMS = {
    "kind": ("kind", "Select which one it was"),
    "not_safe": (
        "result",
        "Do not start: a safety question was not answered with yes. Keep it as not done, because of a safety question",
    ),
    "reason": ("result", "Select why"),
    "day": ("on", "Enter a day from when they joined until today"),
    "id": (None, "This was sent before in other words, so nothing was saved. Open the page again."),
}
NOT_NOW = (
    "Nothing was saved: this is kept from the start of a class until 48 hours after it, for whoever has a mark that "
    "says they came. Mark the register first."
)
NOT_CLEARED = (
    "Nothing was saved: they were not cleared to exercise on that day, so nothing is measured. You can keep that it "
    "was not done."
)


class MeasureForm(forms.Form):
    """One try. The safety questions come first; what came of it reveals what else is asked."""

    id = forms.HiddenField(required=False)
    replaces = forms.HiddenField(required=False)
    kind = forms.RadiosField(
        label="Which one?",
        missing="Select which one it was",
        options=[(one, f"{seconds} seconds") for one, seconds in sit_to_stand.SECONDS.items()],
        inline=True,
    )
    result = forms.RadiosField(
        label="What came of it?",
        missing="Select what came of it",
        options=[
            forms.Choice(MeasureResult.DONE, "They did it", reveals=("count",)),
            forms.Choice(
                MeasureResult.UNABLE, "They tried, and could not", "It is kept as 0.", reveals=("why_unable",)
            ),
            forms.Choice(MeasureResult.NOT_DONE, "It was not done", "No number is kept.", reveals=("why_not",)),
        ],
    )
    count = forms.NumberField(
        label="How many full stands?",
        called="how many full stands",
        min_value=1,
        max_value=sit_to_stand.MOST_STANDS,
        width=3,
    )
    why_unable = forms.RadiosField(
        label="Why?", missing="Select why they could not", options=[
            (reason, sentence(MeasureReason(reason).label)) for reason in sit_to_stand.UNABLE_REASONS
        ],
    )  # fmt: skip
    why_not = forms.RadiosField(
        label="Why?", missing="Select why it was not done", options=[
            (reason, sentence(MeasureReason(reason).label)) for reason in sit_to_stand.NOT_DONE_REASONS
        ],
    )  # fmt: skip

    def __init__(self, data: Any, *, instead: Measure | None = None, with_day: bool = False) -> None:
        super().__init__(data, initial={"id": uuid.uuid4(), **(_initial(instead) if instead else {})})
        if with_day:
            self.fields["on"] = forms.DateField(label="On which day?", called="the day", latest=today)
            self.initial.setdefault("on", today())
        for question in sit_to_stand.SAFETY:
            self.fields[f"safe_{question.id}"] = forms.YesNoField(
                label=question.text, hint=question.hint, missing=f"Select whether {question.about}"
            )

        self.order_fields([*(f"safe_{question.id}" for question in sit_to_stand.SAFETY), "on", "kind", "result"])

    @property
    def safety(self) -> list[Any]:
        return [self[f"safe_{question.id}"] for question in sit_to_stand.SAFETY]

    @property
    def tried(self) -> Tried:
        said = self.cleaned_data
        reasons = {MeasureResult.UNABLE: said["why_unable"], MeasureResult.NOT_DONE: said["why_not"]}
        return Tried(
            kind=said["kind"],
            result=said["result"],
            count=said["count"],
            reason=reasons.get(said["result"]) or "",
            yes_to=frozenset(question.id for question in sit_to_stand.SAFETY if said[f"safe_{question.id}"]),
        )

    @property
    def key(self) -> uuid.UUID:
        return as_uuid(self.cleaned_data["id"])

    @property
    def day(self) -> date | None:  # not "on", which a template finds before the field
        return self.cleaned_data.get("on")


def _initial(instead: Measure) -> dict[str, Any]:
    return {
        "replaces": str(instead.pk),
        "kind": instead.kind,
        "result": instead.result,
        "count": instead.value or None,
        "why_unable": instead.reason,
        "why_not": instead.reason,
        "on": instead.measured_on,
    }


def keep(form: MeasureForm, **given: Any) -> Measure | None:
    """Keep what the form says; None where it was refused, which is then an error of the form."""
    try:
        return measuring.record_measure(id=form.key, tried=form.tried, on=form.day, **given)
    except measuring.BadMeasure as refusal:
        form.add_error(*_problem(refusal.problem, form.tried.kind))
    except measuring.NotNow:
        form.add_error(None, NOT_NOW)
    except measuring.NotCleared:
        form.add_error(None, NOT_CLEARED)
    except measuring.PutRightAlready as refusal:
        words = result_words(refusal.latest)
        form.add_error(None, f"{refusal.latest.by.full_name} has put this right already: {words}. Nothing was saved.")
    return None


def _problem(problem: str, kind: str) -> tuple[str | None, str]:
    if problem == "count":
        seconds, most = sit_to_stand.SECONDS[kind], sit_to_stand.most(kind)
        return "count", f"Enter how many full stands they did in {seconds} seconds, from 1 to {most}"
    return PROBLEMS[problem]


def instead_of(measures: Iterable[Measure], sent: str) -> Measure | None:
    """The one of `measures` that a page names to be put right."""
    return next((one for one in measures if str(one.pk) == sent), None)


def kind_words(measure: Measure) -> str:
    return f"Standing up from a chair, {sit_to_stand.SECONDS[measure.kind]} seconds"


def result_words(measure: Measure) -> str:
    """What came of it: "11 times", "0: could not stand up without using the arms", "Not done: there was no time"."""
    if measure.result == MeasureResult.DONE:
        return count(measure.value or 0, "time")
    why = MeasureReason(measure.reason).label
    return f"0: {why}" if measure.result == MeasureResult.UNABLE else f"Not done: {why}"


def own_lines(measures: Iterable[Measure]) -> list[list[str]]:
    """For the person: when, what, and how often, the oldest first. What was not done is left out."""
    shown = [one for one in measures if one.value is not None]
    return [[plain_date(one.measured_on), kind_words(one), count(one.value or 0, "time")] for one in reversed(shown)]


def own_sentences(measures: Iterable[Measure]) -> list[str]:
    """How the first compares with the latest of each kind, said plainly; nothing with fewer than two."""
    measured = [one for one in measures if one.value is not None]
    compared = (_compared([one for one in measured if one.kind == kind]) for kind in MeasureKind)
    return [words for words in compared if words]


def _compared(latest_first: list[Measure]) -> str:
    if len(latest_first) < 2:
        return ""
    first, last = latest_first[-1], latest_first[0]
    seconds, change = sit_to_stand.SECONDS[first.kind], (last.value or 0) - (first.value or 0)
    since = f"than on {plain_date(first.measured_on)}"
    if abs(change) < sit_to_stand.step(first.kind):
        return f"Standing up from a chair in {seconds} seconds: about the same as on {plain_date(first.measured_on)}."
    how = "more" if change > 0 else "fewer"
    return f"Standing up from a chair in {seconds} seconds: {count(abs(change), 'time')} {how} {since}."
