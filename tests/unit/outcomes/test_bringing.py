from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import User
from messaging.models import Task
from outcomes.answering.recording import NothingAnswered, StillRequired, save_draft, submit
from outcomes.answering.rescoring import Rescored, questionnaires_with_forms, rescore
from outcomes.bringing import (
    AnsweredAlready,
    HereAlready,
    Licence,
    LicenceNotInForce,
    NotFit,
    NotScorable,
    bind_questionnaire,
    bring_questionnaire,
    look_at_questionnaire,
    make_active,
    make_inactive,
    questionnaires_arranged_by,
    recipes_for_files,
    record_licence,
)
from outcomes.fhir.remarks import Refused, Unreadable
from outcomes.instruments.recipe import CheckRange, Code, Item, Recipe, SafetyItem, Scale, Sum, System
from outcomes.models import AnswerMode, Questionnaire, QuestionnaireFile
from outcomes.safety import (
    WORRYING_ANSWER,
    Hindrance,
    NotToBeUsed,
    answers_that_worry,
    hindrances,
    rules_of,
    worry_to_show,
)
from outcomes.safety_rules import Rule
from outcomes.scoring import DECLINED
from participants.models import Participant
from tests.factories.accounts import ProgrammeFactory
from tests.factories.fhir import PAIN, TREES, as_file, choice, form, item, options, when
from tests.factories.outcomes import AssessmentFactory, QuestionnaireFactory, own_recipe
from tests.factories.worrying import route_for

pytestmark = pytest.mark.django_db
LOINC = [{"system": "http://loinc.org", "code": "1-8"}]
LICENCE = Licence("Wessex programme", "A-17", dt.date(2026, 1, 1))
STIFFNESS = Recipe(
    "stiffness", "3", "Stiffness", (Item("/q1", 1, 4), Item("/q2", 1, 4)),
    (Scale("stiff", ("/q1", "/q2"), (CheckRange(), Sum()), 2, 8),), citation="", licence="",
)  # fmt: skip


@pytest.fixture(autouse=True)
def recipes() -> Iterator[None]:
    with own_recipe(STIFFNESS):
        yield


def _bring(dee: User, pat: Participant, document: Any = PAIN, **more: Any) -> Questionnaire:
    given = {"licence": LICENCE, "programme": pat.programme, **more}
    return bring_questionnaire(content=as_file(document), by=dee.person, **given)


def test_a_file_is_kept_byte_for_byte_with_its_licence_and_is_asked_of_nobody(dee: User, pat: Participant) -> None:
    brought = _bring(dee, pat, recipe="stiffness")
    assert (brought.code, brought.version, brought.active, brought.recipe) == ("stiffness", "1", False, "stiffness")
    assert brought.binding == {"/q1": "/q1", "/q2": "/q2"}
    file = QuestionnaireFile.objects.get()
    assert bytes(file.source) == as_file(PAIN)
    assert (file.format, file.licence_holder, file.brought_by) == ("FHIR R4", "Wessex programme", dee.person)
    assert list(questionnaires_arranged_by(dee)) == [brought]


def test_to_look_keeps_nothing(dee: User, pat: Participant) -> None:
    look = look_at_questionnaire(programme=pat.programme, content=as_file(PAIN))
    assert ([question.id for question in look.questions], look.earlier) == (["/q1", "/q2"], None)
    assert not Questionnaire.objects.exists()


def test_a_file_with_anything_refused_is_not_brought_in_at_all(dee: User, pat: Participant) -> None:
    with pytest.raises(NotFit) as refusal:
        _bring(dee, pat, form(item("q"), item("r", "coding")))
    assert [one.code for one in refusal.value.report.refused] == [Refused.TYPE_OF_R5]
    with pytest.raises(Unreadable):
        bring_questionnaire(programme=pat.programme, content=b"{", licence=LICENCE, by=dee.person)
    with pytest.raises(NotScorable) as not_scored:
        _bring(dee, pat, form(item("/q1")), recipe="stiffness")
    assert [one.item for one in not_scored.value.obstacles] == ["/q1", "/q2"]
    assert not Questionnaire.objects.exists() and not QuestionnaireFile.objects.exists()


def test_the_same_file_and_the_same_version_are_not_brought_in_twice(dee: User, pat: Participant) -> None:
    first = _bring(dee, pat)
    for document, same in ((PAIN, True), ({**PAIN, "title": "Another title"}, False)):
        with pytest.raises(HereAlready) as refusal:
            _bring(dee, pat, document)
        assert (refusal.value.questionnaire, refusal.value.same) == (first, same)


