from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine
from django.db import transaction

from accounts.models import User
from messaging.models import Message, Task, TaskAlert, TaskState
from outcomes import safety
from outcomes.answering.recording import save_draft, submit
from outcomes.asking.planning import plan_assessments
from outcomes.bringing import make_active
from outcomes.models import AlertRoute, AnswerMode, Assessment, Questionnaire, SafetyRoute, WorryingAnswers
from outcomes.safety_rules import Rule
from participants.consequences import DIED, run_consequences
from participants.models import Participant
from tests.factories.outcomes import AssessmentFactory, timepoints_of
from tests.factories.worrying import RECIPE, dark_days, route_for

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2027, 6, 1, 9, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def asked(pat: Participant, monkeypatch: pytest.MonkeyPatch) -> Questionnaire:
    return dark_days(monkeypatch, pat.programme)


@pytest.fixture
def form(pat: Participant, asked: Questionnaire) -> Assessment:
    return AssessmentFactory(participant=pat, questionnaire=asked)


def _calls() -> list[Task]:
    return list(Task.objects.filter(kind="worrying_answer"))


def _send(form: Assessment, by: User, mode: str = AnswerMode.SELF, **answers: int) -> None:
    save_draft(assessment=form, answers=answers, mode=AnswerMode(mode), by=by.person)
    submit(assessment=form, mode=AnswerMode(mode), by=by.person)


# --- before it is asked ------------------------------------------------------


def test_it_is_not_put_into_use_before_somebody_hears_of_it(asked: Questionnaire, clare: User) -> None:
    Questionnaire.objects.update(active=False)
    with pytest.raises(safety.NotToBeUsed) as refusal:
        make_active(questionnaire=asked, by=clare.person)
    assert refusal.value.hindrances == (safety.Hindrance.NOBODY_NAMED,)
    asked.refresh_from_db()
    assert not asked.active
    route_for(asked, clare.person)
    assert make_active(questionnaire=asked, by=clare.person).active


def test_nor_with_somebody_who_hears_of_nothing_any_more(asked: Questionnaire, clare: User, ines: object) -> None:
    route_for(asked, clare.person)
    clare.memberships.all().delete()
    with pytest.raises(safety.NotToBeUsed) as refusal:
        make_active(questionnaire=asked, by=clare.person)
    assert refusal.value.hindrances == (safety.Hindrance.NOT_REACHED,)


def test_nor_when_no_question_has_the_name_that_the_recipe_gives_the_answer(asked: Questionnaire, clare: User) -> None:
    route_for(asked, clare.person)
    assert safety.hindrances(asked) == ()
    asked.items = [item | {"linkId": "other"} if item["linkId"] == "dark" else item for item in asked.items]
    assert safety.hindrances(asked) == (safety.Hindrance.NOT_ASKED,)


def test_the_version_before_it_is_asked_no_more(asked: Questionnaire, clare: User) -> None:
    route_for(asked, clare.person)
    asked.active = False
    asked.save()
    before = Questionnaire.objects.create(
        programme=asked.programme, code=asked.code, version="0", title="x", items=asked.items, recipe=asked.recipe
    )
    make_active(questionnaire=asked, by=clare.person)
    before.refresh_from_db()
    assert not before.active


def test_while_nobody_hears_of_it_nobody_is_asked(
    pat: Participant, quinn: Participant, asked: Questionnaire, clare: User
) -> None:
    timepoints_of(pat.programme)
    plan_assessments(participant=pat, by=pat.person)
    assert not pat.assessments.filter(questionnaire=asked).exists()
    route_for(asked, clare.person)
    plan_assessments(participant=quinn, by=quinn.person)
    assert quinn.assessments.filter(questionnaire=asked).count() == 3


