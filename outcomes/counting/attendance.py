"""What the registers say of each participant, read for releases.

Here: the marks in force of many people at once. Not here: taking a register
(classes/register), what a mark means (classes/adherence.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models.functions import Coalesce
from django.utils import timezone

from classes.adherence import ATTENDED_STATES
from classes.models import Attendance


@dataclass(frozen=True)
class Mark:
    """One mark in force: the local date of the class, the state, and whether the place had been booked."""

    on: date
    state: str
    booked: bool

    @property
    def attended(self) -> bool:
        return self.state in ATTENDED_STATES


def marks_of(participants: Iterable[int], *, until: date | None = None) -> dict[int, list[Mark]]:
    """The marks in force of each participant by id, oldest first; those of classes up to `until`. One query."""
    whose = Coalesce("booking__participant_id", "guest__participant_id")
    rows = (
        Attendance.objects.filter(pk__in=Attendance.objects.in_force().values("pk"))
        .annotate(whose=whose)
        .filter(whose__in=participants)
        .order_by("session__starts_at", "session_id")
        .values_list("whose", "session__starts_at", "state", "booking_id")
    )
    found: dict[int, list[Mark]] = defaultdict(list)
    for participant_id, starts_at, state, booking_id in rows:
        on = timezone.localdate(starts_at)
        if until is None or on <= until:
            found[participant_id].append(Mark(on, state, booking_id is not None))
    return found
