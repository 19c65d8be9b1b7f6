"""Whether somebody has had their first contact, one to one, where their programme has one.

Here: the kind of session that it is, who is still to have it, and the refusal of a class where the
programme wants it first. It is had once the register says that they came to it, and by whoever has come
to any class: they are not new. Nothing else is kept. Not here: the times (classes/one_to_ones.py), words.
Asked before a place is taken, without a lock: what was had is had. Who holds a place keeps it.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from classes.adherence import ATTENDED_STATES
from classes.judging.eligibility import Reason
from classes.models import Attendance, ClassType, Session, SessionKind
from participants.models import Participant
from participants.standing import Standing


def first_contact_of(programme_id: int) -> ClassType | None:
    """The kind of session with which the programme begins; None where it begins with whatever one likes."""
    return ClassType.objects.filter(programme=programme_id, first_contact=True, active=True).first()


def still_to_have_it(participant: Participant) -> ClassType | None:
    """The first contact that this person has neither had nor has ahead; None where there is nothing to suggest."""
    kind = first_contact_of(participant.programme_id)
    if kind is None or _has_come(participant.pk):
        return None
    ahead = Session.objects.filter(class_type=kind, ends_at__gt=timezone.now())
    booked = ahead.filter(bookings__participant=participant, bookings__ended_at=None)
    return None if booked.exists() else kind


def reasons_before_first_contact(standing: Standing, session: Session) -> tuple[Reason, ...]:
    """Why not yet, where the programme wants it before any class; two queries at most.

    A one-to-one is never refused, and nothing is where the programme begins with nothing that can be booked.
    """
    if not standing.first_contact_first or session.kind == SessionKind.ONE_TO_ONE or _has_come(standing.participant_id):
        return ()
    return (Reason.FIRST_CONTACT_FIRST,) if first_contact_of(session.programme_id) else ()


def _has_come(participant_id: int) -> bool:
    theirs = Q(booking__participant=participant_id) | Q(guest__participant=participant_id)
    counts = Q(session__kind=SessionKind.GROUP) | Q(session__class_type__first_contact=True)
    return Attendance.objects.filter(theirs, counts).in_force().filter(state__in=ATTENDED_STATES).exists()
