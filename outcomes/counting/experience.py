"""What people say it is like to take part, added up for the desk: never one person's answers.

Here: means of each question at each time it is asked, in steps of LEAST forms: a
mean that moved with each form would tell what the latest one said. Not here: the
questions (instruments/safefit_experience.py). Called by the desk's page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import fmean
from typing import Final

from accounts.permissions import Permission, programmes_allowing
from outcomes.answering.scores import rows_in_force
from outcomes.instruments.safefit_experience import CODE, RATINGS, SUGGEST
from outcomes.models import Score
from participants.models import ConsentEvent, ConsentKind

LEAST: Final = 8  # fewer could be told apart by whoever knows them
TEXTS: Final = {item: text for item, (text, *_) in RATINGS.items()}
ORDER: Final = [*TEXTS, SUGGEST]

Place = tuple[str, int, str, int]  # programme, day and name of the timepoint, which question


@dataclass(frozen=True)
class Said:
    """One question at one timepoint. `people` are those whom `mean` counts; None before LEAST have answered."""

    programme: str
    label: str
    item: str
    people: int
    mean: float | None


def said_at_desk_of(user: object) -> list[Said]:
    """In the order of time, then as they are asked. One query.

    Whoever has taken back that we use their answers is in no mean (ADR 0080).
    """
    found: dict[Place, list[float]] = defaultdict(list)
    for _, of_one_form in groupby(_scores(user), key=lambda row: row.response_id):
        for row in rows_in_force(of_one_form):
            if row.value is not None:
                found[_place(row)].append(row.value)
    return [_said(place, values) for place, values in sorted(found.items())]


def _scores(user: object) -> list[Score]:
    rows = Score.objects.filter(
        recipe=CODE,
        scale__in=ORDER,
        response__assessment__participant__programme__in=programmes_allowing(user, Permission.WORK_AT_DESK),
    ).exclude(response__assessment__participant__in=ConsentEvent.objects.refusing(ConsentKind.HEALTH))
    rows = rows.select_related("response__assessment__timepoint", "response__assessment__participant__programme")
    return list(rows.defer("response__answers").order_by("response__submitted_at", "response_id"))


def _place(row: Score) -> Place:
    assessment = row.response.assessment
    point = assessment.timepoint
    return assessment.participant.programme.name, point.day, point.label, ORDER.index(row.scale)


def _said(place: Place, values: Sequence[float]) -> Said:
    programme, _, label, item = place
    counted = values[: len(values) - len(values) % LEAST]
    return Said(programme, label, ORDER[item], len(counted), fmean(counted) if counted else None)
