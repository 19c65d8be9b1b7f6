"""A private PostgreSQL server for one state folder: found, started, adopted, stopped.

Standard library only. Here: everything a copy on somebody's own computer needs
before Django can start. Not here: finding or fetching PostgreSQL's programs
(safefit/postgres.py, safefit/toolchain.py) and anything used in production, where
DATABASE_URL names a real server. Called by run, manage.py and tests/database.py.

Who uses the server holds a shared lock on it; whoever lets go last stops it.
A server left behind by a killed process is adopted by the next user.
"""

from __future__ import annotations

import atexit
import base64
import contextlib
import fcntl
import functools
import json
import os
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from safefit.postgres import (
    ROOT,
    WHEEL,
    Account,
    DatabaseTrouble,
    NoPostgres,
    Programs,
    can_reach,
    find_programs,
    running,
    wheel_folder,
)

DEFAULT_STATE = ROOT / ".state"
NAME = "safefit"  # of the database and of its owner
NO_DATABASE = "postgresql:///none?host=/nonexistent"
# No autovacuum: what it learns of a table while a test is under way is that the table is empty, since nothing of the
# test is committed; plans for empty tables then read many rows one by one (a minute of a test became eighteen).
FAST_NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")
PATIENCE = 60  # seconds for a start, a stop, or a recovery after a crash


# --- the server --------------------------------------------------------------


