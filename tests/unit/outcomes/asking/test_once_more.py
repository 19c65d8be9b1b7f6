from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from classes.models import Attendance, Booking
from messaging.models import Message, MessageState
from outcomes.answering.recording import save_draft, submit
from outcomes.asking.notices import questionnaire_due
from outcomes.asking.planning import plan_assessments, refresh_windows, stop_asking
from outcomes.counting.gathering import cohort_of, timings_of
from outcomes.instruments.safefit_wellbeing import BODY, MIND
from outcomes.models import AnswerMode, Assessment, AssessmentState
from participants.models import ConsentKind, Enrolment, EnrolmentPause, Participant
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.outcomes import QuestionnaireFactory, attended, sent_form, timepoints_of
from tests.factories.outcomes import consents as agrees

pytestmark = pytest.mark.django_db

JOINED = dt.date(2027, 6, 1)
NOON = dt.datetime(2027, 6, 1, 11, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock() -> object:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def early(pat: Participant) -> Participant:
    """Pat, who answered the start form on the day of joining and holds no place."""
    timepoints_of(pat.programme)
    Enrolment.objects.filter(participant=pat).update(starts_on=JOINED)
    plan_assessments(participant=pat, by=pat.person)
    sent_form(pat.assessments.get(timepoint__code="start"), {"energy": 2}, on=JOINED)
    Message.objects.all().delete()
    return pat


def _day(number: int) -> dt.date:
    return JOINED + dt.timedelta(days=number)


def _night(clock: Any, number: int) -> None:
    clock.move_to(NOON + dt.timedelta(days=number))
    refresh_windows(on=_day(number))


def _holds_a_place(participant: Participant, number: int) -> Booking:
    starts_at = NOON + dt.timedelta(days=number, hours=2)
    return BookingFactory(
        participant=participant, session=SessionFactory(programme=participant.programme, starts_at=starts_at)
    )


def _rounds(participant: Participant, code: str = "start") -> list[tuple[int, str, dt.date | None, dt.date | None]]:
    rows = participant.assessments.filter(timepoint__code=code, round__gt=1).order_by("round")
    return list(rows.values_list("round", "state", "opens_on", "closes_on"))


def _words(participant: Participant) -> list[tuple[str, bool]]:
    """Each message that waits, with whether it says that the same is asked once more."""
    said = Message.objects.filter(person=participant.person, state=MessageState.QUEUED).order_by("pk")
    contents = ((message.kind, questionnaire_due(message)) for message in said)
    return [(kind, content.context["once_more"]) for kind, content in contents if content]


def test_answers_of_long_before_the_first_class_are_asked_for_once_more_a_week_before_it(
    early: Participant, clock: Any
) -> None:
    _holds_a_place(early, 40)
    _night(clock, 32)
    assert _rounds(early) == []
    _night(clock, 33)
    assert _rounds(early) == [(2, "planned", _day(33), None)]
    assert _words(early) == [("questionnaire_due", True)]
    first = early.assessments.get(timepoint__code="start", round=1)
    assert first.state == AssessmentState.SUBMITTED  # and is kept as it was sent
    attended(early, _day(40))
    _night(clock, 41)
    assert _rounds(early) == [(2, "planned", _day(33), _day(47))]
    _night(clock, 48)
    assert _rounds(early) == [(2, "missed", _day(33), _day(47))]


def test_a_class_that_is_cancelled_takes_the_question_back_and_one_that_moves_by_days_says_nothing_anew(
    early: Participant, clock: Any
) -> None:
    place = _holds_a_place(early, 40)
    _night(clock, 33)
    place.delete()
    other = _holds_a_place(early, 42)
    _night(clock, 35)
    assert _rounds(early) == [(2, "planned", _day(35), None)]
    assert _words(early) == [("questionnaire_due", True)]
    other.delete()
    _night(clock, 36)
    assert _rounds(early) == [(2, "planned", None, None)]
    assert _words(early) == []
    assert not Assessment.objects.answerable().filter(participant=early).exists()
    _holds_a_place(early, 80)
    _night(clock, 72)
    assert _words(early) == []
    _night(clock, 73)
    assert _words(early) == [("questionnaire_due", True)]


@pytest.mark.parametrize(("first", "asked"), [(28, False), (29, True)])
def test_whoever_walks_in_is_asked_after_it_unless_their_answers_count(
    early: Participant, clock: Any, first: int, asked: bool
) -> None:
    attended(early, _day(first))
    _night(clock, first + 1)
    assert _rounds(early) == ([(2, "planned", _day(first - 7), _day(first + 7))] if asked else [])
    _night(clock, first + 2)
    assert len(_words(early)) == asked


def test_a_class_that_was_held_and_is_not_marked_yet_keeps_the_question_open(early: Participant, clock: Any) -> None:
    place = _holds_a_place(early, 40)
    _night(clock, 33)
    _night(clock, 43)
    assert [opens for _, _, opens, _ in _rounds(early)] == [_day(33)]
    Attendance.objects.create(
        session=place.session, booking=place, state="absent_told", marked_at=timezone.now(), by=early.person
    )
    _night(clock, 44)
    assert [opens for _, _, opens, _ in _rounds(early)] == [None]


def test_it_is_not_asked_for_ever_nor_under_a_licence_that_has_ended_nor_where_nobody_would_hear_of_what_worries(
    early: Participant, clock: Any
) -> None:
    ended = QuestionnaireFactory(programme=early.programme, code="ended", recipe="phq4", active=False)
    unheard = QuestionnaireFactory(programme=early.programme, code="unheard", recipe="phq9")
    point = early.programme.timepoints.get(code="start")
    for other in (ended, unheard):
        row = Assessment.objects.create(participant=early, questionnaire=other, timepoint=point)
        sent_form(row, {}, on=JOINED)
    for meant in (40, 80, 120):
        place = _holds_a_place(early, meant)
        _night(clock, meant - 1)
        sent = early.assessments.filter(state=AssessmentState.PLANNED, timepoint=point).first()
        if sent:
            sent_form(sent, {"energy": 2}, on=_day(meant - 1))
        place.delete()
    assert [(number, state) for number, state, *_ in _rounds(early)] == [(2, "submitted"), (3, "submitted")]
    assert early.assessments.filter(questionnaire__in=[ended, unheard]).count() == 2, "each was asked that one time"


def test_of_two_the_last_around_the_first_class_counts_and_answers_too_early_count_nowhere(
    early: Participant, quinn: Participant, clock: Any
) -> None:
    for one in (early, quinn):
        agrees(one, ConsentKind.SUMMARIES)
    start = timings_of(early.programme)[0]
    attended(early, _day(40))
    _night(clock, 41)
    counted = cohort_of(early.programme, as_at=_day(41)).form(start)
    assert not (counted.on == _day(40).toordinal()).any() and not (counted.scores["total"] > 0).any()
    again = early.assessments.get(round=2)
    save_draft(assessment=again, answers=dict.fromkeys(BODY + MIND, 5), mode=AnswerMode.PHONE, by=quinn.person)
    submit(assessment=again, mode=AnswerMode.PHONE, by=quinn.person)
    cohort = cohort_of(early.programme, as_at=_day(60))
    counted = cohort.form(start)
    row = cohort.people.tolist().index(early.pk)
    assert (counted.on[row], counted.scores["total"][row]) == (_day(41).toordinal(), 50)
    # A register put right afterwards: the first class was earlier, and it is the first answers that count.
    attended(early, _day(20))
    cohort = cohort_of(early.programme, as_at=_day(60))
    assert cohort.form(start).on[row] == JOINED.toordinal()


def test_a_break_that_moves_twelve_weeks_asks_once_more_then_and_whoever_leaves_is_asked_nothing(
    early: Participant, clock: Any
) -> None:
    attended(early, _day(1))
    _night(clock, 65)
    sent_form(early.assessments.get(timepoint__code="w12"), {"energy": 4}, on=_day(65))
    EnrolmentPause.objects.create(
        enrolment=early.enrolments.get(), starts_on=_day(30), ends_on=_day(59), reason="treatment"
    )  # written down afterwards: the window opens 30 days later
    _night(clock, 92)
    assert _rounds(early, "w12") == []
    _night(clock, 93)
    assert [row[:3] for row in _rounds(early, "w12")] == [(2, "planned", _day(93))]
    stop_asking(early, early.person)
    assert [row[:2] for row in _rounds(early, "w12")] == [(2, "not_wanted")]
    assert _words(early) == []


def test_each_round_is_reminded_of_and_called_about_by_itself(early: Participant, clock: Any) -> None:
    _holds_a_place(early, 60)
    for number in (53, 60, 61):
        _night(clock, number)
    assert _words(early) == [("questionnaire_due", True), ("questionnaire_reminder", True)]
    assert {message.subject_id for message in Message.objects.all()} == {early.assessments.get(round=2).pk}
