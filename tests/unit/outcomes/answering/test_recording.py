from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from accounts.models import User
from messaging import outbox
from messaging.models import MessageState
from outcomes.answering.recording import (
    AlreadySent,
    NotAnAnswer,
    NothingAnswered,
    NotOpen,
    WrongDay,
    WrongMode,
    assessments_answerable_by,
    begin,
    mode_of,
    own_assessments,
    own_forms,
    response_of,
    save_draft,
    submit,
    takes_answers,
)
from outcomes.models import AnswerMode, Assessment, AssessmentState, Response, Score
from outcomes.scoring import DECLINED
from participants.models import Participant, SupporterScope, Timepoint
from tests.factories.outcomes import AssessmentFactory, QuestionnaireFactory, TimepointFactory, answers_of
from tests.factories.participants import SupporterFactory

pytestmark = pytest.mark.django_db
SELF = AnswerMode.SELF


@pytest.fixture
def form(pat: Participant) -> Assessment:
    return AssessmentFactory(participant=pat)


def _today(days: int = 0) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def test_answers_are_kept_one_by_one_and_can_be_changed_and_taken_back(form: Assessment, pat: Participant) -> None:
    save_draft(assessment=form, answers={"energy": 4, "sleep": DECLINED}, mode=SELF, by=pat.person)
    save_draft(assessment=form, answers={"energy": 5, "sleep": None, "aches": 0}, mode=SELF, by=pat.person)
    kept = response_of(form)
    assert kept is not None
    assert kept.answers == {"energy": 5, "aches": 0}
    assert kept.submitted_at is None
    assert not Score.objects.exists()


def test_answers_are_unreadable_in_the_database(form: Assessment, pat: Participant) -> None:
    save_draft(assessment=form, answers={"energy": 4}, mode=SELF, by=pat.person)
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM outcomes_response")
        assert "energy" not in cursor.fetchone()[0]


@pytest.mark.parametrize("answers", [{"energy": 11}, {"energy": -1}, {"energy": "often"}, {"energy": True}])
def test_an_answer_that_does_not_fit_is_refused_with_its_question(
    form: Assessment, pat: Participant, answers: dict[str, object]
) -> None:
    with pytest.raises(NotAnAnswer) as refusal:
        save_draft(assessment=form, answers={"sleep": 3, **answers}, mode=SELF, by=pat.person)  # type: ignore[dict-item]
    assert refusal.value.question is not None
    assert response_of(form) is None


@pytest.mark.parametrize("item", ["mood", "change"])
def test_a_question_that_this_form_does_not_ask_is_refused(form: Assessment, pat: Participant, item: str) -> None:
    with pytest.raises(NotAnAnswer) as refusal:
        save_draft(assessment=form, answers={item: 1}, mode=SELF, by=pat.person)
    assert refusal.value.question is None


def test_a_follow_up_asks_how_it_compares_with_the_start(pat: Participant) -> None:
    later = AssessmentFactory(participant=pat, timepoint=TimepointFactory(programme=pat.programme, code="w12", day=84))
    assert later.questions[-1].id == "change"
    save_draft(assessment=later, answers={"change": -3}, mode=SELF, by=pat.person)


def test_no_active_days_drops_the_minutes_that_were_said_before(form: Assessment, pat: Participant) -> None:
    save_draft(assessment=form, answers={"act_days": 2, "act_min": 20}, mode=SELF, by=pat.person)
    response = save_draft(assessment=form, answers={"act_days": 0}, mode=SELF, by=pat.person)
    assert response.answers == {"act_days": 0}


def test_sending_fixes_the_answers_and_scores_them_at_once(form: Assessment, pat: Participant) -> None:
    save_draft(assessment=form, answers=answers_of(6), mode=SELF, by=pat.person)
    response = submit(assessment=form, mode=SELF, by=pat.person)
    form.refresh_from_db()
    assert form.state == AssessmentState.SUBMITTED
    assert response.submitted_at is not None
    scores = {row.scale: (row.value, row.reason) for row in response.scores.all()}
    assert scores["body"] == (pytest.approx(60.0), "")
    assert scores["change"] == (None, "not answered")
    assert {row.recipe_version for row in response.scores.all()} == {"1"}


def test_a_capped_value_says_so(form: Assessment, pat: Participant) -> None:
    save_draft(assessment=form, answers={"act_days": 7, "act_min": 600}, mode=SELF, by=pat.person)
    response = submit(assessment=form, mode=SELF, by=pat.person)
    assert response.scores.get(scale="active_minutes").flags == ["capped"]


def test_sending_twice_changes_nothing(form: Assessment, pat: Participant) -> None:
    save_draft(assessment=form, answers=answers_of(6), mode=SELF, by=pat.person)
    first = submit(assessment=form, mode=SELF, by=pat.person)
    again = submit(assessment=Assessment.objects.get(pk=form.pk), mode=SELF, by=pat.person)
    assert (again.pk, again.submitted_at) == (first.pk, first.submitted_at)
    assert Score.objects.filter(response=first).count() == 6


