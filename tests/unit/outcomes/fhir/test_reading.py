from __future__ import annotations

import json
import socket
from collections.abc import Callable
from typing import Any

import pytest

from outcomes.fhir.document import MOST_BYTES
from outcomes.fhir.reading import Reading, read_questionnaire
from outcomes.fhir.remarks import LeftOut, Refused, Remark, Unreadable, Warned
from outcomes.questions import Question, read_questions
from tests.factories.fhir import (
    EVERY_KIND,
    FHIR,
    SDC,
    TREES,
    as_file,
    choice,
    coding,
    control,
    extension,
    form,
    item,
    limits,
    options,
    when,
)


def _read(*items: Any, **rest: Any) -> Reading:
    return read_questionnaire(as_file(form(*items, **rest)))


def _refused(*items: Any, **rest: Any) -> list[tuple[str, str, str]]:
    return [(one.code, one.item, one.about) for one in _read(*items, **rest).report.refused]


def _only(*items: Any, **rest: Any) -> Question:
    reading = _read(*items, **rest)
    assert reading.report.refused == ()
    return read_questions(reading.items, follow_up=False)[-1]


def test_every_kind_of_question_is_read_and_nothing_is_left_out() -> None:
    reading = read_questionnaire(as_file(EVERY_KIND))
    assert reading.report.refused == reading.report.left_out == reading.report.warned == ()
    assert [question.shape.kind for question in read_questions(reading.items, follow_up=False)] == [
        "boolean", "integer", "integer", "decimal", "quantity", "date", "dateTime", "time", "string", "text", "url",
        "choice", "choice", "open-choice",
    ]  # fmt: skip
    assert (reading.url, reading.version, reading.title) == (
        "https://example.org/fhir/walks", "1", "About your walks",
    )  # fmt: skip


def test_what_was_read_is_clean_json_that_reads_the_same_again() -> None:
    first = read_questionnaire(as_file(EVERY_KIND))
    assert read_questionnaire(as_file({**EVERY_KIND, "item": first.items})).items == first.items


CORPUS: dict[str, tuple[bytes, Refused]] = {
    "nothing": (b"", Refused.NOT_JSON),
    "cut short": (as_file(EVERY_KIND)[:-30], Refused.NOT_JSON),
    "a word left open": (b'"' + b'\\"' * 400_000, Refused.NOT_JSON),
    "a page": (b"<html><body>Questionnaire</body></html>", Refused.NOT_JSON),
    "not UTF-8": ("{'titel': 'Müde'}".encode("utf-16"), Refused.NOT_UTF8),
    "a tower": (b"[" * 100_000, Refused.TOO_DEEP),
    "a tower of items": (b'{"item":' * 5000 + b"1" + b"}" * 5000, Refused.TOO_DEEP),
    "1 MB and one byte": (b" " * (MOST_BYTES + 1), Refused.TOO_BIG),
    "a list": (b"[1, 2]", Refused.NOT_A_QUESTIONNAIRE),
    "a number": (b"17", Refused.NOT_A_QUESTIONNAIRE),
    "a bundle": (as_file({"resourceType": "Bundle", "entry": []}), Refused.NOT_A_QUESTIONNAIRE),
    "a name twice": (b'{"resourceType": "Questionnaire", "item": [], "item": [1]}', Refused.NAME_TWICE),
    "no number": (b'{"resourceType": "Questionnaire", "x": NaN}', Refused.ODD_NUMBER),
    "too large a number": (b'{"resourceType": "Questionnaire", "x": 1e999}', Refused.ODD_NUMBER),
    "an endless number": (b'{"x": ' + b"9" * 6000 + b"}", Refused.ODD_NUMBER),
    "half a letter": (b'{"title": "\\ud800"}', Refused.ODD_CHARACTER),
    "a zero letter": (b'{"title": "a\\u0000b"}', Refused.ODD_CHARACTER),
}


@pytest.mark.parametrize("which", CORPUS)
def test_a_file_that_is_no_questionnaire_is_refused_whole(which: str) -> None:
    content, why = CORPUS[which]
    with pytest.raises(Unreadable) as refusal:
        read_questionnaire(content)
    assert refusal.value.why is why


def test_where_a_file_is_broken_is_said() -> None:
    with pytest.raises(Unreadable) as refusal:
        read_questionnaire(b'{\n  "resourceType" "Questionnaire"}')
    assert refusal.value.about == "line 2, column 18"


def test_a_mark_of_byte_order_and_letters_of_every_script_are_read() -> None:
    content = b"\xef\xbb\xbf" + json.dumps(form(item("q", text="Ça va, 你好 😀")), ensure_ascii=False).encode()
    assert read_questionnaire(content).items[0]["text"] == "Ça va, 你好 😀"


_MODIFIER = [{"url": "https://example.org/not", "valueBoolean": True}]
_DEEP = item("1", "group", item=[item("2", "group", item=[item("3", "group", item=[item("4", "group", item=[
    item("5", "group", item=[item("6", "group", item=[item("7")])])])])])])  # fmt: skip

