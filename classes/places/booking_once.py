"""A place that is asked for by a form or a program: sent twice, it counts once; and plain, it takes one statement.

While a popular class is held, every statement more is time for which everybody else
waits. So a plain booking goes the short way: claim of the key, place, message and kept
answer in one statement that commits itself (classes_book_at_once, in the migrations,
which takes the place by classes_take_place). Whatever is not plain (a refusal, a full
class, a key that came before, a wait that was lost, a copy for a supporter, a limit
of places in a week) writes nothing there and goes the long way: `once` and `book_place`.

Here: which way, and the statement. Not here: the rules of both, which are those of
booking.py. Called by the API and by the booking pages.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError
from django.utils import timezone

from accounts.history import acting, context_of
from accounts.prepared import ask
from classes.interpreters import ask_for_interpreter, is_needed_in
from classes.judging.refusals import Refusal
from classes.locks import lost_a_wait
from classes.models import Booking, BookingState
from classes.places.booking import Wish, book, judge
from classes.places.idempotency import KEPT_FOR, Outcome, fingerprint_of, kept_if_refused, once
from classes.telling import notices
from participants.standing import Standing

ACTION = "classes.book_place"
MADE, THERE = 201, 200  # what an outcome says of a booking: made now, or there before

Answer = Callable[[Booking], dict[str, Any]]


@dataclass(frozen=True)
class Answered:
    """What it came to. `judged`: the facts that let its person in, where they were read for this request."""

    outcome: Outcome
    judged: Standing | None = None


def book_once(wish: Wish, answer: Answer) -> Answered:
    """The place, or the turn, or the refusal ("code", with what helps to go on); the first outcome when sent again.

    `wish.request_key` is "" where nothing is promised of a request that comes twice.
    `answer` says as JSON what a booking looks like to whoever asked. For a place that is
    taken the short way it is asked beforehand, of a booking without a key; "id" of what
    is kept is then the key. Raises TryAgain and KeyReused; after these nothing has changed.
    """
    return _the_short_way(wish, answer) or _the_long_way(wish, answer)


def body_of(wish: Wish) -> dict[str, Any]:
    """What must be the same when the key comes again."""
    return {
        "session": wish.session.pk,
        "participant": wish.participant.pk,
        "party": wish.party,
        "or_wait": wish.or_wait,
        "book_automatically": wish.book_automatically,
        "copy": wish.copy,
        "despite_limit": wish.despite_limit,
    }


def _the_long_way(wish: Wish, answer: Answer) -> Answered:
    judged: list[Standing | None] = []

    def action() -> Outcome:
        booking = book(wish)
        judged.append(booking.judged)
        return Outcome(MADE if booking.made_now else THERE, answer(booking))

    outcome = once(key=wish.request_key, body=body_of(wish), action=lambda: kept_if_refused(action), by=wish.by)
    return Answered(outcome, judged[0] if judged else None)


def _the_short_way(wish: Wish, answer: Answer) -> Answered | None:
    """The place; or None, and nothing is written."""
    if wish.copy:
        return None
    try:
        judged = judge(wish.participant, wish.session, read=wish.judged_by)
        if judged.limited:  # how many places their week has is counted under the lock, the long way
            return None
        booking = _as_it_will_be(wish)
        kept = answer(booking)
        booking_id = _take(wish, judged, booking, kept)
    except Refusal:
        return None
    except OperationalError as trouble:
        if not lost_a_wait(trouble):
            raise
        return None
    return None if booking_id is None else Answered(Outcome(MADE, kept | {"id": booking_id}), judged)


def _as_it_will_be(wish: Wish) -> Booking:
    booking = Booking(
        participant=wish.participant,
        session=wish.session,
        state=BookingState.BOOKED,
        party=wish.party,
        source=wish.source,
        made_by=wish.by,
        joined_at=timezone.now(),
    )
    booking.made_now = True
    return booking


def _take(wish: Wish, judged: Standing, booking: Booking, kept: dict[str, Any]) -> int | None:
    if not is_needed_in(wish.session):
        return _in_one_statement(wish, judged, booking, kept)
    with acting(wish.by, ACTION, on_behalf_of=wish.participant.person):
        booking.pk = _in_one_statement(wish, judged, booking, kept)
        if booking.pk is not None:
            ask_for_interpreter(booking, wish.by)
        return booking.pk


def _in_one_statement(wish: Wish, judged: Standing, booking: Booking, kept: dict[str, Any]) -> int | None:
    person, now = wish.participant.person, booking.joined_at
    ((outcome, booking_id),) = ask(
        _BOOK,
        {
            "participant": wish.participant.pk,
            "session": wish.session.pk,
            "facts_version": judged.version,
            "starts_at": wish.session.starts_at,
            "mode": wish.session.mode,
            "party": wish.party,
            "source": wish.source,
            "by": wish.by.pk,
            "now": now,
            "history": context_of(wish.by, ACTION, on_behalf_of=person),
            "key": wish.request_key,
            "body_hash": fingerprint_of(body_of(wish)),
            "stale": now - KEPT_FOR,
            "answer": json.dumps(kept),
            "programme": wish.participant.programme_id,
            "person": person.pk,
            "kind": notices.CONFIRMED,
            "told": json.dumps(notices.context_for(booking, wish.by)),
        },
    )
    return booking_id if outcome == "booked" else None


_BOOK = """
SELECT outcome, booking_id FROM classes_book_at_once(
    %(participant)s::bigint, %(session)s::bigint, %(facts_version)s::integer, %(starts_at)s, %(mode)s,
    %(party)s::smallint, %(source)s, %(by)s::bigint, %(now)s,
    %(history)s, %(key)s, %(body_hash)s, %(stale)s, %(answer)s::jsonb,
    %(programme)s::bigint, %(person)s::bigint, %(kind)s, %(told)s::jsonb)
"""
