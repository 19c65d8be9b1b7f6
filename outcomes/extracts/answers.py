"""What of an answer may go out: a number or a code, never what somebody wrote, and never a day. PURE.

Called by tables.py and resources.py, so that both leave out the same.
"""

from __future__ import annotations

from outcomes.extracts.fields import fits_answer, fits_code
from outcomes.fhir.given import NUMBERS, Given, Kind, Value
from outcomes.questions import Question, Replies, Reply
from outcomes.scoring import DECLINED

NOT_GIVEN_OUT = "not_given_out"  # it is words of the person's own, or a day


def outgoing(question: Question, reply: Reply) -> Reply | None:
    """What of `reply` may go out; None for nothing."""
    if not isinstance(reply, list):
        return reply
    return [value for value in reply if code_of(question, value) is not None] or None


def outgoing_replies(questions: tuple[Question, ...], replies: Replies) -> dict[str, Reply]:
    found = {one.id: outgoing(one, replies[one.id]) for one in questions if one.id in replies}
    return {name: reply for name, reply in found.items() if reply is not None}


def codes_of(question: Question, reply: Reply) -> tuple[list[str], str]:
    """The answer as codes, or the reason why there is none."""
    if reply == DECLINED:
        return [], DECLINED
    left = outgoing(question, reply)
    values: Given = question.values(left) if left is not None else []
    codes = [code for code in (code_of(question, value) for value in values) if code is not None]
    return (codes, "") if codes else ([], NOT_GIVEN_OUT)


def name_of(question: Question, place: int) -> str:
    """What a question is called: its linkId, or its place in the form where that is words."""
    return question.id if fits_code(question.id) else f"question-{place}"


def code_of(question: Question, value: Value) -> str | None:
    """A chosen answer by its code, or its place where that is words; a number as itself; yes or no; else nothing."""
    shape, (name, inner) = question.shape, next(iter(value.items()))
    option = shape.option_of(value)
    if option is not None:
        code = str(option.value[1])
        is_code = name in ("valueCoding", "valueInteger") and fits_answer(code)
        return code if is_code else f"option-{shape.options.index(option) + 1}"
    if question.is_numbered:
        return str(inner["code"] if isinstance(inner, dict) else inner)
    if shape.kind is Kind.BOOLEAN:
        return "true" if inner else "false"
    if shape.kind in NUMBERS:
        return f"{inner['value'] if isinstance(inner, dict) else inner}"
    return None
