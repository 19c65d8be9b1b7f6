"""Where the key of a project lies: in a file of its own, outside of the database, that nobody else can read.

Here: making, reading and destroying the file; knowing a key again. Not here: what
it is for (pseudonyms.py). Called by the worker alone, when it builds and when a
project has ended: no page and no web server needs the folder.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from django.conf import settings

from outcomes.extracts.pseudonyms import KEY_BYTES, key_print, new_key
from outcomes.models import ResearchProject

OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class KeyIsGone(Exception):
    """The project had a key, and this folder has another one or none: what was built before could not be joined."""


class KeyIsOpen(Exception):
    """Others on this computer may read the file of the key: `chmod 600` it, or end the project."""


def key_of(project: ResearchProject) -> bytes:
    """The key of `project`, made the first time it is asked for. Raises KeyIsGone, KeyIsOpen."""
    path = _path(project)
    if project.key_destroyed_at is not None:
        raise KeyIsGone(project.pk)
    if not project.key_print and not path.exists():
        _write(path, new_key())
    return _read(path, project)


def destroy_key(project: ResearchProject) -> None:
    """Overwritten, then removed; harmless when it is gone."""
    path = _path(project)
    if path.exists():
        with path.open("r+b") as file:
            file.write(bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()


def _path(project: ResearchProject) -> Path:
    return Path(settings.EXTRACT_KEYS) / f"{project.uid}.key"


def _write(path: Path, key: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "wb") as out:
        out.write(key)
        out.flush()
        os.fsync(out.fileno())


def _read(path: Path, project: ResearchProject) -> bytes:
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        raise KeyIsGone(project.pk) from None
    if path.stat().st_mode & OPEN_TO_OTHERS:
        raise KeyIsOpen(project.pk)
    if project.key_print and key_print(key) != project.key_print:
        raise KeyIsGone(project.pk)
    return key
