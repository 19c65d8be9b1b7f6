"""The product's programs as they are run for real, on a database that a test names.

Here: a web server with several processes, and the worker; each is ended with its
test, and only by the id that was given when it began. Not here: what is sent to
them (requests.py), a database that may be killed (durable.py).
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from messaging.tasks import DELIVERY
from safefit.postgres import ROOT
from safefit.steps import begin, end
from safefit.toolchain import program

PROCESSES, THREADS = 2, 4
PATIENCE = 60  # seconds, on a machine that does other things too


def this_database() -> str:
    """The address of the database that this test has open: the environment names the one it was copied from."""
    base, _, query = os.environ["DATABASE_URL"].partition("?")
    return f"{base.rpartition('/')[0]}/{connection.settings_dict['NAME']}" + (f"?{query}" if query else "")


@contextmanager
def web_server(database: str, log: Path, *, silence: float = PATIENCE) -> Iterator[int]:
    """The port of a web server that answers, with more than one process and several threads in each.

    `silence`: how long it waits for the database; long, since a machine that is busy is no database that is away.
    """
    with web_process(database, log, silence=silence) as (_, port):
        yield port


@contextmanager
def web_process(
    database: str, log: Path, *, silence: float = PATIENCE, wrong_by: int = 0, **environment: str
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The same, for whoever wants to kill it. Its clock is `wrong_by` so many minutes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [program("granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--http", "1"]
    module = "tests.deployed.moved_web" if wrong_by else "safefit.wsgi"
    command += ["--no-ws", "--workers", str(PROCESSES), "--blocking-threads", str(THREADS), f"{module}:application"]
    told = {"SAFEFIT_DATABASE_SILENCE": str(silence), "MOVED_MINUTES": str(wrong_by)}
    with _running(command, {"DATABASE_URL": database, **told, **environment}, log) as server:
        until(lambda: server.poll() is not None or _listens(port), f"the web server listens (see {log})")
        assert server.poll() is None, log.read_text()
        yield server, port


@contextmanager
def worker(
    database: str, log: Path, *, wrong_by: int = 0, once: bool = False, **environment: str
) -> Iterator[subprocess.Popen[str]]:
    """With `once` it does what waits, and ends. Its clock is `wrong_by` so many minutes until it gets SIGUSR1."""
    start = ["-m", "tests.deployed.moved_clock", str(wrong_by)] if wrong_by else ["manage.py", "work"]
    command: list[str | Path] = [sys.executable, *start, *(["--once"] if once else [])]
    with _running(command, {"DATABASE_URL": database, **environment}, log) as process:
        yield process


def look_for_messages() -> None:
    ask_for(DELIVERY)


def ask_for(job: str) -> None:
    """So that nobody waits for the worker's clock, which may have put the `job` there a moment before."""
    with suppress(AlreadyEnqueued):
        app.configure_task(job).defer(timestamp=0)


def kill(process: subprocess.Popen[str]) -> None:
    """At once, with all processes that it has begun, and with no chance to tidy up."""
    os.killpg(process.pid, signal.SIGKILL)  # it leads a session of its own: safefit/steps.py
    process.wait(PATIENCE)


def until(true: Callable[[], object], what: str, *, patience: float = PATIENCE) -> None:
    """Return when `true()` is; asked again and again, since another process makes it so."""
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, f"waited {patience:.0f} s in vain until {what}"
        time.sleep(0.02)


@contextmanager
def _running(command: list[str | Path], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[str]]:
    with log.open("a") as output:
        process = begin(
            command,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        end(process)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
