"""The health questions: versioned wording and what each answer means. PURE: no Django.

Here: reading and checking what content says. Not here: which version is asked
now (health_content.py), what answers add up to (screening.py), how a question is
drawn (frontend).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from participants.rules.adaptations import Adaptation

CURRENT = "2026-1"  # the newest version that came with the software
SHIPPED = {CURRENT: Path(__file__).parents[1] / "content" / "health_questions_v1.toml"}
KINDS = ("one", "any")


class BadContent(ValueError):
    """Content that cannot be used; says which part of it, and why."""


@dataclass(frozen=True)
class Option:
    """One answer. `flag` sends it to a person; `asks` is the id of the question it opens."""

    value: str
    label: str
    flag: str = ""
    adaptations: tuple[Adaptation, ...] = ()
    asks: str = ""
    alone: bool = False


@dataclass(frozen=True)
class Question:
    """One question. `kind` is "one" (a single value) or "any" (a list of values)."""

    id: str
    kind: str
    ask: str
    options: tuple[Option, ...]
    why: str = ""
    short: str = ""  # what "check your answers" calls it
    follow_up: bool = False  # asked only when an option of another question opens it

    def option(self, value: str) -> Option | None:
        return next((option for option in self.options if option.value == value), None)


@dataclass(frozen=True)
class QuestionSet:
    """One version of all the questions."""

    version: str
    questions: tuple[Question, ...]

    def __getitem__(self, id: str) -> Question:
        return next(question for question in self.questions if question.id == id)

    def __iter__(self) -> Iterator[Question]:
        return iter(self.questions)

    def said(self, answers: Mapping[str, Any]) -> dict[str, str]:
        """What `answers` to this version say, in the words of their options, by question; others are left out."""
        told = {}
        for question in self.questions:
            answer = answers.get(question.id) or []
            values = [answer] if isinstance(answer, str) else answer
            if words := "; ".join(option.label for option in question.options if option.value in values):
                told[question.id] = words
        return told

    @property
    def asked_of_all(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if not question.follow_up)


@cache
def shipped_questions() -> QuestionSet:
    """The newest questions that came with the software, whatever this copy asks now."""
    with SHIPPED[CURRENT].open("rb") as file:
        return read_questions(tomllib.load(file))


def read_questions(content: Mapping[str, Any]) -> QuestionSet:
    """Check and freeze what content says. Raises BadContent."""
    questions = tuple(_question(raw) for raw in content["question"])
    ids = [question.id for question in questions]
    if len(set(ids)) != len(ids):
        raise BadContent("Two health questions share one id.")
    opened = {option.asks for question in questions for option in question.options if option.asks}
    follow_ups = {question.id for question in questions if question.follow_up}
    if opened != follow_ups:
        raise BadContent(f"Follow-up questions and the options that open them differ: {sorted(opened ^ follow_ups)}")
    return QuestionSet(content["version"], questions)


def _question(raw: Mapping[str, Any]) -> Question:
    if raw["kind"] not in KINDS:
        raise BadContent(f"Question {raw['id']} has the kind {raw['kind']!r}; it must be one of {KINDS}.")
    options = tuple(_option(raw["id"], option) for option in raw["option"])
    if len({option.value for option in options}) != len(options):
        raise BadContent(f"Two options of question {raw['id']} share one value.")
    return Question(
        id=raw["id"],
        kind=raw["kind"],
        ask=raw["ask"],
        options=options,
        why=raw.get("why", ""),
        short=raw.get("short", raw["ask"]),
        follow_up=raw.get("follow_up", False),
    )


def _option(question: str, raw: Mapping[str, Any]) -> Option:
    try:
        adaptations = tuple(Adaptation(code) for code in raw.get("adaptations", ()))
    except ValueError as wrong:
        raise BadContent(f"Option {raw['value']} of question {question}: {wrong}") from None
    return Option(
        value=raw["value"],
        label=raw["label"],
        flag=raw.get("flag", ""),
        adaptations=adaptations,
        asks=raw.get("asks", ""),
        alone=raw.get("alone", False),
    )
