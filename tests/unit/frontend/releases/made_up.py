"""Figures of releases that stand in no database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from accounts.models import Organisation, Programme
from frontend.releases.figures import Figures
from outcomes.models import CellStatus, Release
from outcomes.releases.reading import Figure
from tests.factories.outcomes import METHOD

FIRST, SECOND = dt.date(2026, 7, 1), dt.date(2026, 10, 1)


def release(number: int = 1, as_at: dt.date = FIRST, **fields: Any) -> Release:
    """Never saved."""
    about = {
        "programme": Programme(name="SafeFit Wessex"),
        "organisation": Organisation(name="Wessex Alliance"),
        "k": 8,
        "groups": {"area": ["Dorset", "Poole"], "age": ["18 to 49", "Not recorded"]},
        "method": METHOD | {"pairs": [["area", "age"]]},
    }
    return Release(number=number, as_at=as_at, **{**about, **fields})


def shown(
    measure: str,
    value: float,
    low: float | None = None,
    high: float | None = None,
    *,
    where: Mapping[str, str] | None = None,
    dp: int = 0,
    repeats: dt.date | None = None,
) -> Figure:
    return Figure(measure, frozenset((where or {}).items()), CellStatus.SHOWN, "", value, low, high, dp, repeats)


def hidden(
    measure: str, status: str = CellStatus.WITHHELD, reason: str = "", *, where: Mapping[str, str] | None = None
) -> Figure:
    return Figure(measure, frozenset((where or {}).items()), status, reason, None, None, None, 0)


def figures(*each: Figure, by: tuple[str, ...] = (), of: Release | None = None) -> Figures:
    return Figures(of or release(), each, by)
