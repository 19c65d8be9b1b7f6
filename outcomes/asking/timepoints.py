"""Which timepoints a programme asks at, besides those that every programme begins with, and which form at which.

Here: asking once more after a year, and no longer doing so; choosing the timepoints of a form from a file, and asking
it of nobody any more. Not here: who is due what (planning.py). Called by the pages of those who answer for content, and
by those of the desk.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.db.models import QuerySet

from accounts.history import acting
from accounts.models import Person, Programme
from accounts.permissions import Permission, programmes_allowing
from outcomes.asking.open_forms import asked_about, heads_of, take_back
from outcomes.asking.planning import is_asked_at, plan_assessments
from outcomes.asking.to_come import STILL_ASKED
from outcomes.bringing import make_active, make_inactive
from outcomes.models import Assessment, AssessmentState, GoalRating, Questionnaire
from participants.models import Participant, Timepoint

YEAR: Final = "w52"
YEAR_WINDOW: Final = {"label": "52 weeks", "day": 364, "opens_before": 28, "closes_after": 28}


class AnsweredAlready(Exception):
    """Somebody has begun to answer, or has rated a goal, after a year: what they said stays."""


class AskedAtNoTime(Exception):
    """No timepoint of the programme was chosen, or one that it does not have."""


def programmes_answered_for_by(user: object) -> QuerySet[Programme]:
    allowed = programmes_allowing(user, Permission.CONFIGURE) | programmes_allowing(user, Permission.DECIDE_CLEARANCE)
    return Programme.objects.filter(pk__in=allowed).prefetch_related("timepoints").order_by("pk")


def ask_after_a_year(*, programme: Programme, by: Person) -> Timepoint:
    """Everybody who takes part is asked after 52 weeks too. Twice is harmless."""
    with acting(by, "outcomes.ask_after_a_year"):
        point, is_new = Timepoint.objects.get_or_create(programme=programme, code=YEAR, defaults=YEAR_WINDOW)
        if is_new:
            for participant in Participant.objects.filter(programme=programme, status__in=STILL_ASKED):
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
        _not_at(YEAR, programme)
        Timepoint.objects.filter(programme=programme, code=YEAR).delete()


def asked_at(questionnaire: Questionnaire) -> list[Timepoint]:
    """The timepoints at which it is asked, in order of time."""
    points = questionnaire.programme.timepoints.order_by("day")
    return [point for point in points if is_asked_at(questionnaire, point)]


def ask_from_now_on(*, questionnaire: Questionnaire, codes: Collection[str], by: Person) -> Questionnaire:
    """Put it into use, at these timepoints: both or neither. Raises as bringing.make_active and ask_at do."""
    with acting(by, "outcomes.ask_questionnaire"):
        return ask_at(questionnaire=make_active(questionnaire=questionnaire, by=by), codes=codes, by=by)


def ask_at(*, questionnaire: Questionnaire, codes: Collection[str], by: Person) -> Questionnaire:
    """Ask it at these timepoints of whoever joins from now on, and at no other; what is planned stays.

    All that measure change are the usual ones: then it is asked at one that is added later too. Raises AskedAtNoTime.
    """
    points = list(questionnaire.programme.timepoints.order_by("day"))
    if not codes or not set(codes) <= {point.code for point in points}:
        raise AskedAtNoTime
    usual = {point.code for point in points if point.measures_change}
    chosen = [] if set(codes) == usual else [point.code for point in points if point.code in codes]
    with acting(by, "outcomes.ask_questionnaire_at"):
        locked = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
        if locked.asked_at != chosen:
            locked.asked_at = chosen
            locked.save(update_fields=["asked_at"])
        return locked


def still_to_be_asked(questionnaire: Questionnaire) -> QuerySet[Assessment]:
    """Of whom it is planned, or open now."""
    return Assessment.objects.filter(questionnaire=questionnaire, state=AssessmentState.PLANNED)


def ask_nobody_any_more(*, questionnaire: Questionnaire, by: Person) -> int:
    """Neither whoever joins nor those for whom it is planned: as when its licence has ended. Says of how many.

    What was sent stays, and what was not answered in time. Of a timepoint at which nothing else is planned nothing is
    said any more.
    """
    with acting(by, "outcomes.ask_nobody_any_more"):
        make_inactive(questionnaire=questionnaire, by=by)
        planned = still_to_be_asked(questionnaire)
        people, heads = set(planned.values_list("participant", flat=True)), heads_of(planned)
        stopped = planned.update(state=AssessmentState.NOT_WANTED)
        others = heads_of(Assessment.objects.filter(participant__in=people, state=AssessmentState.PLANNED))
        take_back(asked_about(heads - others))
        return stopped


def _not_at(code: str, programme: Programme) -> None:
    """A form that was asked there alone is asked no more: at no timepoint chosen, it would be asked at all of them."""
    for one in programme.questionnaires.select_for_update().filter(asked_at__contains=[code]):
        one.asked_at = [other for other in one.asked_at if other != code]
        one.active = one.active and bool(one.asked_at)
        one.save(update_fields=["asked_at", "active"])
