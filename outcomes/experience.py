"""What people say it is like to take part, added up for the desk: never one person's answers.

Here: means of each question at each time it is asked, from LEAST forms on. Not
here: the questions (instruments/safefit_experience.py). Called by the desk's page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import Avg, Count

from accounts.permissions import Permission, programmes_allowing
from outcomes.instruments.safefit_experience import CODE, RATINGS, SUGGEST
from outcomes.models import Score

LEAST: Final = 8  # fewer could be told apart by whoever knows them
TEXTS: Final = {item: text for item, (text, *_) in RATINGS.items()}


@dataclass(frozen=True)
class Said:
    """One question at one timepoint. `mean` is None while fewer than LEAST have answered it."""

    programme: str
    label: str
    item: str
    people: int
    mean: float | None


def said_at_desk_of(user: object) -> list[Said]:
    """In the order of time, then as they are asked. One query."""
    rows = Score.objects.filter(
        recipe=CODE,
        value__isnull=False,
        scale__in=[*TEXTS, SUGGEST],
        response__assessment__participant__programme__in=programmes_allowing(user, Permission.WORK_AT_DESK),
    )
    place = "response__assessment__timepoint__"
    found = rows.values_list(f"{place}programme__name", f"{place}label", f"{place}day", "scale").annotate(
        people=Count("pk"), mean=Avg("value")
    )
    order = [*TEXTS, SUGGEST]
    in_order = sorted(found, key=lambda row: (row[0], row[2], order.index(row[3])))
    return [
        Said(programme, label, item, people, mean if people >= LEAST else None)
        for programme, label, _, item, people, mean in in_order
    ]
