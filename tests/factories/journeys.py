"""Made-up ways through a programme, for tests of figures: pure, so that hundreds cost nothing."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta

from outcomes.asking.windows import Due
from outcomes.counting.cohort import Timing
from outcomes.counting.taking_part import TakingPart
from outcomes.counting.truth import SCALES
from tests.factories.one_by_one import Journey, SentForm

AS_AT = date(2027, 12, 1)
FIRST = date(2027, 1, 11)
TIMINGS = [
    Timing("start", "Start", Due(0, 28, 7)),
    Timing("w12", "12 weeks", Due(84, 21, 21)),
    Timing("w26", "26 weeks", Due(182, 28, 28)),
]
HOW = ("self",) * 6 + ("phone", "phone", "paper", "scribe")  # by person: who filled in their forms
FORM_DAYS = {"start": -3, "w12": 84, "w26": 182}


def journey(
    person: int,
    group: str,
    *,
    classes: int = 8,
    missed: int = 2,
    cleared: bool = True,
    scores: Mapping[str, float] | None = None,
    about: Mapping[str, str] | None = None,
) -> Journey:
    """Somebody who came to `classes` weekly classes; `scores` by timepoint, the same on every scale."""
    forms = {
        code: SentForm(FIRST + timedelta(days=FORM_DAYS[code]), dict.fromkeys(SCALES, score), HOW[person % len(HOW)])
        for code, score in (scores or {}).items()
    }
    return Journey(
        person,
        {"area": group, **(about or {})},
        cleared=cleared,
        took=TakingPart(
            offered=max(classes + missed, 24),
            due=classes + missed,
            attended=classes,
            given_back_late=missed // 2,
            came=classes,
            minutes=45 * classes,
        ),
        came_on=tuple(FIRST + timedelta(weeks=week) for week in range(classes)),
        forms=forms,
    )


def population(seed: int, sizes: Mapping[str, int]) -> list[Journey]:
    """So many people in each group, at every stage of the programme."""
    draw = random.Random(seed)
    people: list[Journey] = []
    for group, size in sizes.items():
        people += [_somebody(draw, len(people) + n, group) for n in range(size)]
    return people


def _somebody(draw: random.Random, person: int, group: str) -> Journey:
    start = min(100.0, max(0.0, draw.gauss(52, 15)))
    chances = (("start", 0.9, 0.0), ("w12", 0.7, 5.0), ("w26", 0.5, 8.0))
    scores = {
        code: min(100.0, max(0.0, start + draw.gauss(more, 9)))
        for code, chance, more in chances
        if draw.random() < chance
    }
    return journey(
        person,
        group,
        classes=draw.choice([0, 1, 2, 3, 5, 8, 12, 20]),
        missed=draw.randrange(5),
        cleared=draw.random() < 0.9,
        scores=scores,
    )
