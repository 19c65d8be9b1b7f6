"""A form for every kind of question: what is typed, kept, shown again and said in words."""

from __future__ import annotations

from typing import Any

import pytest

from frontend import forms
from frontend.question_fields import RATHER_NOT, QuestionForm, is_typed, not_taken_words, reply_words
from outcomes.fhir.reading import read_questionnaire
from outcomes.questions import Question, read_questions
from outcomes.scoring import DECLINED
from tests.factories.fhir import EVERY_KIND, as_file, coding, control, extension, form, item, limits, options

QUESTIONS = {
    question.id: question for question in read_questions(read_questionnaire(as_file(EVERY_KIND)).items, follow_up=False)
}
KG = {"unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"}


def _form(question: Question, sent: dict[str, Any] | None = None, answer: Any = None) -> QuestionForm:
    return QuestionForm(question, "Question 1 of 2", sent, replies={} if answer is None else {question.id: answer})


def _given(question: Question, sent: dict[str, Any]) -> Any:
    sheet = _form(question, sent)
    assert sheet.is_valid()
    return sheet.given


def _code(code: str) -> dict[str, Any]:
    return {"valueCoding": {"system": "https://example.org/trees", "code": code}}


ROUNDS: list[tuple[str, dict[str, Any], Any, str]] = [
    ("walks", {"answer": "False"}, [{"valueBoolean": False}], "No"),
    ("how many", {"answer": "12"}, 12, "12"),
    ("rate", {"answer": "3"}, 3, "3 out of 4"),
    ("miles", {"answer": "2.5"}, [{"valueDecimal": 2.5}], "2.5"),
    ("weight", {"answer": "71.5"}, [{"valueQuantity": {"value": 71.5, **KG}}], "71.5 kg"),
    ("day", {"answer-day": "28", "answer-month": "2", "answer-year": "2026"}, [{"valueDate": "2026-02-28"}],
     "28 February 2026"),
    ("moment", {"answer-day": "1", "answer-month": "7", "answer-year": "2026", "time": "6:30pm"},
     [{"valueDateTime": "2026-07-01T18:30:00+01:00"}], "Wednesday 1 July 2026 at 6:30pm"),
    ("hour", {"answer": "9am"}, [{"valueTime": "09:00:00"}], "9am"),
    ("name", {"answer": "declined"}, [{"valueString": "declined"}], "declined"),
    ("story", {"answer": "Long.\r\nAnd wet."}, [{"valueString": "Long.\nAnd wet."}], "Long.\nAnd wet."),
    ("page", {"answer": "https://example.org/a"}, [{"valueUri": "https://example.org/a"}], "https://example.org/a"),
    ("tree", {"answer": "1"}, [_code("ash")], "Ash"),
    ("1", {"answer": ["0", "1"]}, [_code("bench"), _code("gate")], "Bench and Gate"),
    ("1", {"answer": ["2"]}, [_code("none")], "None of these"),
    ("with", {"answer": "1"}, [{"valueString": "A friend"}], "A friend"),
    ("with", {"answer": "own", "own": "My dog"}, [{"valueString": "My dog"}], "My dog"),
    *((name, {"answer": DECLINED}, DECLINED, RATHER_NOT) for name in ("walks", "rate", "tree", "with")),
    ("1", {"answer": [DECLINED]}, DECLINED, RATHER_NOT),
]  # fmt: skip


LOW, HIGH = (item(code, "display", text=text, extension=[control(code)]) for code, text in (
    ("lower", "Worst"), ("upper", "Best")))  # fmt: skip
HINTS: list[tuple[dict[str, Any], str]] = [
    (item("q", "integer", extension=limits(0, 10), item=[LOW, HIGH]), "0 means “Worst”. 10 means “Best”."),
    (item("q", "integer", extension=limits(0, 1000), item=[LOW, HIGH]), "0 means “Worst”. 1,000 means “Best”."),
    (item("q", "integer", extension=limits(0, 10), item=[HIGH]), "10 means “Best”."),
    (item("q", "integer", item=[LOW, HIGH]), "“Worst”. “Best”."),
    (item("q", "decimal", extension=[extension("minValue", valueDecimal=0.5)], item=[LOW]), "0.5 means “Worst”."),
    (item("q", "choice", answerOption=options("oak", "ash"), item=[LOW, HIGH]),
     "Oak means “Worst”. Ash means “Best”."),
    (item("q", "integer", extension=limits(0, 100)), "From 0 to 100"),
    (item("q", "integer"), ""),
    (item("q", "date"), ""),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "hint"), HINTS)
def test_what_the_ends_mean_or_from_where_to_where_is_said_beside_what_is_asked(
    asked: dict[str, Any], hint: str
) -> None:
    (question,) = read_questions(read_questionnaire(as_file(form(asked))).items, follow_up=False)
    assert _form(question).fields["answer"].hint == hint


@pytest.mark.parametrize(("name", "sent", "reply", "words"), ROUNDS)
def test_what_is_sent_is_kept_shown_again_and_said_in_words(
    name: str, sent: dict[str, Any], reply: Any, words: str
) -> None:
    question = QUESTIONS[name]
    sheet = _form(question, sent)
    assert sheet.is_valid(), sheet.errors
    assert question.kept(sheet.given) == sheet.given == reply
    assert reply_words(question, reply) == words
    drawn = str(forms.draw_all(_form(question, answer=reply)))
    for one in (value for value in sent.values() if isinstance(value, str)):
        first_line = one.splitlines()[0]
        assert f'value="{first_line}"' in drawn or first_line in drawn
    again = QuestionForm(question, "", {**_as_sent(question, reply)}, replies={})
    assert again.is_valid() and again.given == reply


