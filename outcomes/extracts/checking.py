"""A second look at an extract, at the files as they were written: what is in them that must not be. PURE.

Shares no code with anonymity.py on purpose, and counts by comparing rows. Called
before anything is sealed: one finding, and nothing is built.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from outcomes.extracts.anonymity import Rules
from outcomes.extracts.fields import (
    ANSWER,
    BOOLEAN,
    CODE,
    DECIMAL,
    INTEGER,
    NOT_RECORDED,
    PERSON,
    Cell,
    Field,
    columns,
    fits,
)
from outcomes.extracts.files import OBSERVATIONS, RESPONSES, File, read_csv

PEOPLE = f"{PERSON}.csv"
# What may stand in a resource of each file, and in an answer.
_BOTH = {"resourceType", "extension", "identifier", "status", "subject"}
RESOURCE: Mapping[str, frozenset[str]] = {
    RESPONSES: frozenset({*_BOTH, "questionnaire", "item"}),
    OBSERVATIONS: frozenset({*_BOTH, "code", "derivedFrom", "dataAbsentReason", "valueQuantity"}),
}
ANSWERED = {
    *("valueInteger", "valueDecimal", "valueBoolean", "valueCoding", "valueQuantity"),
    *("extension", "item"),  # why there is none; what was asked beneath it
}


def findings(files: Iterable[File], rules: Rules, keys: Collection[str], areas: Iterable[str]) -> list[str]:
    """What must not be, each in a few words without a value of anybody; empty: it may be sealed."""
    files = list(files)
    written = {file.name: read_csv(file.content) for file in files if file.name.endswith(".csv")}
    people = written.get(PEOPLE, [])
    return [
        *([] if people else ["nobody is in it"]),
        *_small_groups(people, rules),
        *_strangers(written, {row["pid"] for row in people}),
        *_values(written, columns(keys), tuple(areas)),
        *(fault for file in files if file.name in RESOURCE for fault in _lines(file, {row["pid"] for row in people})),
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


def _lines(file: File, pids: Collection[str]) -> Iterator[str]:
    """Of FHIR: nobody else, no day, no words; each is found by what may be there and not by what may not."""
    for line in file.content.decode().splitlines():
        resource = json.loads(line)
        if resource["subject"]["identifier"]["value"] not in pids:
            yield f"{file.name} holds somebody who is not in {PEOPLE}"
        if not RESOURCE[file.name].issuperset(resource):
            yield f"a part of {file.name} that is not on the list"
        if not all(_is_coded(item) for item in resource.get("item", ())):
            yield f"an answer in {file.name} that may be words or a day"


def _is_coded(item: Mapping[str, Any]) -> bool:
    answers = item.get("answer", ())
    below = [*item.get("item", ()), *(one for answer in answers for one in answer.get("item", ()))]
    return (
        set(item) <= {"linkId", "answer", "item"}
        and bool(re.fullmatch(CODE, item["linkId"], re.ASCII))
        and all(set(answer) <= ANSWERED and _is_code(answer.get("valueCoding")) for answer in answers)
        and all(_is_coded(one) for one in below)
    )


def _is_code(coding: Mapping[str, str] | None) -> bool:
    return coding is None or (
        set(coding) <= {"system", "code"} and bool(re.fullmatch(ANSWER, coding["code"], re.ASCII))
    )


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
