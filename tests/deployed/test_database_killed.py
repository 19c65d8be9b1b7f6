"""PostgreSQL is killed while people book: promises are kept, nothing is half there, and it goes on by itself."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.world import make_classes, make_world
from tests.deployed.durable import Killable, killable_copy
from tests.deployed.invariants import NEVER, broken
from tests.deployed.programs import until, web_server
from tests.deployed.requests import Answer, Wish, crowd

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

NEVER_HALF = {
    **NEVER,
    "a booking that nobody is told of": """
        SELECT count(*) FROM classes_booking b WHERE 1 <>
          (SELECT count(*) FROM messaging_message WHERE kind = 'booking_confirmed' AND subject_id = b.id)""",
}


class Storm:
    """Everybody's wish, sent while others are; `acknowledged` counts the promises that were made."""

    def __init__(self, port: int, wishes: list[Wish]) -> None:
        self.port, self.wishes, self.acknowledged = port, wishes, 0
        self._thread = threading.Thread(target=self._rage)
        self.answers: list[Answer] = []

    def __enter__(self) -> Storm:
        self._thread.start()
        return self

    def __exit__(self, *details: object) -> None:
        self._thread.join()

    def _rage(self) -> None:
        self.answers = crowd([self._send(wish) for wish in self.wishes])

    def _send(self, wish: Wish) -> Callable[[], Answer]:
        def send() -> Answer:
            answer = wish.send(self.port)
            self.acknowledged += answer.status == 201
            return answer

        return send


def promised(answers: list[Answer]) -> set[int]:
    return {answer.body["id"] for answer in answers if answer.status in (200, 201)}


def stored(database: Killable, session: int) -> set[int]:
    return {pk for (pk,) in database.ask("SELECT id FROM classes_booking WHERE session_id = %s", session)}


def test_what_was_promised_is_kept_and_who_heard_nothing_asks_again(kills: int, people: int, tmp_path: Path) -> None:
    world = make_world(people=people, classes=0)
    sessions = make_classes(world.programme, world.class_type, kills, capacity=people, first_hour=72)
    with killable_copy(tmp_path) as database, web_server(database.url, tmp_path / "web.log") as port:
        for number, session in enumerate(sessions):
            wishes = [Wish(cookie, session, f"{session}-{n}") for n, cookie in enumerate(world.cookies)]
            with Storm(port, wishes) as storm:
                until(lambda: storm.acknowledged >= people // 4, "some have their place")
                database.kill()
            unheard = [w for w, answer in zip(wishes, storm.answers, strict=True) if answer.status != 201]
            assert {answer.status for answer in storm.answers} <= {0, 201, 503}, "away, and never a fault of ours"
            kept = promised(storm.answers)
            assert kept and unheard, f"kill {number}: not in the middle of anything"
            database.start()
            there = stored(database, session)
            assert kept <= there and len(there) <= len(kept) + len(unheard)
            assert broken(database.ask, NEVER_HALF) == {}
            again = crowd([lambda wish=wish: wish.send(port) for wish in unheard])  # type: ignore[misc]
            assert {answer.status for answer in again} <= {200, 201}, "it goes on by itself"
            assert len(stored(database, session)) == people
            assert broken(database.ask, NEVER_HALF) == {}