def test_a_route_names_somebody_who_is_alerted_says_something_and_asks_what_is_asked(
    asked: Questionnaire, clare: User, dee: User
) -> None:
    def decide(*rules: Rule, contact: User = clare, message: str = "Not alone.") -> SafetyRoute:
        return safety.set_route(
            questionnaire=asked, contact=contact.person, message=message, alert_to=AlertRoute.CLINICAL, rules=rules,
            by=clare.person,
        )  # fmt: skip

    with pytest.raises(safety.NotTheirs):
        decide(contact=dee)
    for message in (" ", "x" * 501):
        with pytest.raises(safety.NothingSaid):
            decide(message=message)
    for rule in (Rule("mood", 1), Rule("calm", 4), Rule("calm", 1, is_score=True), Rule("all", 4, is_score=True)):
        with pytest.raises(safety.BadRule) as refusal:
            decide(rule)
        assert refusal.value.item == rule.of
    own = (Rule("all", 2.5, is_score=True), Rule("calm", 1, or_less=True))
    route = decide(*own)
    assert safety.route_of(asked) == route
    assert safety.rules_of(asked, route) == (Rule("dark", 1), *own)
    assert safety.less_is_worse(asked) == {"calm"}


# --- when it is answered -----------------------------------------------------


def test_a_task_is_made_with_the_answers_and_says_nothing_of_them(
    form: Assessment, pat: Participant, clare: User
) -> None:
    route = route_for(form.questionnaire, clare.person)
    _send(form, pat.person.user, calm=2, dark=1)
    (task,) = _calls()
    assert (task.about, task.meant_for, task.context) == (pat.person, clare.person, {})
    assert task.due_at == dt.datetime(2027, 6, 1, 16, tzinfo=dt.UTC)  # 5pm of the same day
    assert (task.urgent_for, task.only_for) == ("decide_clearance", "decide_clearance")
    assert TaskAlert.objects.get().person == clare.person
    (worry,) = WorryingAnswers.objects.all()
    assert (worry.route, task.subject_id) == (route, worry.pk)
    assert [question.id for question in safety.answers_that_worry(worry)] == ["dark"]
    assert [m.context for m in Message.objects.filter(kind="alert")] == [{"on_call": False}]


def test_drafts_and_answers_that_do_not_worry_alert_nobody(form: Assessment, pat: Participant, clare: User) -> None:
    route_for(form.questionnaire, clare.person)
    save_draft(assessment=form, answers={"dark": 3}, mode=AnswerMode.SELF, by=pat.person)
    assert _calls() == []
    _send(form, pat.person.user, dark=0)
    assert (_calls(), safety.worry_to_show(form.response, to=pat.person)) == ([], None)


def test_sent_twice_it_alerts_once(form: Assessment, pat: Participant, clare: User) -> None:
    route_for(form.questionnaire, clare.person)
    _send(form, pat.person.user, dark=2)
    submit(assessment=Assessment.objects.get(pk=form.pk), mode=AnswerMode.SELF, by=pat.person)
    assert (len(_calls()), WorryingAnswers.objects.count(), TaskAlert.objects.count()) == (1, 1, 1)


def test_what_is_not_sent_after_all_leaves_no_task(form: Assessment, pat: Participant, clare: User) -> None:
    route_for(form.questionnaire, clare.person)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _send(form, pat.person.user, dark=2)
        1 / 0  # noqa: B018  it is to fail
    assert (_calls(), WorryingAnswers.objects.count()) == ([], 0)


@pytest.mark.parametrize("mode", [AnswerMode.PHONE, AnswerMode.PAPER, AnswerMode.SCRIBE])
def test_whoever_types_it_the_same_happens(form: Assessment, dee: User, clare: User, mode: str) -> None:
    route_for(form.questionnaire, clare.person)
    _send(form, dee, mode, dark=1)
    assert len(_calls()) == 1


def test_the_programmes_own_rules_count_too_and_the_desk_may_be_told(
    form: Assessment, pat: Participant, dee: User
) -> None:
    route_for(form.questionnaire, dee.person, AlertRoute.DESK, rules=[["calm", 3]])
    _send(form, pat.person.user, calm=3)
    (task,) = _calls()
    assert (task.urgent_for, task.only_for, task.meant_for) == ("work_at_desk", "", dee.person)