class Server:
    """The server of one state folder. `hold` it while you need it, then `release` it."""

    def __init__(self, state: Path, *, durable: bool = True) -> None:
        self.state = state.resolve()
        self.durable = durable
        self.account = Account.for_server()
        self._users: int | None = None
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://{NAME}@/{NAME}?host={self._socket_folder()}"

    def hold(self) -> None:
        """Return once the server answers and its database exists. Safe with any number of callers at once."""
        make_state(self.state)
        self._users = os.open(self.state / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._users, fcntl.LOCK_SH)  # waits while the last user of before is stopping the server
        with locked(self.state / "start.lock"):
            if not self._answers():
                self._start()

    def release(self) -> None:
        """Let go; stop the server when nobody else holds it."""
        if self._users is None:
            return
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._stop()
        os.close(self._users)
        self._users = None
        if self._child and self._child.poll() is None:
            self._child.returncode = 0  # others still use it, and the last of them ends it: no longer ours to wait for

    # Where things lie: a home the server's account owns, and a short folder for the socket.

    @property
    def home(self) -> Path:
        record = self.state / "postgres.home"
        if record.exists():
            return Path(record.read_text().strip())
        return self.state / "postgres"

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    def _make_home(self) -> None:
        if not self.home.parent.exists():
            raise DatabaseTrouble(
                f"{self.home} holds this copy's database and is gone. Delete {self.state} to begin anew."
            )
        if not can_reach(self.state, self.account) and not self.home.exists():
            home = self._private_folder("/var/tmp")
            write_private(self.state / "postgres.home", str(home))
        self.home.mkdir(mode=0o700, exist_ok=True)
        self._give(self.home)

    def _private_folder(self, parent: str) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="safefit-", dir=parent if os.path.isdir(parent) else None))
        self._give(folder)
        return folder

    def _give(self, path: Path) -> None:
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)

    def _socket_folder(self) -> Path:
        """A recorded folder in /tmp: a socket's path may not be longer than about 100 characters."""
        record = self.state / "postgres.socket"
        with contextlib.suppress(FileNotFoundError):
            folder = Path(record.read_text().strip())
            found = folder.lstat()
            owner = self.account.uid if self.account else os.geteuid()
            if stat.S_ISDIR(found.st_mode) and found.st_uid == owner and not found.st_mode & 0o077:
                return folder
        folder = self._private_folder("/tmp")
        write_private(record, str(folder))
        return folder

    # Programs of PostgreSQL, run under the server's account.

    @functools.cached_property
    def programs(self) -> Programs:
        version = self.data / "PG_VERSION"
        if not version.exists():
            return self._within_reach(find_programs(self.account))
        made_by = int(version.read_text())
        try:
            return self._within_reach(find_programs(self.account, version=made_by))
        except NoPostgres:
            raise NoPostgres(
                f"The database in {self.home} was made by PostgreSQL {made_by}, which is no longer here. "
                f"Install it again, or delete {self.state} to begin anew with an empty database."
            ) from None

    def _within_reach(self, programs: Programs) -> Programs:
        if can_reach(programs.folder, self.account):
            return programs
        copy = self.home / f"programs-{programs.version}"  # only the wheel gets here: it lies inside a closed checkout
        if not copy.exists():
            shutil.copytree(WHEEL, self.home / "programs.new", dirs_exist_ok=True)
            (self.home / "programs.new").rename(copy)
        return Programs(copy / wheel_folder().relative_to(WHEEL), programs.version)

    def _call(self, program: str, *options: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.programs.path(program), *map(str, options)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **self._surroundings(),
        )

    def _surroundings(self) -> dict[str, Any]:
        """How every program of the server is run: detached from the terminal's Ctrl-C, and never as root."""
        who = {"user": self.account.uid, "group": self.account.gid, "extra_groups": ()} if self.account else {}
        environment = {"PATH": os.defpath, "LC_ALL": "C", "HOME": str(self.home)}
        return {"cwd": "/", "env": environment, "start_new_session": True, **who}

    # Life of the server.

    def _answers(self) -> bool:
        if not (self.data / "PG_VERSION").exists():
            return False
        return self._call("pg_isready", "-q", "-h", self._socket_folder(), "-U", NAME, "-d", NAME).returncode == 0

    def _start(self) -> None:
        self._make_home()
        if self._await_running_server():
            return
        if not self.data.exists():
            self._initialise()
        self._launch()
        if not (self.home / "created").exists():
            made = self._call("createdb", "-h", self._socket_folder(), "-U", NAME, NAME)
            if made.returncode and "already exists" not in made.stderr:  # after a kill between these two lines
                raise DatabaseTrouble(f"The database could not be created: {made.stderr.strip()}")
            (self.home / "created").touch()

    def empty(self) -> None:
        for program, options in (("dropdb", ["--force", "--if-exists"]), ("createdb", [])):
            done = self._call(program, *options, "-h", self._socket_folder(), "-U", NAME, NAME)
            if done.returncode:
                raise DatabaseTrouble(f"The database could not be emptied: {done.stderr.strip()}")

    def _initialise(self) -> None:
        new = self.home / "data.new"  # renamed when complete, so that a kill half-way leaves no half a server
        shutil.rmtree(new, ignore_errors=True)
        programs = self.programs
        locale = "C.UTF-8" if sys.platform == "linux" else "C"
        provider = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if programs.version >= 17 else []
        options = [
            "--auth=trust",
            "--encoding=UTF8",
            f"--locale={locale}",
            *provider,
            *([] if self.durable else ["--no-sync"]),
        ]
        made = self._call("initdb", "-D", new, "-U", NAME, *options)
        if made.returncode:
            raise DatabaseTrouble(f"PostgreSQL could not make a database in {new}:\n{made.stderr.strip()}")
        new.rename(self.data)

    def _launch(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self._launched(deadline):
            tail = tail_of(self.log)
            # After a kill -9 the old server's children need a moment to notice.
            if "shared memory block" not in tail or time.monotonic() > deadline:
                raise DatabaseTrouble(f"The database server did not start. The end of {self.log}:\n{tail}")
            time.sleep(0.2)

    def _launched(self, deadline: float) -> bool:
        settings = [
            "listen_addresses=",  # no network at all: only who may enter the 0700 folder can connect
            f"unix_socket_directories={self._socket_folder()}",
            "timezone=UTC",
            *([] if self.durable else FAST_NOT_DURABLE),
        ]
        options = [part for setting in settings for part in ("-c", setting)]
        command = [self.programs.path("postgres"), "-D", str(self.data), *options]
        with self.log.open("w") as log:
            self._child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self._surroundings()
            )
        while self._child.poll() is None and time.monotonic() < deadline:
            if self._answers():
                return True
            time.sleep(0.02)
        return False

    def _await_running_server(self) -> bool:
        """True once a server that is starting or recovering answers; forget a dead one's files and say False."""
        deadline = time.monotonic() + PATIENCE
        while (pid := self._recorded_pid()) and running(pid, self.data):
            if self._answers():
                return True
            if time.monotonic() > deadline:
                raise DatabaseTrouble(f"PostgreSQL (process {pid}) does not answer. End it with: kill -INT {pid}")
            time.sleep(0.1)
        for leftover in (self.data / "postmaster.pid", *self._socket_folder().glob(".s.PGSQL.*")):
            leftover.unlink(missing_ok=True)
        return False

    def _recorded_pid(self) -> int | None:
        with contextlib.suppress(OSError, ValueError, IndexError):
            return int((self.data / "postmaster.pid").read_text().splitlines()[0])
        return None

    def runs(self) -> bool:
        pid = self._recorded_pid()
        return pid is not None and running(pid, self.data)

    def _stop(self) -> None:
        pid = self._recorded_pid()
        if pid and running(pid, self.data):
            os.kill(pid, signal.SIGINT)  # PostgreSQL's "fast": sessions are ended, everything is written
            self._await_end(pid)
        with contextlib.suppress(OSError):
            self._socket_folder().rmdir()

    def _await_end(self, pid: int) -> None:
        if self._child and self._child.pid == pid:
            self._child.wait(PATIENCE)
        deadline = time.monotonic() + PATIENCE
        while running(pid, self.data) and time.monotonic() < deadline:
            time.sleep(0.02)


