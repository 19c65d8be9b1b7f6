"""Django's PostgreSQL engine, which does not wait for ever for a server that has fallen silent.

TCP notices a line on which nothing arrives (the patience in env.py). It does not notice a server, or something
in between, that takes what is sent and never answers: a thread of the web server would wait until somebody
restarts it. Here: how long one answer is waited for, and that not every thread tries a silent server anew.
Not here: how long that is (env.py), what people read then (errors.py). Imported by Django, by its name.
"""

from __future__ import annotations

import time
from typing import Any

from django.db.backends.postgresql import base
from psycopg import OperationalError, errors
from psycopg.pq import ConnStatus, TransactionStatus

STILL_THERE = 5 / 8  # of the silence: so long for the question whether a connection that was kept still works
LEFT_ALONE = 1.0  # seconds in which this process does not try again to reach a server that did not answer


class Silence:
    """How long an answer of one connection is waited for. `seconds` 0: for ever."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def ends(self, connection: Any) -> None:
        """Wait no longer. A connection on which an answer is missing is of no further use, and is closed."""
        wait, ours = type(connection).wait, self

        def bounded(gen: Any, *args: Any, timeout: float | None = None, **rest: Any) -> Any:
            try:
                return wait(connection, gen, *args, timeout=ours.seconds if timeout is None else timeout, **rest)
            except OperationalError:
                if _unanswered(connection):
                    connection.pgconn.finish()
                raise

        connection.wait = bounded


def _unanswered(connection: Any) -> bool:
    line = connection.pgconn
    return bool(line.status == ConnStatus.OK and line.transaction_status == TransactionStatus.ACTIVE)


class DatabaseWrapper(base.DatabaseWrapper):
    """The OPTIONS of settings.py may hold `silence`, in seconds: after it one gets OperationalError for an answer."""

    _left_alone_until = 0.0  # by the clock that only goes on; of the process, since all threads reach one server

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self._silence = Silence(float(self.settings_dict["OPTIONS"].get("silence", 0)))

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        params.pop("silence", None)  # ours, and none of libpq's
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if not self._silence.seconds:
            return super().get_new_connection(conn_params)
        if time.monotonic() < DatabaseWrapper._left_alone_until:
            raise OperationalError("the database has just not answered")
        try:
            connection = super().get_new_connection(conn_params)
        except errors.ConnectionTimeout:
            DatabaseWrapper._left_alone_until = time.monotonic() + LEFT_ALONE
            raise
        self._silence.ends(connection)
        return connection

    def is_usable(self) -> bool:
        """Asked before a kept connection is used again: then there is time left to make another one."""
        whole = self._silence.seconds
        self._silence.seconds = whole * STILL_THERE
        try:
            return bool(super().is_usable())
        finally:
            self._silence.seconds = whole
