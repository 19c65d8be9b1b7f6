"""Which timepoints a programme asks at, besides those that every programme begins with.

Here: asking once more after a year, and no longer doing so. Not here: who is due
what (planning.py). Called by the pages of those who answer for content.
"""

from __future__ import annotations

from typing import Final

from django.db.models import QuerySet

from accounts.history import acting
from accounts.models import Person, Programme
from accounts.permissions import Permission, programmes_allowing
from outcomes.asking.open_forms import heads_of, take_back
from outcomes.asking.planning import plan_assessments
from outcomes.models import Assessment, GoalRating
from participants.models import Participant, ParticipantStatus, Timepoint

YEAR: Final = "w52"
YEAR_WINDOW: Final = {"label": "52 weeks", "day": 364, "opens_before": 28, "closes_after": 28}
PLANNED_FOR: Final = (ParticipantStatus.ACTIVE, ParticipantStatus.PAUSED, ParticipantStatus.COMPLETED)


class AnsweredAlready(Exception):
    """Somebody has begun to answer, or has rated a goal, after a year: what they said stays."""


def programmes_answered_for_by(user: object) -> QuerySet[Programme]:
    allowed = programmes_allowing(user, Permission.CONFIGURE) | programmes_allowing(user, Permission.DECIDE_CLEARANCE)
    return Programme.objects.filter(pk__in=allowed).prefetch_related("timepoints").order_by("pk")


def ask_after_a_year(*, programme: Programme, by: Person) -> Timepoint:
    """Everybody who takes part is asked after 52 weeks too. Twice is harmless."""
    with acting(by, "outcomes.ask_after_a_year"):
        point, is_new = Timepoint.objects.get_or_create(programme=programme, code=YEAR, defaults=YEAR_WINDOW)
        if is_new:
            for participant in Participant.objects.filter(programme=programme, status__in=PLANNED_FOR):
                plan_assessments(participant=participant, by=by)
        return point


def do_not_ask_after_a_year(*, programme: Programme, by: Person) -> None:
    """Nobody is asked after 52 weeks. Raises AnsweredAlready."""
    with acting(by, "outcomes.do_not_ask_after_a_year"):
        planned = Assessment.objects.filter(timepoint__programme=programme, timepoint__code=YEAR)
        rated = GoalRating.objects.filter(timepoint__programme=programme, timepoint__code=YEAR)
        if planned.filter(response__isnull=False).exists() or rated.exists():
            raise AnsweredAlready
        take_back(heads_of(planned))
        planned.delete()
        Timepoint.objects.filter(programme=programme, code=YEAR).delete()
