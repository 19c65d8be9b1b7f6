"""The rule of eligibility.py on rows: may these people come to these classes, as things stand at this moment?

Here: the judgement of a standing for a class on its own local date, and of
places that are held: one that no longer stands is in doubt. Nothing is kept, so
nothing can be out of date. Not here: what follows from a doubt
(places_in_doubt.py), words. Called wherever a place is given, shown or used.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from classes.judging.eligibility import Reason, Requirements, Step, next_step, reasons_against
from classes.judging.first_contact import reasons_before_first_contact
from classes.judging.refusals import NotEligible
from classes.models import Booking, Mode, Session
from classes.models.booking import HELD_STATES
from participants.models import Participant
from participants.standing import Standing, standings_of

FREED_BEFORE = timedelta(hours=24)  # a place that does not stand by then goes to somebody else


@dataclass(frozen=True)
class Doubt:
    """Why a place that is held does not stand, what settles it, and from when on it is given to somebody else."""

    reasons: tuple[Reason, ...]
    freed_from: datetime

    @property
    def step(self) -> Step:
        return next_step(self.reasons)


def requirements_of(session: Session) -> Requirements:
    return Requirements(
        remote=session.is_from_home, one_to_one=session.is_one_to_one, by_telephone=session.mode == Mode.PHONE
    )


def reasons_to_refuse(standing: Standing, session: Session) -> tuple[Reason, ...]:
    """`reasons_against` this class on its own local date."""
    return reasons_against(standing, requirements_of(session), timezone.localdate(session.starts_at))


def reasons_against_booking(standing: Standing, session: Session) -> tuple[Reason, ...]:
    """The same for a place that is not held yet: what the programme wants to come first is judged too."""
    return reasons_to_refuse(standing, session) + reasons_before_first_contact(standing, session)


def reasons_against_moving(standing: Standing, held: Session, to: Session) -> tuple[Reason, ...]:
    """The same for whoever gives the place in `held` for it: who holds a place in a class keeps one in a class."""
    return reasons_against_booking(standing, to) if held.is_one_to_one else reasons_to_refuse(standing, to)


def refuse_if_not_eligible(
    standing: Standing, participant: Participant, session: Session, *, instead_of: Session | None = None
) -> None:
    """Raises NotEligible: of another programme, or with what stands against this class.

    `instead_of`: the class whose place is given for it.
    """
    if participant.programme_id != session.programme_id:
        raise NotEligible((Reason.ANOTHER_PROGRAMME,))
    if instead_of is None:
        reasons = reasons_against_booking(standing, session)
    else:
        reasons = reasons_against_moving(standing, instead_of, session)
    if reasons:
        raise NotEligible(reasons)


def freed_from(session: Session) -> datetime:
    return session.starts_at - FREED_BEFORE


def doubts_about(bookings: Iterable[Booking]) -> dict[int, Doubt]:
    """Those of `bookings` (with their sessions) that hold a place which does not stand, by id.

    A class that has ended is beyond doubt. A fixed number of queries.
    """
    now = timezone.now()
    held = [booking for booking in bookings if booking.state in HELD_STATES and booking.session.ends_at > now]
    standings = standings_of(Participant(pk=pk) for pk in {booking.participant_id for booking in held}) if held else {}
    judged = {b.pk: (b, reasons_to_refuse(standings[b.participant_id], b.session)) for b in held}
    return {pk: Doubt(reasons, freed_from(b.session)) for pk, (b, reasons) in judged.items() if reasons}


def doubt_about(booking: Booking) -> Doubt | None:
    return doubts_about([booking]).get(booking.pk)
