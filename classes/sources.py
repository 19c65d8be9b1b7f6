"""By what right somebody books: for oneself, as a supporter, or at the desk."""

from __future__ import annotations

from accounts.models import User
from classes.models import BookingSource
from participants.models import Participant, SupporterScope


def source_of(participant: Participant, user: User) -> BookingSource:
    """How a booking by `user` is recorded. Whether they may book at all is the door's business (`bookable_by`)."""
    if participant.person_id == user.person_id:
        return BookingSource.SELF
    if Participant.objects.supported_by(user, SupporterScope.BOOK).filter(pk=participant.pk).exists():
        return BookingSource.SUPPORTER
    return BookingSource.DESK
