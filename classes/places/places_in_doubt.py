"""Places that are held and no longer stand: noticed, told, and given to somebody else in time.

Here: judging held places again when something changes about a person, every
night for everybody, and freeing what does not stand a day before the class. Not
here: the judgement (judgement.py), which joining and the register ask at their
own moment, whatever is kept here. `Booking.in_doubt_since` keeps only what has
been said: it makes one task of the desk and one message out of each doubt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial

from django.db.models import QuerySet
from django.utils import timezone

from accounts.history import Actor, System, acting
from classes.judging.eligibility import Reason
from classes.judging.judgement import FREED_BEFORE, Doubt, doubts_about, freed_from, reasons_to_refuse
from classes.judging.refusals import TryAgain
from classes.locks import LockedQueue, lock_people
from classes.models import Booking, BookingState, Session
from classes.models.booking import HELD_STATES
from classes.places.booking import NOT_CLEARED, free_place, offer_freed_places
from classes.places.holds import HOLDS, is_hold, settle_hold
from classes.telling import notices
from classes.telling.in_time import cannot_wait
from classes.waiting_list.answering import withdraw_offer
from classes.waiting_list.serving import PLACE_IN_DOUBT, serve_where_time_is_free
from messaging import worklist
from messaging.one_by_one import one_by_one
from messaging.quiet_hours import within_calling_hours
from participants.models import Participant
from participants.standing import standing_of

PLACE_TAKEN_BACK = "place_taken_back"  # kind of the desk's task; its subject is the booking
CALL_WITHIN = timedelta(hours=1)
PEOPLE_AT_ONCE = 500


def judge_places_again(participant: Participant, by: Actor) -> None:
    """Inside an action that holds the participant's row: whatever has become true of their places is said.

    A place that no longer stands is a task of the desk and a message, once; one
    that stands again takes both back. An offer is taken back, and the turn kept; a hold
    becomes a place, or ends. A turn is judged anew where that changes it: after all that is held,
    for what has just ended may have been in its way.
    """
    standing = standing_of(participant)
    for booking in sorted(live_places_ahead(participant), key=_only_waits):
        reasons = reasons_to_refuse(standing, booking.session)
        if booking.state == BookingState.OFFERED:
            if is_hold(booking):
                settle_hold(booking=booking, by=by)
            elif reasons:
                withdraw_offer(booking=booking, by=by)
        elif booking.state == BookingState.BOOKED:
            _say(booking, reasons, by)
        elif bool(booking.skipped_reason) != bool(reasons):  # may be served now, or keeps a place from the next
            offer_freed_places(session=booking.session, by=by)


def _only_waits(booking: Booking) -> bool:
    return booking.state == BookingState.WAITING


def judge_places_in(queue: LockedQueue, by: Actor) -> None:
    """Inside a change of the class, whose people are locked: every held place as it is judged there now."""
    held = queue.session.bookings.filter(state__in=HELD_STATES).exclude(HOLDS)
    places = list(held.select_related("session__programme", "participant__person", "participant__programme"))
    doubts = doubts_about(places)
    for booking in places:
        _say(booking, doubts[booking.pk].reasons if booking.pk in doubts else (), by)


def judge_all_places(*, by: Actor = System.WORKER) -> int:
    """Every held place ahead, of everybody; returns how many people had something to be told.

    For each batch of people a fixed number of queries, and one action for each person whose places
    are not as they were last judged. Who is busy is judged the next night, and freed in time all the same.
    """
    changed = (pk for places in _by_people(_held_ahead()) for pk in _changed(places))
    return len(one_by_one(partial(_judge_one, by=by), changed, busy=(TryAgain,)))


def free_places(*, by: Actor = System.WORKER) -> int:
    """Places that do not stand, in classes less than a day away and not begun; returns how many were freed."""
    soon = _held_ahead().filter(session__starts_at__lte=timezone.now() + FREED_BEFORE)
    doubtful = (booking for places in _by_people(soon) for booking in _doubtful(places))
    return sum(one_by_one(partial(_free, by=by), doubtful, busy=(TryAgain,)))


def live_places_ahead(participant: Participant) -> list[Booking]:
    """Places and waits of classes that have not started, the earliest first."""
    upcoming = Session.objects.filter(starts_at__gt=timezone.now())
    return list(
        Booking.objects.filter(participant=participant, session__in=upcoming)
        .live()
        .select_related("session__programme", "participant__person", "participant__programme")
        .order_by("session__starts_at", "id")
    )


def _held_ahead() -> QuerySet[Booking]:
    """Not what is held for a quarter of an hour while somebody answers: that has a clock of its own."""
    ahead = Booking.objects.filter(state__in=HELD_STATES, session__starts_at__gt=timezone.now()).exclude(HOLDS)
    return ahead.select_related("session", "participant__person")


def _by_people(places: QuerySet[Booking]) -> Iterator[list[Booking]]:
    """`places` in batches, all those of one person in the same one, the earliest class first."""
    ids = sorted(set(places.values_list("participant_id", flat=True)))
    for start in range(0, len(ids), PEOPLE_AT_ONCE):
        batch = places.filter(participant__in=ids[start : start + PEOPLE_AT_ONCE])
        yield list(batch.order_by("session__starts_at", "id"))


def _doubtful(places: list[Booking]) -> list[Booking]:
    doubts = _judged_together(places)
    return [booking for booking in places if doubts is None or booking.pk in doubts]


def _changed(places: list[Booking]) -> list[int]:
    doubts = _judged_together(places)
    changed = [b for b in places if doubts is None or (b.pk in doubts) != (b.in_doubt_since is not None)]
    return sorted({booking.participant_id for booking in changed})


def _judged_together(places: list[Booking]) -> Mapping[int, Doubt] | None:
    """None where the facts of somebody among them cannot be judged: then each is judged alone, and it is seen whose."""
    try:
        return doubts_about(places)
    except Exception:  # noqa: BLE001  raised again for whoever it is about
        return None


def _judge_one(participant_id: int, *, by: Actor) -> None:
    participant = Participant.objects.select_related("person").get(pk=participant_id)
    with acting(by, "classes.judge_places_again", on_behalf_of=participant.person):
        lock_people([participant_id])
        judge_places_again(participant, by)


def _say(booking: Booking, reasons: tuple[Reason, ...], by: Actor) -> None:
    if bool(reasons) == (booking.in_doubt_since is not None):
        return
    now = timezone.now()
    booking.in_doubt_since = now if reasons else None
    booking.save(update_fields=["in_doubt_since"])
    if not reasons:
        worklist.cancel_tasks(kinds=[PLACE_IN_DOUBT], subject_id=booking.pk, by=by)
        notices.place_stands_again(booking)
        return
    _ask_desk(booking, PLACE_IN_DOUBT, due_at=max(now, freed_from(booking.session)), by=by)
    if now < freed_from(booking.session):  # later than that it is freed at once, and that is what is told
        notices.place_in_doubt(booking, by)


def _free(booking: Booking, *, by: Actor) -> bool:
    """Freed, and the desk calls where the person has had less than a day to hear of it."""
    with acting(by, "classes.free_place", on_behalf_of=booking.participant.person, reason=NOT_CLEARED):
        freed = free_place(booking=booking, by=by)
        if freed.end_reason != NOT_CLEARED:
            return False
        if _too_late_for_writing(freed):
            assert freed.ended_at is not None  # noqa: S101  a constraint of the table
            within = min(within_calling_hours(freed.ended_at, CALL_WITHIN), freed.session.starts_at)
            _ask_desk(freed, PLACE_TAKEN_BACK, due_at=within, by=by)
    serve_where_time_is_free(people=[freed.participant_id], during=freed.during, by=by)
    return True


def _too_late_for_writing(freed: Booking) -> bool:
    """Whether the doubt came up within the last day, or the place was freed only shortly before the class."""
    known_since = freed.in_doubt_since or timezone.now()
    late = cannot_wait(freed.session.starts_at, timezone.now())
    return late or known_since > freed_from(freed.session)


def _ask_desk(booking: Booking, kind: str, *, due_at: datetime, by: Actor) -> None:
    """The reason is read on the person's page."""
    worklist.raise_task(
        programme=booking.session.programme,
        kind=kind,
        due_at=due_at,
        about=booking.participant.person,
        subject_id=booking.pk,
        dedupe_key=f"{kind}:{booking.pk}",
        by=by,
    )
