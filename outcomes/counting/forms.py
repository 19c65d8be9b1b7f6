"""The forms that people sent, and what they came to, read for many people at once and as few columns as are counted.

Here: a few queries for each instrument, read as they come, however often a form was scored. The answers themselves
are not read here (answers.py). Not here: which form counts (cohort.py). Called by gathering.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from django.conf import settings
from django.db.models import Case, F, IntegerField, Max, Q, When
from django.db.models.functions import Coalesce

from accounts.models import Programme
from outcomes.counting.answers import answers_of
from outcomes.counting.cohort import NEVER, SentForms
from outcomes.counting.columns import Day, Place, columns_of, local_day, rows_of, whole
from outcomes.counting.instruments import Instrument, Told, instrument_of
from outcomes.counting.quality import MODES
from outcomes.disclosure.sheet import NONE, Bools, Floats, Ints
from outcomes.instruments import OWN, recipe_called, safefit_wellbeing
from outcomes.instruments.recipe import Recipe
from outcomes.models import Assessment, AssessmentState, Questionnaire, Score
from participants.models import Timepoint


class ScoredAnotherWay(Exception):
    """So many forms were last scored in another way than today: what they come to is held against no other form."""

    def __init__(self, forms: int) -> None:
        super().__init__(forms)
        self.forms = forms


def forms_of(people: Ints, *, codes: Sequence[str], scales: Sequence[str], until: date) -> dict[str, SentForms]:
    """By code of the timepoint: the form of our own check that each sent by the end of `until`, with its scores.

    Forms of whoever is not among the people are read and left: to ask whose each is takes longer. Raises
    ScoredAnotherWay.
    """
    return _sent(people, _points(codes), safefit_wellbeing.RECIPE, scales, until)


def others_of(
    people: Ints, *, programme: Programme, codes: Sequence[str], of: Sequence[Instrument], until: date
) -> dict[str, dict[str, SentForms]]:
    """The same of other instruments that the programme asks, by their code, with who was asked. Raises the same."""
    points = _points(codes)
    found = {}
    for one in (one for one in of if not one.measured):
        by_answers = next((told for told in one.scales if told.answers), None)
        scales = [told.scale for told in one.scales]
        sent = _sent(people, points, recipe_called(one.code), scales, until, by_answers)
        asked = _asked(people, programme, one.code)
        found[one.code] = {
            code: replace(forms, asked=_among(people, asked, points, code) | (forms.on < NEVER))
            for code, forms in sent.items()
        }
    return found


def instruments_of(programme: Programme) -> list[Instrument]:
    """Every instrument beside our own of which anybody has sent a form, in the order of their codes."""
    asked = Questionnaire.objects.filter(programme=programme, assessments__state=AssessmentState.SUBMITTED)
    others = asked.exclude(recipe="").exclude(recipe__in=OWN).order_by("recipe")
    recipes = map(recipe_called, others.values_list("recipe", flat=True).distinct())
    return [instrument_of(recipe.in_values_of(settings.EQ5D_VALUE_SET)) for recipe in recipes]


def _points(codes: Sequence[str]) -> dict[int, str]:
    return dict(Timepoint.objects.filter(code__in=codes).order_by("pk").values_list("pk", "code"))


def _asked(people: Ints, programme: Programme, recipe: str) -> tuple[Ints, Ints]:
    """Rows and timepoints of everybody of whom a form was wanted, whatever became of it."""
    wanted = Assessment.objects.filter(participant__programme=programme, questionnaire__recipe=recipe)
    wanted = wanted.exclude(state=AssessmentState.NOT_WANTED).order_by()
    whose, point = columns_of(wanted, "participant_id", "timepoint_id")
    return rows_of(whose, people), whole(point)


def _among(people: Ints, asked: tuple[Ints, Ints], points: dict[int, str], code: str) -> Bools:
    rows, point = asked
    here = (rows != NONE) & np.isin(point, [key for key, of in points.items() if of == code])
    found = np.zeros(len(people), bool)
    found[rows[here]] = True
    return found


@dataclass(frozen=True, eq=False)
class _Sent:
    """The forms of one timepoint and one time of asking, and the key of the answers behind each; NONE: not sent."""

    code: str
    forms: SentForms
    keys: Ints


def _sent(
    people: Ints,
    points: dict[int, str],
    recipe: Recipe,
    scales: Sequence[str],
    until: date,
    by_answers: Told | None = None,
) -> dict[str, SentForms]:
    sent = Assessment.objects.filter(state=AssessmentState.SUBMITTED, questionnaire__recipe=recipe.code)
    on = Coalesce(Day("response__answered_on"), local_day("response__submitted_at"))
    mode, wanted = Place("response__mode", MODES), ("pk", "participant_id", "timepoint_id", "round", "response__pk")
    columns = np.stack(columns_of(sent.order_by(), *wanted, on, mode))
    _, whose, point, rounds, response, day, place = map(whole, columns[:, np.argsort(columns[0])])
    rows, (scores, another_way) = rows_of(whose, people), _scores(response, recipe, scales)
    counts = (rows != NONE) & (day != NONE) & (day <= until.toordinal())
    if (counts & another_way).any():
        raise ScoredAnotherWay(int((counts & another_way).sum()))
    each = []
    for code in dict.fromkeys(points.values()):
        here = counts & np.isin(point, [key for key, of in points.items() if of == code])
        for number in range(1, int(rounds[here].max(initial=1)) + 1):
            which = np.flatnonzero(here & (rounds == number))
            keys, modes = (np.full(len(people), NONE) for _ in range(2))
            keys[rows[which]], modes[rows[which]] = response[which], place[which] - 1
            each.append(_Sent(code, replace(_forms(len(people), rows, day, scores, which), modes=modes), keys))
    return _by_timepoint(_with_answers(each, recipe, by_answers) if by_answers and each else each)


def _by_timepoint(each: Iterable[_Sent]) -> dict[str, SentForms]:
    found: dict[str, SentForms] = {}
    for one in each:
        first = found.get(one.code)
        found[one.code] = replace(first, once_more=(*first.once_more, one.forms)) if first else one.forms
    return found


def _with_answers(each: Sequence[_Sent], recipe: Recipe, told: Told) -> list[_Sent]:
    """With the answers by which people are counted, of whoever sent two forms that came to a score: nobody else's are
    deciphered."""
    keys = np.stack([np.where(np.isnan(of.forms.score(told.scale)), NONE, of.keys) for of in each])
    keys[:, (keys != NONE).sum(axis=0) < 2] = NONE
    answers = answers_of(keys, recipe, told.answers)
    return [replace(of, forms=replace(of.forms, answers=its)) for of, its in zip(each, answers, strict=True)]


def _forms(people: int, rows: Ints, day: Ints, scores: dict[str, Floats], which: Ints) -> SentForms:
    """Of one timepoint. Who sent two by mistake is counted with the last."""
    on = np.full(people, NEVER)
    on[rows[which]] = day[which]
    found = {scale: np.full(people, np.nan) for scale in scores}
    for scale, values in scores.items():
        found[scale][rows[which]] = values[which]
    return SentForms(on, found)


def _scores(responses: Ints, recipe: Recipe, scales: Sequence[str]) -> tuple[dict[str, Floats], Bools]:
    """By scale, what each response comes to today, not a number where that is nothing; and which were scored since in
    another way, or never in that of today."""
    order = np.argsort(responses)
    sets = {scale.value_set for scale in recipe.scales}
    today = Q(recipe_version=recipe.version, value_set__in=sets)
    values = {
        f"scale{n}": Max("value", filter=Q(today, scale=scale, value_set=recipe.scale(scale).value_set))
        for n, scale in enumerate(scales)
    }
    last = {"last": Max("scored_at", filter=today), "other": Max("scored_at", filter=~today)}
    alike = Q(other=None) | Q(last__gt=F("other"))
    rows = Score.objects.filter(recipe=recipe.code).order_by().values("response_id")
    each = rows.annotate(**values, **last).annotate(
        another_way=Case(When(alike, then=0), default=1, output_field=IntegerField())
    )
    response, is_another, *columns = columns_of(each, "response_id", "another_way", *values)
    form = rows_of(response, responses[order])
    which = form != NONE
    found = {scale: np.full(len(responses), np.nan) for scale in scales}
    for scale, column in zip(scales, columns, strict=True):
        found[scale][order[form[which]]] = column[which]
    another_way = np.zeros(len(responses), bool)
    another_way[order[form[which & (is_another == 1)]]] = True
    return found, another_way
