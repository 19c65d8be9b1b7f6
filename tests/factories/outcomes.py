"""Questionnaires, timepoints, sent forms and releases, made for tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import factory
from allauth.idp.oidc.models import Client
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import Programme
from classes.models import Attendance, AttendanceState
from outcomes import instruments
from outcomes.answering.scores import score_rows
from outcomes.disclosure import Sheet
from outcomes.instruments import safefit_wellbeing
from outcomes.instruments.recipe import Recipe
from outcomes.instruments.safefit_wellbeing import BODY, HELD_BACK, MIND
from outcomes.models import (
    AnswerMode,
    Assessment,
    AssessmentState,
    MachineClient,
    Questionnaire,
    QuestionnaireFile,
    Release,
    ReleaseCell,
    ReleaseState,
    Response,
    Score,
    Study,
)
from outcomes.releases.export import fingerprint
from outcomes.releases.machine_clients import GRANT, SCOPE
from outcomes.releases.past import keep_sheet
from outcomes.scoring import Answer
from participants.models import ConsentEvent, ConsentKind, ConsentText, Participant, Timepoint
from tests.factories.accounts import OrganisationFactory, PersonFactory, ProgrammeFactory
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.participants import ParticipantFactory

TIMEPOINTS = (("start", "Start", 0, 28, 7), ("w12", "12 weeks", 84, 21, 21), ("w26", "26 weeks", 182, 28, 28))


class QuestionnaireFactory(DjangoModelFactory[Questionnaire]):
    class Meta:
        model = Questionnaire
        django_get_or_create = ("programme", "code", "version")

    programme = factory.SubFactory(ProgrammeFactory)
    code = "safefit-wellbeing"
    version = safefit_wellbeing.VERSION
    title = safefit_wellbeing.TITLE
    introduction = safefit_wellbeing.INTRODUCTION
    items = safefit_wellbeing.ITEMS
    recipe = safefit_wellbeing.CODE


class QuestionnaireFileFactory(DjangoModelFactory[QuestionnaireFile]):
    """A form that came from a file, licensed, and asked of nobody yet."""

    class Meta:
        model = QuestionnaireFile

    questionnaire = factory.SubFactory(QuestionnaireFactory, code="from-a-file", recipe="", active=False)
    source = b"{}"
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    format = "FHIR R4"
    licence_holder = "Wessex programme"
    licence_reference = "A-17"
    licence_from = dt.date(2026, 1, 1)
    brought_by = factory.SubFactory(PersonFactory)


class TimepointFactory(DjangoModelFactory[Timepoint]):
    class Meta:
        model = Timepoint
        django_get_or_create = ("programme", "code")

    programme = factory.SubFactory(ProgrammeFactory)
    code, label, day, opens_before, closes_after = TIMEPOINTS[0]


class AssessmentFactory(DjangoModelFactory[Assessment]):
    """Open today, at the start, unless a test says otherwise."""

    class Meta:
        model = Assessment

    participant = factory.SubFactory(ParticipantFactory)
    questionnaire = factory.SubFactory(QuestionnaireFactory, programme=factory.SelfAttribute("..participant.programme"))
    timepoint = factory.SubFactory(TimepointFactory, programme=factory.SelfAttribute("..participant.programme"))
    opens_on = factory.LazyFunction(timezone.localdate)


class ReleaseFactory(DjangoModelFactory[Release]):
    class Meta:
        model = Release

    programme = factory.SubFactory(ProgrammeFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    number = factory.Sequence(lambda n: n + 1)
    state = ReleaseState.QUEUED
    as_at = factory.LazyFunction(timezone.localdate)
    k = 8
    dimensions = ["area"]


class StudyFactory(DjangoModelFactory[Study]):
    """One that asks everybody, open for the 30 days from today on once it is opened."""

    class Meta:
        model = Study

    programme = factory.SubFactory(ProgrammeFactory)
    team = "Made-up University"
    title = factory.Sequence(lambda n: f"Study {n}")
    description = "Two short talks by telephone."
    contact = "Ring 01632 960333."
    ethics_reference = "27/MADE/UP"
    opens_on = factory.LazyFunction(timezone.localdate)
    closes_on = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=30))


class ProvidedClientFactory(DjangoModelFactory[Client]):
    """The provider's row of a machine client whose secret is "open sesame"."""

    class Meta:
        model = Client

    name = "Board dashboard"
    secret = factory.LazyFunction(lambda: make_password("open sesame"))
    grant_types = GRANT
    scopes = SCOPE
    default_scopes = SCOPE


class MachineClientFactory(DjangoModelFactory[MachineClient]):
    class Meta:
        model = MachineClient

    provided = factory.SubFactory(ProvidedClientFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Board dashboard {n}")
    ends_on = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=365))


def timepoints_of(programme: Programme) -> list[Timepoint]:
    """Start, 12 weeks and 26 weeks, with the windows of the design."""
    names = ("code", "label", "day", "opens_before", "closes_after")
    return [TimepointFactory(programme=programme, **dict(zip(names, row, strict=True))) for row in TIMEPOINTS]


def answers_of(level: int) -> dict[str, Answer]:
    """A full start form in which every rating says `level` of 10, turned round where more is worse."""
    ratings = {name: 10 - level if name in HELD_BACK else level for name in (*BODY, *MIND)}
    return {**ratings, "overall": level, "act_days": 2, "act_min": 30}


@contextmanager
def own_recipe(recipe: Recipe) -> Iterator[None]:
    """`recipe` is known by its code, as if it had a file."""
    with patch.dict(instruments.OWN, {recipe.code: recipe}):
        _forget()
        yield
    _forget()


