"""Questionnaires in the shape of FHIR R4, written for tests, with words of our own."""

from __future__ import annotations

import json
from typing import Any

FHIR = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
TREES = "https://example.org/trees"

Json = dict[str, Any]


def item(link: str, kind: str = "boolean", **rest: Any) -> Json:
    return {"linkId": link, "type": kind, "text": f"Words of {link}", **rest}


def form(*items: Json, **rest: Any) -> Json:
    named = {"url": "https://example.org/fhir/walks", "version": "1", "title": "About your walks", "status": "active"}
    return {"resourceType": "Questionnaire", **named, "item": list(items), **rest}


def as_file(document: Any) -> bytes:
    return json.dumps(document).encode()


def extension(name: str, **value: Any) -> Json:
    return {"url": name if "/" in name else f"{FHIR}{name}", **value}


def control(code: str) -> Json:
    return extension("questionnaire-itemControl", valueCodeableConcept={"coding": [{"code": code}]})


def limits(least: int, most: int, kind: str = "valueInteger") -> list[Json]:
    return [extension("minValue", **{kind: least}), extension("maxValue", **{kind: most})]


def coding(code: str, display: str = "", *, weight: float | None = None, system: str = TREES) -> Json:
    weighed = {"extension": [extension("ordinalValue", valueDecimal=weight)]} if weight is not None else {}
    return {"system": system, "code": code, "display": display or code.capitalize(), **weighed}


def options(*codes: str, weighed_from: int | None = 0) -> list[Json]:
    return [
        {"valueCoding": coding(code, weight=None if weighed_from is None else weighed_from + number)}
        for number, code in enumerate(codes)
    ]


def choice(link: str, *codes: str, weighed_from: int | None = 0, **rest: Any) -> Json:
    given = options(*codes or ("oak", "ash", "elm"), weighed_from=weighed_from)
    return item(link, "choice", **{"answerOption": given, **rest})


def when(question: str, operator: str = "=", **answer: Any) -> Json:
    return {"question": question, "operator": operator, **answer}


# One item of every kind that is asked, each with what it may carry.
EVERY_KIND = form(
    item("about", "group", text="About you", item=[
        item("hello", "display", text="Please think of the last week."),
        item("walks", "boolean", text="Did you go for a walk?", required=True),
        item("how many", "integer", text="How many walks?", enableWhen=[when("walks", answerBoolean=True)],
             extension=limits(1, 30), item=[item("how many.help", "display", text="A guess is fine.",
                                                 extension=[control("help")])]),
    ]),
    item("rate", "integer", text="How steady did you feel?", extension=[*limits(0, 4), control("slider")]),
    item("miles", "decimal", text="How many miles was the longest?", extension=limits(0, 40, "valueDecimal")),
    item("weight", "quantity", text="What do you weigh?", extension=[
        extension("questionnaire-unit", valueCoding={"system": "http://unitsofmeasure.org", "code": "kg"}),
        *limits(20, 300, "valueDecimal")]),
    item("day", "date", text="When was the last one?", extension=[extension("minValue", valueDate="2020-01-01")]),
    item("moment", "dateTime", text="When did you come back?"),
    item("hour", "time", text="When do you like to go?"),
    item("name", "string", text="What is the path called?", maxLength=20),
    item("story", "text", text="What was it like?"),
    item("page", "url", text="Which page describes it?"),
    choice("tree", text="Which tree did you see?", extension=[control("drop-down")]),
    choice("1", "bench", "gate", "none", text="What did you pass?", weighed_from=None, repeats=True, answerOption=[
        *options("bench", "gate", weighed_from=None),
        {"valueCoding": coding("none", "None of these"),
         "extension": [extension("questionnaire-optionExclusive", valueBoolean=True)]},
    ]),
    item("with", "open-choice", text="Who came along?", answerOption=[{"valueString": "Nobody"},
                                                                   {"valueString": "A friend"}]),
    item("bye", "display", text="Thank you."),
)  # fmt: skip


PAIN = form(
    *(choice(f"/q{number}", "none", "some", "much", "all", weighed_from=1) for number in (1, 2)),
    url="https://example.org/fhir/stiffness",
    title="Stiffness check",
    copyright="A society that lends its words",
)
