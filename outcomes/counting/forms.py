"""The forms that people sent, and what they came to, read for many people at once and as few columns as are counted.

Here: two queries, of which the larger is read as it comes. The answers themselves are not read, so they are not
deciphered. Not here: which form counts (cohort.py). Called by gathering.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Programme
from outcomes.answering.scores import values_in_force
from outcomes.counting.cohort import SentForm
from outcomes.instruments import safefit_wellbeing
from outcomes.models import Assessment, AssessmentState, Score

AT_ONCE = 20_000  # rows


class ScoreRow(NamedTuple):
    """As much of a score as decides whether it counts."""

    response: int
    pk: int
    scale: str
    value: float | None
    recipe: str
    recipe_version: str
    scored_at: datetime


def forms_of(
    programme: Programme, participants: Collection[int], *, until: date
) -> defaultdict[int, dict[str, SentForm]]:
    """By participant and code of the timepoint: the form that was sent by the end of `until`, with its scores."""
    sent = Assessment.objects.filter(
        participant__programme=programme,
        state=AssessmentState.SUBMITTED,
        questionnaire__recipe=safefit_wellbeing.CODE,
    )
    rows = sent.order_by("pk").values_list(
        "participant_id", "timepoint__code", "response__pk", "response__answered_on", "response__submitted_at"
    )
    scores = dict(_scores(sent))
    found: defaultdict[int, dict[str, SentForm]] = defaultdict(dict)
    for participant_id, code, response_id, answered_on, submitted_at in rows.iterator(AT_ONCE):
        on = answered_on or timezone.localdate(submitted_at)
        if participant_id in participants and on <= until:
            found[participant_id][code] = SentForm(on, scores.get(response_id, {}))
    return found


def _scores(sent: QuerySet[Assessment]) -> Iterator[tuple[int, dict[str, float]]]:
    """By response, the scores in force."""
    rows = Score.objects.filter(response__assessment__in=sent.values("pk")).order_by("response_id")
    columns = ("response_id", "pk", "scale", "value", "recipe", "recipe_version", "scored_at")
    each = (ScoreRow(*row) for row in rows.values_list(*columns).iterator(AT_ONCE))
    for response, some in groupby(each, key=lambda row: row.response):
        yield response, values_in_force(some)
