"""A database server that may be killed: one of its own, which survives a crash like the real one.

Here: making it as a copy of the test's database, killing every process of it at
once, starting it again. What is killed is the processes, not the machine: what the
system holds for the disk is still there, as after any crash of PostgreSQL itself.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from safefit.devdb import Server
from tests.deployed.programs import this_database


class Killable:
    """Its address stays the same from one life to the next."""

    def __init__(self, state: Path) -> None:
        self.state, self.lives = state, ExitStack()
        self.server = self.start()
        self.url, self.home = self.server.url, self.server.home

    def start(self) -> Server:
        server = Server(self.state, durable=True)
        server.hold()
        self.lives.callback(server.release)
        return server

    def kill(self) -> None:
        """Nothing of it may tidy up. Held still first, so that it begins no process while the others are counted."""
        first = int((self.server.data / "postmaster.pid").read_text().split()[0])
        os.kill(first, signal.SIGSTOP)
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        for pid in (first, *map(int, children)):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(first, 0)

    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as database:
            return database.execute(sql, values).fetchall()

    def fill(self, source: str) -> None:
        """With everything that the database `source` holds."""
        dump, load = (self.server.programs.path(name) for name in ("pg_dump", "psql"))
        with subprocess.Popen([dump, "--no-owner", source], stdout=subprocess.PIPE) as dumping:
            quiet = ["--quiet", "--no-psqlrc", "--output", os.devnull, "--set", "ON_ERROR_STOP=1"]
            subprocess.run([load, *quiet, self.url], stdin=dumping.stdout, check=True)
        assert dumping.returncode == 0


@contextmanager
def killable_copy(state: Path) -> Iterator[Killable]:
    """A server with a copy of what this test has committed so far."""
    server = Killable(state)
    try:
        server.fill(this_database())
        yield server
    finally:
        server.lives.close()
        shutil.rmtree(server.home)
