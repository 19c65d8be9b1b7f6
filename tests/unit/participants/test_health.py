import datetime as dt

import pytest
import time_machine
from django.db import connection, transaction
from django.db.utils import DatabaseError

from messaging.models import Message, Task
from participants import health
from participants.consequences import CLEARANCE_CHANGED, register_consequence
from participants.models import Clearance, ClearanceState, HealthProfile
from participants.rules.screening import Unanswered
from participants.standing import standing_of
from participants.working_days import due_in_working_days
from tests.factories.participants import ParticipantFactory
from tests.factories.registering import HEALTH

pytestmark = pytest.mark.django_db
FLAGGED = HEALTH | {"surgery": "yes"}


@pytest.fixture
def newcomer(programme):
    return ParticipantFactory(programme=programme, clearance=False)


def answer(participant, answers=HEALTH, **more):
    return health.update_health(participant=participant, answers=answers, by=participant.person, **more)


def test_nobody_decides_about_themselves(newcomer):
    with pytest.raises(health.OwnRecord):
        decide(newcomer, newcomer.person)


def decide(participant, by, state="cleared", **more):
    return health.decide_clearance(
        participant=participant, reviewed=health.clearance_of(participant), state=state, by=by, **more
    )


def test_plain_answers_clear_for_the_months_of_the_programme(newcomer):
    before = newcomer.facts_version
    with time_machine.travel("2026-08-31 10:00:00+00:00"):
        clearance = answer(newcomer)
    assert clearance.state == ClearanceState.CLEARED
    assert (clearance.valid_from, clearance.valid_until) == (dt.date(2026, 8, 31), dt.date(2027, 2, 28))
    assert clearance.decided_by is None and clearance.profile.wording_version == "2026-1"
    assert newcomer.facts_version > before
    assert not Task.objects.exists()


def test_answers_that_adapt_say_what_to_change(newcomer):
    clearance = answer(newcomer, HEALTH | {"moving": ["floor"]})
    assert (clearance.state, clearance.adaptations) == (ClearanceState.CLEARED_WITH_ADAPTATIONS, ["no_floor_work"])


def test_a_flag_makes_one_task_with_the_due_time_that_the_person_is_told(newcomer):
    with time_machine.travel("2026-11-20 09:00:00+00:00"):  # a Friday
        clearance = answer(newcomer, FLAGGED)
        answer(newcomer, FLAGGED)
    task = Task.objects.get()
    assert clearance.state == ClearanceState.NEEDS_REVIEW
    assert task.due_at == clearance.review_due_at == dt.datetime(2026, 11, 27, 17, tzinfo=dt.UTC)
    assert (task.kind, task.subject_id) == ("review_clearance", newcomer.pk)
    assert not standing_of(newcomer).is_cleared(dt.date(2026, 11, 20))


@pytest.mark.parametrize(
    ("now", "days", "due"),
    [
        (dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), 0, dt.datetime(2026, 11, 24, 17, tzinfo=dt.UTC)),
        (dt.datetime(2026, 11, 27, 9, tzinfo=dt.UTC), 1, dt.datetime(2026, 11, 30, 17, tzinfo=dt.UTC)),
        (dt.datetime(2026, 7, 3, 23, 30, tzinfo=dt.UTC), 1, dt.datetime(2026, 7, 6, 16, tzinfo=dt.UTC)),
    ],
)
def test_due_times_are_5pm_in_the_uk_on_a_working_day(now, days, due):
    assert due_in_working_days(now, days) == due


def test_missing_answers_leave_nothing_behind(newcomer):
    with pytest.raises(Unanswered):
        answer(newcomer, {})
    assert not HealthProfile.objects.exists() and not Clearance.objects.exists()


def test_answering_again_does_not_end_a_waiting_review(newcomer):
    answer(newcomer, FLAGGED)
    assert answer(newcomer).state == ClearanceState.NEEDS_REVIEW


def test_answering_again_does_not_undo_a_persons_decision(newcomer, clare):
    answer(newcomer, FLAGGED)
    decide(newcomer, clare.person, "cleared_adapted", adaptations=["remote_only"])
    assert answer(newcomer).state == ClearanceState.NEEDS_REVIEW


def test_after_a_stop_plain_answers_clear_again(newcomer):
    answer(newcomer)
    health.stop_clearance(participant=newcomer, reason="paused", by=newcomer.person)
    assert health.clearance_of(newcomer).state == ClearanceState.PAUSED
    assert answer(newcomer).state == ClearanceState.CLEARED


