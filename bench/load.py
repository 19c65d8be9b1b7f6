"""A server under load: starting it, sending, and what it cost in time of the processors."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safefit.postgres import ROOT
from safefit.toolchain import program

CONNECTIONS = 16
WORKERS = os.cpu_count() or 1
TICK = os.sysconf("SC_CLK_TCK")
SCRIPT = Path(__file__).with_name("load.lua")


class Trouble(Exception):
    """Something is missing or went wrong; the message says what to do."""


@dataclass(frozen=True)
class Target:
    """Where to send, and the two programs whose processor time that takes."""

    address: str
    server: int
    postmaster: int


@dataclass(frozen=True)
class Loaded:
    """One measurement over HTTP: what was sent and answered in how many seconds, and the processors' time for it."""

    requests: int
    seconds: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    refused: int
    lost: int
    app_cpu: float
    database_cpu: float


def wrk() -> str:
    found = shutil.which("wrk")
    if found is None:
        raise Trouble("wrk is not installed. On Debian and Ubuntu: apt-get install wrk")
    return found


@contextmanager
def served(application: str, log: Path) -> Iterator[tuple[str, int]]:
    """A web server as in production, with one worker and one connection to the database per core: address and pid."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        str(program("granian")),
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--http",
        "1",
    ]
    command += ["--no-ws", "--workers", str(WORKERS), "--blocking-threads", "1", "--backpressure", "64", application]
    with log.open("w") as output:
        server = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output)
    try:
        _await(port, server, log)
        yield f"http://127.0.0.1:{port}", server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def _await(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if server.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)  # it does not listen yet
    raise Trouble(f"The web server did not start: see {log}")


def send(to: Target, *, seconds: int, booking: Sequence[str] = ()) -> Loaded:
    """wrk for `seconds`: GETs, or POSTs of bookings by what load.lua asks for (files, where to start, how)."""
    what = ["POST", *booking, f"{secrets.token_hex(4)}-"] if booking else ["GET"]
    command = [wrk(), "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "-s", str(SCRIPT), to.address]
    before = (cpu_of(to.server), cpu_of(to.postmaster))
    done = subprocess.run([*command, "--", *what], capture_output=True, text=True, check=True)
    after = (cpu_of(to.server), cpu_of(to.postmaster))
    return Loaded(**result_in(done.stdout), app_cpu=after[0] - before[0], database_cpu=after[1] - before[1])


def result_in(said: str) -> dict[str, Any]:
    found = re.search(r"^RESULT (\{.*\})$", said, re.MULTILINE)
    if found is None:
        raise Trouble(f"wrk said no result: {said[-500:]}")
    return dict(json.loads(found[1]))


def cpu_of(pid: int) -> float:
    """Seconds of processor that a process and its children have used, those that have ended among them."""
    total, children = 0.0, [pid]
    while children:
        one = children.pop()
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            total += sum(int(field) for field in fields[11:15]) / TICK
            for thread in Path(f"/proc/{one}/task").iterdir():
                children += [int(child) for child in (thread / "children").read_text().split()]
        except OSError:  # it has ended meanwhile; its parent has counted it
            continue
    return total
