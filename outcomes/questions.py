"""The questions of a stored questionnaire, read from their FHIR shape. PURE.

Here: which questions are asked, in what order, and whether an answer fits.
Not here: scoring (scoring.py), saving (recording.py), drawing a page
(frontend). Called by recording, the API and the pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from outcomes.instruments.safefit_wellbeing import FHIR, FOLLOW_UP_ONLY
from outcomes.scoring import DECLINED, Answer, Answers

ROW_AT_MOST = 11  # more answers than this are typed, not chosen


@dataclass(frozen=True)
class Question:
    """One item. `options` are the words of each answer, where it has words of its own."""

    id: str
    text: str
    lo: int
    hi: int
    help: str = ""
    low_words: str = ""
    high_words: str = ""
    options: tuple[tuple[int, str], ...] = ()
    follow_up_only: bool = False
    only_if: tuple[str, int] | None = None  # (item, more than)

    @property
    def is_typed(self) -> bool:
        return not self.options and self.hi - self.lo >= ROW_AT_MOST

    def takes(self, answer: Answer) -> bool:
        """Whether `answer` is one of this question's answers, or "I would rather not answer"."""
        if isinstance(answer, bool):
            return False
        return self.lo <= answer <= self.hi if isinstance(answer, int) else answer == DECLINED

    def is_asked_after(self, answers: Answers) -> bool:
        """Whether what has been answered leaves this question to be asked.

        The question that it hangs on, still unanswered, leaves it standing: so
        the count of questions only ever gets smaller.
        """
        if self.only_if is None:
            return True
        before = answers.get(self.only_if[0])
        return before is None or (isinstance(before, int) and before > self.only_if[1])


def read_questions(items: Iterable[Mapping[str, Any]], *, follow_up: bool) -> tuple[Question, ...]:
    """The questions of `items` (FHIR `Questionnaire.item`) that belong to a start or a follow-up form."""
    read = (_read(item) for item in items)
    return tuple(question for question in read if follow_up or not question.follow_up_only)


def asked(questions: Iterable[Question], answers: Answers) -> tuple[Question, ...]:
    """Those of `questions` that are asked of somebody who has answered `answers` so far."""
    return tuple(question for question in questions if question.is_asked_after(answers))


def next_unanswered(questions: Iterable[Question], answers: Answers) -> Question | None:
    """The first question still to be answered; None when all have been."""
    return next((question for question in asked(questions, answers) if question.id not in answers), None)


def _read(item: Mapping[str, Any]) -> Question:
    options = tuple(_option(option["valueCoding"]) for option in item.get("answerOption", ()))
    values = [value for value, _ in options]
    extensions = {extension["url"]: extension for extension in item.get("extension", ())}
    words = {_control(part): part["text"] for part in item.get("item", ())}
    return Question(
        id=item["linkId"],
        text=item["text"],
        lo=min(values) if values else extensions[f"{FHIR}minValue"]["valueInteger"],
        hi=max(values) if values else extensions[f"{FHIR}maxValue"]["valueInteger"],
        help=words.get("help", ""),
        low_words=words.get("lower", ""),
        high_words=words.get("upper", ""),
        options=options,
        follow_up_only=FOLLOW_UP_ONLY in extensions,
        only_if=_condition(item.get("enableWhen", ())),
    )


def _option(coding: Mapping[str, Any]) -> tuple[int, str]:
    return int(coding["code"]), coding["display"]


def _control(part: Mapping[str, Any]) -> str:
    return str(part["extension"][0]["valueCodeableConcept"]["coding"][0]["code"])


def _condition(conditions: Iterable[Mapping[str, Any]]) -> tuple[str, int] | None:
    return next(((when["question"], int(when["answerInteger"])) for when in conditions), None)
