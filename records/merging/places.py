"""Two places, turns or marks for one class, or for two at one time: one counts, and the freed place is offered on.

Here: finding and settling that, under the locks of classes/locks.py. Called by look.py, and by merge.py for which
classes to lock. Nobody is told of a place that ends so: the person has the other one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db.models import QuerySet

from classes.models import Attendance, AttendanceState, Booking, BookingState, CompanionMark, Guest, Offer
from classes.models.booking import HELD_STATES
from classes.waiting_list.serving import count_places, end, offer_in_order
from messaging.models import Task, TaskState
from records.merging.clash import Clash, Settling, Two

SAME_PERSON = "same_person"  # why a place ended
MARKS = (
    "", AttendanceState.SERVICE_CANCELLED, AttendanceState.ABSENT_UNTOLD, AttendanceState.ABSENT_TOLD,
    AttendanceState.SENT_HOME, AttendanceState.ATTENDED_IN_PART, AttendanceState.ATTENDED,
)  # fmt: skip  # the last one counts before all others
STATES = (BookingState.WAITING, BookingState.OFFERED, BookingState.BOOKED)
Carrier = Booking | Guest


def find(two: Two) -> Iterator[Clash]:
    marks, live = _marks(two), live_bookings(two)
    for booking in _second_ones(live, marks):
        yield Clash("place", _facts(booking), partial(_end_place, two, booking.pk))
    yield from _walk_ins(two)
    yield from _marked_twice(two, live, marks)


def live_bookings(two: Two) -> list[Booking]:
    rows = Booking.objects.live().filter(participant__in=two.both)
    return list(rows.select_related("session__class_type").order_by("joined_at", "pk"))


def classes_at_stake(two: Two) -> set[int]:
    """Those of which a place may end: both records wait for them or hold a place there, or hold two at one time."""
    live = live_bookings(two)
    return {b.session_id for b in live if any(_clash(b, other) for other in live if other != b)}


def _second_ones(live: list[Booking], marks: dict[tuple[str, int], str]) -> list[Booking]:
    """Those that end. The best come first: one that clashes with a better one ends."""
    stay: list[Booking] = []
    ends: list[Booking] = []
    for booking in sorted(live, key=lambda b: (_mark(marks, b), STATES.index(BookingState(b.state))), reverse=True):
        (ends if any(_clash(booking, better) for better in stay) else stay).append(booking)
    return ends


def _clash(one: Booking, other: Booking) -> bool:
    both_held = one.state in HELD_STATES and other.state in HELD_STATES
    overlap = one.during.lower < other.during.upper and other.during.lower < one.during.upper
    return one.session_id == other.session_id or (both_held and overlap)


def _facts(booking: Booking) -> dict[str, Any]:
    return {
        "class": booking.session.class_type.name,
        "starts_at": booking.session.starts_at.isoformat(),
        "state": booking.state,
    }


def _end_place(two: Two, key: int, settling: Settling) -> None:
    booking = Booking.objects.select_related("participant__person", "participant__programme").get(pk=key)
    queue = settling.queues[booking.session_id]
    held = booking.state in HELD_STATES
    booking.session = queue.session
    about = Task.objects.filter(about__in=[one.person for one in two.both], state=TaskState.OPEN)
    with settling.journal.watching(Booking.objects.filter(pk=key), Offer.objects.filter(booking=key), about):
        end(booking, by=settling.by, now=settling.now, reason=SAME_PERSON)
    for marks in (Attendance, CompanionMark):
        settling.journal.set_aside(marks.objects.filter(booking=key))
    queue.waiting[:] = [turn for turn in queue.waiting if turn.pk != key]
    if held:
        count_places(queue.session, go=booking.party)
        offer_in_order(queue, by=settling.by, now=settling.now, newly_free=True)


def _marks(two: Two) -> dict[tuple[str, int], str]:
    """The mark in force of each place and each walk-in of both, by kind and key."""
    found: dict[tuple[str, int], str] = {}
    for field in ("booking", "guest"):
        rows = Attendance.objects.filter(**{f"{field}__participant__in": two.both}).in_force()
        found |= {(field, key): state for key, state in rows.values_list(field, "state")}
    return found


def _mark(marks: dict[tuple[str, int], str], carrier: Carrier) -> int:
    kind = "booking" if isinstance(carrier, Booking) else "guest"
    return MARKS.index(marks.get((kind, carrier.pk), ""))


def _walk_ins(two: Two) -> Iterator[Clash]:
    """Came twice unlisted to one class: the second stays on that register by name alone."""
    own = set(Guest.objects.filter(participant=two.keep).values_list("session", flat=True))
    for guest in Guest.objects.filter(participant=two.gone, session__in=own):
        yield Clash("walk_in", {}, partial(_by_name, guest, two), told=False)


def _by_name(guest: Guest, two: Two, settling: Settling) -> None:
    settling.journal.change(guest, participant=None, name=guest.name or two.gone.person.full_name)


def _marked_twice(two: Two, live: list[Booking], marks: dict[tuple[str, int], str]) -> Iterator[Clash]:
    """A class in which both have a mark is one class that one person came to, or did not."""
    carriers: dict[int, list[Carrier]] = defaultdict(list)
    bookings = Booking.objects.filter(pk__in=[key for kind, key in marks if kind == "booking"])
    guests = Guest.objects.filter(pk__in=[key for kind, key in marks if kind == "guest"])
    second = {booking.pk for booking in _second_ones(live, marks)}
    for one in (*bookings, *guests):
        if not (isinstance(one, Booking) and one.pk in second):  # whose marks go with the place
            carriers[one.session_id].append(one)
    for group in carriers.values():
        best = max(group, key=lambda one: (_mark(marks, one), one.participant_id == two.keep.pk))
        for one in group:
            if one.participant_id != best.participant_id:
                yield Clash("mark", {}, partial(_drop_marks, _marks_of(one)), told=False)


def _marks_of(carrier: Carrier) -> QuerySet[Attendance]:
    return Attendance.objects.filter(pk__in=carrier.attendances.values("pk"))


def _drop_marks(rows: QuerySet[Attendance], settling: Settling) -> None:
    settling.journal.set_aside(rows)
