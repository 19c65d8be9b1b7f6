"""The answers to one form as a FHIR R4 QuestionnaireResponse. PURE: no Django.

Here: the resource. Not here: who may have it (outcomes/api/), which rows it comes
from (outcomes/answering/answers_out.py). What goes out are names of items, codes and the
answers. The words of a form go with them only where they are our own: those of a
licensed form are its holder's, those of its options too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from outcomes.fhir.extensions import FHIR
from outcomes.fhir.given import Shape, Value
from outcomes.questions import Question, Replies, Reply

Json = dict[str, Any]

NAMES = "urn:safefit"  # of what has no address of its own; a name, never opened
PLACES = f"{NAMES}:place-of-option"
NOT_GIVEN = f"{FHIR}data-absent-reason"
DECLINED_CODE = "asked-declined"  # "I would rather not answer" is not the same as no answer
HOW = f"{FHIR}questionnaireresponse-completionMode"
WAYS = "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode"


@dataclass(frozen=True)
class Scored:
    """One score that goes with the answers: its number, or the reason why there is none."""

    scale: str
    value: float | None
    reason: str
    recipe: str
    recipe_version: str
    value_set: str = ""


@dataclass(frozen=True)
class Sheet:
    """One form as it was answered. `given_at`: None for a draft. `way`: a code of `WAYS`, "" while nobody began."""

    name: str
    participant: str
    canonical: str
    replies: Replies
    given_at: datetime | date | None
    way: str
    scores: tuple[Scored, ...] = ()


def canonical_of(url: str, code: str) -> str:
    """What a form is called everywhere: its own address, or a name of ours where it has none."""
    return url or f"{NAMES}:questionnaire:{code}"


def response_of(
    sheet: Sheet, items: Iterable[Mapping[str, Any]], questions: Iterable[Question], *, with_words: bool
) -> Json:
    """The resource. Its items stand inside each other as those of the form do; what was not answered is not in it."""
    by_name = {question.id: question for question in questions}
    found: Json = {
        "resourceType": "QuestionnaireResponse",
        "extension": [*_way(sheet.way), *(_score(score) for score in sheet.scores)],
        "identifier": {"system": f"{NAMES}:assessment", "value": sheet.name},
        "questionnaire": sheet.canonical,
        "status": "completed" if sheet.given_at else "in-progress",
        "subject": {"type": "Patient", "identifier": {"system": f"{NAMES}:participant", "value": sheet.participant}},
        "item": _items(items, by_name, sheet.replies, with_words),
    }
    if sheet.given_at:
        found["authored"] = sheet.given_at.isoformat()
    return {name: value for name, value in found.items() if value != []}


def _items(
    items: Iterable[Mapping[str, Any]], questions: Mapping[str, Question], replies: Replies, with_words: bool
) -> list[Json]:
    found = []
    for item in items:
        link = item["linkId"]
        below = _items(item.get("item", ()), questions, replies, with_words)
        named: Json = {"linkId": link, **({"text": item["text"]} if with_words and "text" in item else {})}
        if link in questions and link in replies:
            first, *more = _answers(questions[link], replies[link], with_words)
            found.append({**named, "answer": [{**first, "item": below} if below else first, *more]})
        elif below:
            found.append({**named, "item": below})
    return found


def _answers(question: Question, reply: Reply, with_words: bool) -> list[Json]:
    values = question.values(reply) or [{"extension": [{"url": NOT_GIVEN, "valueCode": DECLINED_CODE}]}]
    return list(values) if with_words else [_without_words(question.shape, value) for value in values]


def _without_words(shape: Shape, value: Value) -> Json:
    """An option that has no code, only words, goes out as its place among the options of its question, from 1."""
    option = shape.option_of(value)
    if option is None or option.value[0] != "valueString":
        return value
    return {"valueCoding": {"system": PLACES, "code": str(shape.options.index(option) + 1)}}


def _way(code: str) -> list[Json]:
    return [{"url": HOW, "valueCodeableConcept": {"coding": [{"system": WAYS, "code": code}]}}] if code else []


def _score(score: Scored) -> Json:
    parts: list[Json] = [{"url": "scale", "valueCode": score.scale}]
    if score.value is None:
        parts.append({"url": "reason", "valueString": score.reason})
    else:
        parts.append({"url": "value", "valueDecimal": score.value})
    parts.append({"url": "recipe", "valueString": f"{score.recipe}|{score.recipe_version}"})
    if score.value_set:
        parts.append({"url": "valueSet", "valueString": score.value_set})
    return {"url": f"{NAMES}:score", "extension": parts}
