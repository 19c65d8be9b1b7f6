"""What comes to its last day unnoticed: agreements with partners, their systems, studies, licences of questionnaires,
and summaries that were made by themselves and wait for somebody to look at them.

Here: asking the desk. Not here: what ends with it (models), or how it is renewed and closed (releases/, studies/,
bringing.py).
Called by the worker every night.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.history import Actor, System, acting
from accounts.models import Agreement, Programme
from messaging.models import Task
from messaging.one_by_one import in_turn, one_by_one
from messaging.worklist import asked_before, cancel_open, raise_task
from outcomes.models import (
    Assessment,
    AssessmentState,
    MachineClient,
    QuestionnaireFile,
    Release,
    ReleaseState,
    Study,
    StudyState,
)
from outcomes.models.releases import MOST_DAYS

WARNED_BEFORE: Final = timedelta(days=28)
LICENCE_WARNED_BEFORE: Final = timedelta(weeks=8)  # it is renewed by letter, and some by a committee
TO_CLOSE: Final = timedelta(days=7)  # after the last day of a study
# Kinds of task; the subject is the agreement, the system, the study, the questionnaire, the summary.
AGREEMENT_ENDS, SYSTEM_ENDS, STUDY_OVER = "agreement_ends", "system_ends", "study_over"
LICENCE_ENDS: Final = "licence_ends"
SUMMARY_WAITS: Final = "summary_waits"
Ends: TypeAlias = Mapping[int, tuple[Programme, date]]  # by subject: at whose desk, and its day


def look_at_endings(*, on: date, by: Actor = System.WORKER) -> int:
    """One task for each day that comes, as long as it does; returns how many were raised. Twice is harmless.

    A day that was moved is another one; a task about what has ended, or does not end any more, closes itself.
    """
    raised: list[int] = []

    def agreements() -> None:
        raised.append(_keep_asking(AGREEMENT_ENDS, _agreements(on), by))

    def systems() -> None:
        raised.append(_keep_asking(SYSTEM_ENDS, dict(_systems(on)), by))

    def studies() -> None:
        raised.append(_keep_asking(STUDY_OVER, _studies(on), by))

    def licences() -> None:
        raised.append(_keep_asking(LICENCE_ENDS, _licences(on), by))

    def summaries() -> None:
        raised.append(_keep_asking(SUMMARY_WAITS, _summaries(on), by))

    in_turn(agreements, systems, studies, licences, summaries)
    return sum(raised)


def _agreements(on: date) -> Ends:
    rows = Agreement.objects.live().filter(ends_on__range=(on, on + WARNED_BEFORE)).select_related("programme")
    return {row.pk: (row.programme, row.ends_on) for row in rows if row.ends_on}


def _systems(on: date) -> Iterator[tuple[int, tuple[Programme, date]]]:
    """At the desk of the programme on which their organisation agreed first."""
    ending = MachineClient.objects.in_force().filter(ends_on__range=(on, on + WARNED_BEFORE))
    agreed = Agreement.objects.live().select_related("programme").order_by("-pk")
    programmes = {row.organisation_id: row.programme for row in agreed}
    for row in ending:
        yield row.pk, (programmes[row.organisation_id], row.ends_on)


def _studies(on: date) -> Ends:
    over = Study.objects.filter(state=StudyState.OPEN, closes_on__lt=on).select_related("programme")
    return {row.pk: (row.programme, row.closes_on + TO_CLOSE) for row in over}


def _licences(on: date) -> Ends:
    """Of forms that somebody is still asked. One that has run out already is no less of a question."""
    still_asked = Assessment.objects.filter(questionnaire=OuterRef("questionnaire"), state=AssessmentState.PLANNED)
    rows = QuestionnaireFile.objects.filter(
        Q(questionnaire__active=True) | Exists(still_asked), licence_until__lte=on + LICENCE_WARNED_BEFORE
    )
    found = rows.defer("source").select_related("questionnaire__programme")
    return {
        row.questionnaire_id: (row.questionnaire.programme, row.licence_until) for row in found if row.licence_until
    }


def _summaries(on: date) -> Ends:
    """The latest of each partner, where nobody asked for it: ready, or not to be published as it is. Until it is too
    old for it."""
    beside = {"programme": OuterRef("programme"), "organisation": OuterRef("organisation")}
    later = Release.objects.filter(**beside, number__gt=OuterRef("number"))
    made = Release.objects.filter(
        Exists(Agreement.objects.live().filter(**beside)),
        ~Exists(later),
        asked_by=None,
        state__in=(ReleaseState.BUILT, ReleaseState.BLOCKED, ReleaseState.FAILED),
        as_at__gte=on - timedelta(days=MOST_DAYS),
    )
    rows = made.defer("groups", "method", "attack").select_related("programme")
    return {row.pk: (row.programme, row.as_at + timedelta(days=MOST_DAYS)) for row in rows}


def _keep_asking(kind: str, ends: Ends, by: Actor) -> int:
    keys = {f"{kind}:{subject}:{day}": (subject, programme, day) for subject, (programme, day) in ends.items()}
    with acting(by, "outcomes.stop_asking_about_endings"):
        cancel_open(Task.objects.filter(kind=kind).exclude(dedupe_key__in=keys))
    raised = one_by_one(
        lambda key: raise_task(
            dedupe_key=key, kind=kind, subject_id=keys[key][0], programme=keys[key][1], due_at=_midnight(keys[key][2]),
            context={"on": keys[key][2].isoformat()}, by=by,
        ),
        sorted(keys.keys() - asked_before(keys)),
    )  # fmt: skip
    return len(raised)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))
