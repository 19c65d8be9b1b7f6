"""What browsers and programs send to a running copy: bookings with a person's own session, many at once.

Not here: the programs that answer (programs.py), and who the people are (bench/world.py).
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

AT_ONCE = 40
TIMEOUT = 30
TOKEN = "b" * 32
BOOKINGS = "/api/v1/bookings/"


@dataclass(frozen=True)
class Answer:
    """What came back; `status` 0 when nothing did."""

    status: int
    body: dict[str, Any]

    @property
    def outcome(self) -> str:
        """The state of the booking, or the code of the refusal."""
        word = self.body.get("state") or self.body.get("code") or "?"
        return f"{self.status} {word}"


NOTHING = Answer(0, {})


@dataclass(frozen=True)
class Wish:
    """A place that somebody asks for: `session` is the class, `cookie` says who asks."""

    cookie: str
    session: int
    key: str = ""
    or_wait: bool = False

    def send(self, port: int) -> Answer:
        return post(port, BOOKINGS, {"session": self.session, "or_wait": self.or_wait}, self.cookie, self.key)


def get(port: int, path: str) -> tuple[int, str]:
    """Status and text."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def post(port: int, path: str, body: dict[str, Any], cookie: str, key: str = "") -> Answer:
    """One request on a connection of its own. A server that is gone, or goes meanwhile, is NOTHING."""
    headers = {
        "Content-Type": "application/json",
        "Cookie": f"sessionid={cookie}; csrftoken={TOKEN}",
        "X-CSRFToken": TOKEN,
        **({"Idempotency-Key": key} if key else {}),
    }
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    try:
        connection.request("POST", path, json.dumps(body), headers)
        answer = connection.getresponse()
        return Answer(answer.status, _json(answer.read()))
    except (OSError, http.client.HTTPException):
        return NOTHING
    finally:
        connection.close()


def _json(content: bytes) -> dict[str, Any]:
    try:
        return dict(json.loads(content))
    except ValueError:
        return {}


def crowd(actions: Sequence[Callable[[], Answer]], *, at_once: int = AT_ONCE) -> list[Answer]:
    """All of them, so many at a time; answers in the order of `actions`."""
    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(lambda action: action(), actions))
