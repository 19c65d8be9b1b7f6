"""Exported releases as text, made from protected cells without a database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from outcomes.disclosure import Cell, Status, Structure


def exported(cells: Iterable[Cell], structure: Structure, k: int = 8, name: str = "1") -> str:
    """As manage.py export_release writes it; a cell that repeats another counting says so."""
    told = [_cell(cell, structure, k) for cell in cells]
    about = {"id": name, "as_at": "2027-01-01"}
    return json.dumps({"release": about, "k": k, **structure.as_dict(), "cells": told})


def _cell(cell: Cell, structure: Structure, k: int) -> Mapping[str, Any]:
    about = {"where": dict(cell.group), "measure": cell.measure}
    about |= {"counted_in": cell.counted} if cell.counted else {}
    if cell.shown:
        interval = {} if cell.low is None else {"interval": [cell.low, cell.high]}
        places = {} if cell.measure in structure.counts else {"dp": cell.decimal_places}
        return about | {"value": cell.value, **places, **interval}
    if cell.status is Status.SMALL and cell.measure in structure.counts:
        return about | {"range": [structure.lowest_hidden(cell.measure), k - 1]}
    return about | {"withheld": True}