_LISTED = {"system": TREES, "concept": [{"code": "oak"}]}
_NOT_LISTED: dict[str, dict[str, Any]] = {
    "a whole system": {"compose": {"include": [_LISTED, {"system": "https://example.org/shrubs"}]}},
    "a filter": {"compose": {"include": [{**_LISTED, "filter": [{}]}]}},
    "another set": {"compose": {"include": [{**_LISTED, "valueSet": ["https://example.org/other"]}]}},
    "what is taken away": {"compose": {"include": [_LISTED], "exclude": [_LISTED]}},
    "the first page of it": {"expansion": {"total": 3, "contains": [{"code": "a", "contains": [{"code": "b"}]}]}},
}
_ODD_LIMITS: list[tuple[str, dict[str, Any]]] = [
    ("integer", {"name": "minValue", "valueDecimal": 0.5}),
    ("integer", {"name": "questionnaire-sliderStepValue", "valueDecimal": 0.5}),
    ("decimal", {"name": "maxValue", "valueInteger": 10**12}),
    ("integer", {"name": "questionnaire-sliderStepValue", "valueInteger": 0}),
    ("date", {"name": "minValue", "valueDate": "2026"}),
]

REFUSALS: dict[str, tuple[Callable[[], list[tuple[str, str, str]]], tuple[str, str, str]]] = {
    "501 items": (lambda: _refused(*(item(f"q{n}") for n in range(501))), (Refused.TOO_MANY_ITEMS, "", "501")),
    "no question": (lambda: _refused(item("d", "display")), (Refused.NO_QUESTION, "", "")),
    "items that are no list": (lambda: _refused(item=item("q")), (Refused.WRONG_SHAPE, "", "item")),
    "an item that is a word": (lambda: _refused(item("q"), "walks"), (Refused.NO_LINK_ID, "", "item 2")),
    "no linkId": (lambda: _refused({"type": "boolean", "text": "Well?"}), (Refused.NO_LINK_ID, "", "Well?")),
    "a linkId twice": (lambda: _refused(item("q"), item("q")), (Refused.LINK_ID_TWICE, "q", "")),
    "a linkId that hides": (lambda: _refused(item("q\u202e")), (Refused.WRONG_SHAPE, "", "linkId")),
    "seven levels": (lambda: _refused(_DEEP), (Refused.ITEMS_TOO_DEEP, "7", "6")),
    "no words": (lambda: _refused(item("q", text="")), (Refused.NO_TEXT, "q", "")),
    "words that are a list": (lambda: _refused(item("q", text=["a"])), (Refused.WRONG_SHAPE, "q", "text")),
    "words without end": (lambda: _refused(item("q", text="a" * 5001)), (Refused.TOO_LONG, "q", "text, 5,000")),
    "an address without end": (lambda: _refused(item("q"), url="u" * 501), (Refused.TOO_LONG, "", "url, 500")),
    "an unknown type": (lambda: _refused(item("q", "telepathy")), (Refused.TYPE_UNKNOWN, "q", "telepathy")),
    "an attachment": (lambda: _refused(item("q", "attachment")), (Refused.TYPE_NOT_ASKED, "q", "attachment")),
    "a reference": (lambda: _refused(item("q", "reference")), (Refused.TYPE_NOT_ASKED, "q", "reference")),
    "the coding of R5": (lambda: _refused(item("q", "coding")), (Refused.TYPE_OF_R5, "q", "coding")),
    "the constraint of R5": (lambda: _refused(choice("q", answerConstraint="optionsOnly")),
                             (Refused.CONSTRAINT_OF_R5, "q", "")),
    "a modifier of the form": (lambda: _refused(item("q"), modifierExtension=_MODIFIER),
                               (Refused.MODIFIER, "", "https://example.org/not")),
    "a modifier of an item": (lambda: _refused(item("q", modifierExtension=_MODIFIER)),
                              (Refused.MODIFIER, "q", "https://example.org/not")),
    "a modifier of an option": (lambda: _refused(choice("q", answerOption=[
        {**options("oak")[0], "modifierExtension": ["odd"]}])), (Refused.MODIFIER, "q", "unnamed")),
    "a group that repeats": (lambda: _refused(item("g", "group", repeats=True, item=[item("q")])),
                             (Refused.GROUP_REPEATS, "g", "")),
    "a display with items": (lambda: _refused(item("d", "display", item=[item("q")])),
                             (Refused.DISPLAY_WITH_ITEMS, "d", "")),
    "options of a group": (lambda: _refused(item("g", "group", answerOption=options("oak"), item=[item("q")])),
                           (Refused.OPTIONS_ON_TYPE, "g", "group")),
    "options of a date": (lambda: _refused(item("q", "date", answerOption=options("oak"))),
                          (Refused.OPTIONS_ON_TYPE, "q", "date")),
    "a choice of nothing": (lambda: _refused(item("q", "choice")), (Refused.NO_OPTIONS, "q", "")),
    "the same option twice": (lambda: _refused(choice("q", "oak", "oak")), (Refused.OPTION_TWICE, "q", "oak")),
    "an option that is a quantity": (lambda: _refused(choice("q", answerOption=[{"valueQuantity": {"value": 1}}])),
                                     (Refused.OPTION_NOT_READ, "q", "valueQuantity")),
    "an option without a code": (lambda: _refused(choice("q", answerOption=[{"valueCoding": {"display": "Oak"}}])),
                                 (Refused.OPTION_NOT_READ, "q", "valueCoding")),
    "options that all stand alone": (lambda: _refused(choice("q", repeats=True, answerOption=[
        {**one, "extension": [extension("questionnaire-optionExclusive", valueBoolean=True)]}
        for one in options("oak", "ash")])), (Refused.EXCLUSIVE_ALONE, "q", "")),
    "a weight that is a word": (lambda: _refused(choice("q", answerOption=[
        {**options("oak")[0], "extension": [extension("ordinalValue", valueString="two")]}])),
                                (Refused.WEIGHT_NOT_READ, "q", "two")),
    "two weights of one answer": (lambda: _refused(choice("q", answerOption=[
        {"valueCoding": coding("oak", weight=1), "extension": [extension("itemWeight", valueDecimal=2)]}])),
                                  (Refused.WEIGHTS_DIFFER, "q", "2 and 1")),
    "two weights in one place": (lambda: _refused(choice("q", answerOption=[
        {"valueInteger": 1, "extension": [extension(name, valueDecimal=weight) for name, weight in (
            ("ordinalValue", 3), ("itemWeight", 4))]}])), (Refused.WEIGHTS_DIFFER, "q", "3 and 4")),
    "two weights by two lists of codes": (lambda: _refused(choice("q", answerOption=[
        {"valueCoding": {"system": TREES, "code": "oak"}}]), contained=[
        {"resourceType": "CodeSystem", "url": TREES, "concept": [{"code": "oak", "extension": [
            extension("itemWeight", valueDecimal=weight)]}]} for weight in (1, 2)]),
                                          (Refused.WEIGHTS_DIFFER, "q", "oak")),
    "a limit in another unit": (lambda: _refused(item("q", "quantity", extension=[
        extension("questionnaire-unit", valueCoding={"code": "kg"}),
        extension("maxValue", valueQuantity={"value": 200, "unit": "lb"})])), (Refused.LIMIT_NOT_READ, "q", "200 lb")),
    "a value set outside": (lambda: _refused(item("q", "choice", answerValueSet="http://example.org/vs|2")),
                            (Refused.VALUE_SET_OUTSIDE, "q", "http://example.org/vs|2")),
    "a value set that is not there": (lambda: _refused(item("q", "choice", answerValueSet="#trees")),
                                      (Refused.VALUE_SET_MISSING, "q", "#trees")),
    "a value set that is a number": (lambda: _refused(item("q", "choice", answerValueSet=7)),
                                     (Refused.VALUE_SET_OUTSIDE, "q", "")),
    "a value set by a rule": (lambda: _refused(item("q", "choice", answerValueSet="#trees"), contained=[
        {"resourceType": "ValueSet", "id": "trees", "compose": {"include": [{"system": TREES, "filter": [{}]}]}}]),
                              (Refused.VALUE_SET_BY_RULE, "q", "#trees")),
    "a value set without codes": (lambda: _refused(item("q", "choice", answerValueSet="#trees"), contained=[
        {"resourceType": "ValueSet", "id": "trees", "expansion": {"contains": [{"code": "", "display": "Oak"}]}}]),
                                  (Refused.OPTION_NOT_READ, "q", "Oak")),
    **{f"a value set that does not list all of it: {what}": (
        lambda inside=inside: _refused(item("q", "choice", answerValueSet="#trees"), contained=[
            {"resourceType": "ValueSet", "id": "trees", **inside}]), (Refused.VALUE_SET_BY_RULE, "q", "#trees"))
        for what, inside in _NOT_LISTED.items()},
    "two value sets of one name": (lambda: _refused(item("q"), contained=[
        {"resourceType": "ValueSet", "id": "trees", "compose": {"include": [{"concept": [{"code": "oak"}]}]}}] * 2),
                                   (Refused.VALUE_SET_TWICE, "", "#trees")),
    **{f"a limit that cannot be read: {limit}": (
        lambda kind=kind, limit=limit: _refused(item("q", kind, extension=[extension(**limit)])),
        (Refused.LIMIT_NOT_READ, "q", str(list(limit.values())[1])))
        for kind, limit in _ODD_LIMITS},
    "a modifier of a condition": (lambda: _refused(item("t"), item("q", enableWhen=[
        {**when("t", answerBoolean=True), "modifierExtension": _MODIFIER}])),
                                  (Refused.MODIFIER, "q", "https://example.org/not")),
    "rules that are somewhere else": (lambda: _refused(item("q"), implicitRules="https://example.org/rules"),
                                      (Refused.MODIFIER, "", "implicitRules")),
    "moments that cross by their clocks": (lambda: _refused(item("q", "dateTime", extension=[
        extension("minValue", valueDateTime="2026-01-01T00:00:00Z"),
        extension("maxValue", valueDateTime="2026-01-01T00:30:00+01:00")])), (Refused.LIMITS_CROSSED, "q", "")),
    "limits that cross": (lambda: _refused(item("q", "integer", extension=limits(9, 3))),
                          (Refused.LIMITS_CROSSED, "q", "")),
    "a length that is a word": (lambda: _refused(item("q", "string", maxLength="long")),
                                (Refused.WRONG_SHAPE, "q", "maxLength")),
    "a condition on nothing": (lambda: _refused(item("q", enableWhen=[when("gone", answerBoolean=True)])),
                               (Refused.CONDITION_MISSING, "q", "gone")),
    "conditions that are no list": (lambda: _refused(item("q", enableWhen=when("q", answerBoolean=True))),
                                    (Refused.CONDITION_NOT_READ, "q", "enableWhen")),
    "a condition on a group": (lambda: _refused(item("g", "group", item=[item("a")]), item("q", enableWhen=[
        when("g", "exists", answerBoolean=True)])), (Refused.CONDITION_ON_NO_QUESTION, "q", "g")),
    "a condition on itself": (lambda: _refused(item("q", enableWhen=[when("q", answerBoolean=True)])),
                              (Refused.CONDITION_IN_A_RING, "q", "")),
    "conditions in a ring": (lambda: _refused(item("a", enableWhen=[when("b", answerBoolean=True)]), item(
        "b", enableWhen=[when("a", answerBoolean=True)])), (Refused.CONDITION_IN_A_RING, "b", "")),
    "a group that hangs on what is in it": (lambda: _refused(item("g", "group", enableWhen=[
        when("a", answerBoolean=True)], item=[item("a")])), (Refused.CONDITION_IN_A_RING, "a", "")),
}  # fmt: skip


