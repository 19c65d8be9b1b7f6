from __future__ import annotations

import datetime as dt
from typing import Any

from outcomes.extracts.dictionary import described
from outcomes.extracts.facts import Facts, Form, Scale
from outcomes.extracts.fields import BY_KEY
from outcomes.extracts.tables import Person
from outcomes.instruments import safefit_wellbeing
from outcomes.questions import read_questions

ALL = frozenset(BY_KEY)
ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
OURS = safefit_wellbeing.ITEMS


def weighed(*codes: str) -> list[dict[str, Any]]:
    return [
        {"valueCoding": {"code": code, "extension": [{"url": ORDINAL, "valueDecimal": weight}]}}
        for weight, code in enumerate(codes, 1)
    ]


LICENSED: tuple[dict[str, Any], ...] = (
    {"linkId": "/2903", "type": "choice", "text": "Secret words", "answerOption": weighed("a", "b", "in words", "d")},
    {"linkId": "your say", "type": "text", "text": "Secret words too"},
)


def form(code: str, items: Any, *, follow_up: bool = True, **rest: Any) -> Form:
    questions = read_questions(items, follow_up=follow_up)
    about = {"canonical": f"urn:{code}|1", "timepoint": "start", "mode": "self", "way": "ONLINEWRIT", "replies": {}}
    asked = {"questions": questions, "items": tuple(items)}
    return Form(instrument=code, version="1", on=dt.date(2026, 3, 2), **asked, **about, **rest)


def person(*forms: Form) -> Person:
    return Person("A" * 20, {}, Facts(known={}, programme="wessex", consent_version=1, forms=forms))


CHECK = form(
    "safefit_wellbeing", OURS, recipe="safefit_wellbeing", is_ours=True,
    scores=(Scale("total", 60.0, "", "safefit_wellbeing", "1"), Scale("body", None, "x", "safefit_wellbeing", "0")),
)  # fmt: skip
CANCER = form(
    "our-qlq", LICENSED, recipe="qlq_c30", binding={"/2903": "q1"},
    scores=(Scale("PF2", 80.0, "", "qlq_c30", "1"),),
)  # fmt: skip
UNSCORED = form("walks", LICENSED)
DAYS = {"w12": 84, "start": 0}


def test_of_each_questionnaire_it_says_what_an_answer_means_and_whose_licence_holds() -> None:
    start = form("safefit_wellbeing", OURS, follow_up=False, recipe="safefit_wellbeing", is_ours=True)
    found = described([person(start, CANCER), person(CHECK, start)], ALL, DAYS)["questionnaires"]
    licensed, check = found
    assert (licensed["instrument"], licensed["version"], licensed["title"]) == (
        "our-qlq", "1", "EORTC QLQ-C30, version 3",
    )  # fmt: skip
    assert "EORTC: permission" in licensed["licence"]
    items = {one["item"]: one for one in check["items"]}
    assert items["aches"] == {
        "item": "aches", "type": "integer", "range": [0, 10], "recipe_item": "aches", "better": "less",
        "words": "In the last seven days, how much have aches or soreness held you back?",
    }  # fmt: skip
    assert items["change"]["answers"][0] == {"answer": "-3", "number": -3}, "asked later, and described all the same"


def test_no_word_of_a_licensed_form_is_in_it_and_its_questions_are_those_of_the_instrument() -> None:
    ((first, second),) = (one["items"] for one in described([person(CANCER)], ALL, DAYS)["questionnaires"])
    assert first == {
        "item": "/2903", "type": "choice", "range": [1, 4], "recipe_item": "q1", "better": "less",
        "answers": [{"answer": "a", "number": 1}, {"answer": "b", "number": 2}, {"answer": "option-3", "number": 3},
                    {"answer": "d", "number": 4}],
    }  # fmt: skip
    assert second == {"item": "question-2", "type": "text"}
    assert "ecret" not in str(described([person(CANCER, UNSCORED)], ALL, DAYS))
    (unscored,) = described([person(UNSCORED)], ALL, DAYS)["questionnaires"]
    assert (set(unscored), "recipe_item" in unscored["items"][0]) == ({"instrument", "version", "items"}, False)


def test_of_each_score_it_says_its_range_and_which_way_is_better_as_its_rule_has_them_today() -> None:
    found = described([person(CHECK, CANCER)], ALL, DAYS)["scores"]
    assert [one["scale"] for one in found] == ["PF2", "body", "total"]
    physical, body, total = found
    assert (total["range"], total["better"], total["label"]) == ([0, 100], "more", "SafeFit wellbeing check")
    assert (physical["label"], physical["recipe"], physical["value_set"]) == ("Physical functioning", "qlq_c30", "")
    assert (body["recipe_version"], "range" in body, "earlier rule" in body["note"]) == ("0", False, True)


def test_timepoints_come_with_their_days_and_what_was_not_agreed_to_is_not_named() -> None:
    assert described([], ALL, DAYS)["timepoints"] == [
        {"timepoint": "start", "day": 0}, {"timepoint": "w12", "day": 84},
    ]  # fmt: skip
    nothing = {"questionnaires": [], "scores": [], "timepoints": []}
    assert described([person(CHECK)], {"item.item", "score.scale", "score.value"}, DAYS) == nothing
    (named,) = described([person(CHECK)], {"form.instrument"}, DAYS)["questionnaires"]
    assert "items" not in named
