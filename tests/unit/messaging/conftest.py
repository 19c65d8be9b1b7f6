"""A kind of message that belongs to the tests, and a way to queue one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import ContactPoint, Person
from messaging import kinds, words
from messaging.kinds import Content, register_kind
from messaging.models import Message
from messaging.outbox import enqueue
from messaging.words import Words
from tests.factories.accounts import PersonFactory

KIND = "test_news"
NOON = dt.datetime(2027, 2, 3, 12, 0, tzinfo=dt.UTC)  # no quiet hours


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def right_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests that stand at another time than the database's."""
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)


@pytest.fixture
def news(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`news(wanted)` says what the kind's owner answers; drawn without a template."""
    monkeypatch.setattr(kinds, "_registered", dict(kinds._registered))
    drawn = words.draw

    def draw(kind: str, context: Any) -> Words:
        return Words("News", f"Hello {context['name']}\n") if kind == KIND else drawn(kind, context)

    text = words.draw_text
    monkeypatch.setattr("messaging.delivery.draw", draw)
    monkeypatch.setattr(
        "messaging.delivery.draw_text", lambda kind, names: draw(kind, names) if kind == KIND else text(kind, names)
    )
    monkeypatch.setattr("messaging.words.draw", draw)

    def owner(wanted: Callable[[Message], Content | None] = lambda message: Content({})) -> None:
        register_kind(KIND, wanted)

    owner()
    return owner


@pytest.fixture
def queue(programme: Any, news: Any) -> Callable[..., Message]:
    def put(person: Person | None = None, key: str = "news:1", **changes: Any) -> Message:
        person = person or reachable()
        due_at = changes.pop("due_at", timezone.now())
        return enqueue(programme=programme, person=person, kind=KIND, due_at=due_at, dedupe_key=key, **changes)

    return put


def reachable(*ways: tuple[str, str], preferred: bool = True) -> Person:
    """A person with these contact points, the first one preferred; by email when none is named."""
    person = PersonFactory(given_name="Una")
    for place, (channel, value) in enumerate(ways or [("email", "una@example.org")]):
        ContactPoint.objects.create(person=person, channel=channel, value=value, preferred=preferred and place == 0)
    return person
