"""A questionnaire on paper: its exact words, of whom each question is asked, and nothing of anybody."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from frontend.letters import CannotBeDrawn
from frontend.question_paper import ONCE_MORE, _asked, draw_questions
from outcomes import safety
from outcomes.fhir.reading import read_questionnaire
from outcomes.questions import read_questions
from outcomes.safety_rules import Rule
from participants.models import Participant
from tests.factories.fhir import EVERY_KIND, as_file, choice, form, item, limits, when
from tests.factories.outcomes import AssessmentFactory, QuestionnaireFactory
from tests.unit.frontend.test_letters import read, text_of

pytestmark = pytest.mark.django_db


def _questions(document: Any) -> Any:
    reading = read_questionnaire(as_file(document))
    assert reading.report.refused == ()
    return read_questions(reading.items, follow_up=True)


def test_our_own_check_is_printed_with_its_words_a_reference_and_no_name(pat: Participant, settings: Any) -> None:
    settings.POSTAL_ADDRESS = "12 Sample Street, Anytown, AN2 2BB"
    assessment = AssessmentFactory(participant=pat, closes_on=dt.date(2027, 1, 5), opens_on=None)
    pdf = draw_questions(assessment, assessment.questions)
    said = text_of(pdf)
    for words in (
        "1. In the last seven days, how much energy have you had?", "0 means “No energy”. 10 means “Plenty of energy”.",
        "Only if your answer to question 12 is more than 0.", "I would rather not answer", "by 5 January 2027",
        "not a clinical measure", "12 Sample Street", settings.PHONE, pat.reference, "Start", "Page 1 of",
    ):  # fmt: skip
        assert words in said
    assert pat.person.full_name not in said and "Samaritans" not in said and "MIT" not in said and ONCE_MORE not in said
    assert read(pdf).trailer["/Root"]["/Lang"] == "en-GB"


def test_a_form_from_a_file_is_printed_whole_whatever_it_asks(pat: Participant, monkeypatch: Any) -> None:
    monkeypatch.setattr(safety, "rules_of", lambda *_: (Rule("q9", 1),))
    kinds = _questions(EVERY_KIND)
    stored = QuestionnaireFactory(programme=pat.programme, code="walks", recipe="", licence="A society", items=[])
    assessment = AssessmentFactory(participant=pat, questionnaire=stored, round=2)
    large = draw_questions(assessment, kinds, size=28)
    said = text_of(large)
    assert all(question.text in said for question in kinds)
    for words in (
        "Put a cross in every box that is right.",
        "Something else:",
        "Time of day:",
        "kg",
        "A society",
        ONCE_MORE,
    ):
        assert words in said
    assert "Samaritans, 116 123" in said and "so that it reaches us by" not in said
    assert len(read(large).pages) > len(read(draw_questions(assessment, kinds)).pages)


def test_of_whom_a_question_is_asked_is_said_by_the_numbers_of_the_others() -> None:
    once = [when("a", answerBoolean=True), when("b", ">=", answerInteger=3)]
    sheets = list(_asked(_questions(form(
        item("g", "group", text="Walks", item=[item("a"), item("b", "integer", extension=limits(0, 20))]),
        item("any", enableWhen=once, enableBehavior="any"),
        item("all", enableWhen=[when("a", "exists", answerBoolean=False), when("b", "!=", answerInteger=0)],
             enableBehavior="all"),
        choice("tree", "oak", "ash", item=[item("why", "text")]),
        item("bye", "display"),
    ))))  # fmt: skip
    assert [sheet["only"] for sheet in sheets] == [
        "",
        "",
        "Only if your answer to question 1 is “Yes” or your answer to question 2 is 3 or more",
        "Only if you did not answer question 1 and your answer to question 2 is something other than “0”",
        "",
        "Only if you answered question 5",
    ]
    assert [sheet["headings"] for sheet in sheets][:3] == [["Walks"], [], []]
    assert sheets[-1]["after"] == ["Words of bye"]


def test_letters_that_our_type_cannot_print_are_no_empty_boxes(pat: Participant) -> None:
    stored = QuestionnaireFactory(programme=pat.programme, code="walks", title="你好", items=[])
    with pytest.raises(CannotBeDrawn):
        draw_questions(AssessmentFactory(participant=pat, questionnaire=stored), ())
