"""Undoing a merge within 30 days: what moved goes back, what was set aside comes back, what has happened since stays.

Here: looking at it, and doing it, in one transaction. Not here: one step back (journal.py). Called by the desk's page.
A place that has gone to somebody else meanwhile does not come back, and an offer never does: its time has run.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError
from django.db.models import Q
from django.utils import timezone

from accounts.history import acting
from accounts.models import Person, User
from classes.locks import LockedQueue, lock_queues, settled
from classes.models import Booking, BookingState, Offer, Session
from classes.waiting_list.serving import count_places
from messaging.models import Message
from participants.consequences import CLEARANCE_CHANGED, run_consequences
from participants.models import Participant
from participants.nhs_numbers import look_again
from participants.standing import facts_changed
from records.merging.journal import keys_of, leave_of, out_of_history, put_back, take_back
from records.models import Merge, MergeChange, What

BOOKING, OFFER, USER = (model._meta.label for model in (Booking, Offer, User))
FACTS = (Person._meta.label, Participant._meta.label)  # in which a merge fills blanks


class WhyNot(enum.StrEnum):
    UNDONE = "undone"
    TOO_LATE = "too_late"
    LATER_ONE = "later_one"  # the same record was put together with another one since
    LOGIN_TAKEN = "login_taken"
    STANDS_IN_THE_WAY = "stands_in_the_way"  # something that was written since


class NotUndone(Exception):
    def __init__(self, reason: WhyNot) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class UndoLook:
    """`stay`: what was booked and sent since. `back`: places that come back; `lost`: those that do not."""

    against: WhyNot | None
    booked_since: int
    messages_since: int
    back: list[Booking]
    lost: list[Booking]


def look_at_undo(merge: Merge) -> UndoLook:
    changes = list(merge.changes.all())
    ended = [(booking, before["state"]) for booking, before in _ended_places(changes)]
    back = [booking for booking, was in ended if _has_room(booking, was, booking.session)]
    since = Booking.objects.filter(participant=merge.kept, joined_at__gt=merge.at)
    told = Message.objects.filter(person=merge.kept.person, created_at__gt=merge.at)
    return UndoLook(
        against=reason_against(merge, changes),
        booked_since=since.exclude(pk__in=keys_of(changes, BOOKING)).count(),
        messages_since=told.count(),
        back=back,
        lost=[booking for booking, _ in ended if booking not in back],
    )


def _ended_places(changes: Iterable[MergeChange]) -> list[tuple[Booking, dict[str, Any]]]:
    """Places and turns whose state the merge changed, with what stood in them."""
    steps = [change for change in changes if (change.table, change.what) == (BOOKING, What.CHANGED)]
    before = {int(key): was for change in steps for key, was, _ in change.rows if "state" in was}
    rows = Booking.objects.filter(pk__in=before).select_related("session__class_type").order_by("pk")
    return [(row, before[row.pk]) for row in rows]


def _has_room(booking: Booking, was: str, session: Session) -> bool:
    return was != BookingState.BOOKED or session.fits(booking.party)


def reason_against(merge: Merge, changes: Iterable[MergeChange]) -> WhyNot | None:
    if merge.undone_at is not None:
        return WhyNot.UNDONE
    if timezone.now() > merge.undo_until:
        return WhyNot.TOO_LATE
    if Merge.objects.standing().filter(kept=merge.kept_id, pk__gt=merge.pk).exists():
        return WhyNot.LATER_ONE
    return WhyNot.LOGIN_TAKEN if any(map(_is_taken, _logins(changes))) else None


def _logins(changes: Iterable[MergeChange]) -> Iterator[dict[str, Any]]:
    for change in changes:
        if (change.table, change.what) == (USER, What.REMOVED):
            yield from (json.loads(row) for _, row in change.rows)


def _is_taken(login: dict[str, Any]) -> bool:
    """Whether somebody signs in with it today."""
    known = Q(email__iexact=login["email"]) if login["email"] else Q()
    known |= Q(mobile=login["mobile"]) if login["mobile"] else Q()
    return User.objects.filter(known).exists()


def undo_merge(*, merge: Merge, by: Person) -> Merge:
    """They are two records again. Raises NotUndone, TryAgain; then nothing was changed."""

    def attempt() -> Merge:
        with acting(by, "records.undo_merge", on_behalf_of=merge.kept.person):
            return _undo(merge, by)

    try:
        return settled(attempt)
    except (IntegrityError, Participant.DoesNotExist) as trouble:
        raise NotUndone(WhyNot.STANDS_IN_THE_WAY) from trouble


def _undo(given: Merge, by: Person) -> Merge:
    changes = list(given.changes.all())
    classes = {booking.session_id for booking, _ in _ended_places(changes)}
    queues = lock_queues(classes, people=[given.kept_id])
    merge = (
        Merge.objects.select_for_update(of=("self",)).select_related("kept__person", "kept__programme").get(pk=given.pk)
    )
    if reason := reason_against(merge, changes):
        raise NotUndone(reason)
    for change in reversed(changes):
        _back(change, queues)
    for change in changes:
        if change.what == What.CHANGED and change.table in FACTS:
            out_of_history(change)
    for key in (merge.kept_id, merge.gone_key):
        participant = Participant.objects.select_related("person", "programme").get(pk=key)
        facts_changed(participant)
        run_consequences(CLEARANCE_CHANGED, participant, by)
    look_again(participant, by)
    merge.undone_at, merge.undone_by = timezone.now(), by
    merge.save(update_fields=["undone_at", "undone_by"])
    return merge


def _back(change: MergeChange, queues: dict[int, LockedQueue]) -> None:
    if (change.table, change.what) == (BOOKING, What.CHANGED):
        for key, before, after in change.rows:
            _place_back(key, before, after, queues)
    elif (change.table, change.what) != (OFFER, What.CHANGED):
        take_back(change)


def _place_back(key: str, before: dict[str, Any], after: dict[str, Any], queues: dict[int, LockedQueue]) -> None:
    """As it was, while there is room and they hold no other place at that time; an offer is a turn again."""
    if "state" not in before:
        put_back(Booking, key, before, after)
        return
    booking = Booking.objects.get(pk=key)
    session, was = queues[booking.session_id].session, before["state"]
    if not _has_room(booking, was, session):
        return
    turn = {"state": BookingState.WAITING.value} if was == BookingState.OFFERED else {}
    try:
        with leave_of(Booking):
            done = put_back(Booking, key, before | turn, after)
    except IntegrityError:
        return
    if done and was == BookingState.BOOKED:
        count_places(session, come=booking.party)