@pytest.mark.parametrize("which", REFUSALS)
def test_what_cannot_be_asked_is_refused_and_its_item_named(which: str) -> None:
    refused, wanted = REFUSALS[which]
    assert wanted in refused()


def test_500_items_are_read_and_everything_that_is_wrong_is_said_at_once() -> None:
    assert _refused(*(item(f"q{n}") for n in range(500))) == []
    assert len(_refused(item("a", "coding"), item("b", "choice"), item("b"))) == 3


@pytest.mark.parametrize(
    ("target", "condition"),
    [
        (item("t"), {"operator": "=", "answerString": "yes"}),
        (item("t"), {"operator": ">", "answerBoolean": True}),
        (item("t"), {"operator": "~", "answerBoolean": True}),
        (item("t"), {"operator": "="}),
        (item("t"), {"operator": "=", "answerBoolean": True, "answerString": "yes"}),
        (item("t"), {"operator": "exists", "answerString": "yes"}),
        (item("t"), {"operator": "=", "answerInteger": 1}),
        (item("t", "integer"), {"operator": ">", "answerString": "5"}),
        (item("t", "date"), {"operator": ">", "answerDate": "last week"}),
        (item("t", "date"), {"operator": ">", "answerString": "2026-01-01"}),
        (
            item("t", "quantity", extension=[extension("questionnaire-unit", valueCoding={"code": "kg"})]),
            {"operator": ">", "answerQuantity": {"value": 80, "code": "[lb_av]"}},
        ),
        (choice("t"), {"operator": "=", "answerCoding": {"system": TREES, "code": "fir"}}),
        (choice("t"), {"operator": "=", "answerCoding": {"code": "fir"}}),
        (choice("t"), {"operator": "=", "answerCoding": ["oak"]}),
        (choice("t"), {"operator": ">", "answerCoding": {"system": TREES, "code": "oak"}}),
        (choice("t"), {"operator": "=", "answerString": "oak"}),
    ],
)
def test_a_condition_that_can_never_be_judged_is_refused(target: Any, condition: Any) -> None:
    assert (Refused.CONDITION_NOT_READ, "q", "t") in _refused(
        target, item("q", enableWhen=[{"question": "t", **condition}])
    )


