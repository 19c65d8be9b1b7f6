"""What the answers of the same-day check come to, and when it may be answered. PURE: no Django.

Here: the worst of the answers, refused answers by name, the window of one class.
Not here: the wording and its cut-offs (symptom_questions.py), keeping answers
(symptom_check.py), where somebody's check stands now (readiness.py). No number
is judged and no question is weighed: one yes is enough.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


class Result(enum.StrEnum):
    """What answers come to, the worst last."""

    READY = "ready"
    TALK_FIRST = "talk_first"
    CANCER_LINE = "cancer_line"
    EMERGENCY = "emergency"

    @property
    def is_stop(self) -> bool:
        """Whether the person does not exercise today, and nobody can lift that."""
        return self in STOPS

    @property
    def rank(self) -> int:
        return tuple(Result).index(self)


STOPS = frozenset({Result.CANCER_LINE, Result.EMERGENCY})


class Asked(Protocol):
    """One question; symptom_questions.Question is one."""

    @property
    def id(self) -> str: ...
    @property
    def result(self) -> Result: ...


class Unanswered(Exception):
    """Questions without an answer, by id, in the order in which they are asked."""

    def __init__(self, ids: tuple[str, ...]) -> None:
        super().__init__(", ".join(ids))
        self.ids = ids


class NotAnAnswer(Exception):
    """Answers that are neither yes nor no, or to questions that are not asked, by id."""

    def __init__(self, ids: tuple[str, ...]) -> None:
        super().__init__(", ".join(ids))
        self.ids = ids


def judge(questions: Iterable[Asked], answers: Mapping[str, object]) -> Result:
    """The worst of what the answers come to. `answers`: question id → True for yes, False for no.

    Every question needs its answer: raises NotAnAnswer, then Unanswered.
    """
    asked = {question.id: question for question in questions}
    wrong = tuple(id for id, answer in answers.items() if id not in asked or not isinstance(answer, bool | None))
    if wrong:
        raise NotAnAnswer(wrong)
    missing = tuple(id for id in asked if answers.get(id) is None)
    if missing:
        raise Unanswered(missing)
    return worst_so_far(asked.values(), answers)


def worst_so_far(questions: Iterable[Asked], answers: Mapping[str, object]) -> Result:
    """What the answers given so far come to at least. For a warning that must not wait for the rest of them."""
    said = (question.result for question in questions if answers.get(question.id) is True)
    return max(said, key=lambda result: result.rank, default=Result.READY)


@dataclass(frozen=True)
class CheckWindow:
    """When the check of one class may be answered. What begins at a moment holds at that moment; elapsed time."""

    opens_at: datetime
    alone_until: datetime
    ends_at: datetime

    def closes_at(self, *, aloud: bool) -> datetime:
        """Until when by oneself, by a scribe or on the telephone; or `aloud`, asked by the instructor."""
        return self.ends_at if aloud else self.alone_until

    def is_open(self, at: datetime, *, aloud: bool = False) -> bool:
        return self.opens_at <= at < self.closes_at(aloud=aloud)


def window_of(
    starts_at: datetime, ends_at: datetime, *, remote: bool, opens_before: timedelta, alone_until: timedelta
) -> CheckWindow:
    """The window of one class. Online one answers alone until the end, because the way in asks for it."""
    return CheckWindow(
        opens_at=starts_at - opens_before, alone_until=ends_at if remote else starts_at - alone_until, ends_at=ends_at
    )
