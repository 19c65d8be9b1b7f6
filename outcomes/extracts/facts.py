"""What was read of each person, before anything is protected. PURE shapes, never written anywhere.

Filled by gathering.py, and turned into rows by tables.py and resources.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from outcomes.extracts.widening import Known
from outcomes.questions import Question, Replies


@dataclass(frozen=True)
class Scale:
    """One score of a form. `codes`: what others call it, as (system, code)."""

    scale: str
    value: float | None
    reason: str
    recipe: str
    recipe_version: str
    value_set: str = ""
    codes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Form:
    """One form that was sent, with the questions it asked. `items`: as its questionnaire has them.

    `recipe`, `binding`: how it is scored, and which question is which item of that; none where they are alike.
    `is_ours`: its words are our own, and may be given to anybody.
    """

    instrument: str
    version: str
    canonical: str
    timepoint: str
    mode: str
    way: str
    on: date
    replies: Replies
    questions: tuple[Question, ...]
    items: tuple[Mapping[str, Any], ...]
    scores: tuple[Scale, ...] = ()
    recipe: str = ""
    binding: Mapping[str, str] = field(default_factory=dict)
    is_ours: bool = False


@dataclass(frozen=True)
class Visit:
    """A class that the person had a place in, and whether they came."""

    on: date
    attended: bool
    mode: str
    minutes: int


@dataclass(frozen=True)
class Event:
    on: date
    type: str


@dataclass(frozen=True)
class Stands:
    """One try at standing up from a chair."""

    on: date
    kind: str
    result: str
    value: int | None
    reason: str = ""


@dataclass(frozen=True)
class Near:
    """How near a goal was, once. `goal`: the person's first is 1; what it is stands nowhere here."""

    on: date
    goal: int
    value: int
    timepoint: str = ""


@dataclass(frozen=True)
class Facts:
    """One person. `known`: what others may know of them, as widening.py takes it."""

    known: Known
    programme: str
    consent_version: int
    phase: str = ""
    visits: tuple[Visit, ...] = ()
    forms: tuple[Form, ...] = ()
    events: tuple[Event, ...] = ()
    stands: tuple[Stands, ...] = ()
    goals: tuple[Near, ...] = ()
    safety: tuple[str, ...] = field(default=())

    @property
    def first_class_on(self) -> date | None:
        return min((visit.on for visit in self.visits if visit.attended), default=None)

    def day(self, on: date) -> int | None:
        """Days from the first class; None for somebody who never came."""
        first = self.first_class_on
        return None if first is None else (on - first).days


def quarter_of(on: date | None) -> str:
    return "not_started" if on is None else f"{on.year}-Q{(on.month + 2) // 3}"
