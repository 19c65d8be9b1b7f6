"""Many rows, or steps, each by itself: one that fails stops none of the others, and the job is seen to have failed.

Here: the one way in which work that comes back by the clock goes through rows. What fails is logged by
the name and key of its row, and nothing of what is in it; when all others were served the faults are
raised together, so that the job ends as failed, with the place of each in the worker's log and on
/healthz. The work of a row opens its own transaction; no transaction is around all of them, or what was
served would be undone. Not here: the jobs (tasks.py of each app). Called by actions of the worker.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Model

log = structlog.get_logger(__name__)
Row = TypeVar("Row", bound=Model | int | str | UUID)
Result = TypeVar("Result")


def one_by_one(
    work: Callable[[Row], Result], rows: Iterable[Row], *, busy: tuple[type[Exception], ...] = ()
) -> list[Result]:
    """What came of each row that did not fail; `busy`: what only says that a row is looked at again the next time.

    Raises an ExceptionGroup of what failed, after the last row; and a database that has gone, at once.
    """
    done: list[Result] = []
    faults: list[Exception] = []
    for row in rows:
        try:
            done.append(work(row))
        except busy:
            log.warning("row_busy", row=_name(row))
        except Exception as fault:  # noqa: BLE001  raised below
            _unless_the_database_has_gone(fault)
            log.error("row_failed", row=_name(row), error=type(fault).__name__)
            fault.add_note(_name(row))
            faults.append(fault)
    if faults:
        raise ExceptionGroup("each of one row; all others were served", faults)
    return done


def in_turn(*steps: Callable[[], object]) -> None:
    """Every step, whatever became of the one before it. Raises as one_by_one does."""
    by_name = {step.__name__: step for step in steps}
    one_by_one(lambda name: by_name[name](), by_name)


def _name(row: Model | int | str | UUID) -> str:
    """Which row, and nothing of what is in it. Strings are names and keys, never words about somebody."""
    return f"{row._meta.label_lower} {row.pk}" if isinstance(row, Model) else str(row)


def _unless_the_database_has_gone(fault: Exception) -> None:
    """That is no row's fault: nothing is tried with the rest until it is back. Raises OperationalError."""
    if isinstance(fault, OperationalError | InterfaceError):
        connection.ensure_connection()
