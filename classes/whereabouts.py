"""Where somebody is during an online class, and how to reach them there, for when they drop out of view.

Here: saying it, what is put forward from last time, and forgetting it. Not here: who may join (joining.py), showing it
(register/opening.py, within the window of health facts). Called by the page that leads into the class, and by whoever
leads it, who asks aloud whoever joins by telephone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from accounts.history import acting
from accounts.models import Person
from classes.judging.refusals import Refusal
from classes.models import Booking, BookingState, Mode, Whereabouts
from participants.models import Participant

LONGEST_ADDRESS, LONGEST_WITH = 300, 200
KEPT_FOR = timedelta(days=14)  # after the class


class NothingToSay(Refusal):
    """The class is not online, is over, or is not theirs any more: nobody has to know where they are."""

    code = "nothing_to_say"


@dataclass(frozen=True)
class Where:
    """What somebody says of today. `with_whom` only where they are not alone."""

    at_home: bool
    address: str
    phone: str
    alone: bool
    with_whom: str = ""


def say_whereabouts(*, booking: Booking, where: Where, by: Person) -> Whereabouts:
    """Keep what was said last for this place; said again, it takes the place of what was said before.

    Raises NothingToSay.
    """
    session = booking.session
    if not is_online(booking) or timezone.now() >= session.ends_at:
        raise NothingToSay
    said = {
        "at_home": where.at_home,
        "address": where.address.strip()[:LONGEST_ADDRESS],
        "phone": where.phone,
        "alone": where.alone,
        "with_whom": "" if where.alone else where.with_whom.strip()[:LONGEST_WITH],
        "at": timezone.now(),
        "by": by,
    }
    with acting(by, "classes.say_whereabouts", on_behalf_of=booking.participant.person):
        kept, _ = Whereabouts.objects.update_or_create(booking=booking, defaults=said)
    return kept


def is_online(booking: Booking) -> bool:
    """A place that is held in a class online that is on: there alone somebody may have to be found."""
    session = booking.session
    return session.mode == Mode.REMOTE and not session.is_cancelled and booking.state == BookingState.BOOKED


def last_said(participant: Participant) -> Whereabouts | None:
    """What is put forward: of this class, or of the one before it while that is kept."""
    return Whereabouts.objects.filter(booking__participant=participant).order_by("-at").first()


def forget_whereabouts() -> int:
    """How many were deleted: those of classes that are over for long enough."""
    over = Whereabouts.objects.filter(booking__session__ends_at__lte=timezone.now() - KEPT_FOR)
    return over.delete()[0]