def test_a_low_answer_and_a_score_worry_where_the_programme_says_so(
    form: Assessment, pat: Participant, clare: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safety, "_rules_of_recipe", lambda _: ())  # none but the programme's own
    route_for(form.questionnaire, clare.person, rules=[["calm", 1, "or_less"], ["all", 2, "score"]])
    assert safety.help_now(form.questionnaire, {"calm": 2, "dark": 1}) is None
    assert safety.help_now(form.questionnaire, {"calm": 1}) == safety.HelpNow(("calm",), "You are not alone with this.")
    assert safety.help_now(form.questionnaire, {"dark": 2}) == safety.HelpNow((), "You are not alone with this.")
    _send(form, pat.person.user, calm=3, dark=2)
    worry = WorryingAnswers.objects.get()
    assert (len(_calls()), safety.answers_that_worry(worry)) == (1, [])
    assert [(scale.id, value) for scale, value in safety.scores_that_worry(worry)] == [("all", 2)]
    other = tuple(replace(scale, items=("calm",)) for scale in RECIPE.scales)
    monkeypatch.setattr(safety, "recipe_called", lambda _: replace(RECIPE, version="2", scales=other))
    assert [(scale.id, value) for scale, value in safety.scores_that_worry(worry)] == [("all", 2)]  # as it was then


def test_of_what_is_not_scored_no_score_worries(form: Assessment, pat: Participant, clare: User) -> None:
    Questionnaire.objects.filter(pk=form.questionnaire_id).update(recipe="")
    form.refresh_from_db()
    route_for(form.questionnaire, clare.person, rules=[["all", 0, "score"]])
    _send(form, pat.person.user, dark=3)
    assert (_calls(), safety.scales_of(form.questionnaire), safety.less_is_worse(form.questionnaire)) == ([], (), set())


def test_without_a_route_the_clinical_leads_hear_of_it(form: Assessment, pat: Participant, clare: User) -> None:
    _send(form, pat.person.user, dark=1)
    (task,) = _calls()
    assert (task.urgent_for, task.meant_for) == ("decide_clearance", None)


def test_who_has_died_is_not_called(form: Assessment, pat: Participant, clare: User) -> None:
    route_for(form.questionnaire, clare.person)
    _send(form, pat.person.user, dark=1)
    run_consequences(DIED, pat, clare.person)
    assert [task.state for task in _calls()] == [TaskState.CANCELLED]


def test_where_no_clinical_lead_is_left_the_desk_hears_of_it(form: Assessment, pat: Participant, dee: User) -> None:
    _send(form, pat.person.user, dark=1)
    (task,) = _calls()
    assert (task.urgent_for, task.only_for) == ("work_at_desk", "")
    assert TaskAlert.objects.get().person == dee.person


def test_it_is_shown_to_the_person_and_to_whoever_sent_it_and_to_nobody_else(
    form: Assessment, pat: Participant, quinn: Participant, dee: User, clare: User
) -> None:
    route_for(form.questionnaire, clare.person)
    _send(form, dee, AnswerMode.PHONE, dark=1)
    response = Assessment.objects.get(pk=form.pk).response
    shown = {person: safety.worry_to_show(response, to=person) for person in (pat.person, dee.person)}
    assert set(shown.values()) == {WorryingAnswers.objects.get()}
    for person in (quinn.person, clare.person):
        assert safety.worry_to_show(response, to=person) is None
    assert safety.worry_to_show(None, to=pat.person) is None


def test_nobody_is_told_that_a_contact_who_has_left_will_call(form: Assessment, pat: Participant, clare: User) -> None:
    route_for(form.questionnaire, clare.person)
    clare.memberships.filter(programme=pat.programme).delete()
    _send(form, pat.person.user, dark=1)
    assert safety.asked_to_call(WorryingAnswers.objects.get()) is None


def test_deciding_for_one_version_takes_no_rule_from_another(asked: Questionnaire, clare: User) -> None:
    route_for(asked, clare.person, rules=[["calm", 2], ["old", 1], ["old", 9, "score"]])
    route = safety.set_route(
        questionnaire=asked, contact=clare.person, message="Not alone.", alert_to=AlertRoute.CLINICAL,
        rules=[Rule("calm", 3)], by=clare.person,
    )  # fmt: skip
    assert route.rules == [["calm", 3], ["old", 1], ["old", 9, "score"]]