# --- the state folder --------------------------------------------------------


def make_state(state: Path) -> None:
    """Create the folder. Only its owner may enter; where that is root, the server's account must pass through too."""
    try:
        state.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        os.close(os.open(state / "start.lock", os.O_RDWR | os.O_CREAT, 0o600))
        (state / "mail").mkdir(exist_ok=True)
        (state / "mail").chmod(0o700)  # sign-in codes lie in it, and root's state folder lets others pass through
    except OSError as error:
        raise DatabaseTrouble(
            f"The state folder {state} cannot be used ({error.strerror}). Name another with SAFEFIT_STATE."
        ) from None


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on `path`; the system lets go of it even when we are killed."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def write_private(path: Path, content: str) -> None:
    """Write `path` whole or not at all, readable by its owner only."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    os.replace(name, path)


def tail_of(path: Path, lines: int = 15) -> str:
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return "(nothing was written)"


def _keys(state: Path) -> dict[str, str]:
    """The copy's own keys, made once: losing them would lose what they encrypted."""
    path = state / "keys.json"
    with locked(state / "start.lock"):
        if not path.exists():
            write_private(path, json.dumps(_new_keys()))
        return dict(json.loads(path.read_text()))


def _new_keys() -> dict[str, str]:
    encryption_key = base64.urlsafe_b64encode(os.urandom(32)).decode()  # the form of a Fernet key
    return {"SAFEFIT_SECRET_KEY": secrets.token_urlsafe(64), "SAFEFIT_ENCRYPTION_KEYS": encryption_key}


def prepare_for_no_database() -> None:
    """Fill os.environ with what settings ask for, for a command that keeps nothing and reads no database."""
    for name, value in {"SAFEFIT_MODE": "local", "DATABASE_URL": NO_DATABASE, **_new_keys()}.items():
        os.environ.setdefault(name, value)


def prepare_environment(state: Path, *, mode: str = "local", durable: bool = True) -> Server | None:
    """Fill os.environ with every setting that is missing, from the private copy in `state`.

    Unless DATABASE_URL is set, its server is started, held until this process ends,
    and returned. Raises DatabaseTrouble.
    """
    server = None
    state = state.resolve()
    make_state(state)
    if not os.environ.get("DATABASE_URL"):
        server = Server(state, durable=durable)
        server.hold()
        atexit.register(_release_in, os.getpid(), server)
        os.environ["DATABASE_URL"] = server.url
    for name, value in {"SAFEFIT_MODE": mode, **_keys(state)}.items():
        os.environ.setdefault(name, value)
    os.environ["SAFEFIT_STATE"] = str(state)  # in full: a child may start in another folder
    return server


def reset(state: Path) -> None:
    """Throw the private database of `state` away, whoever is connected, and make an empty one."""
    server = Server(state)
    server.hold()
    try:
        server.empty()
    finally:
        server.release()


def _release_in(pid: int, server: Server) -> None:
    if os.getpid() == pid:  # a forked child shares the lock and must not let go of it
        server.release()
