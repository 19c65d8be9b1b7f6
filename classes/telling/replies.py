"""What somebody answers to a reminder: that they are coming. No sign-in is asked for it.

Here: the token that stands in the reminder's link and opens this one booking until the class is
over, and the answer. Not here: giving the place back (booking.py), the page (frontend).
Whoever holds the link learns when and where one class is, and can say that its place is wanted or not.
"""

from __future__ import annotations

from django.core import signing
from django.utils import timezone

from accounts.history import Actor, acting
from classes.judging.refusals import NoPlace, TooLate
from classes.listing import with_classes
from classes.models import Booking, BookingState

_SALT = "classes.replies"  # links in messages that have left hold it: never change it


def token_for(booking: Booking) -> str:
    return signing.dumps(booking.pk, salt=_SALT)


def booking_behind(token: str) -> Booking | None:
    """The booking that `token` opens; None when it is not one of ours, or the class is over."""
    try:
        pk = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    rows = with_classes(Booking.objects.filter(pk=pk, session__ends_at__gt=timezone.now()))
    return rows.select_related("participant__person", "participant__programme").first()


def say_coming(*, booking: Booking, by: Actor) -> Booking:
    """The person is coming. Said twice it is the same. Raises NoPlace and TooLate."""
    now = timezone.now()
    with acting(by, "classes.say_coming", on_behalf_of=booking.participant.person):
        own = Booking.objects.select_for_update(of=("self",), no_key=True).select_related("session").get(pk=booking.pk)
        if own.state != BookingState.BOOKED:
            raise NoPlace
        if own.session.has_started(now):
            raise TooLate
        if own.said_coming_at is None:
            own.said_coming_at = now
            own.save(update_fields=["said_coming_at"])
        return own
