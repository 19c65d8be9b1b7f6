"""What was published before, as disclosure control looks at it: every counting with all that anybody was shown of it.

Here: reading rows into countings, keeping the sheet of a new one, and what is left in sheets of whoever is erased.
Not here: what may be shown beside them (disclosure/union.py). Called by release.py, and by records/erasing.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable

import numpy as np

from accounts.models import Programme
from outcomes.counting.bands import Bands
from outcomes.counting.truth import REGISTERED
from outcomes.disclosure import Cell, Earlier, Reason, Sheet, Status, Structure, View, packed, unpacked
from outcomes.models import Release, ReleaseCell, ReleaseSheet, ReleaseState


def published_of(programme: Programme) -> list[Release]:
    """Every published release of the programme, whoever it is for, the latest first."""
    rows = Release.objects.filter(programme=programme, state=ReleaseState.PUBLISHED)
    return list(rows.select_related("sheet").order_by("-published_at", "-pk"))


def names_of(releases: Iterable[Release]) -> list[str]:
    return [str(release.pk) for release in releases]


def countings(releases: list[Release]) -> list[Earlier]:
    """One for each release that counted anew, with the cells of all that show what it counted."""
    views: dict[int, list[View]] = defaultdict(list)
    for release in releases:
        cells: dict[int, list[Cell]] = defaultdict(list)
        for row in ReleaseCell.objects.filter(release=release).order_by("pk"):
            cells[row.counted_in_id or release.pk].append(_cell(row))
        for counted_in, shown in cells.items():
            views[counted_in].append(View(tuple(shown), structure_of(release), release.k))
    each = [Earlier(str(release.pk), _sheet(release), tuple(views[release.pk])) for release in releases]
    return [one for one in each if one.views]


def fixed_bands(releases: list[Release]) -> Bands:
    """The bands of each dimension as they were first published: they stay (R8)."""
    fixed: dict[str, list[str]] = {}
    for release in releases:
        fixed |= release.method.get("bands", {})
    return fixed


def structure_of(release: Release) -> Structure:
    return Structure.from_dict({"dims": release.groups, **release.method})


def _cell(row: ReleaseCell) -> Cell:
    return Cell(
        row.table,
        row.measure,
        tuple(row.where.items()),
        Status(row.status),
        row.value,
        row.low,
        row.high,
        row.decimal_places,
        Reason(row.reason) if row.reason else None,
    )


def _sheet(release: Release) -> Sheet | None:
    kept = getattr(release, "sheet", None)
    return None if kept is None else unpacked(kept.lines)


def people_of(release: Release) -> frozenset[int] | None:
    """The numbers of those who are counted in it; none: its sheet is gone. Events have lines too, and in no stage."""
    sheet = _sheet(release)
    return None if sheet is None else frozenset(map(int, sheet.tokens[sheet.is_in(REGISTERED)].tolist()))


def forget(people: Collection[int]) -> None:
    """Leave of these numbers, in every kept sheet, lines of nobody: in what they were counted, and no amount.

    Inside an action. Next time they are among those who left, each under a number that is nobody's.
    """
    tokens = [str(number) for number in people]
    for kept in ReleaseSheet.objects.select_for_update().order_by("pk").iterator(chunk_size=1):
        sheet = unpacked(kept.lines)
        if np.isin(sheet.tokens, tokens).any():
            kept.lines = packed(sheet.without(tokens, _nobodys_number))
            kept.save(update_fields=["lines"])


def _nobodys_number() -> str:
    return str(-1 - secrets.randbelow(10**15))


def keep_sheet(release: Release, sheet: Sheet) -> None:
    ReleaseSheet.objects.create(release=release, lines=packed(sheet))
