"""The forms that people sent, and what they came to, read for many people at once and as few columns as are counted.

Here: three queries, read as they come, and two more where a form was scored in several ways. The answers themselves
are not read, so they are not deciphered. Not here: which form counts (cohort.py). Called by gathering.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from django.contrib.postgres.aggregates import BoolAnd
from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Coalesce

from outcomes.counting.cohort import NEVER, SentForms
from outcomes.counting.columns import Day, Place, Since, columns_of, local_day, rows_of, whole
from outcomes.disclosure.sheet import NONE, Bools, Floats, Ints
from outcomes.instruments import safefit_wellbeing
from outcomes.models import Assessment, AssessmentState, Score
from participants.models import Timepoint


def forms_of(people: Ints, *, codes: Sequence[str], scales: Sequence[str], until: date) -> dict[str, SentForms]:
    """By code of the timepoint: the form of each that was sent by the end of `until`, with its scores.

    Forms of whoever is not among the people are read and left: to ask whose each is takes longer.
    """
    points = dict(Timepoint.objects.filter(code__in=codes).order_by("pk").values_list("pk", "code"))
    sent = Assessment.objects.filter(state=AssessmentState.SUBMITTED, questionnaire__recipe=safefit_wellbeing.CODE)
    on = Coalesce(Day("response__answered_on"), local_day("response__submitted_at"))
    columns = np.stack(columns_of(sent.order_by(), "pk", "participant_id", "timepoint_id", "response__pk", on))
    _, whose, point, response, day = map(whole, columns[:, np.argsort(columns[0])])
    rows, scores = rows_of(whose, people), _scores(response, scales)
    counts = (rows != NONE) & (day != NONE) & (day <= until.toordinal())
    found = {}
    for code in codes:
        here = counts & np.isin(point, [key for key, of in points.items() if of == code])
        found[code] = _forms(len(people), rows, day, scores, np.flatnonzero(here))
    return found


def _forms(people: int, rows: Ints, day: Ints, scores: dict[str, Floats], which: Ints) -> SentForms:
    """Of one timepoint. Who sent two by mistake is counted with the last."""
    on = np.full(people, NEVER)
    on[rows[which]] = day[which]
    found = {scale: np.full(people, np.nan) for scale in scores}
    for scale, values in scores.items():
        found[scale][rows[which]] = values[which]
    return SentForms(on, found)


def _scores(responses: Ints, scales: Sequence[str]) -> dict[str, Floats]:
    """By scale, the score in force of each of the responses; not a number where there is none."""
    order = np.argsort(responses)
    rows = Score.objects.filter(recipe=safefit_wellbeing.CODE).order_by()
    once = BoolAnd(Q(recipe_version=safefit_wellbeing.RECIPE.version, value_set=""))
    values = {f"scale{n}": Max("value", filter=Q(scale=scale)) for n, scale in enumerate(scales)}
    each = rows.values("response_id").annotate(**values, once=once)
    response, is_once, *columns = columns_of(each, "response_id", "once", *values)
    form = rows_of(response, responses[order])
    which = form != NONE
    found = {scale: np.full(len(responses), np.nan) for scale in scales}
    for scale, column in zip(scales, columns, strict=True):
        found[scale][order[form[which]]] = column[which]
    several = np.zeros(len(responses), bool)
    several[order[form[which & (is_once == 0)]]] = True
    if several.any():
        _look_again(found, several, responses, rows)
    return found


def _look_again(found: dict[str, Floats], several: Bools, responses: Ints, rows: QuerySet[Score]) -> None:
    """Of the responses that were scored in another way than today, or in several, take the scores that are in force."""
    scales, versions = list(found), list(rows.values_list("recipe_version", flat=True).distinct())
    how = (Place("recipe_version", versions), Since("scored_at"), "pk")
    response, scale, value, *order_of = columns_of(rows, "response_id", Place("scale", scales), "value", *how)
    order = np.argsort(responses)
    form = rows_of(response, responses[order])
    counts = in_force(form, *order_of)
    for number, name in enumerate(scales, 1):
        which = counts[(form[counts] != NONE) & (scale[counts] == number)]
        again = np.full(len(responses), np.nan)
        again[order[form[which]]] = value[which]
        found[name][several] = again[several]


def in_force(form: Ints, version: Floats, moment: Floats, key: Floats) -> Ints:
    """The rows that count of each form, in the order in which they were written: those of the version that was last.

    The same rule as of the rows of one form (answering/scores.py).
    """
    order = np.lexsort((key, moment, form))
    ends = np.append(np.flatnonzero(np.diff(form[order])), len(order) - 1) if len(order) else order
    of_form = np.repeat(version[order[ends]], np.diff(ends, prepend=-1))
    counts: Ints = order[version[order] == of_form]
    return counts