def test_a_new_version_stands_beside_the_one_before(dee: User, pat: Participant) -> None:
    first = _bring(dee, pat)
    Questionnaire.objects.update(asked_at=["start"])
    second = _bring(dee, pat, {**PAIN, "version": "2"})
    assert second.asked_at == ["start"], "asked when the one before was"
    assert (first.code, first.version) == (second.code, "1") and second.version == "2"
    assert look_at_questionnaire(programme=pat.programme, content=as_file({**PAIN, "version": "3"})).earlier == second


def test_forms_without_names_are_told_apart(dee: User, pat: Participant) -> None:
    no_names = {key: value for key, value in PAIN.items() if key not in ("url", "version")}
    elsewhere = {**PAIN, "url": "https://example.com/other/stiffness"}
    odd = {**PAIN, "url": "https://example.com/?", "title": "???", "version": "9"}
    first, second, third, fourth = (_bring(dee, pat, one) for one in (no_names, PAIN, elsewhere, odd))
    assert (first.code, first.version[:5]) == ("stiffness-check", "file-")
    assert (second.code, third.code, fourth.code) == ("stiffness", "stiffness-2", "questionnaire")


@pytest.mark.parametrize("title", ["SafeFit wellbeing", "SafeFit experience"])
def test_nothing_from_a_file_takes_the_place_of_a_form_of_ours(dee: User, pat: Participant, title: str) -> None:
    brought = _bring(dee, pat, {**{key: value for key, value in PAIN.items() if key != "url"}, "title": title})
    assert brought.code == f"{slugify(title)}-2"
    ours = QuestionnaireFactory(programme=pat.programme, code="ours")  # one that was put in place before
    other = _bring(dee, pat, {**PAIN, "url": "https://example.org/ours"})
    make_active(questionnaire=other, by=dee.person)
    ours.refresh_from_db()
    assert ours.active and not {"safefit_wellbeing", "safefit_experience"} & set(recipes_for_files())


@pytest.mark.parametrize(
    "given",
    [("", "A", dt.date(2026, 1, 1), None), ("B", " ", dt.date(2026, 1, 1), None),
     ("B", "A", dt.date(2026, 1, 2), dt.date(2026, 1, 1))],
)  # fmt: skip
def test_a_licence_is_whole(given: Any) -> None:
    with pytest.raises(ValueError, match="a licence"):
        Licence(*given)


# --- scoring -----------------------------------------------------------------


def test_a_form_may_be_bound_by_hand_until_somebody_has_answered(dee: User, pat: Participant) -> None:
    brought = _bring(dee, pat)
    with pytest.raises(NotScorable):
        bind_questionnaire(questionnaire=brought, recipe="stiffness", binding={"/q1": "/q2"}, by=dee.person)
    turned = {"/q1": "/q2", "/q2": "/q1"}
    assert bind_questionnaire(
        questionnaire=brought, recipe="stiffness", binding=turned, by=dee.person
    ).binding == turned  # fmt: skip
    assert bind_questionnaire(questionnaire=brought, recipe="", by=dee.person).binding == {}
    save_draft(assessment=_due(brought, pat), answers={"/q1": DECLINED}, mode=AnswerMode.SELF, by=pat.person)
    with pytest.raises(AnsweredAlready):
        bind_questionnaire(questionnaire=brought, recipe="stiffness", by=dee.person)


def _due(questionnaire: Questionnaire, pat: Participant) -> Any:
    return AssessmentFactory(participant=pat, questionnaire=questionnaire)


def _weighs(code: str) -> list[dict[str, Any]]:
    return [{"valueCoding": {"system": TREES, "code": code}}]


def test_what_was_answered_is_scored_by_weight_and_a_form_without_a_recipe_is_not(dee: User, pat: Participant) -> None:
    scored, plain = _bring(dee, pat, recipe="stiffness"), _bring(dee, pat, {**PAIN, "version": "2"})
    for questionnaire, scores in ((scored, [("stiff", 6.0, "3")]), (plain, [])):
        due = _due(questionnaire, pat)
        answers: Any = {"/q1": _weighs("some"), "/q2": _weighs("all")}
        save_draft(assessment=due, answers=answers, mode=AnswerMode.SELF, by=pat.person)
        sent = submit(assessment=due, mode=AnswerMode.SELF, by=pat.person)
        assert list(sent.scores.values_list("scale", "value", "recipe_version")) == scores
    assert [one.pk for one in questionnaires_with_forms()] == [scored.pk]
    assert rescore(questionnaire=scored, by=dee.person) == Rescored(forms=1, same=1)


