"""PostgreSQL is killed while people book: promises are kept, nothing is half there, and it goes on by itself."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.world import make_classes, make_world
from tests.deployed.durable import Killable, killable_copy
from tests.deployed.programs import until, web_server
from tests.deployed.requests import Answer, Wish, crowd

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

NEVER_HALF = {
    "a counter that differs": """
        SELECT count(*) FROM classes_session s WHERE places_taken <>
          (SELECT coalesce(sum(party), 0) FROM classes_booking WHERE session_id = s.id AND state = 'booked')""",
    "a booking that nobody is told of": """
        SELECT count(*) FROM classes_booking b WHERE 1 <>
          (SELECT count(*) FROM messaging_message WHERE kind = 'booking_confirmed' AND subject_id = b.id)""",
    "a message about no booking": """
        SELECT count(*) FROM messaging_message m
         WHERE NOT EXISTS (SELECT FROM classes_booking WHERE id = m.subject_id)""",
    "a booking without its history": """
        SELECT count(*) FROM classes_booking b
         WHERE NOT EXISTS
          (SELECT FROM classes_bookingevent e WHERE e.pgh_obj_id = b.id AND e.pgh_context ->> 'by' > '')""",
    "a key without its outcome": """
        SELECT count(*) FROM classes_idempotencykey k WHERE NOT EXISTS
          (SELECT FROM classes_booking b WHERE k.status = 201 AND b.id = (k.outcome ->> 'id')::bigint)""",
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


def half_records(database: Killable) -> dict[str, int]:
    return {what: found for what, sql in NEVER_HALF.items() if (found := database.ask(sql)[0][0])}


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
            assert half_records(database) == {}
            again = crowd([lambda wish=wish: wish.send(port) for wish in unheard])  # type: ignore[misc]
            assert {answer.status for answer in again} <= {200, 201}, "it goes on by itself"
            assert len(stored(database, session)) == people
            assert half_records(database) == {}