def test_a_stop_takes_the_task_back_and_does_not_hide_a_persons_decision(newcomer, clare):
    answer(newcomer, FLAGGED)
    decide(newcomer, clare.person, "not_suitable")
    answer(newcomer, FLAGGED)
    health.stop_clearance(participant=newcomer, reason="paused", by=newcomer.person)
    assert not Task.objects.to_do().exists()
    assert answer(newcomer).state == ClearanceState.NEEDS_REVIEW


@pytest.mark.parametrize(
    ("state", "adaptations", "until"),
    [("cleared", [], True), ("cleared_adapted", ["stoma", "seated_only"], True), ("not_suitable", [], False)],
)
def test_a_decision_closes_the_task_tells_the_person_and_raises_the_version(newcomer, clare, state, adaptations, until):
    answer(newcomer, FLAGGED)
    before = newcomer.facts_version
    seen = []
    register_consequence(CLEARANCE_CHANGED, "tests.seen", lambda participant, by: seen.append(by))
    try:
        decided = decide(newcomer, clare.person, state, adaptations=adaptations, note=" slowly ")
    finally:
        register_consequence(CLEARANCE_CHANGED, "tests.seen", lambda participant, by: None)
    assert (decided.state, decided.note, decided.flags) == (state, "slowly", ["recent_surgery"])
    assert decided.adaptations == sorted(adaptations, key=["seated_only", "stoma"].index)
    assert (decided.valid_until is not None) == until
    assert seen == [clare.person]
    newcomer.refresh_from_db()
    assert newcomer.facts_version > before
    task = Task.objects.get()
    assert (task.state, task.outcome) == ("done", state)
    assert Message.objects.get(kind="clearance_decided").subject_id == decided.pk


def test_of_two_decisions_the_first_one_stands(newcomer, clare, dee):
    answer(newcomer, FLAGGED)
    reviewed = health.clearance_of(newcomer)
    first = decide(newcomer, clare.person, "not_suitable")
    with pytest.raises(health.AlreadyDecided) as late:
        health.decide_clearance(participant=newcomer, reviewed=reviewed, state="cleared", by=dee.person)
    assert late.value.clearance == first and late.value.clearance.decided_by == clare.person
    assert health.clearance_of(newcomer) == first


@pytest.mark.parametrize(
    ("state", "adaptations", "problem"),
    [
        ("needs_review", [], "not_a_decision"),
        ("cleared_adapted", ["fly"], "not_a_decision"),
        ("cleared_adapted", [], "adaptations_missing"),
        ("cleared", ["stoma"], "adaptations_left_over"),
        ("not_suitable", ["stoma"], "adaptations_left_over"),
        ("cleared_adapted", ["remote_only", "in_person_only"], "adaptations_contradict"),
    ],
)
def test_a_decision_must_fit_together(newcomer, clare, state, adaptations, problem):
    answer(newcomer, FLAGGED)
    with pytest.raises(health.BadDecision) as wrong:
        decide(newcomer, clare.person, state, adaptations=adaptations)
    assert wrong.value.problem == problem


def test_an_adaptation_that_the_answers_ask_for_is_left_out_only_with_a_word_on_why(newcomer, clare):
    answer(newcomer, FLAGGED | {"bones": ["cancer_in_bones"]})
    assert health.clearance_of(newcomer).adaptations
    with pytest.raises(health.BadDecision) as wrong:
        decide(newcomer, clare.person, "cleared", note="  ")
    assert wrong.value.problem == "note_missing"
    assert decide(newcomer, clare.person, "cleared", note="The team has agreed.").adaptations == []


def test_who_is_not_let_in_needs_no_word_on_adaptations(newcomer, clare):
    answer(newcomer, FLAGGED | {"bones": ["cancer_in_bones"]})
    assert decide(newcomer, clare.person, "not_suitable").state == "not_suitable"


def test_a_first_decision_needs_nothing_before_it(newcomer, clare):
    decided = health.decide_clearance(participant=newcomer, reviewed=Clearance(), state="cleared", by=clare.person)
    assert health.clearance_of(newcomer) == decided


@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = 'x'", "DELETE FROM {}"])
@pytest.mark.parametrize(
    ("table", "column"), [("participants_clearance", "reason"), ("participants_healthprofile", "mode")]
)
def test_neither_answers_nor_decisions_are_ever_rewritten(newcomer, statement, table, column):
    answer(newcomer, FLAGGED)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table, column))


def test_health_notes_are_unreadable_in_the_database(newcomer):
    answer(newcomer, note="very private words")
    assert HealthProfile.objects.get().note == "very private words"
    with connection.cursor() as cursor:
        cursor.execute("SELECT note, answers FROM participants_healthprofile")
        assert "private" not in str(cursor.fetchall())