def test_a_condition_without_a_system_finds_its_option_by_code() -> None:
    question = _only(choice("t"), item("q", enableWhen=[when("t", answerCoding={"code": "ash"})]))
    assert question.gates[0].conditions[0].expected == {"valueCoding": {"system": TREES, "code": "ash"}}


def test_the_same_code_of_two_systems_has_two_weights_and_needs_its_system() -> None:
    both = [{"valueCoding": coding("oak", weight=1)}, {"valueCoding": coding("oak", weight=9, system="https://b.org")}]
    assert [option.weight for option in _only(choice("q", answerOption=both)).shape.options] == [1, 9]
    unclear = item("q", enableWhen=[when("t", answerCoding={"code": "oak"})])
    assert _refused(choice("t", answerOption=both), unclear) == [(Refused.CONDITION_NOT_READ, "q", "t")]


@pytest.mark.parametrize("name", ["ordinalValue", "itemWeight"])
def test_weights_are_found_on_option_coding_and_contained_codes(name: str) -> None:
    weight = [extension(name, valueDecimal=3)]
    plain = {"system": TREES, "code": "oak"}
    on_code = {"resourceType": "CodeSystem", "url": TREES, "concept": [
        {"code": "tree", "concept": [{"code": "oak", "extension": weight}]}]}  # fmt: skip
    for option, contained in (
        ({"valueCoding": plain, "extension": weight}, []),
        ({"valueCoding": {**plain, "extension": weight}}, []),
        ({"valueCoding": plain}, [on_code]),
    ):
        question = _only(choice("q", answerOption=[option]), contained=contained)
        assert question.shape.options[0].weight == 3


