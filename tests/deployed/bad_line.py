"""A line to the database that somebody can trouble: it swallows what is sent, or hands it on late.

Here: a port that hands bytes on between a program and the real database. What it swallows it has
taken: no error comes back, and TCP sees nothing wrong. Not here: answers of the web server that
are lost (lossy.py).
"""

from __future__ import annotations

import contextlib
import math
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

from tests.deployed.programs import this_database

CHUNK = 65_536


class BadLine:
    """`carries`: so many messages still reach the database, and what is sent after them is swallowed.

    `late`: seconds that each of them takes.
    """

    def __init__(self, database: str) -> None:
        self._counting = threading.Lock()
        self.mend()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._database = urlsplit(database)
        self._open: list[socket.socket] = [self._listening]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """The same database, by way of this line."""
        port = self._listening.getsockname()[1]
        user = f"{self._database.username}@" if self._database.username else ""
        return f"postgres://{user}127.0.0.1:{port}{self._database.path}"

    def mend(self) -> None:
        self.carries, self.late = math.inf, 0.0

    def close(self) -> None:
        for one in self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                far = self._reach()
                self._open += [near, far]
                threading.Thread(target=self._hand_on, args=(near, far, self._carried), daemon=True).start()
                threading.Thread(target=self._hand_on, args=(far, near, lambda: True), daemon=True).start()

    def _reach(self) -> socket.socket:
        folder = parse_qs(self._database.query).get("host")
        if folder is None:
            return socket.create_connection((self._database.hostname or "", self._database.port or 5432))
        far = socket.socket(socket.AF_UNIX)
        far.connect(f"{folder[0]}/.s.PGSQL.{self._database.port or 5432}")
        return far

    def _carried(self) -> bool:
        with self._counting:
            self.carries -= 1
            carried = self.carries >= 0
        time.sleep(self.late)
        return carried

    def _hand_on(self, one: socket.socket, other: socket.socket, carried: Callable[[], bool]) -> None:
        with contextlib.suppress(OSError):
            while taken := one.recv(CHUNK):
                if carried():
                    other.sendall(taken)
            other.shutdown(socket.SHUT_RDWR)


@contextmanager
def bad_line() -> Iterator[BadLine]:
    line = BadLine(this_database())
    try:
        yield line
    finally:
        line.close()
