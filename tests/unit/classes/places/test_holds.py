"""A place held while somebody answers: one person, one clock, taken with the answers or free again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from accounts.history import acting
from accounts.models import User
from classes.judging.eligibility import Reason, answering_settles
from classes.judging.refusals import (
    BeyondWeeklyLimit,
    CannotBeHeld,
    HeldBefore,
    Overlaps,
    Refusal,
    SessionFull,
    SessionNotOpen,
    TooLate,
)
from classes.models import Booking, BookingSource, BookingState, OfferKind, OfferState, Session
from classes.places.booking import NOT_CLEARED, book_place, cancel_booking
from classes.places.holds import HELD_FOR, hold_of_now, hold_place, is_hold, last_hold, settle_hold
from classes.places.places_in_doubt import free_places, judge_all_places
from classes.telling.gone import place_is_given_up
from classes.timetable import Edit, Scope, change_dates, fields_of_date, preview_edit
from classes.waiting_list.answering import decline_offer
from classes.waiting_list.running_out import expire_offers
from messaging.models import Message, Task
from participants.consequences import CLEARANCE_CHANGED, run_consequences
from participants.models import Participant, Phase
from participants.standing import facts_changed
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.participants import ClearanceFactory, ParticipantFactory

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2027, 2, 3, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def pat(clock: Any, pat: Participant) -> Participant:
    """Pat, whose clearance ran out yesterday."""
    ClearanceFactory(participant=pat, valid_until=NOON.date() - DAY)
    return pat


@pytest.fixture
def session(pat: Participant) -> Session:
    return SessionFactory(programme=pat.programme, starts_at=NOON + 3 * DAY, capacity=1)


def hold(participant: Participant, session: Session) -> Booking:
    return hold_place(participant=participant, session=session, by=participant.person, source=BookingSource.SELF)


def answer(participant: Participant, **clearance: Any) -> None:
    """What answering does: another clearance, and its consequences, in one action."""
    with acting(participant.person, "tests.answer"):
        facts_changed(participant)
        ClearanceFactory(participant=participant, **clearance)
        run_consequences(CLEARANCE_CHANGED, participant, participant.person)


def taken(session: Session) -> int:
    session.refresh_from_db()
    return session.places_taken


def state(booking: Booking) -> tuple[str, str]:
    booking.refresh_from_db()
    return booking.state, booking.end_reason


@pytest.mark.parametrize(
    ("reasons", "settles"),
    [
        ((), False),
        ((Reason.CHECK_RUNS_OUT,), True),
        ((Reason.NOT_CHECKED,), True),
        ((Reason.BEING_CHECKED,), False),
        ((Reason.PAUSED, Reason.NOT_CHECKED), False),
        ((Reason.CHECK_RUNS_OUT, Reason.REMOTE_ONLY), False),
    ],
)
def test_answering_settles_what_health_questions_alone_stand_against(
    reasons: tuple[Reason, ...], settles: bool
) -> None:
    assert answering_settles(reasons) is settles


def test_a_hold_takes_the_place_for_one_person_for_a_quarter_of_an_hour(  # pitfalls 22
    pat: Participant, quinn: Participant, session: Session
) -> None:
    held = hold(pat, session)
    offer = last_hold(held)
    assert offer is not None
    assert (held.state, offer.kind, offer.state) == ("offered", OfferKind.HOLD, OfferState.OPEN)
    assert offer.expires_at == NOON + HELD_FOR
    assert taken(session) == 1 and is_hold(held)
    with pytest.raises(SessionFull):
        book_place(participant=quinn, session=session, by=quinn.person, source=BookingSource.SELF)
    assert hold(pat, session) == held
    assert not Message.objects.exists()


def test_it_never_goes_on_after_the_start_of_the_class(pat: Participant) -> None:
    soon = SessionFactory(programme=pat.programme, starts_at=NOON + dt.timedelta(minutes=5))
    offer = last_hold(hold(pat, soon))
    assert offer is not None and offer.expires_at == soon.starts_at


def test_plain_answers_take_the_place_in_their_own_transaction(
    pat: Participant, session: Session
) -> None:  # pitfalls 22
    held = hold(pat, session)
    answer(pat)
    offer = last_hold(held)
    assert state(held) == ("booked", "") and held.source == "self"
    assert offer is not None and offer.state == OfferState.ACCEPTED and offer == hold_of_now(pat)
    assert taken(session) == 1 and not is_hold(held)
    assert Message.objects.get().kind == "booking_confirmed"


def test_answers_that_a_person_must_read_end_it_and_the_place_goes_on(
    pat: Participant, quinn: Participant, session: Session
) -> None:
    held = hold(pat, session)
    turn = book_place(
        participant=quinn,
        session=session,
        by=quinn.person,
        source=BookingSource.SELF,
        or_wait=True,
        book_automatically=True,
    )
    answer(pat, state="needs_review", valid_until=None)
    assert state(held) == ("expired", "not_cleared_yet")
    turn.refresh_from_db()
    assert turn.state == BookingState.BOOKED and taken(session) == 1


def test_while_there_is_more_to_answer_it_goes_on(pat: Participant, session: Session) -> None:
    held = hold(pat, session)
    answer(pat, valid_until=NOON.date())
    assert state(held) == ("offered", "")
    assert judge_all_places() == 0 and not Task.objects.exists()


def test_its_time_runs_out_and_is_not_told_in_a_message(
    pat: Participant, quinn: Participant, session: Session, clock: time_machine.Traveller
) -> None:
    held = hold(pat, session)
    clock.move_to(NOON + HELD_FOR)
    assert expire_offers() == 1
    assert state(held) == ("expired", "not_answered")
    assert taken(session) == 0 and not Message.objects.exists()
    book_place(participant=quinn, session=session, by=quinn.person, source=BookingSource.SELF)


def test_answers_at_the_last_moment_or_later_find_it_over(
    pat: Participant, session: Session, clock: time_machine.Traveller
) -> None:
    held = hold(pat, session)
    clock.move_to(NOON + HELD_FOR)
    answer(pat)
    assert state(held) == ("expired", "hold_over") and taken(session) == 0
    settle_hold(booking=held, by=pat.person)
    assert state(held) == ("expired", "hold_over")
    clock.move_to(NOON + 2 * HELD_FOR)
    assert hold_of_now(pat) is None


def test_what_is_over_is_no_longer_in_the_way_of_a_turn_in_an_earlier_class(
    pat: Participant, session: Session, clock: time_machine.Traveller
) -> None:
    earlier = SessionFactory(programme=pat.programme, starts_at=session.starts_at - dt.timedelta(minutes=30))
    turn = BookingFactory(session=earlier, participant=pat, state=BookingState.WAITING, skipped_reason="overlaps")
    held = hold(pat, session)
    clock.move_to(NOON + HELD_FOR)
    answer(pat)
    assert (state(held), state(turn)) == (("expired", "hold_over"), ("offered", ""))


def full(pat: Participant) -> Session:
    session = SessionFactory(programme=pat.programme, starts_at=NOON + DAY, capacity=1)
    other = ParticipantFactory(programme=pat.programme)
    book_place(participant=other, session=session, by=other.person, source=BookingSource.SELF)
    return session


def somebody_waits(pat: Participant) -> Session:
    session, other = full(pat), ParticipantFactory(programme=pat.programme)
    book_place(participant=other, session=session, by=other.person, source=BookingSource.SELF, or_wait=True)
    Session.objects.filter(pk=session.pk).update(capacity=2)
    return session


def held_elsewhere(pat: Participant) -> Session:
    hold(pat, SessionFactory(programme=pat.programme, starts_at=NOON + 5 * DAY))
    return SessionFactory(programme=pat.programme, starts_at=NOON + DAY)


def held_before(pat: Participant) -> Session:
    session = SessionFactory(programme=pat.programme, starts_at=NOON + DAY)
    decline_offer(booking=hold(pat, session), by=pat.person)
    return session


def begun(pat: Participant) -> Session:
    return SessionFactory(programme=pat.programme, starts_at=NOON)


def off(pat: Participant) -> Session:
    return SessionFactory(
        programme=pat.programme, starts_at=NOON + DAY, status="cancelled", cancelled_at=NOON, cancel_reason="hall"
    )


def another_programme(pat: Participant) -> Session:
    return SessionFactory(starts_at=NOON + DAY)


def cleared(pat: Participant) -> Session:
    ClearanceFactory(participant=pat)
    return SessionFactory(programme=pat.programme, starts_at=NOON + DAY)


def busy(pat: Participant) -> Session:
    ClearanceFactory(participant=pat, valid_until=NOON.date() + DAY)
    there = SessionFactory(programme=pat.programme, starts_at=NOON + DAY)
    held = book_place(participant=pat, session=there, by=pat.person, source=BookingSource.SELF)
    ClearanceFactory(participant=pat, valid_until=NOON.date() - DAY)
    return SessionFactory(programme=pat.programme, starts_at=held.session.starts_at)


def enough_that_week(pat: Participant) -> Session:
    Phase.objects.create(
        programme=pat.programme, order=1, name="One", weeks=40, contacts_least=1, contacts_most=1, most_a_week=1
    )
    return SessionFactory(programme=pat.programme, starts_at=busy(pat).starts_at + DAY)


@pytest.mark.parametrize(
    ("made", "refusal"),
    [
        (full, SessionFull),
        (somebody_waits, SessionFull),
        (held_elsewhere, HeldBefore),
        (held_before, HeldBefore),
        (begun, TooLate),
        (off, SessionNotOpen),
        (another_programme, SessionNotOpen),
        (cleared, CannotBeHeld),
        (busy, Overlaps),
        (enough_that_week, BeyondWeeklyLimit),
    ],
)
def test_what_cannot_be_held_is_refused_and_leaves_nothing(pat: Participant, made: Any, refusal: type[Refusal]) -> None:
    session = made(pat)
    before = (taken(session), Booking.objects.count())
    with pytest.raises(refusal) as refused:
        hold(pat, session)
    assert (taken(session), Booking.objects.count()) == before
    assert refused.value.code
    if isinstance(refused.value, HeldBefore):
        assert refused.value.details == {"booking": Booking.objects.get().pk}


def test_a_hold_in_a_class_of_tomorrow_is_not_freed_as_one_in_doubt(pat: Participant) -> None:
    held = hold(pat, SessionFactory(programme=pat.programme, starts_at=NOON + DAY / 2))
    assert free_places() == 0
    assert state(held) == ("offered", "")


@pytest.mark.parametrize("end", [decline_offer, cancel_booking])
def test_one_that_is_let_go_is_free_and_nobody_is_written_to(pat: Participant, session: Session, end: Any) -> None:
    held = end(booking=hold(pat, session), by=pat.person)
    assert held.ended_at is not None and taken(session) == 0
    for message in Message.objects.all():
        assert place_is_given_up(message) is None


def test_a_place_that_is_freed_says_why_and_is_no_hold(pat: Participant, session: Session, dee: User) -> None:
    assert NOT_CLEARED not in ("hold_over", "not_cleared_yet")
    assert not is_hold(cancel_booking(booking=hold(pat, session), by=dee.person))


def test_a_class_that_moves_takes_no_hold_along(pat: Participant, session: Session, dee: User, ines: Any) -> None:
    held = hold(pat, session)
    fresh = Session.objects.get(pk=session.pk)
    wanted = fields_of_date(fresh) | {"instructor": ines}
    edit = Edit(session=fresh, scope=Scope.ONE, wanted=wanted, on=(session.starts_at + DAY).date())
    change_dates(edit=edit, seen=preview_edit(edit).fingerprint, by=dee.person)
    assert state(held) == ("expired", "hold_over")
    assert taken(session) == 0
