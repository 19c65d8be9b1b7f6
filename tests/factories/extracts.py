"""Research projects and what they get, made for tests; the key of the recipient is made anew in each run."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from functools import cache
from typing import Any

import pyrage
from arro3.io import read_parquet
from django.utils import timezone

from outcomes.extracts.fields import BY_KEY
from outcomes.extracts.specification import NamedUser, Specification
from outcomes.extracts.widening import USUAL_ORDER


@cache
def recipient() -> Any:
    """Both halves of the recipient's key."""
    return pyrage.x25519.Identity.generate()


def wanted(**changes: Any) -> Specification:
    today = timezone.localdate()
    sound: dict[str, Any] = {
        "title": "Staying active after treatment",
        "purpose": "To learn which people keep coming to classes.",
        "agreement": "DSA-2026-17",
        "assessment": "DPIA-2026-4",
        "recipient": "Wessex University",
        "users": (NamedUser("Robin Reader", today - dt.timedelta(days=30)),),
        "fields": tuple(BY_KEY),
        "k": 5,
        "order": USUAL_ORDER,
        "public_key": str(recipient().to_public()),
        "expires_on": today + dt.timedelta(days=365),
    }
    return Specification(**{**sound, **changes})


def opened(sealed: bytes) -> dict[str, bytes]:
    """What its recipient finds in a sealed file, by name."""
    with zipfile.ZipFile(io.BytesIO(pyrage.decrypt(sealed, [recipient()]))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows_of(parquet: bytes) -> list[dict[str, Any]]:
    table = read_parquet(io.BytesIO(parquet)).read_all()
    columns = {name: table.column(name).to_pylist() for name in table.schema.names}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
