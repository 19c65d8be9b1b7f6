"""Another date instead: one swap, and whatever goes wrong the old place is held as before."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from icalendar import Calendar

from accounts.models import User
from classes.judging.refusals import (
    BeyondWeeklyLimit,
    NoPlace,
    NotEligible,
    OfferedThere,
    Overlaps,
    Refusal,
    SessionFull,
    SessionNotOpen,
    TooLate,
)
from classes.models import Booking, BookingSource, BookingState, Session
from classes.places.booking import book_place, cancel_booking
from classes.places.moving import MOVED, move_booking
from classes.telling import block_notices
from messaging.models import Message
from messaging.words import words_now
from participants.models import Participant, Phase, SupporterScope
from tests.factories.classes import SessionFactory
from tests.factories.participants import ClearanceFactory, ParticipantFactory

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2027, 1, 25, 12, tzinfo=dt.UTC)
TUESDAY = dt.datetime(2027, 2, 2, 10, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


def on(pat: Participant, start: dt.datetime, **rest: Any) -> Session:
    return SessionFactory(programme=pat.programme, starts_at=start, **rest)


def one(participant: Participant, session: Session, **rest: Any) -> Booking:
    return book_place(
        participant=participant, session=session, by=participant.person, source=BookingSource.SELF, **rest
    )


@pytest.fixture
def held(pat: Participant) -> Booking:
    return one(pat, on(pat, TUESDAY, capacity=2), party=2)


def move(booking: Booking, to: Session, **rest: Any) -> Booking:
    rest.setdefault("by", booking.participant.person)
    rest.setdefault("source", BookingSource.SELF)
    return move_booking(booking=booking, to=to, **rest)


def test_moving_is_one_swap_and_the_number_of_places_stays(pat: Participant, held: Booking) -> None:  # pitfalls 33
    thursday = on(pat, TUESDAY + 2 * DAY)
    new = move(held, thursday)
    held.refresh_from_db()
    assert (held.state, held.end_reason) == (BookingState.CANCELLED, MOVED)
    assert (new.state, new.session_id, new.party) == (BookingState.BOOKED, thursday.pk, 2)
    assert Booking.objects.filter(participant=pat).live().count() == 1
    taken = dict(Session.objects.values_list("pk", "places_taken"))
    assert taken == {held.session_id: 0, thursday.pk: 2}


def test_the_freed_place_goes_to_who_waits_there(pat: Participant, quinn: Participant, held: Booking) -> None:
    turn = one(quinn, held.session, or_wait=True, book_automatically=True)
    move(held, on(pat, TUESDAY + DAY))
    turn.refresh_from_db()
    assert turn.state == BookingState.BOOKED


def test_a_move_to_an_overlapping_class_is_no_overlap_with_itself(  # pitfalls 26
    pat: Participant, held: Booking
) -> None:
    later = on(pat, TUESDAY + dt.timedelta(minutes=30))
    assert move(held, later).session_id == later.pk


def test_the_limit_of_the_week_leaves_the_moved_place_out(pat: Participant, held: Booking) -> None:  # pitfalls 26
    limit(pat)
    thursday = on(pat, TUESDAY + 2 * DAY)
    assert move(held, thursday).session_id == thursday.pk


def limit(pat: Participant) -> None:
    Phase.objects.create(
        programme=pat.programme, order=1, name="One", weeks=40, contacts_least=1, contacts_most=1, most_a_week=1
    )


def test_the_desk_moves_past_the_limit_with_a_reason(pat: Participant, dee: User, held: Booking) -> None:
    other, next_week = one(pat, on(pat, TUESDAY + 7 * DAY)), on(pat, TUESDAY + 8 * DAY)
    limit(pat)
    with pytest.raises(BeyondWeeklyLimit):
        move(held, next_week)
    new = move(held, next_week, by=dee.person, source=BookingSource.DESK, despite_limit="agreed")
    assert (new.state, other.state) == ("booked", "booked")
    context = new.events.first().pgh_context  # type: ignore[attr-defined]
    assert (context["action"], context["reason"]) == ("classes.move_booking", "agreed")


def full(pat: Participant) -> Session:
    session = on(pat, TUESDAY + DAY, capacity=1)
    one(ParticipantFactory(programme=pat.programme), session)
    return session


def too_small(pat: Participant) -> Session:
    return on(pat, TUESDAY + DAY, capacity=1)


def waits_there(pat: Participant) -> Session:
    session = full(pat)
    one(pat, session, or_wait=True)
    return session


def offered(pat: Participant, party: int = 1) -> Booking:
    """Somebody gives a place up, and it is kept for Pat, who waits."""
    session = on(pat, TUESDAY + 7 * DAY, capacity=party)
    other = ParticipantFactory(programme=pat.programme)
    theirs = one(other, session, party=party)
    turn = one(pat, session, or_wait=True, party=party)
    cancel_booking(booking=theirs, by=other.person)
    turn.refresh_from_db()
    assert turn.state == BookingState.OFFERED
    return turn


def offered_for_one(pat: Participant) -> Session:
    return offered(pat).session


def is_there(pat: Participant) -> Session:
    return one(pat, on(pat, TUESDAY + DAY)).session


def another_at_that_time(pat: Participant) -> Session:
    one(pat, on(pat, TUESDAY + DAY))
    return on(pat, TUESDAY + DAY)


def begun(pat: Participant) -> Session:
    return on(pat, NOON - DAY / 24)


def cancelled(pat: Participant) -> Session:
    return on(pat, TUESDAY + DAY, status="cancelled", cancelled_at=NOON, cancel_reason="hall shut")


def elsewhere(pat: Participant) -> Session:
    return SessionFactory(starts_at=TUESDAY + DAY)


def after_the_clearance(pat: Participant) -> Session:
    ClearanceFactory(participant=pat, valid_until=TUESDAY.date())
    return on(pat, TUESDAY + DAY)


def the_same(pat: Participant) -> Session:
    return Booking.objects.get(participant=pat).session


@pytest.mark.parametrize(
    ("to", "refusal"),
    [
        (full, SessionFull),
        (too_small, SessionFull),
        (waits_there, SessionFull),
        (offered_for_one, OfferedThere),
        (is_there, Overlaps),
        (another_at_that_time, Overlaps),
        (begun, TooLate),
        (cancelled, SessionNotOpen),
        (elsewhere, NotEligible),
        (after_the_clearance, NotEligible),
        (the_same, NoPlace),
    ],
)
def test_whatever_refuses_the_new_date_leaves_the_old_place_as_it_was(
    pat: Participant, quinn: Participant, held: Booking, to: Any, refusal: type[Refusal]
) -> None:
    session = to(pat)
    turn = one(quinn, held.session, or_wait=True, book_automatically=True)
    before = (dict(Session.objects.values_list("pk", "places_taken")), Message.objects.count())
    with pytest.raises(refusal):
        move(held, session)
    held.refresh_from_db()
    turn.refresh_from_db()
    assert (held.state, held.ended_at, turn.state) == ("booked", None, "waiting")
    assert before == (dict(Session.objects.values_list("pk", "places_taken")), Message.objects.count())


def test_moving_to_where_a_place_is_offered_takes_that_place(pat: Participant, held: Booking) -> None:
    turn = offered(pat, party=2)
    new = move(held, turn.session)
    held.refresh_from_db()
    assert (new.pk, new.state, held.state) == (turn.pk, "booked", "cancelled")
    assert turn.offers.get().state == "accepted"
    taken = dict(Session.objects.values_list("pk", "places_taken"))
    assert taken == {held.session_id: 0, turn.session_id: 2}


def test_an_offer_that_is_over_is_not_taken_by_moving(pat: Participant, held: Booking) -> None:
    turn = offered(pat, party=2)
    with time_machine.travel(turn.offers.get().expires_at, tick=False), pytest.raises(OfferedThere) as refused:
        move(held, turn.session)
    assert refused.value.details == {"booking": turn.pk}


def test_only_a_place_that_is_held_is_moved_and_not_after_its_start(pat: Participant, held: Booking) -> None:
    later = on(pat, TUESDAY + DAY)
    with time_machine.travel(TUESDAY, tick=False), pytest.raises(TooLate):
        move(held, later)
    cancel_booking(booking=held, by=pat.person)
    with pytest.raises(NoPlace):
        move(held, later)


def test_one_may_wait_for_a_full_date_and_keep_the_old_place(pat: Participant, held: Booking) -> None:
    turn = one(pat, full(pat), or_wait=True)
    held.refresh_from_db()
    assert (turn.state, held.state) == ("waiting", "booked")


# --- the message -------------------------------------------------------------


def test_one_message_says_old_and_new_and_both_calendar_files_follow(pat: Participant, held: Booking) -> None:
    Message.objects.all().delete()
    new = move(held, on(pat, TUESDAY + 2 * DAY))
    message = Message.objects.get()
    read = words_now(message)
    assert read is not None
    assert read.subject == "Moved: SafeFit class, now on Thursday 4 February"
    assert read.body.index("4 February") < read.body.index("given back") < read.body.index("2 February")
    content = block_notices.place_has_moved(message)
    assert content is not None
    read_files = [Calendar.from_ical(file.text) for file in content.attachments]
    assert [(str(c["method"]), str(c.walk("VEVENT")[0]["uid"]).split("@")[0]) for c in read_files] == [
        ("CANCEL", f"booking-{held.pk}"),
        ("REQUEST", f"booking-{new.pk}"),
    ]


def test_a_move_that_was_given_up_since_tells_of_the_old_place_alone(pat: Participant, held: Booking) -> None:
    new = move(held, on(pat, TUESDAY + 2 * DAY))
    cancel_booking(booking=new, by=pat.person)
    message = Message.objects.get(kind="booking_moved")
    read, content = words_now(message), block_notices.place_has_moved(message)
    assert read is not None and content is not None
    assert read.subject == "Cancelled for you: SafeFit class on Tuesday 2 February"
    assert [file.mime_type for file in content.attachments] == ["text/calendar; method=CANCEL"]
    with time_machine.travel(TUESDAY + 3 * DAY):
        assert block_notices.place_has_moved(message) is None


def test_moved_away_and_back_nobody_reads_that_the_class_they_hold_is_cancelled(
    pat: Participant, held: Booking
) -> None:
    away = move(held, on(pat, TUESDAY + 2 * DAY))
    move(away, held.session)
    first, second = Message.objects.filter(kind="booking_moved").order_by("id")
    assert block_notices.place_has_moved(first) is None
    read = words_now(second)
    assert read is not None and read.subject == "Moved: SafeFit class, now on Tuesday 2 February"


def test_a_supporter_has_a_copy_without_files(pat: Participant, sam: User, held: Booking) -> None:
    pat.supporters.update(scopes=[SupporterScope.BOOK, SupporterScope.SEE_MESSAGES])
    move(held, on(pat, TUESDAY + 2 * DAY), by=sam.person, source=BookingSource.SUPPORTER, copy=True)
    copy = Message.objects.get(person=sam.person)
    content = block_notices.place_has_moved(copy)
    assert content is not None and (content.context["for_whom"], content.attachments) == ("Pat", ())
    pat.supporters.update(scopes=[SupporterScope.BOOK])
    assert block_notices.place_has_moved(copy) is None
