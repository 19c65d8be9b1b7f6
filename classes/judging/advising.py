"""Who hears what of a class will be changed for a person.

Here: reading the facts for fit.py. The person hears it, and so does the desk,
which is logged; a supporter does not, since it tells of the person's health.
Called by the booking pages and by the API.
"""

from __future__ import annotations

from accounts.history import log_read
from accounts.models import User
from classes.judging.fit import Advice, Offer, advice
from classes.models import BookingSource, Session
from classes.sources import source_of
from participants.models import Participant
from participants.standing import Standing, standing_of


def advice_for(
    *, session: Session, participant: Participant, to: User, standing: Standing | None = None
) -> tuple[Advice, ...]:
    """What `to` hears; `standing` when it was read for the same request already."""
    source = source_of(participant, to)
    if source == BookingSource.SUPPORTER:
        return ()
    kind = session.class_type
    offer = Offer(positions=kind.positions, effort=kind.effort, meets=kind.adaptations_met)
    found = advice((standing or standing_of(participant)).adaptations, offer)
    if found and source == BookingSource.DESK:
        log_read(target=participant.person, purpose="booking", what="adaptations", by=to.person)
    return found
