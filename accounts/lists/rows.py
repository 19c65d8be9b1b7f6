"""One row of a list, read cell by cell; everything that is wrong in it is found at once. PURE: no Django."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from accounts.lists.cells import BadCell, Wrong
from accounts.lists.sheets import Cell, Row

T = TypeVar("T")


@dataclass(frozen=True)
class Fault:
    """What keeps a row out: in which column ("" for the whole row), which `code`, and what that speaks of."""

    row: int
    column: str
    code: str
    about: str = ""


class Faulty(Exception):
    """A row that cannot be brought in, and why."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Line:
    """What one row is about, to be listed: a name, a day, the reference of what was there before, and days that it
    leaves out, each with why ("" where nobody says)."""

    row: int
    name: str
    on: date | None = None
    reference: str = ""
    without: tuple[tuple[date, str], ...] = ()


@dataclass
class Reading:
    """A row while it is read. What could not be read is None or "" and stands in `faults`."""

    row: Row
    faults: list[Fault] = field(default_factory=list)

    def take(self, column: str, read: Callable[[Cell], T], *, needed: bool = True) -> T | None:
        try:
            value = read(self.row.cells.get(column))
        except BadCell as bad:
            self.wrong(column, bad.wrong)
            return None
        if needed and value in (None, ""):
            self.wrong(column, Wrong.MISSING)
        return value

    def wrong(self, column: str, code: str, about: str = "") -> None:
        self.faults.append(Fault(self.row.number, column, code, about))

    def stop_if_faulty(self) -> None:
        """Raises Faulty."""
        if self.faults:
            raise Faulty(tuple(self.faults))