def test_what_hangs_on_a_question_left_open_is_not_sent_and_a_required_one_is_asked_for(
    dee: User, pat: Participant
) -> None:
    later = item("later", enableWhen=[when("first", answerBoolean=True)])
    due = _due(_bring(dee, pat, form(item("first"), later, item("must", required=True))), pat)
    yes: Any = [{"valueBoolean": True}]
    save_draft(assessment=due, answers={"later": yes}, mode=AnswerMode.SELF, by=pat.person)
    with pytest.raises(NothingAnswered):
        submit(assessment=due, mode=AnswerMode.SELF, by=pat.person)
    save_draft(assessment=due, answers={"first": DECLINED}, mode=AnswerMode.SELF, by=pat.person)
    with pytest.raises(StillRequired) as refusal:
        submit(assessment=due, mode=AnswerMode.SELF, by=pat.person)
    assert refusal.value.question.id == "must"
    save_draft(assessment=due, answers={"must": DECLINED}, mode=AnswerMode.SELF, by=pat.person)
    assert submit(assessment=due, mode=AnswerMode.SELF, by=pat.person).answers == {
        "first": DECLINED, "must": DECLINED,
    }  # fmt: skip


# --- active ------------------------------------------------------------------


def test_one_version_is_active_at_a_time(dee: User, pat: Participant) -> None:
    first, second = _bring(dee, pat), _bring(dee, pat, {**PAIN, "version": "2"})
    for chosen in (first, second, second):
        make_active(questionnaire=chosen, by=dee.person)
        assert list(Questionnaire.objects.filter(active=True)) == [chosen]
    make_inactive(questionnaire=second, by=dee.person)
    assert not Questionnaire.objects.filter(active=True).exists()


@pytest.mark.parametrize(("starts", "ends"), [(1, None), (-9, -1)])
def test_nothing_is_asked_without_a_licence_that_holds_today(
    dee: User, pat: Participant, starts: int, ends: int | None
) -> None:
    brought, today = _bring(dee, pat), timezone.localdate()
    until = None if ends is None else today + dt.timedelta(days=ends)
    licence = replace(LICENCE, starts=today + dt.timedelta(days=starts), ends=until)
    record_licence(questionnaire=brought, licence=licence, by=dee.person)
    with pytest.raises(LicenceNotInForce):
        make_active(questionnaire=brought, by=dee.person)
    record_licence(questionnaire=brought, licence=replace(LICENCE, ends=today), by=dee.person)
    assert make_active(questionnaire=brought, by=dee.person).active


def test_a_form_with_worrying_answers_stays_closed_scored_or_not_until_somebody_hears_of_them(
    dee: User, pat: Participant, clare: User
) -> None:
    items = (Item("/q1", 1, 4, codes=(Code(System.LOINC, "1-8"),)), Item("/q2", 1, 4))
    with own_recipe(replace(STIFFNESS, items=items, safety_items=(SafetyItem("/q1", 2, "dark"),))):
        scored = _bring(dee, pat, recipe="stiffness")
        coded = _bring(dee, pat, form(choice("x", *"abcd", code=LOINC, weighed_from=0)))
        for questionnaire, link in ((scored, "/q1"), (coded, "x")):
            assert rules_of(questionnaire, None) == (Rule(link, 2),)
            with pytest.raises(NotToBeUsed):
                make_active(questionnaire=questionnaire, by=dee.person)
            route_for(questionnaire, clare.person)
            assert make_active(questionnaire=questionnaire, by=dee.person).active
        plain = make_active(questionnaire=_bring(dee, pat, PAIN | {"url": "https://example.org/b"}), by=dee.person)
        with pytest.raises(NotToBeUsed):
            bind_questionnaire(questionnaire=plain, recipe="stiffness", by=dee.person)


def test_a_worrying_question_whose_answers_weigh_nothing_is_not_asked(dee: User, pat: Participant, clare: User) -> None:
    items = (Item("/q1", 1, 4, codes=(Code(System.LOINC, "1-8"),)), Item("/q2", 1, 4))
    with own_recipe(replace(STIFFNESS, items=items, safety_items=(SafetyItem("/q1", 2, "dark"),))):
        for number, question in enumerate(
            (choice("x", code=LOINC, weighed_from=None), choice("x", code=LOINC, repeats=True), item("x", code=LOINC))
        ):
            unweighed = _bring(dee, pat, form(question, version=str(number)))
            route_for(unweighed, clare.person)
            assert hindrances(unweighed) == (Hindrance.NOT_WEIGHED,)