def _forget() -> None:
    instruments.codes.cache_clear()
    instruments.recipe_called.cache_clear()


def sent_form(assessment: Assessment, answers: Mapping[str, Answer], *, on: dt.date) -> Response:
    """The rows of a form that was sent on `on`, whatever its window."""
    moment = dt.datetime.combine(on, dt.time(12), dt.UTC)
    response: Response = Response.objects.create(
        assessment=assessment,
        answers=dict(answers),
        mode=AnswerMode.SELF,
        entered_by=assessment.participant.person,
        submitted_at=moment,
    )
    Score.objects.bulk_create(score_rows(response, instruments.recipe_called(assessment.questionnaire.recipe)))
    Assessment.objects.filter(pk=assessment.pk).update(state=AssessmentState.SUBMITTED)
    return response


def attended(
    participant: Participant, on: dt.date, state: str = AttendanceState.ATTENDED, **session: Any
) -> Attendance:
    """A class of `on` that the participant had booked, with its mark."""
    starts_at = dt.datetime.combine(on, dt.time(10), dt.UTC)
    booking = BookingFactory(
        participant=participant, session=SessionFactory(programme=participant.programme, starts_at=starts_at, **session)
    )
    return Attendance.objects.create(
        session=booking.session, booking=booking, state=state, marked_at=starts_at, by=participant.person
    )


def attended_together(participants: Iterable[Participant], on: dt.date) -> None:
    """One class of `on` that all of them came to."""
    starts_at = dt.datetime.combine(on, dt.time(10), dt.UTC)
    session = None
    for person in participants:
        session = session or SessionFactory(programme=person.programme, starts_at=starts_at, capacity=100)
        booking = BookingFactory(participant=person, session=session)
        Attendance.objects.create(
            session=session, booking=booking, state=AttendanceState.ATTENDED, marked_at=starts_at, by=person.person
        )


def consents(participant: Participant, kind: str = ConsentKind.SUMMARIES, *, given: bool = True) -> ConsentEvent:
    """The participant's answer to one consent, newest last."""
    text, _ = ConsentText.objects.get_or_create(
        programme=participant.programme, kind=kind, version=1, defaults={"title": kind, "body": "Made up for a test."}
    )
    return ConsentEvent.objects.create(participant=participant, text=text, given=given, by=participant.person)


METHOD: dict[str, Any] = {
    "measures": {
        "funnel.registered": {},
        "funnel.started": {"within": "funnel.registered"},
        "total.w12.n": {"within": "funnel.started"},
        "body.w12.before": {"mean_of": "total.w12.n"},
        "body.w12.after": {"mean_of": "total.w12.n"},
        "total.w12.before": {"mean_of": "total.w12.n"},
        "total.w12.after": {"mean_of": "total.w12.n"},
        "total.w12.change": {"mean_of": "total.w12.n", "range": [-100, 100]},
    },
    "sums": [],
    "timepoints": [
        {"code": code, "label": label, "day": day, "opens_before": before, "closes_after": after}
        for code, label, day, before, after in TIMEPOINTS[:2]
    ],
    "instrument": {"title": "SafeFit wellbeing check", "version": "1", "citation": "Made up for a test."},
}


FIGURES: tuple[tuple[str, dict[str, str], str, float | None, float | None, float | None], ...] = (
    ("funnel.registered", {}, "shown", 135, None, None),
    ("funnel.registered", {"area": "Dorset"}, "shown", 130, None, None),
    ("funnel.registered", {"area": "Isle of Wight"}, "small", None, None, None),
    ("funnel.started", {}, "shown", 110, None, None),
    ("total.w12.n", {}, "shown", 45, None, None),
    ("total.w12.before", {}, "shown", 52.13, None, None),
    ("total.w12.after", {}, "shown", 56.38, None, None),
    ("total.w12.change", {}, "shown", 4.25, 1.94, 6.56),
    ("total.w12.change", {"area": "Dorset"}, "withheld", None, None, None),
)


def release_with_figures(
    state: str = ReleaseState.PUBLISHED,
    *,
    cells: Iterable[tuple[str, float, float | None, float | None]] | None = None,
    **fields: Any,
) -> Release:
    """A release that holds one figure of each status, or `cells` (measure, value, low, high) for everyone."""
    groups = {"area": ["Dorset", "Isle of Wight"]}
    frozen = {"published_at": timezone.now(), "sha256": "0" * 64} if state == ReleaseState.PUBLISHED else {}
    release: Release = ReleaseFactory(state=state, **{"groups": groups, "method": METHOD, **frozen, **fields})
    shown = FIGURES if cells is None else [(measure, {}, "shown", *numbers) for measure, *numbers in cells]
    for measure, where, status, value, low, high in shown:
        ReleaseCell.objects.create(
            release=release,
            table=measure.partition(".")[0],
            measure=measure,
            where=where,
            status=status,
            value=value,
            low=low,
            high=high,
            decimal_places=1 if "mean_of" in METHOD["measures"].get(measure, {"mean_of": ""}) else 0,
        )
    if state == ReleaseState.BUILT:
        attacked(release)
    return release


def attacked(release: Release) -> None:
    """As a release stands when the attack has found nothing, with nothing published beside it, and nobody in it."""
    keep_sheet(release, Sheet.of({}))
    release.sha256 = fingerprint(release)
    release.attack = {"survived": True, "sha256": release.sha256, "beside": [], "breaches": []}
    release.save(update_fields=["sha256", "attack"])


def onwards(page: Any) -> str:
    """Where an answer leads, without the question that was answered."""
    return str(page["Location"]).partition("?")[0]
