"""Answers to the same-day check, what the design's table makes of them, and a class whose check is open."""

from __future__ import annotations

import datetime as dt
import uuid
from itertools import product
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from classes.models import CheckMode, Mode, Session, SymptomCheck, SymptomTalk, TalkOutcome
from tests.factories.classes import BookingFactory, SessionFactory

# The letters of the design: (a) to (h).
LETTERS = {
    "a": "unwell", "b": "chest", "c": "back", "d": "swelling", "e": "bleeding", "f": "treatment", "g": "line",
    "h": "fall",
}  # fmt: skip
VERSION = "2026-1"
LINK = "https://meet.example.org/secret"


def answers(*yes: str) -> dict[str, bool]:
    """Every question, no but for `yes`: letters of the design."""
    return {id: letter in yes for letter, id in LETTERS.items()}


def by_the_table(*yes: str) -> str:
    """What the design's table says, written down a second time and in another way than the product does."""
    if "b" in yes:
        return "emergency"
    if any(letter in "acdeg" for letter in yes):
        return "cancer_line"
    return "talk_first" if "f" in yes or "h" in yes else "ready"


ALL_ANSWERS = [
    tuple(letter for letter, said in zip(LETTERS, drawn, strict=True) if said)
    for drawn in product((False, True), repeat=8)
]
ONE_OF_EACH = [(), ("f",), ("h",), ("a",), ("c",), ("d",), ("e",), ("g",), ("b",), ("f", "a"), ("h", "b"), ("d", "b")]


def class_today(*, hours: float = 2, online: bool = False, **fields: Any) -> Session:
    """A class in so many hours, whose check is open now."""
    where = {"mode": Mode.REMOTE, "join_url": LINK} if online else {}
    return SessionFactory(starts_at=timezone.now() + dt.timedelta(hours=hours), **{**where, **fields})


class SymptomCheckFactory(DjangoModelFactory[SymptomCheck]):
    """A row as it stands, of a booking unless `guest` is given; what follows from it is not done."""

    class Meta:
        model = SymptomCheck

    booking = factory.SubFactory(BookingFactory)
    session = factory.LazyAttribute(lambda o: (o.booking or o.guest).session)
    participant = factory.LazyAttribute(lambda o: (o.booking or o.guest).participant)
    client_id = factory.LazyFunction(uuid.uuid4)
    version = VERSION
    answers = factory.LazyFunction(answers)
    result = "ready"
    mode = CheckMode.SELF
    by = factory.LazyAttribute(lambda o: o.participant.person)


class SymptomTalkFactory(DjangoModelFactory[SymptomTalk]):
    class Meta:
        model = SymptomTalk

    client_id = factory.LazyFunction(uuid.uuid4)
    outcome = TalkOutcome.MAY_EXERCISE
    note = "We spoke."
