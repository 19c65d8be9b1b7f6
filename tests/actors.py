"""Who acts when a test writes: the tests themselves, and never the code that they prove.

A history row needs an actor, and the database refuses a row without one. The
tests lend theirs to what they write by their own hand (factories, a row changed
in a test); what the product writes, however it was called, must say for itself
who acts. So an action, a job or a command that forgets `acting` fails in every
test that runs it, as it would for a person. Installed by conftest.py; proven in
tests/structure/test_actors.py.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from psycopg.pq import TransactionStatus

from accounts import history

FIXTURE_ACTOR = '{"by": "tests", "action": "tests.fixture"}'
NOBODY = ""
PRODUCT = frozenset(
    {"accounts", "messaging", "participants", "instructors", "classes", "outcomes", "records", "frontend", "safefit"}
)
READS = ('SELECT "', "SELECT DISTINCT", "SELECT COUNT", "SAVEPOINT", "RELEASE", "ROLLBACK")

_nobody: ContextVar[bool] = ContextVar("nobody", default=False)


@contextmanager
def nobody_acts() -> Iterator[None]:
    """In here nobody lends an actor, whoever writes."""
    token = _nobody.set(True)
    try:
        yield
    finally:
        _nobody.reset(token)


def on_connecting(connection: Any, **kwargs: Any) -> None:
    """For the signal connection_created. First in the list: Django takes its own wrappers off from the end."""
    if _lend not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, _lend)


def _lend(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if not str(sql).lstrip().startswith(READS) and not history._acting.get():
        _name(context["connection"].connection, FIXTURE_ACTOR if written_by_tests(sys._getframe(1)) else NOBODY)
    return execute(sql, params, many, context)


def _name(raw: Any, actor: str) -> None:
    """Past Django, so that no query is counted; for the session, because there may be no transaction."""
    if raw.info.transaction_status != TransactionStatus.INERROR:
        raw.execute("SELECT set_config('pghistory.context_metadata', %s, false)", [actor])


def written_by_tests(frame: Any) -> bool:
    """Whether the nearest code of ours on the way to this statement is a test's, and not the product's.

    Rows save themselves on behalf of whoever called them: models are passed over.
    """
    if _nobody.get():
        return False
    while frame is not None:
        home, _, module = str(frame.f_globals.get("__name__", "")).partition(".")
        if home == "tests" and module != "actors":
            return True
        if home in PRODUCT and module.partition(".")[0] != "models":
            return False
        frame = frame.f_back
    return True
