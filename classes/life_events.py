"""What happens to somebody's places when something happens to them.

Here: the consequences that classes registers (participants/consequences.py),
run inside the transaction of the event. Not here: the events themselves
(participants), giving places (waiting.py). Registered by the app's AppConfig.
"""

from __future__ import annotations

from django.utils import timezone

from accounts.history import Actor
from classes.booking import give_back, offer_freed_places
from classes.models import Booking, Session
from classes.models.booking import HELD_STATES
from classes.waiting import AUTOMATIC_UNTIL, PLACE_IN_DOUBT, reasons_to_refuse
from messaging import worklist
from participants.consequences import Event, register_consequence
from participants.models import Participant
from participants.standing import standing_of

REASONS = {Event.PAUSED: "paused", Event.WITHDRAWN: "withdrawn", Event.DIED: "died"}


def register() -> None:
    register_consequence(Event.PAUSED, "classes.cancel_places", cancel_when_paused)
    register_consequence(Event.WITHDRAWN, "classes.cancel_places", cancel_when_withdrawn)
    register_consequence(Event.DIED, "classes.cancel_places", cancel_after_death)
    for event in (Event.CLEARANCE_CHANGED, Event.ENROLLED, Event.RESUMED):
        register_consequence(event, "classes.judge_places_again", judge_places_again)


def cancel_when_paused(participant: Participant, by: Actor) -> None:
    cancel_future_places(participant, by=by, reason=REASONS[Event.PAUSED])


def cancel_when_withdrawn(participant: Participant, by: Actor) -> None:
    cancel_future_places(participant, by=by, reason=REASONS[Event.WITHDRAWN])


def cancel_after_death(participant: Participant, by: Actor) -> None:
    cancel_future_places(participant, by=by, reason=REASONS[Event.DIED])


def cancel_future_places(participant: Participant, *, by: Actor, reason: str) -> list[Booking]:
    """Give back every place and wait of classes that have not started, earliest class first."""
    return [give_back(booking=booking, by=by, reason=reason) for booking in _future(participant)]


def judge_places_again(participant: Participant, by: Actor) -> None:
    """A place that no longer stands becomes a task of the desk; a turn is judged anew where that changes it."""
    standing = standing_of(participant)
    for booking in _future(participant):
        reasons = reasons_to_refuse(standing, booking.session)
        if booking.state not in HELD_STATES:
            if bool(booking.skipped_reason) != bool(reasons):  # may be served now, or keeps a place from the next
                offer_freed_places(session=booking.session, by=by)
        elif reasons:
            _ask_desk_about(booking, by=by)
        else:
            worklist.cancel_tasks(kinds=[PLACE_IN_DOUBT], subject_id=booking.pk, by=by)


def _future(participant: Participant) -> list[Booking]:
    upcoming = Session.objects.filter(starts_at__gt=timezone.now())
    return list(
        Booking.objects.filter(participant=participant, session__in=upcoming)
        .live()
        .select_related("session__programme", "participant__person")
        .order_by("session__starts_at", "id")
    )


def _ask_desk_about(booking: Booking, *, by: Actor) -> None:
    """Due while there is still time to give the place to somebody else; the reason is read on the person's page."""
    worklist.raise_task(
        programme=booking.session.programme,
        kind=PLACE_IN_DOUBT,
        due_at=max(timezone.now(), booking.session.starts_at - AUTOMATIC_UNTIL),
        about=booking.participant.person,
        subject_id=booking.pk,
        dedupe_key=f"{PLACE_IN_DOUBT}:{booking.pk}",
        by=by,
    )
