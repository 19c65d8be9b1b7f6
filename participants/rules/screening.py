"""From health answers to what clearance they need. PURE: no Django.

Here: which answers go to a person, which adaptations follow, and when an earlier
human decision stands above the answers. Not here: the questions (questions.py)
and the decision itself (health.py). No number is ever judged, and no answer
alone excludes anybody: what is not plain is for a person to decide.
"""

from __future__ import annotations

import enum
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from participants.rules.adaptations import Adaptation
from participants.rules.questions import Option, Question, QuestionSet

TOLD_US_MORE = "told_us_more"  # free text was given: somebody must read it

Answer = str | list[str]
_T = TypeVar("_T")


class Needed(enum.StrEnum):
    """What the answers allow; the values are those of ClearanceState."""

    CLEARED = "cleared"
    CLEARED_WITH_ADAPTATIONS = "cleared_adapted"
    NEEDS_REVIEW = "needs_review"


class Unanswered(Exception):
    """Questions without an answer, by id."""

    def __init__(self, ids: tuple[str, ...]) -> None:
        super().__init__(", ".join(ids))
        self.ids = ids


class BadAnswer(ValueError):
    """An answer that its question does not offer."""

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.id = id


@dataclass(frozen=True)
class Screening:
    """What answers add up to. Both lists are in the order of the questions, without repeats."""

    needed: Needed
    flags: tuple[str, ...]
    adaptations: tuple[Adaptation, ...]


@dataclass(frozen=True)
class Standing:
    """The decision in force before the new answers. `by_person` is False for one made from answers alone."""

    state: str
    by_person: bool


def screen(questions: QuestionSet, answers: Mapping[str, Answer], note: str = "") -> Screening:
    """Flags, adaptations and the clearance needed.

    `answers`: question id → a value (kind "one") or a list of values (kind
    "any"). A follow-up counts only while the option that opens it is chosen.
    Raises Unanswered for questions left out, BadAnswer for a value not offered.
    """
    chosen = _chosen(questions, answers)
    flags = [option.flag for option in chosen if option.flag] + ([TOLD_US_MORE] if note.strip() else [])
    adaptations = [adaptation for option in chosen for adaptation in option.adaptations]
    return Screening(_needed(bool(flags), bool(adaptations)), _once(flags), _once(adaptations))


def after(standing: Standing | None, screening: Screening) -> Needed:
    """The clearance that follows when new answers meet what stood before.

    A person's decision is never undone by answers alone, nor does a waiting
    review end because somebody answered again: both go (back) to a person.
    """
    if standing is None:
        return screening.needed
    waiting = standing.state not in (Needed.CLEARED, Needed.CLEARED_WITH_ADAPTATIONS)
    return Needed.NEEDS_REVIEW if standing.by_person or waiting else screening.needed


def asked(questions: QuestionSet, answers: Mapping[str, Answer]) -> tuple[Question, ...]:
    """The questions that these answers lead to: all the plain ones, and the follow-ups that were opened."""
    opened = {option.asks for question in questions.asked_of_all for option in _options(question, answers)}
    return tuple(question for question in questions if not question.follow_up or question.id in opened)


def add_months(on: date, months: int) -> date:
    """The same day `months` later, or the last day of a shorter month."""
    years, month = divmod(on.month - 1 + months, 12)
    year = on.year + years
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


def _chosen(questions: QuestionSet, answers: Mapping[str, Answer]) -> list[Option]:
    to_answer = asked(questions, answers)
    missing = tuple(question.id for question in to_answer if not answers.get(question.id))
    if missing:
        raise Unanswered(missing)
    return [option for question in to_answer for option in _options(question, answers)]


def _options(question: Question, answers: Mapping[str, Answer]) -> list[Option]:
    answer = answers.get(question.id) or []
    if isinstance(answer, str) != (question.kind == "one") and answer:
        raise BadAnswer(question.id)
    values = [answer] if isinstance(answer, str) else answer
    found = [question.option(value) for value in values]
    options = [option for option in found if option is not None]
    if len(options) != len(found) or (len(options) > 1 and any(option.alone for option in options)):
        raise BadAnswer(question.id)
    return options


def _needed(flagged: bool, adapted: bool) -> Needed:
    if flagged:
        return Needed.NEEDS_REVIEW
    return Needed.CLEARED_WITH_ADAPTATIONS if adapted else Needed.CLEARED


def _once(things: list[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(things))
