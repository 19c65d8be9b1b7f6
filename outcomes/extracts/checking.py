"""A second look at an extract, at the files as they were written: what is in them that must not be. PURE.

Shares no code with anonymity.py on purpose, and counts by comparing rows. Called
before anything is sealed: one finding, and nothing is built.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from outcomes.extracts.anonymity import Rules
from outcomes.extracts.fields import BOOLEAN, DECIMAL, INTEGER, NOT_RECORDED, PERSON, Cell, Field, columns, fits
from outcomes.extracts.files import File, read_csv

PEOPLE = f"{PERSON}.csv"


def findings(files: Iterable[File], rules: Rules, keys: Collection[str], areas: Iterable[str]) -> list[str]:
    """What must not be, each in a few words without a value of anybody; empty: it may be sealed."""
    written = {file.name: read_csv(file.content) for file in files if file.name.endswith(".csv")}
    people = written.get(PEOPLE, [])
    return [
        *([] if people else ["nobody is in it"]),
        *_small_groups(people, rules),
        *_strangers(written, {row["pid"] for row in people}),
        *_values(written, columns(keys), tuple(areas)),
    ]


def _small_groups(people: Sequence[Mapping[str, str]], rules: Rules) -> Iterator[str]:
    def alike(row: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(row[name] for name in rules.quasi)

    for _, some in groupby(sorted(people, key=alike), key=alike):
        group = list(some)
        if len(group) < rules.k:
            yield f"a group of {len(group)} people, where {rules.k} is the least"
        said = {row[rules.diverse] for row in group if row[rules.diverse] != NOT_RECORDED} if rules.diverse else set()
        if said and len(said) < rules.l:
            yield f"a group whose {rules.diverse} takes {len(said)} values, where {rules.l} is the least"


def _strangers(written: Mapping[str, Sequence[Mapping[str, str]]], pids: Collection[str]) -> Iterator[str]:
    for name, rows in written.items():
        if any(row["pid"] not in pids for row in rows):
            yield f"{name} holds somebody who is not in {PEOPLE}"
    if len(pids) != len(written.get(PEOPLE, [])):
        yield f"{PEOPLE} holds somebody twice"


def _values(
    written: Mapping[str, Sequence[Mapping[str, str]]], agreed: Mapping[str, Sequence[Field]], areas: Collection[str]
) -> Iterator[str]:
    if set(written) != {f"{table}.csv" for table in agreed}:
        yield "other tables than were agreed"
        return
    for table, some in agreed.items():
        for column in some:
            if any(not fits(column, _read(column, row.get(column.name)), areas) for row in written[f"{table}.csv"]):
                yield f"a value in {column.key} that is not on the list"
        if any(set(row) != {column.name for column in some} for row in written[f"{table}.csv"]):
            yield f"other columns in {table} than were agreed"


def _read(column: Field, cell: str | None) -> Cell:
    if not cell:
        return None
    try:
        return _READERS[column.type](cell) if column.type in _READERS else cell.removeprefix("'")
    except (KeyError, ValueError):
        return cell  # which fits nothing


_YES_NO = {"true": True, "false": False}
_READERS: Mapping[str, Callable[[str], Cell]] = {INTEGER: int, DECIMAL: float, BOOLEAN: _YES_NO.__getitem__}