def test_what_was_sent_cannot_be_changed(form: Assessment, pat: Participant) -> None:
    save_draft(assessment=form, answers={"energy": 4}, mode=SELF, by=pat.person)
    submit(assessment=form, mode=SELF, by=pat.person)
    with pytest.raises(AlreadySent):
        save_draft(assessment=form, answers={"energy": 9}, mode=SELF, by=pat.person)
    kept = response_of(form)
    assert kept is not None and kept.answers == {"energy": 4}


def test_an_empty_form_is_not_sent(form: Assessment, pat: Participant) -> None:
    with pytest.raises(NothingAnswered):
        submit(assessment=form, mode=SELF, by=pat.person)
    assert response_of(form) is None


def test_a_form_of_nothing_but_refusals_is_sent(form: Assessment, pat: Participant) -> None:
    save_draft(assessment=form, answers={"overall": DECLINED}, mode=SELF, by=pat.person)
    response = submit(assessment=form, mode=SELF, by=pat.person)
    assert {row.value for row in response.scores.all()} == {None}


@pytest.mark.parametrize(
    ("opens", "closes", "state"),
    [(1, None, "planned"), (None, None, "planned"), (-9, -1, "planned"), (-9, -1, "missed"), (-9, 9, "not_wanted")],
)
def test_a_form_outside_its_window_takes_no_answers(
    pat: Participant, opens: int | None, closes: int | None, state: str
) -> None:
    form = AssessmentFactory(
        participant=pat,
        state=state,
        opens_on=None if opens is None else _today(opens),
        closes_on=None if closes is None else _today(closes),
    )
    with pytest.raises(NotOpen) as refusal:
        save_draft(assessment=form, answers={"energy": 4}, mode=SELF, by=pat.person)
    assert refusal.value.state == state
    with pytest.raises(NotOpen):
        submit(assessment=form, mode=SELF, by=pat.person)


@pytest.mark.parametrize(("opens", "closes"), [(0, 0), (-9, 0), (0, 9)])
def test_the_first_and_the_last_day_are_inside_the_window(pat: Participant, opens: int, closes: int) -> None:
    form = AssessmentFactory(participant=pat, opens_on=_today(opens), closes_on=_today(closes))
    assert save_draft(assessment=form, answers={"energy": 4}, mode=SELF, by=pat.person).answers == {"energy": 4}


def test_only_the_person_answers_as_the_person(form: Assessment, pat: Participant, dee: User) -> None:
    with pytest.raises(WrongMode):
        save_draft(assessment=form, answers={"energy": 4}, mode=SELF, by=dee.person)
    with pytest.raises(WrongMode):
        save_draft(assessment=form, answers={"energy": 4}, mode=AnswerMode.PHONE, by=pat.person)


def test_how_it_was_answered_is_kept_with_who_typed_it(form: Assessment, dee: User) -> None:
    save_draft(assessment=form, answers={"energy": 4}, mode=AnswerMode.PHONE, by=dee.person)
    response = submit(assessment=form, mode=AnswerMode.PHONE, by=dee.person)
    assert (response.mode, response.entered_by) == (AnswerMode.PHONE, dee.person)
    event = type(response).pgh_event_model.objects.order_by("-pgh_id").first()
    assert event.pgh_context == {
        "by": f"person:{dee.person.pk}",
        "action": "outcomes.submit",
        "on_behalf_of": f"person:{form.participant.person_id}",
    }


def test_sending_takes_back_the_message_that_it_is_due(form: Assessment, pat: Participant) -> None:
    message = outbox.enqueue(
        programme=pat.programme, person=pat.person, kind="questionnaire_due", subject_id=form.pk, dedupe_key="due"
    )
    save_draft(assessment=form, answers={"energy": 4}, mode=SELF, by=pat.person)
    submit(assessment=form, mode=SELF, by=pat.person)
    message.refresh_from_db()
    assert message.state == MessageState.NOT_WANTED


def test_the_door_opens_to_oneself_a_scribe_and_the_desk_alone(
    form: Assessment, pat: Participant, quinn: Participant, sam: User, dee: User, omar: User, nell: User
) -> None:
    assert list(assessments_answerable_by(pat.person.user)) == [form]
    assert list(assessments_answerable_by(dee)) == [form]
    for other in (quinn.person.user, sam, omar, nell):
        assert not assessments_answerable_by(other).exists()
    scribe = quinn.person.user
    SupporterFactory(participant=pat, person=scribe.person, scopes=[SupporterScope.SCRIBE])
    assert list(assessments_answerable_by(scribe)) == [form]


def test_own_assessments_stand_in_order_of_time(form: Assessment, pat: Participant) -> None:
    late = AssessmentFactory(participant=pat, timepoint=TimepointFactory(programme=pat.programme, code="w12", day=84))
    assert list(own_assessments(pat)) == [form, late]
    assert Timepoint.objects.count() == 2


# --- from paper, and late ----------------------------------------------------


