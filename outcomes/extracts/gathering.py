"""The people of a programme who agreed that researchers may use their answers, read at once.

Here: rows into facts.py, in a fixed number of queries. Nobody else is read at all.
Not here: protecting anybody (anonymity.py). Called by building.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Programme
from classes.adherence import ADHERENCE
from classes.models import Attendance, Incident
from outcomes import instruments
from outcomes.answering.answers_out import WAYS, name_of
from outcomes.answering.scores import rows_in_force
from outcomes.extracts.facts import Event, Facts, Form, Near, Scale, Stands, Visit, quarter_of
from outcomes.models import AnswerMode, Assessment, AssessmentState, GoalRating, Measure, QuestionnaireFile, Score
from outcomes.questions import Question
from participants.models import ConsentEvent, ConsentKind, Enrolment, Participant, Timepoint

ELSEWHERE = "elsewhere"


def agreeing_people(programme: Programme) -> QuerySet[Participant]:
    """Those who, at this moment, agree to research and have not taken back that we hold health facts."""
    answers = ConsentEvent.objects.filter(participant__programme=programme)
    yes = ConsentEvent.objects.filter(pk__in=_in_force(answers, ConsentKind.RESEARCH), given=True)
    no = ConsentEvent.objects.filter(pk__in=_in_force(answers, ConsentKind.HEALTH), given=False)
    people = Participant.objects.filter(programme=programme, pk__in=yes.values("participant"))
    return people.exclude(pk__in=no.values("participant")).order_by("pk")


def facts_of(programme: Programme) -> dict[Participant, Facts]:
    """Everything that any field is made of, of each who agrees."""
    people = list(
        agreeing_people(programme)
        .select_related("person", "equality")
        .prefetch_related(
            Prefetch("enrolments", Enrolment.objects.order_by("starts_on").prefetch_related("pauses")),
            Prefetch(
                "assessments",
                Assessment.objects.filter(state=AssessmentState.SUBMITTED)
                .select_related("questionnaire", "timepoint", "response")
                .prefetch_related("response__scores"),
            ),
        )
    )
    keys = [person.pk for person in people]
    visits, safety, versions, reader = _visits(keys), _safety(keys), _versions(programme), _Reader(programme)
    stands, goals = _stands(keys), _goals(keys)
    return {
        person: Facts(
            known=_known(person, programme, visits[person.pk]),
            programme=programme.slug,
            consent_version=versions[person.pk],
            phase=_equality(person, "treatment_stage"),
            visits=tuple(visits[person.pk]),
            forms=reader.forms(person),
            events=tuple(sorted(_events(person), key=lambda event: event.on)),
            stands=tuple(stands[person.pk]),
            goals=tuple(goals[person.pk]),
            safety=tuple(safety[person.pk]),
        )
        for person in people
    }


def days_of_timepoints(programme: Programme) -> dict[str, int]:
    """By code, on which day of the programme each is."""
    return dict(Timepoint.objects.filter(programme=programme).values_list("code", "day"))


def _in_force(answers: QuerySet[ConsentEvent], kind: str) -> QuerySet[ConsentEvent, Any]:
    return ConsentEvent.objects.filter(pk__in=answers.filter(text__kind=kind)).latest_per_kind().values("pk")


def _versions(programme: Programme) -> dict[int, int]:
    """By participant, which version of the words on research they answered last."""
    events = ConsentEvent.objects.filter(participant__programme=programme, text__kind=ConsentKind.RESEARCH)
    return {event.participant_id: event.text.version for event in events.latest_per_kind().select_related("text")}


def _visits(keys: Iterable[int]) -> dict[int, list[Visit]]:
    """Marks in force of classes that were due, oldest first."""
    whose = Coalesce("booking__participant_id", "guest__participant_id")
    rows = (
        Attendance.objects.filter(pk__in=Attendance.objects.in_force().values("pk"))
        .annotate(whose=whose)
        .filter(whose__in=list(keys))
        .order_by("session__starts_at", "session_id")
        .values_list("whose", "session__starts_at", "session__ends_at", "session__mode", "state")
    )
    found: dict[int, list[Visit]] = defaultdict(list)
    for participant, starts_at, ends_at, mode, state in rows:
        counted, minutes = ADHERENCE[state], int((ends_at - starts_at).total_seconds() // 60)
        if counted.due:
            found[participant].append(Visit(timezone.localdate(starts_at), counted.attended, mode, minutes))
    return found


def _safety(keys: Iterable[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = Incident.objects.filter(participant_id__in=list(keys)).order_by("kind")
    for participant, kind in rows.values_list("participant_id", "kind"):
        found[participant or 0].append(kind)
    return found


def _stands(keys: Iterable[int]) -> dict[int, list[Stands]]:
    """Measures that no later one puts right, oldest first."""
    found: dict[int, list[Stands]] = defaultdict(list)
    rows = Measure.objects.in_force().filter(participant_id__in=list(keys)).order_by("measured_on", "at", "pk")
    for measure in rows:
        about = Stands(measure.measured_on, measure.kind, measure.result, measure.value, measure.reason)
        found[measure.participant_id].append(about)
    return found


def _goals(keys: Iterable[int]) -> dict[int, list[Near]]:
    """Each time somebody said how near a goal is. The words of goals are not read."""
    found: dict[int, list[Near]] = defaultdict(list)
    numbers: dict[int, dict[int, int]] = defaultdict(dict)
    rows = GoalRating.objects.filter(goal__participant_id__in=list(keys))
    rows = rows.order_by("goal__participant_id", "goal__set_at", "goal_id", "at", "pk")
    for participant, goal, at, value, timepoint in rows.values_list(
        "goal__participant_id", "goal_id", "at", "value", "timepoint__code"
    ):
        number = numbers[participant].setdefault(goal, len(numbers[participant]) + 1)
        found[participant].append(Near(timezone.localdate(at), number, value, timepoint or ""))
    return found


def _known(person: Participant, programme: Programme, visits: Iterable[Visit]) -> dict[str, str]:
    born = person.person.date_of_birth
    return {
        "age_band": str(born.year) if born else "",
        "sex": _equality(person, "sex"),
        "ethnicity": _equality(person, "ethnicity"),
        "deprivation": _equality(person, "deprivation_quintile"),
        "area": person.area if person.area in programme.areas else ELSEWHERE,
        "cancer": _equality(person, "cancer_type"),
        "start_quarter": quarter_of(min((visit.on for visit in visits if visit.attended), default=None)),
    }


def _equality(person: Participant, name: str) -> str:
    """What they said of themselves; empty where they were not asked."""
    return str(getattr(getattr(person, "equality", None), name, None) or "")


def _events(person: Participant) -> Iterable[Event]:
    yield Event(timezone.localdate(person.registered_at), "registered")
    for enrolment in person.enrolments.all():
        yield Event(enrolment.starts_on, "programme_started")
        for pause in enrolment.pauses.all():
            yield Event(pause.starts_on, "pause_started")
            if pause.ends_on:
                yield Event(pause.ends_on, "pause_ended")
        if enrolment.ends_on:
            yield Event(enrolment.ends_on, "programme_ended")


class _Reader:
    """Forms, with the questions of each questionnaire read once."""

    def __init__(self, programme: Programme) -> None:
        files = QuestionnaireFile.objects.filter(questionnaire__programme=programme)
        self.licensed = frozenset(files.values_list("questionnaire_id", flat=True))
        self.questions: dict[tuple[int, bool], tuple[Question, ...]] = {}

    def forms(self, person: Participant) -> tuple[Form, ...]:
        return tuple(self._form(one) for one in sorted(person.assessments.all(), key=_given))

    def _form(self, assessment: Assessment) -> Form:
        response, questionnaire = assessment.response, assessment.questionnaire
        same = (questionnaire.pk, assessment.timepoint.day > 0)
        if same not in self.questions:
            self.questions[same] = assessment.questions
        return Form(
            instrument=questionnaire.code,
            version=questionnaire.version,
            canonical=f"{name_of(questionnaire)}|{questionnaire.version}",
            timepoint=assessment.timepoint.code,
            mode=response.mode,
            way=WAYS[AnswerMode(response.mode)],
            on=response.given_on,
            replies=response.answers,
            questions=self.questions[same],
            items=tuple(questionnaire.items),
            scores=tuple(_scale(row) for row in rows_in_force(response.scores.all())),
            recipe=questionnaire.recipe,
            binding=questionnaire.pairs,
            is_ours=questionnaire.pk not in self.licensed,
        )


def _given(assessment: Assessment) -> tuple[date, int]:
    return assessment.response.given_on, assessment.pk


def _scale(row: Score) -> Scale:
    codes = instruments.recipe_called(row.recipe).scale(row.scale).codes
    return Scale(
        scale=row.scale,
        value=row.value,
        reason=row.reason,
        recipe=row.recipe,
        recipe_version=row.recipe_version,
        value_set=row.value_set,
        codes=tuple((code.system.value, code.code) for code in codes),
    )
