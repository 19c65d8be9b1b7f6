from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.history import System
from accounts.models import Programme, User
from classes.models import Attendance, Guest
from messaging.models import Message, MessageState
from outcomes import tasks
from outcomes.answering.recording import NotOpen, save_draft
from outcomes.asking import planning
from outcomes.asking.notices import questionnaire_due
from outcomes.asking.once_more import Dates
from outcomes.asking.planning import plan_assessments, refresh_windows
from outcomes.asking.timepoints import ask_after_a_year
from outcomes.counting.gathering import counted_people
from outcomes.instruments import safefit_wellbeing
from outcomes.models import AnswerMode, Assessment, AssessmentState, Questionnaire
from participants.consents import give_consent, withdraw_consent
from participants.consequences import (
    DIED,
    ENROLLED,
    PAUSED,
    RESUMED,
    WITHDRAWN,
    Event,
    run_consequences,
)
from participants.models import ConsentKind, Enrolment, EnrolmentPause, Participant, ParticipantStatus
from tests.factories.classes import SessionFactory
from tests.factories.outcomes import AssessmentFactory, QuestionnaireFactory, attended, sent_form, timepoints_of
from tests.factories.outcomes import consents as agrees
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db

TODAY = dt.date(2027, 6, 1)


@pytest.fixture(autouse=True)
def clock() -> object:
    with time_machine.travel(dt.datetime(2027, 6, 1, 8, tzinfo=dt.UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def planned(pat: Participant) -> Participant:
    """Pat, who joined 30 days before today, with the questionnaires of the programme planned."""
    timepoints_of(pat.programme)
    Enrolment.objects.filter(participant=pat).update(starts_on=TODAY - dt.timedelta(days=30))
    plan_assessments(participant=pat, by=pat.person)
    return pat


def _assessment(participant: Participant, code: str) -> Assessment:
    return Assessment.objects.get(participant=participant, timepoint__code=code)


def _day(number: int) -> dt.date:
    return TODAY + dt.timedelta(days=number)


def _messages() -> list[Message]:
    return list(Message.objects.filter(kind="questionnaire_due"))


def _set_status(participant: Participant, status: ParticipantStatus) -> None:
    participant.status = status
    participant.save()


def test_joining_opens_the_start_form_and_leaves_the_others_for_the_first_class(planned: Participant) -> None:
    assert [a.timepoint.code for a in planned.assessments.order_by("timepoint__day")] == ["start", "w12", "w26"]
    assert _assessment(planned, "start").opens_on == _day(-30)
    assert _assessment(planned, "w12").opens_on is None
    assert list(Assessment.objects.answerable()) == [_assessment(planned, "start")]


def test_planning_twice_adds_nothing(planned: Participant) -> None:
    plan_assessments(participant=planned, by=planned.person)
    assert planned.assessments.count() == 3
    assert len(_messages()) == 1


def test_the_person_is_written_to_once_when_a_form_opens(planned: Participant) -> None:
    (message,) = _messages()
    assert message.person == planned.person
    assert message.subject_id == _assessment(planned, "start").pk
    assert message.due_at == dt.datetime(2027, 6, 1, 8, tzinfo=dt.UTC)
    refresh_windows(on=TODAY)
    assert len(_messages()) == 1


def test_nobody_is_written_to_before_nine_on_the_day_it_opens(pat: Participant) -> None:
    timepoints_of(pat.programme)
    Enrolment.objects.filter(participant=pat).update(starts_on=TODAY)
    with time_machine.travel(dt.datetime(2027, 6, 1, 1, tzinfo=dt.UTC), tick=False):
        plan_assessments(participant=pat, by=pat.person)
    (message,) = _messages()
    assert timezone.localtime(message.due_at).hour == 9


def test_the_first_class_attended_sets_every_window(planned: Participant) -> None:
    attended(planned, _day(-20), "absent_told")
    attended(planned, _day(-10))
    attended(planned, _day(-3))
    assert refresh_windows(on=TODAY) == 3
    start, twelve = _assessment(planned, "start"), _assessment(planned, "w12")
    assert (start.due_on, start.closes_on) == (_day(-10), _day(-3))
    assert (twelve.opens_on, twelve.due_on, twelve.closes_on) == (_day(53), _day(74), _day(95))


def test_a_form_is_missed_the_day_after_its_window(planned: Participant) -> None:
    attended(planned, _day(-7))
    refresh_windows(on=TODAY)
    assert _assessment(planned, "start").state == AssessmentState.PLANNED
    refresh_windows(on=_day(1))
    assert _assessment(planned, "start").state == AssessmentState.MISSED


def test_a_corrected_register_opens_a_missed_form_again(planned: Participant) -> None:
    mark = attended(planned, _day(-8))
    refresh_windows(on=TODAY)
    assert _assessment(planned, "start").state == AssessmentState.MISSED
    type(mark).objects.create(
        session=mark.session, booking=mark.booking, state="absent_told", marked_at=timezone.now(), by=planned.person,
        received_at=timezone.now() + dt.timedelta(minutes=5),
    )  # fmt: skip
    refresh_windows(on=TODAY)
    assert _assessment(planned, "start").state == AssessmentState.PLANNED


def test_nothing_changes_on_a_second_look(planned: Participant) -> None:
    attended(planned, _day(-7))
    refresh_windows(on=TODAY)
    assert refresh_windows(on=TODAY) == 0


def test_a_pause_moves_what_has_not_opened_and_resuming_moves_it_on(planned: Participant) -> None:
    attended(planned, _day(-20))
    pause = EnrolmentPause.objects.create(
        enrolment=planned.enrolments.get(), starts_on=_day(0), ends_on=None, reason="treatment"
    )
    _set_status(planned, ParticipantStatus.PAUSED)
    run_consequences(PAUSED, planned, planned.person)
    assert _assessment(planned, "w12").opens_on is None
    pause.ends_on = _day(14)
    pause.save()
    _set_status(planned, ParticipantStatus.ACTIVE)
    run_consequences(RESUMED, planned, planned.person)
    assert _assessment(planned, "w12").due_on == _day(-20 + 84 + 14)


def test_somebody_paused_is_not_written_to(planned: Participant) -> None:
    Message.objects.all().delete()
    _set_status(planned, ParticipantStatus.PAUSED)
    refresh_windows(on=TODAY)
    assert _messages() == []


@pytest.mark.parametrize(("event", "status"), [(WITHDRAWN, "withdrawn"), (DIED, "died")])
def test_leaving_or_death_stops_every_question(planned: Participant, event: Event, status: str) -> None:
    _set_status(planned, ParticipantStatus(status))
    run_consequences(event, planned, planned.person)
    assert {a.state for a in planned.assessments.all()} == {AssessmentState.NOT_WANTED}
    assert [m.state for m in _messages()] == [MessageState.NOT_WANTED]
    attended(planned, _day(-7))
    assert refresh_windows(on=TODAY) == 0


def test_what_was_sent_stays_sent_after_leaving(planned: Participant) -> None:
    sent_form(_assessment(planned, "start"), {"energy": 3}, on=TODAY)
    run_consequences(WITHDRAWN, planned, planned.person)
    assert _assessment(planned, "start").state == AssessmentState.SUBMITTED


def test_joining_again_asks_again(planned: Participant) -> None:
    run_consequences(WITHDRAWN, planned, planned.person)
    run_consequences(ENROLLED, planned, planned.person)
    assert _assessment(planned, "w12").state == AssessmentState.PLANNED


def _of_whoever_joins(participant: Participant, *more: str) -> list[tuple[str, str]]:
    plan_assessments(participant=participant, by=participant.person)
    asked = participant.assessments.filter(timepoint__code__in=["start", *more])
    rows = asked.order_by("timepoint__day", "questionnaire__code", "pk")
    return list(rows.values_list("questionnaire__code", "questionnaire__version"))


def test_who_takes_back_that_we_ask_about_health_is_asked_nothing_until_they_agree_again(
    planned: Participant, clare: User
) -> None:
    agreed = agrees(planned, ConsentKind.HEALTH)
    agrees(planned, ConsentKind.SUMMARIES)
    withdraw_consent(participant=planned, kind=ConsentKind.HEALTH, by=planned.person)
    ask_after_a_year(programme=planned.programme, by=clare.person)
    refresh_windows(on=TODAY)
    assert {a.state for a in planned.assessments.all()} == {AssessmentState.NOT_WANTED}
    assert [message.state for message in _messages()] == [MessageState.NOT_WANTED]
    with pytest.raises(NotOpen):
        save_draft(
            assessment=_assessment(planned, "start"), answers={"energy": 4}, mode=AnswerMode.SELF, by=planned.person
        )
    assert not counted_people(planned.programme).exists()  # though they agree to summaries
    give_consent(participant=planned, text=agreed.text, by=planned.person)
    assert {a.state for a in planned.assessments.all()} == {AssessmentState.PLANNED}
    assert planned.assessments.filter(timepoint__code="w52").exists()
    assert counted_people(planned.programme).exists()
    withdraw_consent(participant=planned, kind=ConsentKind.HEALTH, by=planned.person)
    _set_status(planned, ParticipantStatus.WITHDRAWN)  # who has left meanwhile is not asked again
    give_consent(participant=planned, text=agreed.text, by=planned.person)
    assert {a.state for a in planned.assessments.all()} == {AssessmentState.NOT_WANTED}


def test_who_said_no_before_the_no_stopped_the_questions_is_asked_no_more_from_the_next_night_on(
    planned: Participant,
) -> None:
    agrees(planned, ConsentKind.HEALTH, given=False)  # a row alone, as it was written then
    sent_form(_assessment(planned, "start"), {"energy": 3}, on=_day(-30))
    attended(planned, _day(1))
    refresh_windows(on=_day(1))
    states = dict(planned.assessments.values_list("timepoint__code", "state"))
    assert states == {"start": AssessmentState.SUBMITTED, "w12": "not_wanted", "w26": "not_wanted"}
    assert planned.assessments.count() == 3  # nor is what came too early asked once more


def test_another_version_of_our_own_check_is_asked_of_whoever_joins_then(
    planned: Participant, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in ("2", safefit_wellbeing.VERSION):  # and back, with the software
        monkeypatch.setattr(safefit_wellbeing, "RECIPE", replace(safefit_wellbeing.RECIPE, version=version))
        joining = ParticipantFactory(programme=planned.programme)
        assert _of_whoever_joins(joining) == [("safefit-wellbeing", version)]
        assert _of_whoever_joins(planned) == [("safefit-wellbeing", safefit_wellbeing.VERSION)]


def test_what_came_into_use_after_somebody_joined_is_not_asked_of_them_and_no_form_twice(
    planned: Participant, quinn: Participant, clare: User
) -> None:
    QuestionnaireFactory(programme=planned.programme, code="another")
    assert _of_whoever_joins(quinn) == [("another", "1"), ("safefit-wellbeing", "1")]
    Questionnaire.objects.filter(code="another").update(active=False)
    QuestionnaireFactory(programme=planned.programme, code="another", version="2")
    ask_after_a_year(programme=planned.programme, by=clare.person)
    own = ("safefit-wellbeing", "1")
    assert _of_whoever_joins(planned, "w52") == [own, own]
    assert _of_whoever_joins(quinn, "w52") == [("another", "1"), own, ("another", "2"), own]


def test_the_message_speaks_only_of_a_form_that_is_still_wanted(planned: Participant) -> None:
    (message,) = _messages()
    content = questionnaire_due(message)
    assert content is not None
    assert content.context["url"].endswith("/me/progress/")
    assert content.context["closes_on"] is None
    start = _assessment(planned, "start")
    assert content.context["minutes"] == 5
    long = QuestionnaireFactory(programme=planned.programme, code="long", items=safefit_wellbeing.ITEMS[:6] * 4)
    AssessmentFactory(participant=planned, questionnaire=long, timepoint=start.timepoint)
    content = questionnaire_due(message)
    assert content is not None and content.context["minutes"] == 13  # both, three questions a minute
    attended(planned, _day(-1))
    refresh_windows(on=TODAY)
    content = questionnaire_due(message)
    assert content is not None and content.context["closes_on"] == _day(6)
    _set_status(planned, ParticipantStatus.PAUSED)
    assert questionnaire_due(message) is None


def test_somebody_who_was_never_enrolled_has_no_windows(planned: Participant) -> None:
    planned.enrolments.all().delete()
    assert refresh_windows(on=TODAY) == 0


def test_a_walk_in_counts_as_the_first_class(planned: Participant) -> None:
    session = SessionFactory(programme=planned.programme, starts_at=timezone.now() - dt.timedelta(days=2))
    guest = Guest.objects.create(session=session, participant=planned)
    Attendance.objects.create(
        session=session, guest=guest, state="attended_in_part", marked_at=timezone.now(), by=planned.person
    )
    refresh_windows(on=TODAY)
    assert _assessment(planned, "start").due_on == _day(-2)


def test_the_nightly_look_takes_the_same_queries_however_many_people(
    planned: Participant, programme: Programme
) -> None:
    def queries() -> int:
        refresh_windows(on=TODAY, by=System.WORKER)
        Message.objects.all().delete()
        Assessment.objects.update(state=AssessmentState.NOT_WANTED)
        with CaptureQueriesContext(connection) as captured:
            refresh_windows(on=TODAY)
        return len(captured)

    one = queries()
    for _ in range(3):
        plan_assessments(participant=ParticipantFactory(programme=programme), by=planned.person)
    assert queries() == one


def test_history_names_the_worker_as_the_actor_of_the_night(planned: Participant) -> None:
    attended(planned, _day(-7))
    refresh_windows(on=TODAY)
    event = Assessment.pgh_event_model.objects.order_by("-pgh_id").first()
    assert event.pgh_context["by"] == "system:worker"
    assert event.pgh_context["action"] == "outcomes.refresh_windows"


def test_the_nightly_job_moves_the_windows_of_today(planned: Participant) -> None:
    attended(planned, _day(-20))
    tasks.move_windows()
    assert _assessment(planned, "start").state == AssessmentState.MISSED


def test_what_it_is_like_is_asked_after_the_first_month_and_at_the_end_and_nothing_else_then(
    pat: Participant,
) -> None:
    points = timepoints_of(pat.programme)
    for code, day, measures in (("m1", 28, False), ("w52", 364, True)):
        type(points[0]).objects.create(
            programme=pat.programme, code=code, label=code, day=day, opens_before=7, closes_after=14,
            measures_change=measures,
        )  # fmt: skip
    plan_assessments(participant=pat, by=pat.person)
    asked = pat.assessments.order_by("timepoint__day", "questionnaire__code")
    assert list(asked.values_list("timepoint__code", "questionnaire__code")) == [
        ("start", "safefit-wellbeing"),
        ("m1", "safefit-experience"),
        ("w12", "safefit-wellbeing"),
        ("w26", "safefit-experience"),
        ("w26", "safefit-wellbeing"),
        ("w52", "safefit-wellbeing"),
    ]


@pytest.mark.parametrize("lot", [1, 2])
def test_by_night_somebody_at_fault_keeps_nobody_else_from_it(
    planned: Participant, quinn: Participant, monkeypatch: pytest.MonkeyPatch, lot: int
) -> None:
    plan_assessments(participant=quinn, by=quinn.person)
    for participant in (planned, quinn):
        attended(participant, _day(-10))
    works = Dates.window

    def faulty(dates: Dates, form: Assessment) -> Any:
        if form.participant_id == planned.pk:
            raise ValueError
        return works(dates, form)

    monkeypatch.setattr(Dates, "window", faulty)
    monkeypatch.setattr(planning, "AT_ONCE", lot)
    with pytest.raises(ExceptionGroup):
        refresh_windows(on=TODAY)
    assert [_assessment(who, "start").due_on == _day(-10) for who in (planned, quinn)] == [False, True]
