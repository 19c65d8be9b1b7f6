"""How many of a class agreed to photos and recordings, for whoever leads it, before the register is opened.

Here: counting, as it stands now. Who they are is read on the register (opening.py), where that is logged. Called by
the page of the class.
"""

from __future__ import annotations

from classes.models import Booking, BookingState, Session
from participants.consents import agreed_to
from participants.models import ConsentKind, Participant


def agreed_to_photos(session: Session) -> tuple[int, int]:
    """How many of those with a place agreed, and how many have one. Two queries."""
    booked = Booking.objects.filter(session=session, state=BookingState.BOOKED).values("participant")
    there = list(Participant.objects.filter(pk__in=booked))
    return len(agreed_to(ConsentKind.RECORDING, there)), len(there)
