"""A place that comes free is offered in order, kept while there is time to answer, and used once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, connection, transaction

from accounts.history import acting
from classes.judging.refusals import NotEligible, OfferOver, Overlaps, SessionFull, SessionNotOpen, TooLate
from classes.models import Booking, BookingState, Mode, Offer, OfferState, Session, SessionStatus
from classes.models.booking import TOO_LATE_TO_OFFER
from classes.places.booking import cancel_booking, change_capacity, offer_freed_places, release_all
from classes.timetable import Edit, Scope, cancel_session, change_dates, fields_of_date, preview_edit
from classes.waiting_list.answering import accept_offer, decline_offer, withdraw_offer
from classes.waiting_list.offers import open_offers
from classes.waiting_list.serving import CALL
from messaging.delivery import deliver_due
from messaging.models import Message, MessageState, Task
from participants.consequences import Event, run_consequences
from participants.models import ClearanceState, Participant
from participants.standing import facts_changed
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.participants import ClearanceFactory
from tests.unit.classes.waiting_list.conftest import (
    HOUR,
    MINUTE,
    NOON,
    SATURDAY,
    SECOND,
    Waits,
    book,
    fresh,
    give_up,
    taken,
)

pytestmark = pytest.mark.django_db


def calls() -> list[int | None]:
    return list(Task.objects.to_do().filter(kind=CALL).order_by("id").values_list("subject_id", flat=True))


def offers_of(booking: Booking) -> list[str]:
    return list(booking.offers.order_by("id").values_list("state", flat=True))


def states(*bookings: Booking) -> list[str]:
    return [fresh(booking).state for booking in bookings]


def loses_clearance(participant: Participant) -> None:
    ClearanceFactory(participant=participant, state=ClearanceState.NEEDS_REVIEW, valid_until=None)
    facts_changed(participant)


def told(kind: str) -> list[str]:
    return list(Message.objects.filter(kind=kind).order_by("id").values_list("state", flat=True))


@pytest.fixture
def offered(wait: Waits, held: Booking, anna: Participant) -> Booking:
    """Anna waited, and the place is hers to take until four in the afternoon."""
    turn = wait(anna)
    give_up(held)
    return fresh(turn)


# --- who is offered a place --------------------------------------------------


def test_the_first_who_waits_is_offered_the_place_and_it_is_kept(
    wait: Waits, held: Booking, session: Session, anna: Participant, bert: Participant, pat: Participant
) -> None:
    first, second = wait(anna), wait(bert)
    give_up(held)
    assert states(first, second) == ["offered", "waiting"]
    offer = first.offers.get()
    assert (offer.state, offer.made_at, offer.expires_at, offer.by_phone) == ("open", NOON, NOON + 4 * HOUR, False)
    assert taken(session) == 1
    with pytest.raises(SessionFull):  # pitfalls 7
        book(pat, session)


def test_places_go_in_the_order_of_priority_then_joining_then_the_row(  # pitfalls 4
    held: Booking, session: Session, anna: Participant, bert: Participant, phil: Participant, pat: Participant
) -> None:
    people = [(anna, 0, NOON), (bert, 0, NOON), (phil, 1, NOON + HOUR), (pat, 0, NOON - HOUR)]
    rows = [
        BookingFactory(session=session, participant=who, state=BookingState.WAITING, priority=first, joined_at=at)
        for who, first, at in people
    ]
    give_up(held)
    order = []
    for _ in rows:
        (one,) = Booking.objects.filter(session=session, state=BookingState.OFFERED)
        order.append(rows.index(one))
        decline_offer(booking=one, by=one.participant.person)
    assert order == [2, 3, 0, 1]


def test_who_asked_to_be_booked_gets_the_place_while_it_is_more_than_a_day_away_and_is_asked_later(  # pitfalls 15
    wait: Waits, held: Booking, session: Session, anna: Participant, clock: time_machine.Traveller
) -> None:
    turn = wait(anna, book_automatically=True)
    clock.move_to(SATURDAY - 24 * HOUR)
    give_up(held)
    assert states(turn) == ["offered"]


def test_a_larger_class_is_offered_to_who_waits_before_anybody_else_sees_it(  # pitfalls 10
    wait: Waits, session: Session, anna: Participant, bert: Participant, pat: Participant, dee: Any
) -> None:
    first, second = wait(anna), wait(bert)
    change_capacity(session=session, capacity=2, by=dee.person)
    assert states(first, second) == ["offered", "waiting"]
    with pytest.raises(SessionFull):
        book(pat, session)


def test_no_code_makes_a_class_larger_but_the_desk(  # pitfalls 11
    offered: Booking, session: Session
) -> None:
    accept_offer(booking=offered, by=offered.participant.person)
    session.refresh_from_db()
    assert (session.capacity, session.places_taken) == (1, 1)


def test_free_places_are_those_that_are_not_held_whatever_was_given_up(  # pitfalls 6
    wait: Waits, held: Booking, session: Session, anna: Participant, bert: Participant, dee: Any
) -> None:
    turns = [wait(anna), wait(bert)]
    Session.objects.filter(pk=session.pk).update(reserved=0, capacity=1)
    cancel_booking(booking=turns[0], by=anna.person)
    assert offer_freed_places(session=session, by=dee.person) == []
    assert (taken(session), states(turns[1])) == (1, ["waiting"])


def test_a_class_without_places_has_a_waiting_list(
    session: Session, anna: Participant, dee: Any
) -> None:  # pitfalls 13
    change_capacity(session=session, capacity=0, by=dee.person)
    with pytest.raises(SessionFull):
        book(anna, session)
    turn = book(anna, session, or_wait=True)
    change_capacity(session=session, capacity=1, by=dee.person)
    assert states(turn) == ["offered"]


def test_who_gave_a_place_up_and_books_again_is_a_newcomer(  # pitfalls 9
    wait: Waits, held: Booking, anna: Participant, session: Session
) -> None:
    first = wait(anna)
    give_up(held)
    again = book(held.participant, session, or_wait=True)
    assert (again.pk == held.pk, again.state) == (False, "waiting")
    decline_offer(booking=first, by=anna.person)
    assert states(again) == ["offered"]


def test_two_places_wait_for_a_party_and_one_goes_past_it(  # pitfalls 3
    wait: Waits, held: Booking, session: Session, anna: Participant, bert: Participant, dee: Any
) -> None:
    pair, single = wait(anna, party=2), wait(bert)
    give_up(held)
    assert states(pair, single) == ["waiting", "offered"]
    assert fresh(pair).skipped_reason == "party_too_large"
    change_capacity(session=session, capacity=3, by=dee.person)
    assert (states(pair), taken(session)) == (["offered"], 3)
    decline_offer(booking=pair, by=anna.person)
    assert taken(session) == 1


# --- taking it ---------------------------------------------------------------


def test_who_takes_the_place_has_it_and_is_told_all_about_it(offered: Booking, session: Session) -> None:
    person = offered.participant.person
    placed = accept_offer(booking=offered, by=person)
    assert (placed.state, placed.source, taken(session)) == ("booked", "offer", 1)
    assert offers_of(offered) == ["accepted"]
    assert told("booking_confirmed")[-1] == MessageState.QUEUED
    assert told("place_offered") == [MessageState.NOT_WANTED]


def test_taking_it_twice_is_taking_it_once(offered: Booking, session: Session) -> None:
    for _ in range(2):
        assert accept_offer(booking=offered, by=offered.participant.person).state == "booked"
    assert taken(session) == 1


def test_an_offer_is_used_once(
    wait: Waits, offered: Booking, anna: Participant, bert: Participant
) -> None:  # pitfalls 1
    second = wait(bert)
    give_up(accept_offer(booking=offered, by=anna.person))
    assert states(offered, second) == ["cancelled", "offered"]
    with pytest.raises(OfferOver) as refusal:
        accept_offer(booking=offered, by=anna.person)
    assert refusal.value.details == {"offer": "accepted"}
    assert states(offered, second) == ["cancelled", "offered"]


def test_an_offer_can_be_taken_up_to_its_last_second_and_not_at_its_end(
    offered: Booking, clock: time_machine.Traveller
) -> None:
    clock.move_to(NOON + 4 * HOUR)
    with pytest.raises(OfferOver) as refusal:
        accept_offer(booking=offered, by=offered.participant.person)
    assert refusal.value.became == "expired"
    clock.move_to(NOON + 4 * HOUR - SECOND)
    assert accept_offer(booking=offered, by=offered.participant.person).state == "booked"


def test_who_was_never_offered_a_place_has_none_to_take(wait: Waits, anna: Participant) -> None:
    for answer in (accept_offer, decline_offer):
        with pytest.raises(OfferOver) as refusal:
            answer(booking=wait(anna), by=anna.person)
        assert refusal.value.became == ""


def test_it_is_judged_again_when_it_is_taken(offered: Booking) -> None:  # pitfalls 22
    loses_clearance(offered.participant)
    with pytest.raises(NotEligible):
        accept_offer(booking=offered, by=offered.participant.person)
    assert states(offered) == ["offered"]


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"starts_at": NOON, "ends_at": NOON + HOUR}, TooLate),
        ({"status": SessionStatus.CANCELLED, "cancelled_at": NOON, "cancel_reason": "Snow"}, SessionNotOpen),
    ],
)
def test_a_class_that_has_begun_or_is_off_takes_nobody(
    offered: Booking, session: Session, change: dict[str, Any], refusal: type[Exception]
) -> None:
    Session.objects.filter(pk=session.pk).update(**change)
    with pytest.raises(refusal):
        accept_offer(booking=offered, by=offered.participant.person)


def test_who_takes_a_place_no_longer_waits_at_that_time_and_is_told(  # pitfalls 18
    wait: Waits, held: Booking, session: Session, anna: Participant
) -> None:
    first = wait(anna)
    full = SessionFactory(programme=session.programme, capacity=0, starts_at=session.starts_at + MINUTE)
    after = SessionFactory(programme=session.programme, capacity=0, starts_at=session.ends_at)
    overlapping, touching = wait(anna, session=full), wait(anna, session=after)
    give_up(held)
    assert states(overlapping, touching) == ["waiting", "waiting"], "while she thinks about it"
    accept_offer(booking=first, by=anna.person)
    assert states(overlapping, touching) == ["cancelled", "waiting"]
    assert Message.objects.filter(kind="booking_cancelled", subject_id=overlapping.pk).exists()


def test_an_offer_holds_its_time_and_gives_it_back(
    wait: Waits, held: Booking, session: Session, anna: Participant
) -> None:
    first = wait(anna)
    other = SessionFactory(programme=session.programme, capacity=1, starts_at=session.starts_at)
    in_the_way = book(held.participant, SessionFactory(programme=session.programme, starts_at=session.ends_at))
    give_up(held)
    with pytest.raises(Overlaps):
        book(anna, other)
    full = SessionFactory(programme=session.programme, capacity=0, starts_at=session.starts_at)
    elsewhere = book(in_the_way.participant, full, or_wait=True)
    hers = wait(anna, session=full)
    Session.objects.filter(pk=full.pk).update(capacity=2)
    offer_freed_places(session=full, by=anna.person)
    assert (states(elsewhere, hers), fresh(hers).skipped_reason) == (["offered", "waiting"], "overlaps")
    decline_offer(booking=first, by=anna.person)
    assert states(hers) == ["offered"]


# --- saying no, and what takes an offer back ----------------------------------


def test_who_says_no_leaves_the_list_and_the_next_is_asked(
    wait: Waits, offered: Booking, session: Session, anna: Participant, bert: Participant
) -> None:
    second = wait(bert)
    for _ in range(2):
        assert decline_offer(booking=offered, by=anna.person).state == "declined"
    assert (states(second), offers_of(offered), taken(session)) == (["offered"], ["declined"], 1)
    with pytest.raises(OfferOver) as refusal:
        accept_offer(booking=offered, by=anna.person)
    assert refusal.value.became == "declined"
    deliver_due()
    subjects = [sent.subject for sent in mail.outbox if sent.to == [anna.person.contact_points.get().value]]
    assert subjects[-1] == "You have left the waiting list for Saturday 6 February"


def test_cancelling_an_offered_place_gives_it_to_the_next(
    wait: Waits, offered: Booking, session: Session, bert: Participant
) -> None:
    second = wait(bert)
    give_up(offered)
    assert (states(offered, second), offers_of(offered), taken(session)) == (
        ["cancelled", "offered"],
        ["withdrawn"],
        1,
    )


@pytest.mark.parametrize("event", [Event.PAUSED, Event.WITHDRAWN, Event.DIED])
def test_what_ends_somebodys_places_ends_their_offers(
    wait: Waits, offered: Booking, bert: Participant, event: Event
) -> None:
    second = wait(bert)
    with acting(bert.person, "tests.event"):
        run_consequences(event, offered.participant, bert.person)
    assert (states(offered, second), offers_of(offered)) == (["cancelled", "offered"], ["withdrawn"])


def test_a_class_that_is_cancelled_ends_its_offers(offered: Booking, session: Session, dee: Any) -> None:
    cancel_session(session=session, reason="Snow", by=dee.person)
    assert (states(offered), offers_of(offered), taken(session)) == (["closed"], ["withdrawn"], 0)


def moved(session: Session, by: Any, **changes: Any) -> None:
    more = {name: changes.pop(name) for name in ("on", "give_back") if name in changes}
    fresh = Session.objects.get(pk=session.pk)
    edit = Edit(session=fresh, scope=Scope.ONE, wanted=fields_of_date(fresh) | changes, **more)
    change_dates(edit=edit, seen=preview_edit(edit).fingerprint, by=by.person)


def test_who_is_asked_about_a_class_that_moves_is_asked_anew_with_their_whole_time(
    wait: Waits, offered: Booking, session: Session, bert: Participant, dee: Any, ines: Any, clock: Any
) -> None:
    second = wait(bert)
    clock.shift(3 * HOUR)  # of Anna's four hours one is left
    moved(session, dee, instructor=ines, on=SATURDAY.date() + dt.timedelta(days=1))
    assert (states(offered, second), offers_of(offered)) == (["offered", "waiting"], ["withdrawn", "open"])
    assert offered.offers.get(state="open").expires_at == NOON + 7 * HOUR
    assert told("place_offered") == [MessageState.NOT_WANTED, MessageState.QUEUED]
    assert taken(session) == 1


def test_a_place_that_gives_way_to_another_class_goes_round_to_who_could_not_be_reached(
    wait: Waits, held: Booking, session: Session, phil: Participant, dee: Any, ines: Any
) -> None:
    turn = wait(phil)
    Booking.objects.filter(pk=turn.pk).update(skipped_reason="not_reached")
    other = SessionFactory(programme=session.programme, mode=Mode.REMOTE, starts_at=SATURDAY + 24 * HOUR)
    book(held.participant, other)
    moved(session, dee, instructor=ines, on=SATURDAY.date() + dt.timedelta(days=1), give_back=True)
    assert states(held, turn) == ["closed", "offered"]


def test_no_offer_outlasts_the_time_at_which_its_class_can_still_be_reached(
    offered: Booking, session: Session, dee: Any, ines: Any
) -> None:
    moved(session, dee, instructor=ines, on=NOON.date(), start_time=dt.time(17))
    assert (states(offered), offers_of(offered), taken(session)) == (["waiting"], ["withdrawn"], 0)
    assert fresh(offered).skipped_reason == TOO_LATE_TO_OFFER
    assert calls() == [offered.pk]


def test_a_class_that_changes_in_what_nobody_comes_for_keeps_its_offers(
    offered: Booking, session: Session, dee: Any, ines: Any
) -> None:
    moved(session, dee, instructor=ines, capacity=2)
    assert offers_of(offered) == ["open"]


def test_every_place_given_back_at_once_ends_offers_too(offered: Booking, session: Session, dee: Any) -> None:
    release_all(session=session, by=dee.person)
    assert offers_of(offered) == ["withdrawn"]


def test_who_may_not_come_any_more_keeps_the_turn_and_the_next_is_asked(
    wait: Waits, offered: Booking, session: Session, bert: Participant
) -> None:
    second = wait(bert)
    deliver_due()
    loses_clearance(offered.participant)
    with acting(bert.person, "tests.event"):
        run_consequences(Event.CLEARANCE_CHANGED, offered.participant, bert.person)
    assert (states(offered, second), offers_of(offered)) == (["waiting", "offered"], ["withdrawn"])
    assert fresh(offered).skipped_reason == "being_checked"
    assert told("passed_by") == [MessageState.QUEUED]
    with pytest.raises(OfferOver) as refusal:
        accept_offer(booking=offered, by=offered.participant.person)
    assert refusal.value.became == "withdrawn"


def test_only_an_offer_that_does_not_stand_is_withdrawn(wait: Waits, offered: Booking, bert: Participant) -> None:
    turn = wait(bert)
    loses_clearance(bert)
    for booking in (offered, turn):
        withdraw_offer(booking=booking, by=bert.person)
    assert states(offered, turn) == ["offered", "waiting"]


def test_who_may_come_again_is_offered_the_next_place(
    wait: Waits, held: Booking, anna: Participant, bert: Participant
) -> None:
    first, second = wait(anna), wait(bert)
    give_up(held)
    loses_clearance(anna)
    withdraw_offer(booking=first, by=anna.person)
    ClearanceFactory(participant=anna)
    facts_changed(anna)
    decline_offer(booking=second, by=bert.person)
    assert (states(first), offers_of(first)) == (["offered"], ["withdrawn", "open"])


def test_open_offers_are_read_with_one_query_and_with_none_where_nothing_is_offered(
    wait: Waits, offered: Booking, bert: Participant, django_assert_num_queries: Any
) -> None:
    turn, offer = wait(bert), offered.offers.get()
    with django_assert_num_queries(1):
        assert open_offers([offered, turn]) == {offered.pk: offer}
    with django_assert_num_queries(0):
        assert open_offers([turn]) == {}


# --- what is said ------------------------------------------------------------


def test_the_message_says_until_when_and_leads_to_the_page(offered: Booking) -> None:
    deliver_due()
    (sent,) = [mail for mail in mail.outbox if "is kept for you" in mail.subject]
    assert sent.subject == "A place is kept for you on Saturday 6 February: please answer"
    assert "until Wednesday 3 February 2027 at 4pm (UK time)" in sent.body
    assert f"/me/bookings/{offered.pk}/offer/" in sent.body


@pytest.mark.parametrize("ends", ["answered", "over"])
def test_an_offer_that_cannot_be_answered_any_more_is_not_sent(
    offered: Booking, clock: time_machine.Traveller, ends: str
) -> None:
    if ends == "answered":
        decline_offer(booking=offered, by=offered.participant.person)
    clock.move_to(NOON + 4 * HOUR)
    deliver_due()
    assert told("place_offered") == [MessageState.NOT_WANTED]


# --- no time for an offer ----------------------------------------------------


@pytest.fixture
def hall(programme: Any) -> Session:
    """A class in a hall tomorrow at one: the last moment for an offer is an hour away."""
    return SessionFactory(programme=programme, mode=Mode.IN_PERSON, starts_at=NOON + 25 * HOUR, capacity=1)


def test_without_time_for_an_offer_those_who_wait_are_called_in_order_and_the_place_is_public(  # pitfalls 8
    hall: Session, anna: Participant, bert: Participant, phil: Participant, pat: Participant
) -> None:
    held = book(pat, hall)
    turns = [book(who, hall, or_wait=True) for who in (anna, phil, bert)]
    give_up(held)
    assert states(*turns) == ["waiting"] * 3
    assert {fresh(turn).skipped_reason for turn in turns} == {TOO_LATE_TO_OFFER}
    assert calls() == [turn.pk for turn in turns]
    assert not Offer.objects.exists()
    assert book(pat, hall).state == "booked"


def test_who_asked_to_be_booked_gets_it_even_then_and_nobody_is_called_in_vain(
    hall: Session, anna: Participant, bert: Participant, phil: Participant, pat: Participant
) -> None:
    held = book(pat, hall)
    first, second = book(anna, hall, or_wait=True), book(bert, hall, or_wait=True, book_automatically=True)
    unfit = book(phil, hall, or_wait=True)
    loses_clearance(phil)
    give_up(held)
    assert states(first, second, unfit) == ["waiting", "booked", "waiting"]
    assert calls() == []


def test_whoever_waits_with_an_old_reason_is_called_too(hall: Session, anna: Participant, pat: Participant) -> None:
    held = book(pat, hall)
    turn = book(anna, hall, or_wait=True)
    Booking.objects.filter(pk=turn.pk).update(skipped_reason="overlaps")
    give_up(held)
    assert calls() == [turn.pk]


# --- the database ------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE classes_offer SET state = 'withdrawn', ended_at = now() WHERE booking_id = %s",
        "UPDATE classes_booking SET state = 'waiting' WHERE id = %s",
        "UPDATE classes_booking SET state = 'booked' WHERE id = %s",
    ],
)
def test_an_offer_is_open_exactly_while_its_booking_is_offered(offered: Booking, sql: str) -> None:
    refused(sql, offered)


def test_nothing_is_offered_without_an_offer_and_no_offer_is_made_to_who_is_not_offered_anything(
    wait: Waits, anna: Participant, bert: Participant
) -> None:
    refused("UPDATE classes_booking SET state = 'offered' WHERE id = %s", wait(anna))
    refused(
        "INSERT INTO classes_offer (booking_id, kind, state, made_at, expires_at, by_phone)"
        " VALUES (%s, 'hold', 'open', now(), now() + interval '1 hour', false)",
        wait(bert),
    )


def refused(sql: str, booking: Booking) -> None:
    with pytest.raises(IntegrityError, match="an_offer_is_open_exactly_while"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(sql, [booking.pk])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_an_ended_offer_says_when(offered: Booking) -> None:
    with pytest.raises(IntegrityError, match="an_ended_offer_says_when"), transaction.atomic():
        Offer.objects.filter(booking=offered).update(state=OfferState.EXPIRED)
    with pytest.raises(IntegrityError, match="an_ended_offer_says_when"), transaction.atomic():
        Offer.objects.filter(booking=offered).update(ended_at=NOON + dt.timedelta(hours=1))
