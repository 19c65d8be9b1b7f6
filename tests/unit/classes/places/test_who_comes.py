"""With somebody, or alone after all: the place and the turn are kept, and nobody is overtaken by it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine

from accounts.models import User
from classes.judging.refusals import NoPlace, Refusal, SessionFull, TooLate
from classes.models import Booking, BookingSource, Mode, Session, SessionKind
from classes.places.booking import book_place, cancel_booking
from classes.places.who_comes import change_who_comes
from classes.telling.who_comes import who_comes_now
from messaging.models import Message, MessageState
from messaging.words import words_now
from participants.models import Participant
from tests.factories.accounts import ContactPointFactory
from tests.factories.classes import SessionFactory
from tests.factories.participants import ParticipantFactory
from tests.undoing import undone

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2027, 2, 3, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def session(clock: Any, pat: Participant) -> Session:
    return SessionFactory(programme=pat.programme, mode=Mode.REMOTE, starts_at=NOON + 3 * DAY, capacity=2)


def one(participant: Participant, session: Session, **rest: Any) -> Booking:
    return book_place(
        participant=participant, session=session, by=participant.person, source=BookingSource.SELF, **rest
    )


def somebody(session: Session, **rest: Any) -> Booking:
    participant = ParticipantFactory(programme=session.programme)
    ContactPointFactory(person=participant.person)
    return one(participant, session, **rest)


def change(booking: Booking, **rest: Any) -> Booking:
    return change_who_comes(booking=booking, by=rest.pop("by", booking.participant.person), **rest)


def taken(session: Session) -> int:
    session.refresh_from_db()
    return session.places_taken


def told() -> list[tuple[str, int]]:
    rows = Message.objects.filter(kind="who_comes").order_by("id")
    return [(row.state, row.context["party"]) for row in rows]


def test_a_second_place_is_taken_where_one_is_free_and_given_to_who_waits_when_it_is_not_needed(
    pat: Participant, session: Session
) -> None:
    place = one(pat, session)
    place = change(place, party=2)
    assert (place.state, place.party, taken(session)) == ("booked", 2, 2)
    assert change(place, party=2).party == 2  # again: as it is
    assert told() == [(MessageState.QUEUED, 2)]

    waits = somebody(session, or_wait=True)
    assert change(place, party=1).party == 1
    waits.refresh_from_db()
    assert (waits.state, taken(session)) == ("offered", 2)
    assert told() == [(MessageState.NOT_WANTED, 2), (MessageState.QUEUED, 1)]
    with pytest.raises(SessionFull):
        change(place, party=2)
    place.refresh_from_db()
    assert (place.party, taken(session)) == (1, 2)


def test_a_free_place_that_belongs_to_who_waits_is_nobodys_second_place(pat: Participant, session: Session) -> None:
    place = one(pat, session)
    somebody(session)
    waits = somebody(session, or_wait=True)
    Session.objects.filter(pk=session.pk).update(capacity=3)  # came free a moment ago, and nobody was asked yet
    with pytest.raises(SessionFull):
        change(place, party=2)
    Booking.objects.filter(pk=waits.pk).update(skipped_reason="overlaps")
    assert change(place, party=2).party == 2


def test_who_waits_for_two_comes_alone_without_losing_the_turn(pat: Participant, session: Session) -> None:
    first = one(pat, session, party=2)
    waits, behind = somebody(session, or_wait=True, party=2), somebody(session, or_wait=True, party=2)
    joined = waits.joined_at
    change(first, party=1)
    waits.refresh_from_db()
    assert (waits.state, waits.skipped_reason) == ("waiting", "party_too_large")
    alone = change(waits, party=1)
    assert (alone.state, alone.party, alone.joined_at, alone.skipped_reason) == ("offered", 1, joined, "")
    one_place = change(behind, party=1)
    assert (one_place.state, one_place.skipped_reason, taken(session)) == ("waiting", "", 2)

    with_somebody = change(behind, party=2, book_automatically=True)
    assert (with_somebody.party, with_somebody.book_automatically) == (2, True)
    cancel_booking(booking=first, by=pat.person)
    behind.refresh_from_db()
    assert (behind.state, behind.skipped_reason) == ("waiting", "party_too_large")
    cancel_booking(booking=alone, by=alone.participant.person)
    behind.refresh_from_db()
    assert (behind.state, taken(session)) == ("booked", 2)


def test_an_offer_for_two_becomes_one_for_one_and_the_next_is_asked(pat: Participant, session: Session) -> None:
    first = one(pat, session, party=2)
    two, behind = somebody(session, or_wait=True, party=2), somebody(session, or_wait=True)
    cancel_booking(booking=first, by=pat.person)
    assert change(two, party=1, book_automatically=True).state == "offered"
    two.refresh_from_db()
    behind.refresh_from_db()
    assert (two.party, two.book_automatically, behind.state, taken(session)) == (1, False, "offered", 2)
    assert who_comes_now(Message.objects.get(kind="who_comes")) is None  # the offer itself says for how many


def test_what_is_over_or_for_one_alone_stays_as_it_is(clock: Any, pat: Participant, session: Session) -> None:
    place = one(pat, session)
    alone = Session.objects.filter(pk=session.pk)
    cases: list[tuple[Callable[[], object], type[Refusal]]] = [
        (lambda: cancel_booking(booking=place, by=pat.person), NoPlace),
        (lambda: clock.move_to(session.starts_at), TooLate),
        (lambda: alone.update(kind=SessionKind.ONE_TO_ONE, capacity=1), SessionFull),
    ]
    for happens, refusal in cases:
        with undone():
            happens()
            with pytest.raises(refusal):
                change(place, party=2)
            place.refresh_from_db()
            assert place.party == 1
        clock.move_to(NOON)


def test_what_is_told_of_it_and_when_it_is_told_no_more(
    clock: Any, pat: Participant, session: Session, sam: User
) -> None:
    place = one(pat, session)
    change(place, party=2, by=sam.person)
    message = Message.objects.get(kind="who_comes")
    words = words_now(message)
    assert words is not None
    assert "For two now: your SafeFit class" in words.subject
    assert "you, and one person who comes with you" in words.body and "somebody who helps you" in words.body
    pat.person.contact_points.update(channel="phone", value="+441632960222")
    assert who_comes_now(message) is not None  # they are called, since somebody else did it
    message.context["by_oneself"] = True
    assert who_comes_now(message) is None
    message.context.update(by_oneself=False, party=1)
    assert who_comes_now(message) is None
    message.context["party"] = 2
    clock.move_to(session.starts_at)
    assert who_comes_now(message) is None


def test_of_a_turn_it_says_that_there_is_no_place_yet(pat: Participant, session: Session) -> None:
    one(pat, session, party=2)
    change(somebody(session, or_wait=True), party=2)
    words = words_now(Message.objects.get(kind="who_comes"))
    assert words is not None and "You do not have a place yet" in words.body and "/cancel/" in words.body
