"""A sheet as it is kept: names once, numbers as columns that are squeezed together. PURE.

A score is one of few numbers, so that of each column the different amounts are kept once, and of each line which of
them it is. Not here: where it is kept, sealed (models/releases.py). Called by outcomes/releases/past.py.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from outcomes.disclosure.sheet import NONE, Floats, Ints, Labels, Line, Sheet


def packed(sheet: Sheet) -> dict[str, Any]:
    """For keeping as JSON."""
    columns: dict[str, NDArray[Any]] = {"tokens": sheet.tokens}
    for n, labels in enumerate(sheet.places.values()):
        columns[f"place{n}"] = _small(labels.numbers - NONE)
    for n, amounts in enumerate(sheet.amounts.values()):
        columns[f"amounts{n}"], numbers = np.unique(amounts, return_inverse=True)
        columns[f"amount{n}"] = _small(numbers)
    file = BytesIO()
    np.savez_compressed(file, allow_pickle=False, **columns)
    return {
        "measures": list(sheet.amounts),
        "dims": {name: list(labels.values) for name, labels in sheet.places.items()},
        "columns": b64encode(file.getvalue()).decode(),
    }


def unpacked(kept: Mapping[str, Any]) -> Sheet:
    """A sheet as it was; of the first ones, which were kept line by line, too."""
    if "columns" not in kept:
        return _from_lines(kept)
    with np.load(BytesIO(b64decode(kept["columns"])), allow_pickle=False) as columns:
        return Sheet(
            columns["tokens"],
            {
                name: Labels(tuple(values), columns[f"place{n}"].astype(np.int64) + NONE)
                for n, (name, values) in enumerate(kept["dims"].items())
            },
            {name: _amounts(columns, n) for n, name in enumerate(kept["measures"])},
        )


def _amounts(columns: Mapping[str, NDArray[Any]], n: int) -> Floats:
    of_each: Floats = columns[f"amounts{n}"][columns[f"amount{n}"]]
    return of_each


def _small(numbers: Ints) -> NDArray[Any]:
    """In as few bytes as the largest of them needs."""
    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))


def _from_lines(kept: Mapping[str, Any]) -> Sheet:
    measures, places = kept.get("measures", ()), [(name, value) for name, value in kept.get("places", ())]
    return Sheet.of(
        {
            token: Line(tuple(places[i] for i in where), {measures[i]: amount for i, amount in amounts})
            for token, where, amounts in kept.get("lines", ())
        }
    )
