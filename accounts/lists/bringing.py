"""The one way in which a list is brought in: looked at first, then whole or not at all, and kept that it was.

To look is to bring it in and to take everything back: so that what is said before
is what happens after, rows that stand in each other's way included. Nobody is told
of anything: no row of a list puts a message into the outbox. Called by the
from_list.py of the apps above with what one row means.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from accounts.history import Actor, acting
from accounts.lists.rows import Fault, Faulty, Line
from accounts.lists.sheets import Columns, Row, read_list
from accounts.models import BroughtList, BroughtListQuerySet, Person, Programme


@dataclass(frozen=True)
class Found:
    """What one row came to: something new, or what was `known` before and stays as it is."""

    line: Line
    known: bool = False


@dataclass(frozen=True)
class Report:
    """What a list holds. `earlier`: the very same file was brought in before, and nothing of it is brought in again.

    `before`: it was, and some of it has been forgotten since. `kept`: it is in now.
    """

    fingerprint: str
    new: tuple[Line, ...]
    known: tuple[Line, ...]
    faults: tuple[Fault, ...]
    earlier: BroughtList | None
    before: BroughtList | None
    kept: BroughtList | None

    @property
    def may_be_brought_in(self) -> bool:
        return not self.faults and self.earlier is None and bool(self.new)


def fingerprint(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def bring_list(
    *,
    kind: str,
    programme: Programme,
    content: bytes,
    columns: Columns,
    each: Callable[[Row, BroughtList], Found],
    for_real: bool,
    forgets: bool = False,
    by: Actor,
) -> Report:
    """Read the file and do `each` of its rows, which raises Faulty for one that cannot be.

    `forgets`: what such a list brings in is deleted after a while, and the same file may bring that in once more.
    Everything is taken back unless it is `for_real` and nothing stands against it.
    Raises Unreadable.
    """
    rows, print_of_it = read_list(content, columns), fingerprint(content)
    with acting(by, f"accounts.bring_list.{kind}"), transaction.atomic():  # the inner one is what is taken back
        Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)  # one list after the other
        same = BroughtList.objects.filter(programme=programme, kind=kind, fingerprint=print_of_it)
        before = same.select_related("by").order_by("-time").first()
        kept = BroughtList(programme=programme, kind=kind, fingerprint=print_of_it, rows=len(rows))
        kept.by, kept.time = by if isinstance(by, Person) else None, before.time + 1 if before else 1
        kept.save()
        found, faults = _each(rows, each, kept)
        new = tuple(one.line for one in found if not one.known)
        known = tuple(one.line for one in found if one.known)
        earlier = None if forgets and new else before
        report = Report(print_of_it, new, known, tuple(faults), earlier, before, None)
        if not (for_real and report.may_be_brought_in):
            transaction.set_rollback(True)
            return report
        kept.new, kept.known = len(new), len(known)
        kept.save(update_fields=["new", "known"])
        return Report(print_of_it, new, known, (), None, before, kept)


def _each(
    rows: list[Row], each: Callable[[Row, BroughtList], Found], kept: BroughtList
) -> tuple[list[Found], list[Fault]]:
    found: list[Found] = []
    faults: list[Fault] = []
    for row in rows:
        try:
            with transaction.atomic():
                found.append(each(row, kept))
        except Faulty as faulty:
            faults += faulty.faults
    return found, faults


def programme_called(slug: str) -> Programme | None:
    """For a command: whoever starts it has the whole server."""
    return Programme.objects.filter(slug=slug).first()


def lists_of(user: object) -> BroughtListQuerySet:
    """What was brought in for the programmes whose timetable the user may publish, the latest first."""
    return BroughtList.objects.visible_to(user).select_related("by", "programme").order_by("-at", "-pk")
