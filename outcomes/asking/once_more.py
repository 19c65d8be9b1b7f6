"""Asking the same once more, where what was answered came too early to count.

Here: whose answers these are, and the further round of a form that is planned for them. Not here: when it is open
(windows.py), what is said about it (open_forms.py). Called by planning.py. What was answered first stays beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from outcomes import safety
from outcomes.asking.windows import Due, Window, window_of, window_once_more
from outcomes.instruments import OWN
from outcomes.models import Assessment, AssessmentState
from participants.models import Timepoint
from participants.rules.programme_time import Pause

MOST_ROUNDS: Final = 3  # whoever never comes when they meant to is not asked for ever


@dataclass(frozen=True)
class Answered:
    """Answers that were sent, and when they were given."""

    assessment: Assessment
    given_on: date


Same = tuple[int, int]  # questionnaire and timepoint


@dataclass(frozen=True)
class Dates:
    """Of one person: what windows are counted from, and the latest that they have answered of each form."""

    enrolled_on: date
    first_class_on: date | None
    next_class_on: date | None
    pauses: Sequence[Pause]
    answered: Mapping[Same, Answered]

    def window(self, assessment: Assessment) -> Window:
        """The window of a form that is still to be answered."""
        before = self.answered.get((assessment.questionnaire_id, assessment.timepoint_id))
        if before is not None and assessment.is_once_more:
            return self._once_more(before)
        return window_of(
            due_of(assessment.timepoint),
            enrolled_on=self.enrolled_on,
            first_class_on=self.first_class_on,
            pauses=self.pauses,
        )

    def _once_more(self, before: Answered) -> Window:
        return window_once_more(
            due_of(before.assessment.timepoint),
            given_on=before.given_on,
            first_class_on=self.first_class_on,
            next_class_on=self.next_class_on,
            pauses=self.pauses,
        )

    def too_early(self, on: date) -> list[Assessment]:
        """Forms of which the latest answers do not count, where the same may be asked once more on that day."""
        return [one.assessment for one in self.answered.values() if self._once_more(one).is_open(on)]


def due_of(timepoint: Timepoint) -> Due:
    return Due(timepoint.day, timepoint.opens_before, timepoint.closes_after)


def answered_by(ids: Collection[int]) -> dict[int, dict[Same, Answered]]:
    """By participant, the latest answers to each form at each timepoint that measures change. One query."""
    found: dict[int, dict[Same, Answered]] = {pk: {} for pk in ids}
    for row in _answered(ids):
        given_on: date = row.given_on  # type: ignore[attr-defined]
        found[row.participant_id][row.questionnaire_id, row.timepoint_id] = Answered(row, given_on)
    return found


def _answered(ids: Collection[int]) -> QuerySet[Assessment]:
    sent = Assessment.objects.filter(
        participant__in=ids, state=AssessmentState.SUBMITTED, timepoint__measures_change=True
    )
    on = Coalesce(F("response__answered_on"), TruncDate("response__submitted_at"))
    rows = sent.annotate(given_on=on).select_related("timepoint", "questionnaire__programme").order_by("round")
    return rows.defer("questionnaire__items")  # long, and wanted of the few that were answered too early


def plan_once_more(everybody: Collection[Dates], *, on: date) -> None:
    """A further round of each form that was answered too early, once it may be answered. Twice is harmless.

    Words for which we hold no licence any more, or that nobody would hear of, are not asked anew.
    """
    early = [form for dates in everybody for form in dates.too_early(on)]
    further = [_further(form) for form in early if form.round < MOST_ROUNDS and _may_be_asked(form)]
    Assessment.objects.bulk_create(further, ignore_conflicts=True)


def _may_be_asked(form: Assessment) -> bool:
    asked = form.questionnaire
    return (asked.active or asked.recipe in OWN) and safety.may_be_asked(asked)


def _further(form: Assessment) -> Assessment:
    return Assessment(
        participant_id=form.participant_id,
        timepoint_id=form.timepoint_id,
        questionnaire_id=form.questionnaire_id,
        round=form.round + 1,
    )
