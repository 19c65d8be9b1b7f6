"""Where people are during an online class, as its register shows it. Called by opening.py, within the window."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from classes.models import Booking, Guest, Mode, Whereabouts


@dataclass(frozen=True)
class Today:
    """Where somebody is during an online class, as they said it themselves or it was asked aloud."""

    at_home: bool
    address: str
    phone: str
    alone: bool
    with_whom: str


def where_they_are(rows: Iterable[Booking | Guest]) -> dict[int, Today]:
    """By booking, in one query, which only an online class asks."""
    online = [row.pk for row in rows if isinstance(row, Booking) and row.session.mode == Mode.REMOTE]
    said = Whereabouts.objects.filter(booking__in=online) if online else ()
    return {one.booking_id: Today(one.at_home, one.address, one.phone, one.alone, one.with_whom) for one in said}