def test_what_answers_weigh_by_hand_scores_them_and_finds_what_worries(
    dee: User, pat: Participant, clare: User
) -> None:
    words = {**PAIN, "item": [choice(link, *"abcd", weighed_from=None) for link in ("/q1", "/q2")]}
    with own_recipe(replace(STIFFNESS, safety_items=(SafetyItem("/q1", 4, "dark"),))):
        brought = _bring(dee, pat, words)
        with pytest.raises(NotScorable):
            bind_questionnaire(questionnaire=brought, recipe="stiffness", by=dee.person)
        said = {"/q1": [4, 3, 2, 1], "/q2": [1, 2, 3, 4], "/q9": [1]}
        bound = bind_questionnaire(questionnaire=brought, recipe="stiffness", weights=said, by=dee.person)
        assert bound.binding == {link: {"item": link, "weights": said[link]} for link in ("/q1", "/q2")}
        route_for(bound, clare.person)
        assert hindrances(bound) == ()
        due = _due(bound, pat)
        first: Any = {link: options("a", weighed_from=None) for link in ("/q1", "/q2")}
        save_draft(assessment=due, answers=first, mode=AnswerMode.SELF, by=pat.person)
        response = submit(assessment=due, mode=AnswerMode.SELF, by=pat.person)
        assert [(row.scale, row.value) for row in response.scores.all()] == [("stiff", 5)]
        assert Task.objects.filter(kind=WORRYING_ANSWER).count() == 1
        assert [question.shape.options[0].weight for question in due.questions] == [4, 1]  # as an extract tells it
        assert rescore(questionnaire=bound, by=dee.person) == Rescored(forms=1, same=1)
        newer = _bring(dee, pat, {**words, "version": "2"})
        assert hindrances(newer) == (Hindrance.FORGOTTEN,)  # it is not known what its answers weigh
        newer = bind_questionnaire(questionnaire=newer, recipe="stiffness", weights=said, by=dee.person)
        assert hindrances(newer) == ()


def test_the_answer_to_a_form_from_a_file_that_worries_makes_a_task(dee: User, pat: Participant, clare: User) -> None:
    watched = replace(STIFFNESS, safety_items=(SafetyItem("/q1", 2, "dark"),))
    with own_recipe(watched), time_machine.travel(dt.datetime(2026, 12, 1, 11, tzinfo=dt.UTC), tick=False):
        for number, (code, worries) in enumerate((("none", 0), ("some", 1))):
            questionnaire = _bring(dee, pat, {**PAIN, "version": str(number)}, recipe="stiffness")
            route_for(questionnaire, clare.person)
            due = _due(questionnaire, pat)
            answers: Any = {"/q1": _weighs(code)}
            save_draft(assessment=due, answers=answers, mode=AnswerMode.SELF, by=pat.person)
            response = submit(assessment=due, mode=AnswerMode.SELF, by=pat.person)
            assert Task.objects.filter(kind=WORRYING_ANSWER).count() == worries
        worry = worry_to_show(response, to=pat.person)
        assert worry
        assert [one.id for one in answers_that_worry(worry)] == ["/q1"]


def test_only_who_arranges_the_programme_finds_its_questionnaires(dee: User, pat: Participant, clare: User) -> None:
    _bring(dee, pat)
    _bring(dee, pat, programme=ProgrammeFactory())
    assert questionnaires_arranged_by(dee).count() == 1
    assert not questionnaires_arranged_by(clare).exists() and not questionnaires_arranged_by(pat.person.user).exists()


# --- what the database keeps -------------------------------------------------


def _sql(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_words_of_a_version_and_its_file_never_change(dee: User, pat: Participant) -> None:
    _bring(dee, pat)
    for change in (
        "outcomes_questionnaire SET items = '[]'",
        "outcomes_questionnaire SET title = 'Other'",
        "outcomes_questionnaire SET version = '7'",
        "outcomes_questionnairefile SET source = ''",
        "outcomes_questionnairefile SET sha256 = ''",
    ):
        with pytest.raises(ProgrammingError, match="Cannot update"):
            _sql(f"UPDATE {change}")


def test_how_an_answered_form_is_scored_never_changes(dee: User, pat: Participant) -> None:
    due = _due(_bring(dee, pat, recipe="stiffness"), pat)
    save_draft(assessment=due, answers={"/q1": DECLINED}, mode=AnswerMode.SELF, by=pat.person)
    for change in ("recipe = ''", "binding = '{}'"):
        with pytest.raises(IntegrityError, match="scoring_is_fixed_once_answered"):
            _sql(f"UPDATE outcomes_questionnaire SET {change}")


def test_a_licence_on_record_is_whole(dee: User, pat: Participant) -> None:
    _bring(dee, pat)
    for change in ("licence_holder = ''", "licence_reference = ''", "licence_until = '2025-01-01'"):
        with pytest.raises(IntegrityError, match="a_licence_"):
            _sql(f"UPDATE outcomes_questionnairefile SET {change}")