def test_a_plain_answer_weighs_what_its_option_says() -> None:
    weighing = [{"valueString": words, "extension": [extension("ordinalValue", valueDecimal=weight)]}
                for words, weight in (("Never", 0), ("Often", 2.5))]  # fmt: skip
    assert [option.weight for option in _only(choice("q", answerOption=weighing)).shape.options] == [0, 2.5]
    numbers = [{"valueInteger": 1, "extension": [extension("ordinalValue", valueDecimal=5)]}, {"valueInteger": 2}]
    assert [option.weight for option in _only(choice("q", answerOption=numbers)).shape.options] == [5, 2]


def test_words_inside_a_question_are_read_with_it_and_none_in_a_group_are_lost() -> None:
    hints = [item("d1", "display"), item("d2", "display", extension=[control("unit")])]
    late = item("d3", "display", enableWhen=[when("a", answerBoolean=True)])
    help_ = item("h", "display", extension=[control("help")])
    reading = _read(
        item("g", "group", item=[help_, item("a", item=[*hints, late, item("b"), help_ | {"linkId": "i"}])])
    )
    assert reading.report.refused == reading.report.left_out == ()
    a, b = read_questions(reading.items, follow_up=False)
    assert (a.help, [note.text for note in a.notes]) == ("Words of d1 Words of d2 Words of h", ["Words of h"])
    assert (b.help, [note.text for note in b.notes]) == ("", ["Words of d3"])


def test_limits_are_of_the_type_of_the_question_or_left_out_where_they_are_worked_out() -> None:
    question = _only(item("q", "dateTime", extension=[extension("maxValue", valueDateTime="2026-07-01T00:00:00Z")]))
    assert question.takes([{"valueDateTime": "2026-07-01T00:30:00+01:00"}])
    assert not question.takes([{"valueDateTime": "2026-06-30T23:30:00-01:00"}])
    least = extension("minValue", valueQuantity={"value": 30, "code": "kg"})
    unit = extension("questionnaire-unit", valueCoding={"code": "kg"})
    assert _only(item("q", "quantity", extension=[least, unit])).shape.least == 30
    today = extension("maxValue", _valueDate={"extension": [extension("cqf-expression", valueExpression={})]})
    assert Remark(LeftOut.EXPRESSION, "q", f"{FHIR}maxValue") in _left_out(item("q", "date", extension=[today]))


@pytest.mark.parametrize("address", ["#trees", "https://example.org/vs", "https://example.org/vs|4"])
@pytest.mark.parametrize("way", ["compose", "expansion"])
def test_options_come_from_a_value_set_in_the_same_file(address: str, way: str) -> None:
    concepts = [{"code": "oak", "display": "Oak"}, {"code": "ash", "display": "Ash"}]
    inside: dict[str, Any] = {
        "compose": {"compose": {"include": [{"system": TREES, "concept": concepts}]}},
        "expansion": {"expansion": {"contains": [
            {"system": TREES, "code": "all", "abstract": True, "contains": concepts}]}},
    }[way]  # fmt: skip
    value_set = {"resourceType": "ValueSet", "id": "trees", "url": "https://example.org/vs", **inside}
    question = _only(item("q", "choice", answerValueSet=address), contained=[value_set])
    assert [(option.value[1:], option.words) for option in question.shape.options] == [
        (("oak", TREES), "Oak"), (("ash", TREES), "Ash"),
    ]  # fmt: skip


def _left_out(*items: Any, **rest: Any) -> list[Remark]:
    reading = _read(item("first"), *items, **rest)
    assert reading.report.refused == ()
    return list(reading.report.left_out)


