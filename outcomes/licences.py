"""Licences of questionnaires that run out: the desk is asked in time to renew them, or to ask the form no more.

Here: one task for each last day of a licence, while the form is still asked of anybody. Not here: recording a licence,
and what one that has run out still allows (bringing.py): nothing stops by itself. Called every night (tasks.py).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.history import Actor, System, acting
from messaging.models import Task
from messaging.worklist import asked_before, cancel_open, raise_task
from outcomes.models import Assessment, AssessmentState, Questionnaire, QuestionnaireFile

ENDS: Final = "licence_ends"
ASKED_BEFORE: Final = timedelta(weeks=8)  # a licence is renewed by letter, and some by a committee


def look_at_licences(*, on: date, by: Actor = System.WORKER) -> int:
    """Every night: returns how many licences have run out, or do so soon, of forms that somebody is still asked.

    A task that somebody has closed is not raised again for the same last day. Harmless when it runs twice.
    """
    with acting(by, "outcomes.look_at_licences"):
        still_asked = Assessment.objects.filter(
            questionnaire=OuterRef("questionnaire"), state=AssessmentState.PLANNED
        ).order_by()
        rows = QuestionnaireFile.objects.filter(
            Q(questionnaire__active=True) | Exists(still_asked), licence_until__lte=on + ASKED_BEFORE
        )
        found = rows.defer("source").select_related("questionnaire__programme")
        soon = {f"{ENDS}:{file.questionnaire_id}:{file.licence_until}": file.questionnaire for file in found}
        cancel_open(Task.objects.filter(kind=ENDS).exclude(dedupe_key__in=soon))
        for key in sorted(soon.keys() - asked_before(soon)):
            _ask(soon[key], key, by)
        return len(soon)


def _ask(questionnaire: Questionnaire, key: str, by: Actor) -> None:
    until = key.rpartition(":")[2]
    raise_task(
        programme=questionnaire.programme,
        kind=ENDS,
        due_at=timezone.make_aware(datetime.combine(date.fromisoformat(until), time(17))),
        subject_id=questionnaire.pk,
        context={"on": until},
        dedupe_key=key,
        by=by,
    )
