"""Another date instead of this one, in one step: the old place is kept until the new one is held.

Here: the one action. Not here: how a place is taken or given back (booking.py), the
message (block_notices.py), pages. Called by pages and API, for oneself, as a
supporter, at the desk.

One transaction: the person and everybody who waits for either date are locked, then
the two classes. The old place ends, the new one is taken, and a refusal undoes both.
So overlap, the limit of a week and "one place in a class" leave the old place out,
and however it ends the person has exactly one of the two.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from accounts.history import acting
from accounts.models import Person
from classes.judging.judgement import refuse_if_not_eligible
from classes.judging.refusals import NoPlace, OfferedThere, Overlaps, SessionFull, TooLate
from classes.locks import LockedQueue, lock_queues, settled, whole_booking
from classes.models import Booking, BookingSource, BookingState, Session
from classes.places.booking import LockedPlaces, Wish, give_back_places, take_untold
from classes.telling import block_notices
from classes.telling.change_notices import no_longer_told
from classes.waiting_list.offers import open_offer
from classes.waiting_list.serving import become_booked, serve_where_time_is_free

MOVED = "moved_to_another_date"  # end_reason of the old place


def move_booking(
    *, booking: Booking, to: Session, by: Person, source: BookingSource, copy: bool = False, despite_limit: str = ""
) -> Booking:
    """A place in `to` for the same person and as many, instead of `booking`; returns the new one.

    The old place goes to whoever waits there. A place that is kept for the person in `to` is the one that is taken.
    `copy` and `despite_limit` as in book_place. Raises NoPlace when `booking` is not a place that is held, TooLate when
    its class has started, OfferedThere, and what book_place raises: then the old place is held as before. A full class
    raises SessionFull; waiting there while the old place is kept is booking with `or_wait`.
    """

    def attempt() -> Booking:
        with acting(by, "classes.move_booking", on_behalf_of=booking.participant.person, reason=despite_limit):
            queues = lock_queues({booking.session_id, to.pk}, people=[booking.participant_id])
            old = whole_booking(booking.pk)
            session = queues[to.pk].session
            wish = Wish(old.participant, session, by, source, "", False, False, old.party, copy, despite_limit)
            new = _swap(old, queues, wish)
            block_notices.booking_moved(old, new, by, copy=copy)
            return new

    new = settled(attempt)
    serve_where_time_is_free(people=[new.participant_id], during=booking.during, by=by)
    return new


def _swap(old: Booking, queues: dict[int, LockedQueue], wish: Wish) -> Booking:
    """Under the locks: the old place ends and the new one begins, or a refusal is raised for both to be undone."""
    now, queue = timezone.now(), queues[old.session_id]
    old.session = queue.session
    if old.state != BookingState.BOOKED or old.session_id == wish.session.pk:
        raise NoPlace
    if queue.session.has_started(now):
        raise TooLate
    standing = queue.standings[old.participant_id]
    refuse_if_not_eligible(standing, old.participant, wish.session, instead_of=old.session)
    places = LockedPlaces([old], queues)
    give_back_places(places, reason=MOVED, by=wish.by, now=now, tell=lambda ended, _: no_longer_told(ended))
    new = take_untold(wish, standing)
    assert new is not None  # noqa: S101  both are locked: nothing that was judged has changed
    return new if new.made_now else _there_already(new, old, queues, by=wish.by, now=now)


def _there_already(
    there: Booking, old: Booking, queues: dict[int, LockedQueue], *, by: Person, now: datetime
) -> Booking:
    """They are in that class, or wait for it; or a place there is kept for them, and moving is how they take it."""
    if there.state == BookingState.WAITING:
        raise SessionFull
    if there.state != BookingState.OFFERED:
        raise Overlaps(there.pk)
    if there.party != old.party or now >= open_offer(there).expires_at:
        raise OfferedThere(there.pk)
    become_booked(there, queues[there.session_id], by=by, now=now)
    return there
