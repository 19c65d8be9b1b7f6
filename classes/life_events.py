"""What happens to somebody's places when something happens to them, or to the limit of their week.

Here: the consequences that classes registers (participants/consequences.py),
run inside the transaction of the event. Not here: the events themselves
(participants), places that no longer stand (places_in_doubt.py). Registered by
the app's AppConfig.
"""

from __future__ import annotations

from accounts.history import Actor, acting
from classes.interpreters import judge_again
from classes.judging.eligibility import Reason
from classes.locks import bound_waits, lock_people, lock_session
from classes.models import Booking, BookingState
from classes.places.booking import give_back
from classes.places.places_in_doubt import PLACE_TAKEN_BACK, judge_places_again, live_places_ahead
from classes.register.fewer_contacts import FEWER_CONTACTS, end_contact_tasks
from classes.register.welfare import WELFARE_CALL, end_absence_calls
from classes.rehearsing import HELP_ONLINE
from classes.symptom_check import NOT_WELL_CALL
from classes.telling.cover import OWN_SEX
from messaging import worklist
from messaging.models import Task
from participants.consequences import Event, register_consequence, register_consequence_of_a_limit
from participants.models import Participant, Phase

# Those of a place or a wait end with it.
CALLS = (WELFARE_CALL, FEWER_CONTACTS, NOT_WELL_CALL, PLACE_TAKEN_BACK, HELP_ONLINE, OWN_SEX)
MOOT = (HELP_ONLINE, OWN_SEX)  # what nobody who pauses or leaves has to be rung about
REASONS = {Event.PAUSED: "paused", Event.WITHDRAWN: "withdrawn", Event.DIED: "died"}


def register() -> None:
    register_consequence(Event.PAUSED, "classes.cancel_places", cancel_when_paused)
    register_consequence(Event.WITHDRAWN, "classes.cancel_places", cancel_when_withdrawn)
    register_consequence(Event.DIED, "classes.cancel_places", cancel_after_death)
    register_consequence(Event.PAUSED, "classes.end_absence_calls", end_absence_calls)
    register_consequence(Event.WITHDRAWN, "classes.end_absence_calls", end_absence_calls)
    register_consequence(Event.PAUSED, "classes.end_contact_tasks", end_contact_tasks)
    register_consequence(Event.WITHDRAWN, "classes.end_contact_tasks", end_contact_tasks)
    register_consequence(Event.PAUSED, "classes.end_moot_calls", end_moot_calls)
    register_consequence(Event.WITHDRAWN, "classes.end_moot_calls", end_moot_calls)
    register_consequence(Event.CONTACT_STOPPED, "classes.end_every_call", end_every_call)
    register_consequence(Event.NEEDS_CHANGED, "classes.see_to_interpreters", see_to_interpreters)
    for event in (Event.CLEARANCE_CHANGED, Event.ENROLLED, Event.RESUMED):
        register_consequence(event, "classes.judge_places_again", judge_places_again)
    register_consequence_of_a_limit("classes.judge_turns_again", judge_turns_again)


def cancel_when_paused(participant: Participant, by: Actor) -> None:
    cancel_future_places(participant, by=by, reason=REASONS[Event.PAUSED])


def cancel_when_withdrawn(participant: Participant, by: Actor) -> None:
    cancel_future_places(participant, by=by, reason=REASONS[Event.WITHDRAWN])


def cancel_after_death(participant: Participant, by: Actor) -> None:
    cancel_future_places(participant, by=by, reason=REASONS[Event.DIED])


def see_to_interpreters(participant: Participant, by: Actor) -> None:
    """Places that are held already: with the person's row locked, since somebody may be booking for them now."""
    with acting(by, "classes.see_to_interpreters"):
        lock_people([participant.pk])
        for booking in live_places_ahead(participant):
            if booking.state == BookingState.BOOKED:
                judge_again(booking, by)


def judge_turns_again(phase: Phase, by: Actor) -> None:
    """Whom the limit of a week passed by in this programme counts as not yet judged, so a free place comes to them.

    The work of every minute judges them (running_out.py), each class in a transaction of its own, which this one could
    not be. Their classes are locked as everywhere, in order and before the turns, so no queue is walked meanwhile.
    """
    passed_by = Booking.objects.filter(
        participant__programme=phase.programme_id, state=BookingState.WAITING, skipped_reason=Reason.WEEKLY_LIMIT
    )
    with acting(by, "classes.judge_turns_again"):
        bound_waits()
        for session in sorted(set(passed_by.values_list("session", flat=True))):
            lock_session(session)
        passed_by.update(skipped_reason="")


def end_every_call(participant: Participant, by: Actor) -> None:
    """Nobody calls this person any more, for whatever reason somebody was to."""
    with acting(by, "classes.end_every_call"):
        worklist.cancel_open(Task.objects.filter(kind__in=CALLS, about=participant.person))


def end_moot_calls(participant: Participant, by: Actor) -> None:
    """Of this enrolment's: nobody needs help with joining a class, or is led by somebody else, while they take part in
    none."""
    calls = Task.objects.filter(kind__in=MOOT, about=participant.person, programme=participant.programme_id)
    with acting(by, "classes.end_moot_calls"):
        worklist.cancel_open(calls)


def cancel_future_places(participant: Participant, *, by: Actor, reason: str) -> list[Booking]:
    """Give back every place and wait of classes that have not started, earliest class first."""
    return [give_back(booking=booking, by=by, reason=reason) for booking in live_places_ahead(participant)]
