"""Everybody does everything at once: people book, wait, move, give back, answer offers and the same-day check.

Here: the crowd, what each of them does by the fall of a die that is the same in every run, and what was
acknowledged to them. Not here: the programs (programs.py), what must hold whatever happens (invariants.py).
"""

from __future__ import annotations

import datetime as dt
import random
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.deployed.requests import BOOKINGS, Answer, post
from tests.factories.symptoms import VERSION, answers

GOES_WRONG = frozenset({0, 503})  # nothing came back, or the database is away: nobody was promised anything
ALLOWED = GOES_WRONG | {200, 201, 409}


@dataclass
class Promises:
    """What was acknowledged. A list is added to by many threads, which Python does whole."""

    made: list[int] = field(default_factory=list)  # bookings, of whatever state
    ended: list[int] = field(default_factory=list)  # bookings that were given back, moved or declined
    marks: list[str] = field(default_factory=list)
    stops: list[int] = field(default_factory=list)  # bookings whose same-day check said: do not exercise
    strange: list[str] = field(default_factory=list)  # answers that nobody should get

    def __len__(self) -> int:
        return len(self.made) + len(self.ended) + len(self.marks) + len(self.stops)

    def broken(self, ask: Callable[[str], list[tuple[object, ...]]]) -> dict[str, set[object]]:
        """Those that the database knows nothing of."""
        there = {state: {row[0] for row in ask(sql)} for state, sql in KEPT.items()}
        kept = {name: set(getattr(self, name)) - there[name] for name in KEPT}
        return {name: lost for name, lost in kept.items() if lost}


KEPT = {
    "made": "SELECT id FROM classes_booking",
    "ended": "SELECT id FROM classes_booking WHERE state IN ('cancelled', 'declined', 'closed')",
    "marks": "SELECT id::text FROM classes_attendance",
    "stops": "SELECT booking_id FROM classes_symptomcheck WHERE result = 'emergency'",
}


class Somebody:
    """One person with one browser, who does one thing after the other."""

    def __init__(self, number: int, cookie: str, classes: list[int], today: int, promises: Promises) -> None:
        self.dice, self.cookie, self.classes = random.Random(number), cookie, classes
        self.today, self.promises, self.own = today, promises, list[int]()

    def act(self, port: int) -> None:
        what = self.dice.choice(
            (self.book, self.book, self.block, self.cancel, self.move, self.say, self.say, self.stop)
        )
        answer = what(port)
        if answer.status not in ALLOWED:
            self.promises.strange.append(f"{what.__name__}: {answer.status} {answer.body}")

    def book(self, port: int) -> Answer:
        wish = {"session": self.dice.choice(self.classes), "or_wait": self.dice.random() < 0.6}
        return self._made(self._send(port, BOOKINGS, wish))

    def block(self, port: int) -> Answer:
        answer = self._send(port, "/api/v1/booking-blocks/", {"sessions": self.dice.sample(self.classes, 2)})
        for one in answer.body.get("dates", ()):
            if answer.status in (200, 201) and one["booking"]:
                self._keep(one["booking"])
        return answer

    def cancel(self, port: int) -> Answer:
        return self._of_own(port, "cancel", {})

    def move(self, port: int) -> Answer:
        return self._made(self._of_own(port, "move", {"session": self.dice.choice(self.classes)}))

    def say(self, port: int) -> Answer:
        """Yes or no to an offer, where there is one."""
        return self._of_own(port, self.dice.choice(("accept", "decline")), {})

    def stop(self, port: int) -> Answer:
        """The same-day check of today's class, with something that stops it."""
        body = {"version": VERSION, "answers": answers("b")}
        answer = self._send(port, f"{BOOKINGS}{self.today}/symptom-check/", body)
        if answer.status in (200, 201):
            self.promises.stops.append(self.today)
        return answer

    def _of_own(self, port: int, word: str, body: dict[str, object]) -> Answer:
        if not self.own:
            return self.book(port)
        booking = self.dice.choice(self.own)
        answer = self._send(port, f"{BOOKINGS}{booking}/{word}/", body)
        if answer.status == 200 and word != "accept":
            self.own.remove(booking)
            self.promises.ended.append(booking)
        return answer

    def _made(self, answer: Answer) -> Answer:
        if answer.status in (200, 201):
            self._keep(answer.body["id"])
        return answer

    def _keep(self, booking: int) -> None:
        self.promises.made.append(booking)
        if booking not in self.own:
            self.own.append(booking)

    def _send(self, port: int, where: str, body: dict[str, object]) -> Answer:
        return post(port, where, body, self.cookie, str(uuid.UUID(int=self.dice.getrandbits(128))))


@dataclass(frozen=True)
class Instructor:
    """Marks the people of a class that has begun, again and again: each mark has an id of its own."""

    cookie: str
    session: int
    bookings: list[int]
    promises: Promises

    def act(self, port: int) -> None:
        marks = [
            {
                "id": str(uuid.uuid4()),
                "booking": one,
                "state": "attended",
                "marked_at": f"{dt.datetime.now(dt.UTC):%FT%TZ}",
            }
            for one in self.bookings[:3]
        ]
        answer = post(port, f"/api/v1/sessions/{self.session}/register/", {"marks": marks}, self.cookie)
        if answer.status == 200:
            self.promises.marks += [mark["id"] for mark in answer.body["marks"] if mark["why"] is None]
        elif answer.status not in ALLOWED:
            self.promises.strange.append(f"marks: {answer.status} {answer.body}")


class Load:
    """While it is entered, all of them act; each in a thread of its own."""

    def __init__(self, port: int, people: list[Somebody | Instructor]) -> None:
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._acts, args=(port, one)) for one in people]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *details: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _acts(self, port: int, one: Somebody | Instructor) -> None:
        while not self._over.is_set():
            one.act(port)
