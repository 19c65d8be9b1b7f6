"""The files of an extract, from its tables: Parquet, CSV, dictionary, FHIR and manifest. PURE.

Here: bytes. The same rows make the same bytes. Not here: what stands in the
tables (tables.py), looking at what was written (checking.py), sealing (sealing.py).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arro3.core import Array, DataType
from arro3.core import Table as Columns
from arro3.io import write_parquet

from accounts.spreadsheets import harmless
from outcomes.extracts.fields import BOOLEAN, DECIMAL, INTEGER, STRING, Cell, Field
from outcomes.extracts.tables import Table

MANIFEST, SIGNATURE, DICTIONARY = "manifest.json", "manifest.json.sig", "dictionary.json"
READ_ME = "README.txt"  # beside this module, the same in every extract
RESPONSES, OBSERVATIONS = "questionnaire-responses.ndjson", "observations.ndjson"
NO_MOMENT = (1980, 1, 1, 0, 0, 0)  # the least that a ZIP archive can say
OWN_LICENCE = "Under the data-sharing agreement named in manifest.json; not to be passed on."
_NUMBER = re.compile(r"-?[0-9.]+")
_TYPES = {
    STRING: DataType.utf8(), INTEGER: DataType.int64(), DECIMAL: DataType.float64(), BOOLEAN: DataType.bool(),
}  # fmt: skip


@dataclass(frozen=True)
class File:
    """`rows`: of what holds any."""

    name: str
    content: bytes
    rows: int | None = None


def files_of(
    tables: Sequence[Table], responses: Sequence[str], observations: Sequence[str], about: Mapping[str, Any]
) -> list[File]:
    """Every file but the manifest. A file of FHIR of which nothing was asked for is left out.

    `about`: what the dictionary says beside its columns.
    """
    found = [file for table in tables for file in (_parquet(table), _csv(table))]
    found += [_lines(name, some) for name, some in ((RESPONSES, responses), (OBSERVATIONS, observations)) if some]
    dictionary = {"tables": {table.name: _described(table.columns) for table in tables}, **about}
    return [*found, _json(DICTIONARY, dictionary), File(READ_ME, Path(__file__).with_name(READ_ME).read_bytes())]


def manifest_of(files: Iterable[File], about: Mapping[str, Any]) -> File:
    """What was built from what, and the fingerprint of each file."""
    return _json(MANIFEST, {**about, "files": entries_of(files)})


def entries_of(files: Iterable[File]) -> list[dict[str, Any]]:
    """Name, fingerprint, size and number of rows of each."""
    return [_entry(file) for file in files]


def bundle_of(files: Sequence[File], about: Mapping[str, Any], sign: Callable[[bytes], str]) -> bytes:
    """One archive of all of it, with the manifest and a signature of that."""
    manifest = manifest_of(files, about)
    signature = File(SIGNATURE, sign(manifest.content).encode())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in (*files, manifest, signature):
            entry = zipfile.ZipInfo(file.name, NO_MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.content)
    return out.getvalue()


def read_csv(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV as it was written, cell by cell."""
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def _parquet(table: Table) -> File:
    cells: Any = {
        one.name: Array([row[place] for row in table.rows], type=_TYPES[one.type])
        for place, one in enumerate(table.columns)
    }
    out = io.BytesIO()
    write_parquet(Columns.from_pydict(cells), out, compression="zstd(3)")
    return File(f"{table.name}.parquet", out.getvalue(), len(table.rows))


def _csv(table: Table) -> File:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([one.name for one in table.columns])
    writer.writerows([_spelled(cell) for cell in row] for row in table.rows)
    return File(f"{table.name}.csv", out.getvalue().encode(), len(table.rows))


def _spelled(cell: Cell) -> str:
    """Nothing is empty. Text that a spreadsheet would run is made harmless; a number is not text."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    text = str(cell)
    return text if _NUMBER.fullmatch(text) else harmless(text)


def _lines(name: str, some: Sequence[str]) -> File:
    return File(name, "".join(f"{line}\n" for line in some).encode(), len(some))


def _json(name: str, content: Any) -> File:
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False)
    return File(name, f"{text}\n".encode())


def _entry(file: File) -> dict[str, Any]:
    rows = {} if file.rows is None else {"rows": file.rows}
    digest = hashlib.sha256(file.content).hexdigest()
    return {"name": file.name, "sha256": digest, "bytes": len(file.content), **rows}


def _described(columns: Iterable[Field]) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name,
            "label": one.label,
            "type": one.type,
            "unit": one.unit,
            "allowed": dict(one.allowed),
            "pattern": one.pattern,
            "missing": one.missing or "never empty",
            "source": one.source,
            "derivation": one.derivation,
            "licence": OWN_LICENCE,
        }
        for one in columns
    ]