def _as_sent(question: Question, reply: Any) -> dict[str, Any]:
    """What a browser sends when nothing is touched on the page that shows `reply`."""
    initial = _form(question, answer=reply).initial
    sent = {name: str(value) if not isinstance(value, list) else value for name, value in initial.items()}
    if "valueDate" in str(reply):
        on = initial["answer"]
        sent |= {"answer-day": str(on.day), "answer-month": str(on.month), "answer-year": str(on.year)}
    if "time" in initial:
        sent["time"] = f"{initial['time']:%H:%M}"
    return sent | ({"answer": f"{initial['answer']:%H:%M}"} if "valueTime" in str(reply) else {})


@pytest.mark.parametrize(
    ("name", "sent", "error"),
    [
        ("walks", {}, "Choose an answer, or “I would rather not answer”"),
        ("how many", {"answer": "31"}, "The number must be a number from 1 to 30"),
        ("miles", {"answer": "ten"}, "Your answer must be a number, like 12 or 12.5"),
        ("miles", {"answer": "41"}, "Your answer must be a number from 0 to 40"),
        ("miles", {"answer": ""}, "Enter an answer, or choose “I would rather not answer”"),
        ("day", {"answer-day": "1", "answer-month": "1", "answer-year": "2019"},
         "Your answer must be 1 January 2020 or later"),
        ("page", {"answer": "javascript:alert(1)"}, "Your answer must be a web address, like https://www.example.org"),
        ("name", {"answer": "A name that is far too long"}, "Your answer must be 20 characters or fewer"),
        ("1", {"answer": ["0", "2"]}, "Select the ones that are true for you, or select “None of these”"),
        ("1", {"answer": ["0", DECLINED]},
         "Select the ones that are true for you, or select “I would rather not answer”"),
        ("tree", {"answer": "9"}, "Select an answer from the list"),
    ],
)  # fmt: skip
def test_what_does_not_fit_says_what_to_do(name: str, sent: dict[str, Any], error: str) -> None:
    sheet = _form(QUESTIONS[name], sent)
    assert [str(one) for errors in sheet.errors.values() for one in errors] == [error]


def test_own_words_are_asked_for_only_where_they_are_chosen() -> None:
    assert not _form(QUESTIONS["with"], {"answer": "own", "own": " "}).is_valid()
    assert _given(QUESTIONS["with"], {"answer": "0", "own": "left over"}) == [{"valueString": "Nobody"}]


def _only(question: Any) -> Question:
    return read_questions(read_questionnaire(as_file(form(question))).items, follow_up=False)[0]


@pytest.mark.parametrize(
    ("least", "most", "error"),
    [(5, None, "Your answer must be 5 or more"), (None, 3, "Your answer must be 3 or less")],
)
def test_one_bound_alone_is_said_alone(least: int | None, most: int | None, error: str) -> None:
    bounds = {"minValue": least, "maxValue": most}
    given = [extension(name, valueDecimal=bound) for name, bound in bounds.items() if bound is not None]
    assert _form(_only(item("q", "decimal", extension=given)), {"answer": "4"}).errors["answer"] == [error]


def test_a_first_answer_of_the_form_stands_there_until_somebody_has_answered() -> None:
    number = _only(item("q", "integer", extension=limits(0, 50), initial=[{"valueInteger": 7}]))
    assert _form(number).initial == {"answer": 7}
    numbered = [{"valueCoding": coding(str(code), weight=code, system="")} for code in (0, 1)]
    scale = _only(item("q", "choice", answerOption=[numbered[0], {**numbered[1], "initialSelected": True}]))
    assert _form(scale).initial == {"answer": "1"}
    several = _only(item("q", "choice", repeats=True, answerOption=[options("oak")[0] | {"initialSelected": True}]))
    assert _form(several).initial == {"answer": ["0"], "own": ""}
    assert _form(scale, answer=DECLINED).initial == {"answer": DECLINED}
    assert _form(number, answer=DECLINED).initial == {}


def test_units_days_and_large_numbers_read_as_people_write_them() -> None:
    steps = _only(item("q", "integer", extension=[*limits(0, 90000), control("slider")]))
    assert is_typed(steps) and reply_words(steps, 12000) == "12,000"
    unit = extension("questionnaire-unit", valueCoding={"code": "min"})
    minutes = _only(item("q", "integer", extension=[*limits(0, 600), unit]))
    assert reply_words(minutes, 30) == "30 min"
    assert ">min<" in "".join(str(forms.draw_all(_form(minutes))).split())
    day = _only(item("q", "choice", answerOption=[{"valueDate": "2026-02-01"}]))
    assert reply_words(day, [{"valueDate": "2026-02-01"}]) == "1 February 2026"
    assert reply_words(day, None) == "Not answered yet"


LIMITS: list[tuple[dict[str, Any], str]] = [
    (item("q", "integer", extension=[*limits(0, 100), extension("questionnaire-sliderStepValue", valueInteger=5)]),
     "Enter a number from 0 to 100 in steps of 5, like 0, 5, 10"),
    (item("q", "time", extension=[extension("maxValue", valueTime="17:00:00")]), "Enter an answer to 5pm"),
    (item("q", "quantity", extension=limits(20, 300, "valueDecimal")), "Enter an answer from 20 to 300"),
    (item("q", "dateTime", extension=[extension("minValue", valueDateTime="2026-07-01T12:00:00+01:00")]),
     "Enter an answer from Wednesday 1 July 2026 at noon"),
    (item("q", "decimal"), "Enter another answer: this one is too large"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "words"), LIMITS)
def test_what_a_question_takes_instead_is_said(asked: dict[str, Any], words: str) -> None:
    [question] = read_questions(read_questionnaire(as_file(form(asked))).items, follow_up=False)
    assert not_taken_words(question) == words
