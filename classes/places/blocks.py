"""Several dates at once: booking those that somebody ticked, and giving back one and all that come after it.

Here: which dates may be ticked together, the two actions, and what came of each
date. Not here: how one place is taken or given back (booking.py), the one message
(block_notices.py), pages. Called by pages and API, for oneself, as a supporter, at the desk.

One transaction does all of it, and docs/adr/0030 says why: the person is locked
first and every class after that in the order of its id, so nothing that was judged
can change meanwhile, and a process that is killed leaves no half of a block behind.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.history import acting
from accounts.models import Person
from classes.judging.eligibility import Reason
from classes.judging.judgement import refuse_if_not_eligible
from classes.judging.refusals import BeyondWeeklyLimit, Refusal, TooManyDates
from classes.locks import bound_waits, lock_people, lock_session, settled
from classes.models import Booking, BookingSource, Session, SessionStatus
from classes.places.booking import Wish, give_back_places, lock_places, take_untold
from classes.telling import block_notices
from classes.telling.change_notices import no_longer_told
from classes.waiting_list.serving import serve_where_time_is_free
from participants.models import Participant
from participants.standing import Standing, standing_of

AHEAD = timedelta(weeks=12)
MOST_DATES = 16  # twelve weeks of a weekly class and a few; each is locked until all are done


@dataclass(frozen=True)
class DateOutcome:
    """What came of one date: a booking, made now or there before; or why there is none."""

    session: Session
    booking: Booking | None = None
    refusal: Refusal | None = None

    @property
    def state(self) -> str:
        """booked · waiting · offered · refused."""
        return self.booking.state if self.booking else "refused"

    @property
    def facts(self) -> dict[str, Any]:
        """The same in what JSON can hold, to be kept and answered again."""
        refusal = {"code": self.refusal.code, **self.refusal.details} if self.refusal else None
        booking = self.booking.pk if self.booking else None
        return {"session": self.session.pk, "state": self.state, "booking": booking, "refusal": refusal}


def dates_like(session: Session, *, to_choose_from: QuerySet[Session]) -> QuerySet[Session]:
    """The dates of the same class in the next twelve weeks, this one among them; none of a class that stands alone."""
    now = timezone.now()
    same = Q(series=session.series_id) if session.series_id else Q(pk=None)
    coming = to_choose_from.filter(same, starts_at__gt=now, starts_at__lt=now + AHEAD, status=SessionStatus.PUBLISHED)
    return coming.order_by("starts_at", "id")


def book_dates(
    *,
    participant: Participant,
    sessions: Sequence[Session],
    by: Person,
    source: BookingSource,
    request_key: str = "",
    book_automatically: bool = False,
    party: int = 1,
    copy: bool = False,
    despite_limit: str = "",
) -> list[DateOutcome]:
    """A place on each of the dates, or a turn where one is full; what came of each, in the order of dates.

    A date that is refused stops none of the others. The person is told once of all of
    them, and so is `by` with `copy`. `despite_limit` as in book_place, for all of them.
    Raises TooManyDates and TryAgain, and then nothing was done.
    """
    if not 0 < len(sessions) <= MOST_DATES:
        raise TooManyDates(MOST_DATES)

    def attempt() -> list[DateOutcome]:
        why = despite_limit if source == BookingSource.DESK else ""
        with acting(by, "classes.book_dates", on_behalf_of=participant.person, reason=why):
            bound_waits()
            lock_people([participant.pk])
            standing = standing_of(participant)
            locked = [lock_session(pk) for pk in sorted({session.pk for session in sessions})]
            locked.sort(key=lambda session: (session.starts_at, session.pk))
            wishes = [
                Wish(participant, session, by, source, request_key, True, book_automatically, party, copy, why)
                for session in locked
            ]
            done = [_book(wish, standing) for wish in wishes]
            made = [one.booking for one in done if one.booking and one.booking.made_now]
            refused = [(one.session, _code_of(one.refusal)) for one in done if one.refusal]
            block_notices.dates_booked(participant, made, refused, by, copy=copy)
            return done

    return settled(attempt)


def _code_of(refusal: Refusal) -> str:
    """What a message may say of it: too many in one week is nobody's secret."""
    return Reason.WEEKLY_LIMIT if isinstance(refusal, BeyondWeeklyLimit) else refusal.code


def _book(wish: Wish, standing: Standing) -> DateOutcome:
    """One date, under the locks of all; a refused one leaves nothing behind."""
    try:
        with transaction.atomic():
            refuse_if_not_eligible(standing, wish.participant, wish.session)
            booking = take_untold(wish, standing)
    except Refusal as refusal:
        return DateOutcome(wish.session, refusal=refusal)
    return DateOutcome(wish.session, booking)


def later_ones(booking: Booking) -> list[Booking]:
    """The same person's places and turns on the later dates of the same class, in order."""
    session = booking.session
    if session.series_id is None:
        return []
    later = Booking.objects.filter(
        participant=booking.participant_id, session__series=session.series_id, session__starts_at__gt=session.starts_at
    )
    return list(later.live().select_related("session__class_type", "session__venue").order_by("session__starts_at"))


def cancel_dates(
    *, participant: Participant, bookings: Collection[int], by: Person, reason: str = "", copy: bool = False
) -> list[Booking]:
    """Give back those of the person's `bookings` (ids) that are live and whose class has not started; one message.

    Each place goes to whoever waits there. `copy` is for a supporter, as in book_place.
    Returns what ended. Raises TryAgain, and then nothing was done.
    """

    def attempt() -> list[Booking]:
        now = timezone.now()
        with acting(by, "classes.cancel_dates", on_behalf_of=participant.person, reason=reason):
            places = lock_places(participant, Q(pk__in=bookings, session__starts_at__gt=now))
            give_back_places(places, reason=reason, by=by, now=now, tell=lambda ended, _: no_longer_told(ended))
            block_notices.dates_cancelled(participant, places.bookings, by, copy=copy)
            return places.bookings

    ended = settled(attempt)
    for booking in ended:
        serve_where_time_is_free(people=[participant.pk], during=booking.during, by=by)
    return ended
