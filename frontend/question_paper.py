"""A questionnaire on paper: every question with its exact words, to be filled in by hand and typed in at the desk.

Here: what stands on it, and the drawing, by the template print/questions.typ. Not here: whose form it is and whether it
still takes answers (views/desk/wellbeing.py), the questions (outcomes/questions/). No name stands on it, and no
answer that was given: a reference says whose it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import typst
from django.conf import settings

from frontend.letters import SENDER, TYPE, USUAL_SIZE, CannotBeDrawn, address_lines
from frontend.question_fields import YES_NO, hint_of, is_scale, option_words, value_words
from frontend.wording import joined
from outcomes import safety
from outcomes.fhir.gates import Condition, Gate
from outcomes.fhir.given import Kind
from outcomes.instruments import safefit_wellbeing
from outcomes.models import Assessment
from outcomes.questions import Question

TEMPLATE = Path(__file__).parent / "print" / "questions.typ"
ONCE_MORE = "You answered these questions before. Time has gone by since, so we ask them once more."
LINES = {Kind.TEXT: 4}  # to write on; one for whatever else is written
OF_ORDER = {
    "=": "“{value}”",
    "!=": "something other than “{value}”",
    ">": "more than {value}",
    "<": "less than {value}",
    ">=": "{value} or more",
    "<=": "{value} or less",
}

Sheet = dict[str, object]


def draw_questions(assessment: Assessment, questions: Sequence[Question], *, size: int = 0) -> bytes:
    """One PDF. `size`: in points, where somebody asked for larger print. Raises CannotBeDrawn."""
    try:
        pdf: bytes = typst.compile(
            TEMPLATE,
            sys_inputs={"sheet": json.dumps(_sheet(assessment, questions, max(size, USUAL_SIZE)))},
            font_paths=[TYPE],
            ignore_system_fonts=True,  # the same on every computer
            pdf_standards="ua-1",  # one that a screen reader could not read is not drawn at all
        )
    except typst.TypstError as error:
        raise CannotBeDrawn from error
    return pdf


def _sheet(assessment: Assessment, questions: Sequence[Question], size: int) -> Sheet:
    questionnaire = assessment.questionnaire
    return {
        "title": questionnaire.title,
        "sender": SENDER,
        "reference": assessment.participant.reference,
        "point": assessment.timepoint.label,
        "introduction": [
            *([ONCE_MORE] if assessment.is_once_more else []),
            *questionnaire.introduction.split("\n"),
            *_what_it_is(questionnaire.recipe),
        ],
        "questions": list(_asked(questions)),
        "by": assessment.closes_on and f"{assessment.closes_on:%-d %B %Y}",
        "address": address_lines(settings.POSTAL_ADDRESS),
        "phone": settings.PHONE.replace(" ", "\u00a0"),
        "hours": settings.PHONE_HOURS,
        "worries": bool(safety.rules_of(questionnaire, safety.route_of(questionnaire))),
        "licence": questionnaire.copyright,
        "size": size,
    }


def _what_it_is(recipe: str) -> list[str]:
    return ["This is a check-in, not a clinical measure."] if recipe == safefit_wellbeing.CODE else []


def _asked(questions: Sequence[Question]) -> Iterator[Sheet]:
    places = {question.id: (number, question) for number, question in enumerate(questions, start=1)}
    before: tuple[str, ...] = ()
    for number, question in places.values():
        yield {
            "number": number,
            "level": 3 if question.headings else 2,
            "headings": [] if question.headings == before else list(question.headings),
            "notes": [note.text for note in question.notes],
            "after": [note.text for note in question.after],
            "only": _only(question, places),
            "text": f"{question.prefix} {question.text}".strip(),
            "hint": hint_of(question),
            **_room(question),
        }
        before = question.headings


# --- room for the answer -----------------------------------------------------


def _room(question: Question) -> Sheet:
    shape = question.shape
    unit = shape.unit[0] if shape.unit else ""
    if is_scale(question):
        return {"kind": "row", "options": [str(number) for number in question.numbers]}
    if shape.kind in (Kind.BOOLEAN, Kind.CHOICE, Kind.OPEN_CHOICE):
        words = [words for _, words in YES_NO] if shape.kind is Kind.BOOLEAN else map(option_words, shape.options)
        return {
            "kind": "boxes",
            "options": list(words),
            "several": shape.several,
            "own": shape.kind is Kind.OPEN_CHOICE,
        }
    if shape.kind in (Kind.DATE, Kind.DATE_TIME):
        return {"kind": "date", "time": shape.kind is Kind.DATE_TIME}
    return {"kind": "lines", "lines": LINES.get(shape.kind, 1), "unit": unit}


# --- of whom it is asked -----------------------------------------------------

Places = dict[str, tuple[int, Question]]


def _only(question: Question, places: Places) -> str:
    """ "Only if your answer to question 3 is “Yes”"; empty where everybody is asked."""
    gates = [_gate(gate, places) for gate in question.gates]
    return f"Only if {joined(gates)}" if gates else ""


def _gate(gate: Gate, places: Places) -> str:
    return joined(_conditions(gate.conditions, places), "or" if gate.any_one else "and")


def _conditions(conditions: Iterable[Condition], places: Places) -> Iterator[str]:
    for condition in conditions:
        number, question = places[condition.question]
        if condition.operator == "exists":
            answered = "answered" if condition.expected["valueBoolean"] else "did not answer"
            yield f"you {answered} question {number}"
        else:
            value = value_words(question.shape, condition.expected)
            yield f"your answer to question {number} is {OF_ORDER[condition.operator].format(value=value)}"
