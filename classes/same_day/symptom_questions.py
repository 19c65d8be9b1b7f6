"""The questions of the same-day check: versioned wording, advice and cut-offs. PURE: no Django.

Here: reading and checking what content says. Not here: which version is asked
now (symptom_content.py), what answers come to (symptoms.py), how a question is
drawn (frontend).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from classes.same_day.symptoms import Result

TO_DIAL = re.compile(r"[0-9][0-9 ]{1,18}[0-9]")
CURRENT = "2026-1"  # the newest version that came with the software
SHIPPED = {CURRENT: Path(__file__).parent / "content" / "symptom_check_v1.toml"}


class BadContent(ValueError):
    """Content that cannot be used; says which part of it, and why."""


@dataclass(frozen=True)
class Question:
    """One question, answered yes or no. `result` is what a yes comes to; `short` names it in an error."""

    id: str
    group: str
    short: str
    ask: str
    help: str
    result: Result


@dataclass(frozen=True)
class Call:
    """A number to ring, and what to dial instead with Relay UK."""

    words: str
    number: str
    relay: str


@dataclass(frozen=True)
class Advice:
    """Fixed words for one result: to the person, to a supporter (`for_`), to staff; `aloud` is read out.

    Words for others say {name} where the name goes.
    """

    heading: str
    lead: str
    steps: tuple[str, ...]
    for_heading: str
    for_steps: tuple[str, ...]
    aloud: str
    aloud_here: str
    staff_heading: str
    staff_steps: tuple[str, ...]
    call: Call | None = None

    def about(self, name: str) -> Advice:
        """The same with the name in it."""

        def named(words: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(line.replace("{name}", name) for line in words)

        for_heading, staff_heading = named((self.for_heading, self.staff_heading))
        return replace(
            self,
            for_heading=for_heading,
            for_steps=named(self.for_steps),
            staff_heading=staff_heading,
            staff_steps=named(self.staff_steps),
        )


@dataclass(frozen=True)
class SymptomQuestions:
    """One version of the check."""

    version: str
    questions: tuple[Question, ...]
    advice: Mapping[Result, Advice]
    opens_before: timedelta
    alone_until: timedelta

    def __iter__(self) -> Iterator[Question]:
        return iter(self.questions)

    @property
    def groups(self) -> list[tuple[str, list[Question]]]:
        """The questions under their headings, in the order in which they are asked."""
        return [(words, list(asked)) for words, asked in groupby(self.questions, key=lambda q: q.group)]

    def same_as_in(self, other: SymptomQuestions) -> frozenset[str]:
        """Ids of the questions that `other` asks in the same words: answers to these may be kept."""
        theirs = {question.id: question for question in other}
        return frozenset(question.id for question in self if theirs.get(question.id) == question)


@cache
def shipped_questions() -> SymptomQuestions:
    """The newest questions that came with the software, whatever this copy asks now."""
    with SHIPPED[CURRENT].open("rb") as file:
        return read_questions(tomllib.load(file))


def read_questions(content: Mapping[str, Any]) -> SymptomQuestions:
    """Check and freeze what content says. Raises BadContent."""
    questions = tuple(_question(raw) for raw in content["question"])
    _refuse_repeats(questions)
    advice = {_result(name, f"result.{name}"): _advice(raw) for name, raw in content["result"].items()}
    if missing := [result.value for result in Result if result not in advice]:
        raise BadContent(f"These results have no advice: {', '.join(missing)}.")
    opens_before, alone_until = (timedelta(minutes=content[name]) for name in ("opens_before", "alone_until"))
    if opens_before <= alone_until:
        raise BadContent("The check must open before people can no longer answer it by themselves.")
    return SymptomQuestions(content["version"], questions, advice, opens_before, alone_until)


def _refuse_repeats(questions: tuple[Question, ...]) -> None:
    for what, values in (
        ("id", [question.id for question in questions]),
        ("group in two places", [words for words, _ in groupby(questions, key=lambda q: q.group)]),
    ):
        if len(set(values)) != len(values):
            raise BadContent(f"Two questions of the same-day check share one {what}.")


def _question(raw: Mapping[str, Any]) -> Question:
    result = _result(raw["result"], f"question {raw['id']}")
    if result is Result.READY:
        raise BadContent(f"A yes to question {raw['id']} cannot come to {result.value!r}.")
    return Question(
        id=raw["id"], group=raw["group"], short=raw["short"], ask=raw["ask"], help=raw["help"], result=result
    )


def _result(name: str, where: str) -> Result:
    try:
        return Result(name)
    except ValueError as wrong:
        raise BadContent(f"{where}: {wrong}") from None


def _advice(raw: Mapping[str, Any]) -> Advice:
    lists = {name: tuple(raw[name]) for name in ("steps", "for_steps", "staff_steps")}
    call = Call(**raw["call"]) if "call" in raw else None
    for number in (call.number, call.relay) if call else ():
        if not TO_DIAL.fullmatch(number):
            raise BadContent(f"{number!r} is no number to call: use figures and spaces.")
    return Advice(**{**raw, **lists, "call": call})
