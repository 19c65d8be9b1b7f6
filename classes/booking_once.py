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
from accounts.models import Person
from accounts.prepared import prepared_cursor
from classes import notices
from classes.booking import book_place, judge
from classes.idempotency import KEPT_FOR, Outcome, fingerprint_of, once
from classes.interpreters import ask_for_interpreter, is_needed_in
from classes.locks import lost_a_wait
from classes.models import Booking, BookingSource, BookingState, Session
from classes.refusals import Refusal, TryAgain
from participants.models import Participant
from participants.standing import Standing

ACTION = "classes.book_place"
MADE, THERE, REFUSED = 201, 200, 409  # what an outcome says: made now, there before, or why not

Answer = Callable[[Booking], dict[str, Any]]


@dataclass(frozen=True)
class Asked:
    """What was asked for, as for `book_place`; `key` is "" where nothing is promised of a request that comes twice."""

    participant: Participant
    session: Session
    by: Person
    source: BookingSource
    key: str
    party: int = 1
    or_wait: bool = False
    book_automatically: bool = False
    copy: bool = False
    despite_limit: str = ""

    @property
    def body(self) -> dict[str, Any]:
        """What must be the same when the key comes again."""
        return {
            "session": self.session.pk,
            "participant": self.participant.pk,
            "party": self.party,
            "or_wait": self.or_wait,
            "book_automatically": self.book_automatically,
            "copy": self.copy,
            "despite_limit": self.despite_limit,
        }


@dataclass(frozen=True)
class Answered:
    """What it came to. `judged`: the facts that let its person in, where they were read for this request."""

    outcome: Outcome
    judged: Standing | None = None


def book_once(asked: Asked, answer: Answer) -> Answered:
    """The place, or the turn, or the refusal ("code", with what helps to go on); the first outcome when sent again.

    `answer` says as JSON what a booking looks like to whoever asked. For a place that is
    taken the short way it is asked beforehand, of a booking without a key; "id" of what
    is kept is then the key. Raises TryAgain and KeyReused; after these nothing has changed.
    """
    return _the_short_way(asked, answer) or _the_long_way(asked, answer)


def _the_long_way(asked: Asked, answer: Answer) -> Answered:
    judged: list[Standing | None] = []

    def action() -> Outcome:
        try:
            booking = book_place(
                participant=asked.participant,
                session=asked.session,
                by=asked.by,
                source=asked.source,
                request_key=asked.key,
                or_wait=asked.or_wait,
                book_automatically=asked.book_automatically,
                party=asked.party,
                copy=asked.copy,
                despite_limit=asked.despite_limit,
            )
        except TryAgain:
            raise  # not an outcome: the same key may be sent again
        except Refusal as refusal:
            return Outcome(REFUSED, {"code": refusal.code, **refusal.details})
        judged.append(booking.judged)
        return Outcome(MADE if booking.made_now else THERE, answer(booking))

    outcome = once(key=asked.key, body=asked.body, action=action, by=asked.by)
    return Answered(outcome, judged[0] if judged else None)


def _the_short_way(asked: Asked, answer: Answer) -> Answered | None:
    """The place; or None, and nothing is written."""
    if asked.copy:
        return None
    try:
        judged = judge(asked.participant, asked.session)
        if judged.limited:  # how many places their week has is counted under the lock, the long way
            return None
        booking = _as_it_will_be(asked)
        kept = answer(booking)
        booking_id = _take(asked, judged, booking, kept)
    except Refusal:
        return None
    except OperationalError as trouble:
        if not lost_a_wait(trouble):
            raise
        return None
    return None if booking_id is None else Answered(Outcome(MADE, kept | {"id": booking_id}), judged)


def _as_it_will_be(asked: Asked) -> Booking:
    booking = Booking(
        participant=asked.participant,
        session=asked.session,
        state=BookingState.BOOKED,
        party=asked.party,
        source=asked.source,
        made_by=asked.by,
        joined_at=timezone.now(),
    )
    booking.made_now = True
    return booking


def _take(asked: Asked, judged: Standing, booking: Booking, kept: dict[str, Any]) -> int | None:
    if not is_needed_in(asked.session):
        return _in_one_statement(asked, judged, booking, kept)
    with acting(asked.by, ACTION, on_behalf_of=asked.participant.person):
        booking.pk = _in_one_statement(asked, judged, booking, kept)
        if booking.pk is not None:
            ask_for_interpreter(booking, asked.by)
        return booking.pk


def _in_one_statement(asked: Asked, judged: Standing, booking: Booking, kept: dict[str, Any]) -> int | None:
    person, now = asked.participant.person, booking.joined_at
    with prepared_cursor() as cursor:
        cursor.execute(
            _BOOK,
            {
                "participant": asked.participant.pk,
                "session": asked.session.pk,
                "facts_version": judged.version,
                "starts_at": asked.session.starts_at,
                "mode": asked.session.mode,
                "party": asked.party,
                "source": asked.source,
                "by": asked.by.pk,
                "now": now,
                "history": context_of(asked.by, ACTION, on_behalf_of=person),
                "key": asked.key,
                "body_hash": fingerprint_of(asked.body),
                "stale": now - KEPT_FOR,
                "answer": json.dumps(kept),
                "programme": asked.participant.programme_id,
                "person": person.pk,
                "kind": notices.CONFIRMED,
                "told": json.dumps(notices.context_for(booking, asked.by)),
            },
        )
        outcome, booking_id = cursor.fetchone()
    return booking_id if outcome == "booked" else None


_BOOK = """
SELECT outcome, booking_id FROM classes_book_at_once(
    %(participant)s::bigint, %(session)s::bigint, %(facts_version)s::integer, %(starts_at)s, %(mode)s,
    %(party)s::smallint, %(source)s, %(by)s::bigint, %(now)s,
    %(history)s, %(key)s, %(body_hash)s, %(stale)s, %(answer)s::jsonb,
    %(programme)s::bigint, %(person)s::bigint, %(kind)s, %(told)s::jsonb)
"""
