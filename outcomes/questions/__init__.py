"""The questions of a stored questionnaire, read from their FHIR shape. PURE.

Here: which questions are asked, in what order, and whether an answer fits.
Not here: scoring (scoring/), saving (answering/), drawing a page
(frontend), reading a file that comes from outside (fhir/). Called by recording,
the API and the pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from outcomes.fhir.extensions import LEAST, MOST, STEP, control_of, number_of
from outcomes.fhir.gates import Condition, Gate, note_stands, standing
from outcomes.fhir.given import Given, Kind, Shape, Value, kept
from outcomes.fhir.shapes import extensions_in, numbered, shape_of
from outcomes.instruments.safefit_wellbeing import FOLLOW_UP_ONLY
from outcomes.scoring import DECLINED

Reply = int | str | Given  # a whole number, DECLINED, or values in FHIR's shape
Replies = Mapping[str, Reply]

ROW_AT_MOST = 11  # more answers than this are typed, not chosen
LARGEST = 999_999
ENDS = ("lower", "upper")  # words at the ends of a row of numbers, by the control of their item
_PLAIN_KEY = re.compile(r"(?!item-\d)[A-Za-z][\w-]*", re.ASCII)


@dataclass(frozen=True)
class Note:
    """Words that stand before a question (or, at the very end, after it) while what they hang on holds."""

    text: str
    gates: tuple[Gate, ...] = ()


@dataclass(frozen=True)
class Question:
    """One item. An answer is a whole number from `lo` to `hi` where `is_numbered`; else values that fit `shape`.

    `options` are the words of each number, where it has words of its own. `key`
    names the question in addresses, `headings` are the groups around it.
    """

    id: str
    text: str
    lo: int
    hi: int
    help: str = ""
    low_words: str = ""
    high_words: str = ""
    options: tuple[tuple[int, str], ...] = ()
    follow_up_only: bool = False
    shape: Shape = Shape(Kind.INTEGER)
    is_numbered: bool = True
    step: int = 1
    required: bool = False
    key: str = ""
    prefix: str = ""
    codes: tuple[tuple[str, str], ...] = ()  # (system, code)
    headings: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    after: tuple[Note, ...] = ()
    gates: tuple[Gate, ...] = ()
    inside: str = ""  # the question whose answer it stands beneath

    @property
    def is_typed(self) -> bool:
        """Whether a whole number is typed: too many of them to choose from."""
        return self.is_numbered and not self.options and len(self.numbers) > ROW_AT_MOST

    @property
    def numbers(self) -> range:
        return range(self.lo, self.hi + 1, self.step)

    def takes(self, answer: Any) -> bool:
        """Whether `answer` is one of this question's answers, or "I would rather not answer"."""
        return self.kept(answer) is not None

    def kept(self, answer: Any) -> Reply | None:
        """`answer` as it is kept; None when it is none of this question's."""
        if isinstance(answer, str):
            return answer if answer == DECLINED else None
        if not self.is_numbered:
            return kept(self.shape, answer)
        is_number = isinstance(answer, int) and not isinstance(answer, bool)
        return answer if is_number and answer in self.numbers else None

    def values(self, answer: Reply) -> Given:
        """The same answer in FHIR's shape; nothing when it was declined."""
        if isinstance(answer, str):
            return []
        if isinstance(answer, list):
            return answer
        return [{"valueCoding": {"code": str(answer)}} if self.options else {"valueInteger": answer}]


