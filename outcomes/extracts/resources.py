"""Forms and scores of an extract as FHIR R4, one resource on each line. PURE.

Here: QuestionnaireResponse with names of questions and codes, never their words,
and Observation for each score. Not here: the shape of a response
(answering/response.py). No day of the calendar: how many days after the first
class stands in an extension.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from outcomes.answering.response import NAMES, PLACES, Scored, Sheet, response_of
from outcomes.extracts.answers import code_of, name_of, outgoing_replies
from outcomes.extracts.facts import Form, Scale
from outcomes.extracts.fields import fits_answer, fits_code
from outcomes.extracts.tables import Person
from outcomes.questions import Question

Json = dict[str, Any]
RELATIVE_DAY: Final = f"{NAMES}:relative-day"
SCALE: Final = f"{NAMES}:scale"
SENT: Final = date.min  # it was sent; on which day is taken out again
NO_VALUE: Final = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
_ANSWERS = {"item.item", "item.answer"}
_SCORES = {"score.scale", "score.value"}
_RECIPES = {"score.recipe", "score.recipe_version"}


def responses(people: Iterable[Person], keys: Collection[str]) -> list[str]:
    """The lines of the forms; none where answers are not among `keys`."""
    if not _ANSWERS <= set(keys):
        return []
    return [_line(_response(person, number, form, keys)) for person, number, form in _forms(people)]


def observations(people: Iterable[Person], keys: Collection[str]) -> list[str]:
    """The lines of the scores; none where they are not among `keys`."""
    if not _SCORES <= set(keys):
        return []
    return [
        _line(_observation(person, number, form, score, keys))
        for person, number, form in _forms(people)
        for score in form.scores
    ]


def _forms(people: Iterable[Person]) -> Iterator[tuple[Person, int, Form]]:
    for person in sorted(people, key=lambda person: person.pid):
        yield from ((person, number, form) for number, form in enumerate(person.facts.forms, 1))


def _response(person: Person, number: int, form: Form, keys: Collection[str]) -> Json:
    sheet = Sheet(
        name=_name(person, number),
        participant=person.pid,
        canonical=form.canonical if _names_the_form(keys) else "",
        replies=outgoing_replies(form.questions, form.replies),
        given_at=SENT,
        way=form.way if "form.mode" in keys else "",
        scores=tuple(_scored(score, keys) for score in form.scores) if _SCORES | _RECIPES <= set(keys) else (),
    )
    found = response_of(sheet, form.items, form.questions, with_words=False)
    del found["authored"]
    found["item"] = _coded(found.get("item", ()), _names(form), {one.id: one for one in form.questions})
    return _dated({name: value for name, value in found.items() if value not in ("", [])}, person, form, keys)


def _names(form: Form) -> dict[str, str]:
    """What each item is called by its linkId: as in the tables, where that is words; a group by its place then."""
    questions = {question.id: name_of(question, place) for place, question in enumerate(form.questions, 1)}
    groups = (name for name in _links(form.items) if name not in questions)
    return questions | {name: name if fits_code(name) else f"group-{place}" for place, name in enumerate(groups, 1)}


def _links(items: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for item in items:
        yield item["linkId"]
        yield from _links(item.get("item", ()))


def _coded(items: Iterable[Json], names: Mapping[str, str], questions: Mapping[str, Question]) -> list[Json]:
    """The same items without a name or a code that is words: those of a licensed form are its holder's."""
    found = []
    for item in items:
        one = {**item, "linkId": names[item["linkId"]]}
        if "answer" in one:
            one["answer"] = [_answer(answer, names, questions, item["linkId"]) for answer in one["answer"]]
        if "item" in one:
            one["item"] = _coded(one["item"], names, questions)
        found.append(one)
    return found


def _answer(answer: Json, names: Mapping[str, str], questions: Mapping[str, Question], link: str) -> Json:
    below = {"item": _coded(answer["item"], names, questions)} if "item" in answer else {}
    value = {name: inner for name, inner in answer.items() if name != "item"}
    coding = value.get("valueCoding")
    if coding is not None and not fits_answer(coding["code"]):
        place = str(code_of(questions[link], value)).removeprefix("option-")
        value = {"valueCoding": {"system": PLACES, "code": place}}
    return value | below


def _observation(person: Person, number: int, form: Form, score: Scale, keys: Collection[str]) -> Json:
    ours = f"{score.recipe}.{score.scale}" if "score.recipe" in keys else score.scale
    others = [{"system": system, "code": code} for system, code in score.codes]
    found: Json = {
        "resourceType": "Observation",
        "status": "final",
        "identifier": [{"system": f"{NAMES}:score", "value": f"{_name(person, number)}-{score.scale}"}],
        "code": {"coding": [{"system": SCALE, "code": ours}, *others]},
        "subject": {"type": "Patient", "identifier": {"system": f"{NAMES}:participant", "value": person.pid}},
        "derivedFrom": [
            {"type": "QuestionnaireResponse",
             "identifier": {"system": f"{NAMES}:assessment", "value": _name(person, number)}}
        ],
    }  # fmt: skip
    if score.value is None:
        said = {"text": score.reason} if "score.reason_null" in keys else {}
        found["dataAbsentReason"] = {"coding": [{"system": NO_VALUE, "code": "unknown"}], **said}
    else:
        found["valueQuantity"] = {"value": score.value}
    return _dated(found, person, form, keys)


def _scored(score: Scale, keys: Collection[str]) -> Scored:
    value_set = score.value_set if "score.value_set" in keys else ""
    reason = score.reason if "score.reason_null" in keys else ""
    return Scored(score.scale, score.value, reason, score.recipe, score.recipe_version, value_set)


def _names_the_form(keys: Collection[str]) -> bool:
    return {"form.instrument", "form.version"} <= set(keys)


def _dated(resource: Json, person: Person, form: Form, keys: Collection[str]) -> Json:
    day = person.facts.day(form.on)
    if day is None or "form.rel_day" not in keys:
        return resource
    return {**resource, "extension": [*resource.get("extension", ()), {"url": RELATIVE_DAY, "valueInteger": day}]}


def _name(person: Person, number: int) -> str:
    return f"{person.pid}-{number}"


def _line(resource: Json) -> str:
    return json.dumps(resource, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