@pytest.fixture
def missed(pat: Participant) -> Assessment:
    """Open from 30 to 10 days ago, and not answered."""
    return AssessmentFactory(
        participant=pat, state=AssessmentState.MISSED, opens_on=_today(-30), due_on=_today(-20), closes_on=_today(-10)
    )


def test_a_paper_form_keeps_its_own_day_from_the_first_answer_to_the_last(form: Assessment, dee: User) -> None:
    form.opens_on = _today(-5)
    form.save()
    begin(assessment=form, mode=AnswerMode.PAPER, answered_on=_today(-3), by=dee.person)
    draft = save_draft(assessment=form, answers={"energy": 4}, mode=AnswerMode.PAPER, by=dee.person)
    assert mode_of(dee, form, draft) == AnswerMode.PAPER
    sent = submit(assessment=form, mode=AnswerMode.PAPER, by=dee.person)
    assert (sent.mode, sent.answered_on, sent.given_on, sent.is_late) == ("paper", _today(-3), _today(-3), False)


def test_what_is_read_out_after_all_has_no_day_of_its_own(form: Assessment, dee: User) -> None:
    begin(assessment=form, mode=AnswerMode.PAPER, answered_on=_today(), by=dee.person)
    begin(assessment=form, mode=AnswerMode.PHONE, by=dee.person)
    assert mode_of(dee, form, response_of(form)) == AnswerMode.PHONE
    save_draft(assessment=form, answers={"energy": 4}, mode=AnswerMode.PHONE, by=dee.person)
    sent = submit(assessment=form, mode=AnswerMode.PHONE, answered_on=_today(-1), by=dee.person)
    assert (sent.answered_on, sent.given_on) == (None, _today())


@pytest.mark.parametrize(("day", "came"), [(-28, None), (-33, -5), (-5, 23)])
def test_what_was_filled_in_on_paper_before_joining_is_taken_where_it_may_count(
    form: Assessment, dee: User, day: int, came: int | None
) -> None:
    form.due_on = None if came is None else _today(came)
    begin(assessment=form, mode=AnswerMode.PAPER, answered_on=_today(day), by=dee.person)
    with pytest.raises(WrongDay):
        begin(assessment=form, mode=AnswerMode.PAPER, answered_on=_today(day - 1), by=dee.person)


@pytest.mark.parametrize("day", [-1, 1])
def test_a_day_before_the_form_opened_or_to_come_is_refused(form: Assessment, dee: User, day: int) -> None:
    form.timepoint.day = 84
    with pytest.raises(WrongDay) as refusal:
        begin(assessment=form, mode=AnswerMode.PAPER, answered_on=_today(day), by=dee.person)
    assert (refusal.value.earliest, refusal.value.latest) == (_today(), _today())
    assert response_of(form) is None


def test_the_database_gives_a_day_of_its_own_to_paper_alone(form: Assessment, pat: Participant) -> None:
    with pytest.raises(IntegrityError, match="only_paper_has_a_day_of_its_own"):
        Response.objects.create(assessment=form, entered_by=pat.person, mode="self", answered_on=_today())


@pytest.mark.parametrize(("day", "is_late"), [(-12, False), (-10, False), (-9, True), (0, True)])
def test_the_desk_types_late_answers_which_keep_their_real_date(
    missed: Assessment, dee: User, day: int, is_late: bool
) -> None:
    save_draft(assessment=missed, answers={"energy": 4}, mode=AnswerMode.PAPER, by=dee.person)
    submit(assessment=missed, mode=AnswerMode.PAPER, answered_on=_today(day), by=dee.person)
    (own,) = own_forms(missed.participant)
    assert (own.on, own.is_late) == (_today(day), is_late)


def test_oneself_does_not_answer_late(missed: Assessment, pat: Participant) -> None:
    with pytest.raises(NotOpen):
        save_draft(assessment=missed, answers={"energy": 4}, mode=SELF, by=pat.person)


@pytest.mark.parametrize(
    ("code", "day", "opens", "taken"), [("w12", 84, 0, False), ("w12", 84, 1, True), ("x", 0, 0, True)]
)
def test_one_form_serves_one_window(
    missed: Assessment, dee: User, code: str, day: int, opens: int, taken: bool
) -> None:
    point = TimepointFactory(programme=missed.participant.programme, code=code, day=day)
    AssessmentFactory(participant=missed.participant, timepoint=point, opens_on=_today(opens))
    assert takes_answers(missed, AnswerMode.PHONE) is taken


def test_another_version_of_these_questions_ends_their_time_and_other_questions_do_not(missed: Assessment) -> None:
    point = TimepointFactory(programme=missed.participant.programme, code="w12", day=84)
    for code, taken in (("other", True), (missed.questionnaire.code, False)):
        asked = QuestionnaireFactory(programme=missed.participant.programme, code=code, version="2", active=False)
        AssessmentFactory(participant=missed.participant, timepoint=point, questionnaire=asked, opens_on=_today())
        assert takes_answers(missed, AnswerMode.PHONE) is taken