def test_logic_is_left_out_and_said_and_its_items_are_kept_or_not_asked() -> None:
    query = {"language": "application/x-fhir-query", "expression": "http://127.0.0.1:9/Patient?_id={{%patient.id}}"}
    worked_out = extension(f"{SDC}calculatedExpression", valueExpression={"language": "text/fhirpath"})
    sums = {"language": "text/fhirpath", "expression": "%resource.item.answer.value.aggregate($this + $total)"}
    found = _left_out(
        item("q", extension=[extension(f"{SDC}initialExpression", valueExpression=query)]),
        item("sum", "decimal", readOnly=True, extension=[worked_out]),
        item("secret", "group", extension=[extension("questionnaire-hidden", valueBoolean=True)], item=[item("in")]),
        item("late", enableWhen=[when("in", answerBoolean=True)]),
        item("more", enableWhen=[when("sum", ">", answerDecimal=3)]),
        item("odd", extension=[extension(f"{SDC}enableWhenExpression", valueExpression=sums)]),
        extension=[extension("variable", valueExpression=query), extension("https://example.org/new", valueCode="a")],
    )
    assert found == [
        Remark(LeftOut.EXPRESSION, "", f"{FHIR}variable"),
        Remark(LeftOut.EXTENSION, "", "https://example.org/new"),
        Remark(LeftOut.EXPRESSION, "q", f"{SDC}initialExpression"),
        Remark(LeftOut.EXPRESSION, "sum", f"{SDC}calculatedExpression"),
        Remark(LeftOut.WORKED_OUT_ITEM, "sum"),
        Remark(LeftOut.HIDDEN_ITEM, "secret"),
        Remark(LeftOut.CONDITION_BY_EXPRESSION, "odd", f"{SDC}enableWhenExpression"),
        Remark(LeftOut.NOBODY_ASKED, "late", "in"),
        Remark(LeftOut.CONDITION_BY_EXPRESSION, "more", "sum"),
    ]


def _hidden(link: str, kind: str = "boolean", **rest: Any) -> Any:
    return item(link, kind, extension=[extension("questionnaire-hidden", valueBoolean=True)], **rest)


YES, NO = when("set", answerBoolean=True), when("set", answerBoolean=False)
THERE, NOT_THERE = (when("empty", "exists", answerBoolean=said) for said in (True, False))
ASKED = when("first", answerBoolean=True)
WORKED_OUT = when("sum", ">", answerDecimal=3)


@pytest.mark.parametrize(
    ("conditions", "behaviour", "left"),
    [
        ([YES], "all", []),  # it holds for everybody, by what the hidden question comes with
        ([NO], "all", None),
        ([THERE], "all", None),
        ([NOT_THERE], "all", []),
        ([YES, ASKED], "all", ["first"]),
        ([NO, ASKED], "all", None),
        ([YES, ASKED], "any", []),
        ([NO, ASKED], "any", ["first"]),
        ([NO, THERE], "any", None),
        ([WORKED_OUT], "all", []),
        ([WORKED_OUT, ASKED], "all", ["first"]),
        ([WORKED_OUT, ASKED], "any", []),  # whoever the sum would let in cannot be told apart
    ],
)
def test_a_condition_on_a_question_that_is_not_asked_is_judged_for_everybody_at_once(
    conditions: list[Any], behaviour: str, left: list[str] | None
) -> None:
    worked_out = extension(f"{SDC}calculatedExpression", valueExpression={"language": "text/fhirpath"})
    reading = _read(
        item("first"),
        _hidden("set", initial=[{"valueBoolean": True}]),
        _hidden("empty", "string"),
        item("sum", "decimal", readOnly=True, extension=[worked_out]),
        item("q", enableWhen=conditions, enableBehavior=behaviour),
    )
    assert reading.report.refused == ()
    kept = {one["linkId"]: [condition["question"] for condition in one.get("enableWhen", ())] for one in reading.items}
    assert kept.get("q") == left


def test_what_nobody_is_asked_takes_all_that_is_inside_it_and_hangs_on_it_along() -> None:
    reading = _read(
        item("first"),
        _hidden("set", initial=[{"valueBoolean": True}]),
        item("around", "group", item=[
            item("never", "group", enableWhen=[NO], item=[
                choice("inside", initial=[{"valueCoding": {"system": TREES, "code": "oak"}}]), item("words", "display"),
            ]),
        ]),
        item("hangs", enableWhen=[when("inside", answerCoding={"code": "oak"})]),
        item("further", enableWhen=[when("hangs", answerBoolean=True)]),
        item("without", enableWhen=[when("inside", "exists", answerBoolean=False)]),
        item("odd", enableWhen=[when("set", answerString="yes")]),
        item("other", "group", item=[item("beside")]),
    )  # fmt: skip
    assert [remark.item for remark in reading.report.left_out if remark.code is LeftOut.NOBODY_ASKED] == [
        "never", "hangs", "further",
    ]  # fmt: skip
    assert [one["linkId"] for one in reading.items] == ["first", "around", "without", "odd", "other"]
    assert [remark.item for remark in reading.report.refused] == ["odd"]
    assert "enableWhen" not in reading.items[2] and "item" not in reading.items[1]
    assert [one["linkId"] for one in reading.items[-1]["item"]] == ["beside"]
    assert _refused(_hidden("set"), item("q", enableWhen=[YES])) == [(Refused.NO_QUESTION, "", "")]


