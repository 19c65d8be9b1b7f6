"""Where words pass by and stay: logs, addresses, subjects and caches. Nothing that somebody said belongs there.

Here: listening to the log as it is written in production, and collecting what was passed, to be searched for the mark
of a person (marked.py). Called by test_routes.py, which opens every address for everybody with Pat marked, and by
test_passing.py, which types the mark wherever something can be typed.
"""

from __future__ import annotations

import html
import io
import logging
import pickle
import re
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

from django.core.cache import caches
from django.db import connection

from safefit.logs import Formatter
from tests.structure.marked import Marked

LINK = re.compile(r'\b(?:href|src|action|content)="((?!tel:|mailto:)[^"]*)"')
META = re.compile(r'<meta name="(?:description|robots|viewport)[^>]*>')


class Passing:
    """What was logged and which addresses were given out while it listened. `hidden`: of whom no answer may tell."""

    def __init__(self, hidden: Marked | None = None) -> None:
        self.log = io.StringIO()
        self.addresses: set[str] = set()
        self.hidden = hidden

    def note(self, asked: str, answer: Any) -> None:
        """The address that was asked, the one that leads on, and every one on the page."""
        self.addresses |= {asked, answer.headers.get("Location", "")}
        if answer.headers.get("Content-Type", "").startswith("text/html") and not answer.streaming:
            page = META.sub("", answer.content.decode())
            self.addresses |= {html.unescape(link) for link in LINK.findall(page)}

    def hits_in(self, answer: Any) -> list[str]:
        """What an answer tells of whoever is hidden, in its headers or in itself."""
        if self.hidden is None:
            return []
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return self.hidden.found_in(f"{answer.headers} {content.decode(errors='replace')}")

    def told_of(self, mark: Marked) -> list[str]:
        """Where a word of the person stands."""
        places = {"log": self.log.getvalue(), "addresses": "\n".join(map(unquote, sorted(self.addresses)))}
        places["caches"] = "\n".join(kept_in_caches())
        return [f"{place}: {hit}" for place, text in places.items() for hit in mark.found_in(text)]


@contextmanager
def listening() -> Iterator[Passing]:
    """Everything that is logged in here, made into lines as in production."""
    passing, root = Passing(), logging.getLogger()
    handler = logging.StreamHandler(passing.log)
    handler.setFormatter(Formatter())
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield passing
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def kept_in_caches() -> Iterator[str]:
    """Keys and values: of the table that every process shares, and of what each keeps by itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM accounts_cache")
        for key, value in cursor.fetchall():
            yield f"{key} {pickle.loads(b64decode(value))!r}"
    for key, value in caches["here"]._cache.items():  # type: ignore[attr-defined]  # it has no way to list them
        yield f"{key} {pickle.loads(value)!r}"
