"""Many people at once: threads with a real connection each, let go at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection


class Racers:
    """`with Racers(20) as racers: racers.run(actions)`: what each returned, or the exception it raised."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._pool = ThreadPoolExecutor(number)

    def __enter__(self) -> Racers:
        return self

    def __exit__(self, *details: object) -> None:
        self.run([lambda: connection.close()] * self.number)  # the barrier gives each thread exactly one
        self._pool.shutdown()

    def run(self, actions: Sequence[Callable[[], Any]]) -> list[Any]:
        assert len(actions) == self.number
        barrier = threading.Barrier(self.number, timeout=30)

        def start(action: Callable[[], Any]) -> Any:
            barrier.wait()
            try:
                return action()
            except Exception as refusal:  # noqa: BLE001  what was raised is the result
                return refusal

        return list(self._pool.map(start, actions))
