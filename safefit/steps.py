"""How run does things: says what it does, calls programs, and does nothing twice.

Standard library only. Here: children that are always ended in order, and stamps by
content. Not here: what is done (safefit/toolchain.py and run itself).
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from safefit.postgres import ROOT

STOP_WITHIN = 15  # seconds a child has to end when asked


class Trouble(Exception):
    """Something the reader can mend; the message says how."""


class Stopped(BaseException):
    """Somebody asked us to stop. Not an Exception: nothing may swallow it."""


# --- saying and calling ------------------------------------------------------


def say(text: str = "") -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Name what is being done and, when it took a moment, how long it took."""
    began = time.monotonic()
    say(f"· {title}")
    yield
    if (took := time.monotonic() - began) >= 1:
        say(f"  {took:.1f} s")


def die_with_parent() -> None:
    """On Linux, end this child when `run` itself is killed without a chance to tidy up."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # 1 is PR_SET_PDEATHSIG


def begin(command: Sequence[str | Path], **options: Any) -> subprocess.Popen[str]:
    """Start a child in its own session: Ctrl-C reaches run alone, which then ends its children in order."""
    return subprocess.Popen(  # noqa: S603 - our own programs, no shell
        [str(part) for part in command],
        cwd=options.pop("cwd", ROOT),
        text=True,
        start_new_session=True,
        preexec_fn=die_with_parent,
        **options,
    )


def end(child: subprocess.Popen[str], first: signal.Signals = signal.SIGTERM) -> None:
    """Ask a child to stop, wait, and make sure that nothing of its group remains."""
    for how, patience in ((first, STOP_WITHIN), (signal.SIGKILL, 5)):
        if child.poll() is None:
            child.send_signal(how) if how == first else os.killpg(child.pid, how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(patience)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def call(command: Sequence[str | Path], **options: Any) -> int:
    """Run a child to its end and return its exit status; if we are stopped meanwhile, it is stopped first."""
    child = begin(command, **options)
    try:
        return child.wait()
    except BaseException:
        end(child, signal.SIGINT)
        raise


def must(command: Sequence[str | Path], advice: str, **options: Any) -> None:
    """Run quietly; if it fails, show what it said and `advice`. Words on a wrong setting stand alone: they advise."""
    child = begin(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    try:
        output, _ = child.communicate()
    except BaseException:
        end(child)
        raise
    if child.returncode == os.EX_CONFIG:
        raise Trouble(output.strip())
    if child.returncode:
        raise Trouble(f"{output.strip()}\n\n{Path(command[0]).name} failed. {advice}")


def succeeds(*command: str | Path) -> bool:
    """Whether a quick question to a program, which may not exist, is answered with success."""
    try:
        return subprocess.run(command, capture_output=True, timeout=30, check=False).returncode == 0  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return False


# --- doing things once -------------------------------------------------------


def fingerprint(*inputs: Path | str) -> str:
    """A hash of texts and of the content of files and folders."""
    digest = hashlib.sha256()
    for item in inputs:
        files = [item] if isinstance(item, str) or item.is_file() else sorted(p for p in item.rglob("*") if p.is_file())
        for file in files:
            content = file.encode() if isinstance(file, str) else str(file).encode() + b"\0" + file.read_bytes()
            digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def once(title: str, stamp: Path, inputs: str, made: Path, work: Callable[[], None]) -> None:
    """Do `work` unless `made` exists and was made from these very inputs."""
    if made.exists() and stamp.exists() and stamp.read_text() == inputs:
        return
    with step(title):
        stamp.unlink(missing_ok=True)  # half-done work is not taken for done
        work()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(inputs)