def every_question(items: Iterable[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Those that a form may ask at any timepoint."""
    return read_questions(items, follow_up=True)


def read_questions(items: Iterable[Mapping[str, Any]], *, follow_up: bool) -> tuple[Question, ...]:
    """The questions of `items` (FHIR `Questionnaire.item`) that belong to a start or a follow-up form."""
    reader = _Reader()
    reader.walk(items)
    return tuple(question for question in reader.questions if follow_up or not question.follow_up_only)


def minutes_for(questions: int) -> int:
    """About how long so many take, three a minute."""
    return -(-questions // 3)


def asked(questions: Iterable[Question], answers: Replies, *, hopeful: bool = True) -> tuple[Question, ...]:
    """Those of `questions` that are asked of somebody who has answered `answers` so far.

    `hopeful`: a question still unanswered leaves what hangs on it to be asked, so
    that the count of questions only ever gets smaller. What is sent is not hopeful.
    """
    by_name = {question.id: question for question in questions}
    names = standing(_gates(by_name), _said(by_name, answers), hopeful=hopeful)
    return tuple(by_name[name] for name in names)


def next_unanswered(questions: Iterable[Question], answers: Replies) -> Question | None:
    """The first question still to be answered; None when all have been."""
    return next((question for question in asked(questions, answers) if question.id not in answers), None)


def notes_of(notes: Iterable[Note], questions: Iterable[Question], answers: Replies) -> list[str]:
    """The words among `notes` that are shown to somebody who has answered `answers`."""
    by_name = {question.id: question for question in questions}
    gates, said = _gates(by_name), _said(by_name, answers)
    return [note.text for note in notes if note_stands(note.gates, gates, said)]


def _gates(questions: Mapping[str, Question]) -> dict[str, tuple[Gate, ...]]:
    return {name: question.gates for name, question in questions.items()}


def _said(questions: Mapping[str, Question], answers: Replies) -> dict[str, Given]:
    return {name: questions[name].values(answer) for name, answer in answers.items() if name in questions}


class _Reader:
    """Walks the items from the first to the last, with what stands around each."""

    def __init__(self) -> None:
        self.questions: list[Question] = []
        self.waiting: list[Note] = []  # words for the question that comes next

    def walk(self, items: Iterable[Mapping[str, Any]]) -> None:
        self._walk(items, (), (), "")
        if self.waiting and self.questions:
            self.questions[-1] = replace(self.questions[-1], after=tuple(self.waiting))

    def _walk(
        self, items: Iterable[Mapping[str, Any]], headings: tuple[str, ...], gates: tuple[Gate, ...], inside: str
    ) -> None:
        for item in items:
            mine = gates + _gate(item)
            if item["type"] == "display":
                self.waiting.append(Note(item["text"], mine))
            elif item["type"] == "group":
                below = headings + ((item["text"],) if item.get("text") else ())
                self._walk(item.get("item", ()), below, mine, inside)
            else:
                self._question(item, headings, mine, inside)

    def _question(
        self, item: Mapping[str, Any], headings: tuple[str, ...], gates: tuple[Gate, ...], inside: str
    ) -> None:
        question = _read(item)
        key = item["linkId"] if _PLAIN_KEY.fullmatch(item["linkId"]) else f"item-{len(self.questions) + 1}"
        self.questions.append(
            replace(question, headings=headings, gates=gates, inside=inside, notes=tuple(self.waiting), key=key)
        )
        self.waiting = []
        there = Gate((Condition(question.id, "exists", {"valueBoolean": True}),))
        words = _own_words(item)
        below = [part for part in item.get("item", ()) if part not in words]
        self._walk(below, headings, (*gates, there), question.id)


def _read(item: Mapping[str, Any]) -> Question:
    extensions, shape = extensions_in(item), shape_of(item)
    options = _numbers(shape)
    values = [value for value, _ in options]
    words = {control: part["text"] for part in _own_words(item) if (control := _control(part)) in ENDS}
    return Question(
        id=item["linkId"],
        text=item["text"],
        lo=min(values, default=_whole(number_of(extensions, LEAST), -LARGEST)),
        hi=max(values, default=_whole(number_of(extensions, MOST), LARGEST)),
        help=" ".join(part["text"] for part in _own_words(item) if _control(part) not in ENDS),
        low_words=words.get("lower", ""),
        high_words=words.get("upper", ""),
        options=options,
        follow_up_only=FOLLOW_UP_ONLY in extensions,
        shape=shape,
        is_numbered=numbered(shape),
        step=max(1, _whole(number_of(extensions, STEP), 1)),
        required=bool(item.get("required")),
        prefix=item.get("prefix", ""),
        codes=tuple((code.get("system", ""), code.get("code", "")) for code in item.get("code", ())),
    )


def _own_words(item: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The words inside a question that are read with it: all that hang on nothing and stand before another question.
    Words marked as help or as an end are read with it wherever they stand."""
    parts = list(item.get("item", ()))
    plain = list(takewhile(lambda part: part["type"] == "display" and not part.get("enableWhen"), parts))
    return [part for part in parts if part in plain or _is_marked(part)]


def _is_marked(part: Mapping[str, Any]) -> bool:
    return part["type"] == "display" and _control(part) in ("help", *ENDS)


def _whole(limit: float | None, otherwise: int) -> int:
    return otherwise if limit is None else int(limit)


def _numbers(shape: Shape) -> tuple[tuple[int, str], ...]:
    return tuple((int(option.value[1]), option.words) for option in shape.options) if numbered(shape) else ()


def _control(part: Mapping[str, Any]) -> str:
    return control_of(extensions_in(part))


def _gate(item: Mapping[str, Any]) -> tuple[Gate, ...]:
    conditions = tuple(_condition(when) for when in item.get("enableWhen", ()))
    return (Gate(conditions, item.get("enableBehavior") == "any"),) if conditions else ()


def _condition(when: Mapping[str, Any]) -> Condition:
    name, inner = next((name, inner) for name, inner in when.items() if name.startswith("answer"))
    expected: Value = {name.replace("answer", "value", 1): inner}
    return Condition(when["question"], when["operator"], expected)