def test_nothing_is_fetched_whatever_addresses_a_file_names(monkeypatch: pytest.MonkeyPatch) -> None:
    def reached(*_: object, **__: object) -> None:
        raise AssertionError("an address of the file was opened")

    for way in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, way, reached)
    query = {"language": "application/x-fhir-query", "expression": "http://127.0.0.1:9/Patient"}
    reading = _read(
        item("q", "choice", answerValueSet="http://127.0.0.1:9/ValueSet/trees", definition="http://127.0.0.1:9/d"),
        item("p", extension=[extension(f"{SDC}initialExpression", valueExpression=query)]),
        derivedFrom=["http://127.0.0.1:9/Questionnaire/1"],
        meta={"profile": ["http://127.0.0.1:9/p"]},
        extension=[extension(f"{SDC}sourceQueries", valueReference={"reference": "http://127.0.0.1:9/b"})],
    )
    assert [one.code for one in reading.report.refused] == [Refused.VALUE_SET_OUTSIDE]


def test_markup_translations_other_resources_and_unknown_fields_are_left_out() -> None:
    found = _left_out(
        item("q", _text={"extension": [extension("rendering-xhtml", valueString="<b>q</b>"),
                                       extension("translation", extension=[])]}, disabledDisplay="hidden"),
        contained=[{"resourceType": "Bundle"}, "odd"],
        extension=["odd"],
    )  # fmt: skip
    assert [(one.code, one.item, one.about) for one in found] == [
        (LeftOut.RESOURCE, "", "Bundle"),
        (LeftOut.RESOURCE, "", "unnamed"),
        (LeftOut.EXTENSION, "", "an extension without an address"),
        (LeftOut.FIELD, "q", "disabledDisplay"),
        (LeftOut.MARKUP, "q", f"{FHIR}rendering-xhtml"),
        (LeftOut.TRANSLATION, "q", f"{FHIR}translation"),
    ]


def _warned(*items: Any, **rest: Any) -> set[tuple[str, str, str]]:
    report = _read(*items, **rest).report
    assert report.refused == ()
    return {(one.code, one.item, one.about) for one in report.warned}


def test_a_form_without_names_of_its_own_is_read_with_a_warning() -> None:
    report = read_questionnaire(as_file({"resourceType": "Questionnaire", "item": [item("q")]})).report
    assert {one.code for one in report.warned} == {
        Warned.NO_TITLE, Warned.NO_URL, Warned.NO_VERSION, Warned.NO_STATUS,
    }  # fmt: skip
    assert report.refused == ()


def test_what_is_worth_knowing_is_said_of_its_item() -> None:
    two = [when("a", answerBoolean=True), when("b", "exists", answerBoolean=True)]
    found = _warned(
        item("a", text="<b>Well</b> &amp; good?"), item("b", "string", text="Turned\u202e round?", repeats=True),
        item("c", enableWhen=two), item("d", "quantity"), status="retired",
    )  # fmt: skip
    assert found == {
        (Warned.HTML_SHOWN, "a", ""), (Warned.HIDDEN_LETTERS, "b", "U+202E"), (Warned.ASKED_ONCE, "b", ""),
        (Warned.ALL_CONDITIONS, "c", ""), (Warned.NO_UNIT, "d", ""), (Warned.RETIRED, "", ""),
    }  # fmt: skip
    assert _read(item("b", text="Turned\u202e round?")).items[0]["text"] == "Turned round?"


def test_answers_that_read_the_same_are_said_unless_what_stands_before_them_tells_them_apart() -> None:
    two = [{"valueCoding": coding(code, "A tree")} for code in ("oak", "ash")]
    assert _warned(choice("q", answerOption=two)) == {(Warned.OPTIONS_ALIKE, "q", "A tree")}
    marks = [[extension("questionnaire-optionPrefix", valueString=letter)] for letter in "ab"]
    told_apart = [{**one, "extension": mark} for one, mark in zip(two, marks, strict=True)]
    assert _warned(choice("q", answerOption=[*told_apart, {"valueInteger": 1}])) == set()


def test_how_ready_a_form_is_by_its_own_account_and_in_which_language_is_said() -> None:
    odd = {"status": "draft", "experimental": True, "language": "fr-CA", "subjectType": ["Location", "Group"]}
    assert _warned(item("a"), **odd) == {
        (Warned.DRAFT, "", ""), (Warned.FOR_TRYING_OUT, "", ""), (Warned.OTHER_LANGUAGE, "", "fr-CA"),
        (Warned.OF_OTHERS, "", "Location, Group"),
    }  # fmt: skip
    assert _warned(item("a"), status="finished") == {(Warned.NO_STATUS, "", "")}
    assert _warned(item("a"), language="en-GB", subjectType=["Patient"]) == set()
    assert _left_out(derivedFrom=["https://example.org/q"]) == [Remark(LeftOut.FIELD, "", "derivedFrom")]


