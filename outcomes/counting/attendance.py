"""What the registers say of each participant, read for releases, and which places they gave back.

Here: the marks in force of many people at once, and the places without a mark that their people gave up. Not here:
taking a register (classes/register), what a mark means (classes/adherence.py). Called by gathering.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, F, Max, Min, OuterRef
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Programme
from classes.adherence import ATTENDED_STATES, given_back
from classes.models import Attendance, Booking, BookingState, Session
from classes.models.symptoms import TalkOutcome
from classes.places.booking import CANCEL_REASONS

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Mark:
    """What became of one place: the local date, the state by the table of adherence, whether booked, how long."""

    on: date
    state: str
    booked: bool
    minutes: int = 0

    @property
    def attended(self) -> bool:
        return self.state in ATTENDED_STATES


def marks_of(participants: Iterable[int], *, until: date | None = None) -> dict[int, list[Mark]]:
    """By participant: the marks in force and places given back, of classes up to `until`. Two queries."""
    whose = list(participants)
    found: dict[int, list[Mark]] = defaultdict(list)
    for participant_id, mark in (*_marks(whose), *_places_given_back(whose)):
        if until is None or mark.on <= until:
            found[participant_id].append(mark)
    return found


def _marks(participants: list[int]) -> Iterator[tuple[int, Mark]]:
    whose = Coalesce("booking__participant_id", "guest__participant_id")
    rows = (
        Attendance.objects.filter(pk__in=Attendance.objects.in_force().values("pk"))
        .annotate(whose=whose)
        .filter(whose__in=participants)
        .order_by("session__starts_at", "session_id")
        .values_list("whose", "session__starts_at", "session__ends_at", "state", "booking_id")
    )
    for participant_id, starts_at, ends_at, state, booking_id in rows:
        booked = booking_id is not None
        yield participant_id, Mark(timezone.localdate(starts_at), state, booked, (ends_at - starts_at) // MINUTE)


def _places_given_back(participants: list[int]) -> Iterator[tuple[int, Mark]]:
    """Places, not wishes, that ended before the start by the person's own choice, and have no mark."""
    sent_away = Booking.objects.filter(symptom_checks__talks__outcome=TalkOutcome.NOT_TODAY)
    rows = (
        Booking.objects.filter(
            participant__in=participants,
            state=BookingState.CANCELLED,
            end_reason__in=("", *CANCEL_REASONS),
            ended_at__lte=F("session__starts_at"),
            events__state=BookingState.BOOKED,
        )
        .exclude(pk__in=sent_away.values("pk"))
        .exclude(Exists(Attendance.objects.filter(booking=OuterRef("pk"))))
        .annotate(gone_at=F("ended_at"))
        .distinct()
        .values_list("pk", "participant_id", "session__starts_at", "gone_at")
    )
    for _, participant_id, starts_at, gone_at in rows:
        yield participant_id, Mark(timezone.localdate(starts_at), given_back(gone_at, starts_at), booked=True)


def lengths_of_classes(programme: Programme, *, before: datetime) -> tuple[int, int] | None:
    """How many minutes the shortest and the longest class of the timetable lasted; None when there was none."""
    held = Session.objects.published().filter(programme=programme, starts_at__lt=before)
    ends = held.annotate(lasts=F("ends_at") - F("starts_at")).aggregate(Min("lasts"), Max("lasts"))
    shortest, longest = ends["lasts__min"], ends["lasts__max"]
    return None if shortest is None else (max(shortest // MINUTE, 1), max(longest // MINUTE, 1))