def test_a_unit_in_words_alone_is_kept_and_one_that_is_lost_is_said() -> None:
    def unit(name: str = "questionnaire-unit", **of: str) -> dict[str, Any]:
        return extension(name, valueCoding=of)

    for kind in ("integer", "decimal", "quantity"):
        question = _only(item("q", kind, extension=[unit(display="minutes")]))
        assert question.shape.unit == ("minutes", "", "")
    assert question.kept([{"valueQuantity": {"value": 5, "unit": "minutes"}}])
    assert _warned(item("q", "integer", extension=[unit(system="https://example.org")])) == {
        (Warned.UNIT_NOT_READ, "q", "")
    }
    two = [unit("questionnaire-unitOption", code="kg"), unit("questionnaire-unitOption", code="[lb_av]")]
    assert _warned(item("q", "quantity", extension=two)) == {(Warned.ONE_UNIT, "q", "kg")}
    assert _only(item("q", "quantity", extension=two)).shape.unit == ("kg", "", "kg")


def test_what_is_used_elsewhere_and_not_of_this_item_is_said() -> None:
    step = extension("questionnaire-sliderStepValue", valueInteger=1)
    assert _left_out(item("q", "string", extension=limits(1, 2)), item("d", "date", extension=[step])) == [
        Remark(LeftOut.EXTENSION, "q", f"{FHIR}minValue"),
        Remark(LeftOut.EXTENSION, "q", f"{FHIR}maxValue"),
        Remark(LeftOut.EXTENSION, "d", f"{FHIR}questionnaire-sliderStepValue"),
    ]
    hidden = [extension("questionnaire-hidden", valueBoolean=True)]
    empty = item("g", "group", item=[item("h", extension=hidden), item("d", "display")])
    assert _left_out(empty, item("r", "group", required=True, item=[item("q")])) == [
        Remark(LeftOut.HIDDEN_ITEM, "h"), Remark(LeftOut.HEADING, "g"), Remark(LeftOut.FIELD, "r", "required"),
    ]  # fmt: skip


def test_an_item_without_words_is_called_as_its_code_is() -> None:
    assert (
        _only(item("q", text="", code=[{"system": TREES, "code": "x", "display": "Your walks"}])).text == "Your walks"
    )


def test_a_first_answer_that_does_not_fit_is_left_out() -> None:
    assert _only(item("q", "date", initial=[{"valueDate": "2026-02-03"}])).shape.initial == (
        ("valueDate", "2026-02-03"),
    )
    assert _only(item("q", "integer", initial=[{"valueInteger": 3}])).shape.initial == (("valueInteger", 3),)
    named = {"system": TREES, "code": "ash", "display": "Other words"}
    assert _only(choice("q", initial=[{"valueCoding": named}])).shape.initial == (
        ("valueCoding", {"system": TREES, "code": "ash"}),
    )
    selected = [options("oak")[0], {**options("ash")[0], "initialSelected": True}, {"valueInteger": 4},
                {"valueDate": "2026-01-01"}]  # fmt: skip
    assert _only(choice("q", answerOption=selected)).shape.initial[0][1]["code"] == "ash"
    plain = [{"valueInteger": 3}, {"valueInteger": 4, "initialSelected": True}]
    assert _only(choice("q", answerOption=plain)).shape.initial == (("valueInteger", 4),)
    both = [{**one, "initialSelected": True} for one in options("oak", "ash")]
    assert _left_out(choice("q", answerOption=both)) == [Remark(LeftOut.FIRST_ANSWER, "q")]
    assert len(_only(choice("q", answerOption=both, repeats=True)).shape.initial) == 2
    found = _left_out(item("q", "date", initial=[{"valueDate": "soon"}]))
    assert found == [Remark(LeftOut.FIRST_ANSWER, "q")]


def test_units_prefixes_and_sliders_reach_the_question() -> None:
    unit = {"system": "http://unitsofmeasure.org", "code": "d/wk", "display": "days"}
    question = _only(item("q", "decimal", prefix="4a", extension=[extension("questionnaire-unit", valueCoding=unit)]))
    assert (question.prefix, question.shape.unit) == ("4a", ("days", "http://unitsofmeasure.org", "d/wk"))
    step = extension("questionnaire-sliderStepValue", valueInteger=10)
    slider = _only(item("q", "integer", extension=[*limits(0, 100), step, control("slider")]))
    assert list(slider.numbers) == list(range(0, 101, 10)) and not slider.is_typed
    prefixed = {**options("oak")[0], "extension": [extension("questionnaire-optionPrefix", valueString="a)")]}
    assert _only(choice("q", answerOption=[prefixed])).shape.options[0].prefix == "a)"
