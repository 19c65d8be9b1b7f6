"""What the clock does: offers run out, people who are only called have their time, and turns end with the start."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core import mail

from accounts.history import acting
from classes import tasks
from classes.judging.refusals import NotWaiting, OfferOver, TryAgain
from classes.models import Booking, BookingState, Mode, Offer, Session
from classes.models.booking import TOO_LATE_TO_OFFER
from classes.places.booking import change_capacity
from classes.telling import notices
from classes.waiting_list import running_out
from classes.waiting_list.answering import accept_offer, called_about_offer, decline_offer, give_place, pass_by
from classes.waiting_list.running_out import close_waiting_lists, end_calls_in_vain, expire_offers, serve_waiting_lists
from classes.waiting_list.serving import CALL
from messaging.choices import choose_ways
from messaging.delivery import deliver_due
from messaging.models import Matter, Message, MessageState, Task
from participants.consequences import Event, run_consequences
from participants.models import ClearanceState, Participant
from participants.standing import facts_changed
from tests.factories.accounts import ContactPointFactory
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
    somebody,
    taken,
)

pytestmark = pytest.mark.django_db
FOUR = NOON + 4 * HOUR
LAST_MOMENT = SATURDAY - 2 * HOUR
CALL_UNTIL = SATURDAY - 18 * HOUR + SECOND  # two hours of Friday evening and two of Saturday are four


def calls() -> list[int | None]:
    return list(Task.objects.to_do().filter(kind=CALL).order_by("id").values_list("subject_id", flat=True))


def states(*bookings: Booking) -> list[str]:
    return [fresh(booking).state for booking in bookings]


def offer_of(booking: Booking) -> Offer:
    return booking.offers.latest("id")


def subjects_to(participant: Participant) -> list[str]:
    deliver_due()
    address = participant.person.contact_points.get().value
    return [sent.subject for sent in mail.outbox if sent.to == [address]]


def clearance(participant: Participant, state: str) -> None:
    cleared = state == ClearanceState.CLEARED
    ClearanceFactory(participant=participant, state=state, **({} if cleared else {"valid_until": None}))
    facts_changed(participant)
    with acting(participant.person, "tests.clearance"):
        run_consequences(Event.CLEARANCE_CHANGED, participant, participant.person)


@pytest.fixture
def offered(wait: Waits, held: Booking, anna: Participant) -> Booking:
    """Anna may answer until four in the afternoon."""
    turn = wait(anna)
    give_up(held)
    return fresh(turn)


@pytest.fixture
def by_phone(wait: Waits, held: Booking, phil: Participant) -> Booking:
    """Phil, who has only a telephone, is to be called about the place."""
    turn = wait(phil)
    give_up(held)
    return fresh(turn)


# --- in writing --------------------------------------------------------------


def test_an_offer_that_nobody_answers_runs_out_to_the_second_and_the_next_is_asked(
    wait: Waits, offered: Booking, session: Session, bert: Participant, clock: time_machine.Traveller
) -> None:
    second = wait(bert)
    clock.move_to(FOUR - SECOND)
    assert expire_offers() == 0
    clock.move_to(FOUR)
    assert expire_offers() == 1
    assert expire_offers() == 0
    assert (states(offered, second), taken(session)) == (["expired", "offered"], 1)
    assert (offer_of(offered).state, offer_of(offered).ended_at) == ("expired", FOUR)
    assert fresh(offered).end_reason == "not_answered"


def test_who_did_not_answer_is_told_once_and_may_wait_again(
    wait: Waits, offered: Booking, anna: Participant, clock: time_machine.Traveller
) -> None:
    clock.move_to(FOUR)
    for _ in range(2):
        expire_offers()
    assert subjects_to(anna)[-1:] == ["The place on Saturday 6 February has gone to somebody else"]
    assert Message.objects.filter(kind="offer_ran_out").count() == 1
    with pytest.raises(OfferOver) as refusal:
        accept_offer(booking=offered, by=anna.person)
    assert refusal.value.became == "expired"
    assert wait(anna).state == "booked", "nobody else wanted it"


def test_an_offer_made_in_the_evening_stands_until_the_next_day(  # pitfalls 16
    wait: Waits, held: Booking, anna: Participant, clock: time_machine.Traveller
) -> None:
    turn = wait(anna)
    clock.move_to(NOON + 7 * HOUR)
    give_up(held)
    clock.move_to(NOON + 23 * HOUR - SECOND)
    assert expire_offers() == 0
    clock.move_to(NOON + 23 * HOUR)
    assert (expire_offers(), states(turn)) == (1, ["expired"])


def test_whose_class_has_begun_meanwhile_is_told_nothing_new(
    offered: Booking, session: Session, anna: Participant, clock: time_machine.Traveller
) -> None:
    clock.move_to(session.ends_at)
    assert expire_offers() == 1
    before = len(mail.outbox)
    subjects_to(anna)
    assert len(mail.outbox) == before


def test_time_that_an_offer_held_is_free_again_when_it_runs_out(
    wait: Waits, offered: Booking, session: Session, anna: Participant, dee: Any, clock: time_machine.Traveller
) -> None:
    other = SessionFactory(programme=session.programme, capacity=0, starts_at=session.starts_at)
    turn = wait(anna, session=other)
    change_capacity(session=other, capacity=1, by=dee.person)
    assert fresh(turn).skipped_reason == "overlaps"
    clock.move_to(FOUR)
    expire_offers()
    assert states(turn) == ["offered"]


def test_an_offer_that_was_answered_a_moment_ago_does_not_run_out(
    offered: Booking, clock: time_machine.Traveller
) -> None:
    stale = Booking.objects.select_related("participant__person").get(pk=offered.pk)
    accept_offer(booking=offered, by=offered.participant.person)
    clock.move_to(FOUR)
    assert running_out._expire(stale, by=offered.participant.person) == 0
    assert states(offered) == ["booked"]


def test_one_class_that_is_busy_holds_nobody_else_up(
    wait: Waits,
    offered: Booking,
    session: Session,
    bert: Participant,
    clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = BookingFactory(
        session=SessionFactory(programme=session.programme, places_taken=1),
        participant=bert,
        state=BookingState.OFFERED,
        offer__expires_at=FOUR,
    )
    clock.move_to(FOUR)
    real, busy = running_out.locked_booking, [offered.pk]

    def once_busy(booking: Booking) -> Any:
        if booking.pk in busy:
            busy.remove(booking.pk)
            raise TryAgain
        return real(booking)

    monkeypatch.setattr(running_out, "locked_booking", once_busy)
    assert (expire_offers(), states(offered, other)) == (1, ["offered", "expired"])
    assert (expire_offers(), states(offered)) == (1, ["expired"])


# --- by telephone ------------------------------------------------------------


def test_who_is_only_called_gets_a_task_and_no_silent_end(  # pitfalls 16
    by_phone: Booking, clock: time_machine.Traveller
) -> None:
    assert calls() == [by_phone.pk]
    assert (offer_of(by_phone).by_phone, offer_of(by_phone).expires_at) == (True, CALL_UNTIL)
    assert not Message.objects.filter(kind="place_offered").exists()
    clock.move_to(NOON + 40 * HOUR)
    assert (expire_offers(), states(by_phone)) == (0, ["offered"])
    overdue = Task.objects.to_do().get(due_at__lt=NOON + 40 * HOUR)
    assert (overdue.subject_id, overdue.due_at) == (by_phone.pk, FOUR), "the desk reads for how long nobody has rung"


def test_who_wants_to_be_called_about_places_has_the_time_of_a_call_although_they_read_email(
    wait: Waits, held: Booking, anna: Participant
) -> None:
    ContactPointFactory(person=anna.person, channel="phone", value="+441632960111", preferred=False)
    choose_ways(person=anna.person, ways={Matter.OFFERS: "phone"}, by=anna.person)
    turn = wait(anna)
    give_up(held)
    assert calls() == [turn.pk]
    assert (offer_of(turn).by_phone, offer_of(turn).expires_at) == (True, CALL_UNTIL)


@pytest.mark.parametrize(
    ("called", "told", "until"),
    [
        (HOUR, True, NOON + 5 * HOUR),
        (HOUR, False, NOON + 5 * HOUR),
        (7 * HOUR, False, NOON + 23 * HOUR),
        (9 * HOUR, False, CALL_UNTIL),  # at night nobody is called: it counts for nothing
        (9 * HOUR, True, NOON + 24 * HOUR),  # who is told has time from eight in the morning
        (68 * HOUR, True, LAST_MOMENT),
    ],
)
def test_the_clock_starts_when_they_are_told_or_with_the_first_call_that_counts(
    by_phone: Booking, dee: Any, clock: time_machine.Traveller, called: Any, told: bool, until: Any
) -> None:
    clock.move_to(NOON + called)
    called_about_offer(booking=by_phone, told=told, by=dee.person)
    offer = offer_of(by_phone)
    assert offer.expires_at == until
    assert (offer.heard_at is not None) is told


def test_a_second_call_that_nobody_answers_gives_no_more_time_and_being_told_does(
    by_phone: Booking, dee: Any, clock: time_machine.Traveller
) -> None:
    for hours, told, until in [(0, False, 4), (1, False, 4), (2, True, 6)]:
        clock.move_to(NOON + hours * HOUR)
        called_about_offer(booking=by_phone, told=told, by=dee.person)
        assert offer_of(by_phone).expires_at == NOON + until * HOUR
    assert offer_of(by_phone).tried_at == NOON


def test_a_call_about_an_offer_in_writing_changes_nothing(offered: Booking, dee: Any) -> None:
    called_about_offer(booking=offered, told=True, by=dee.person)
    assert (offer_of(offered).expires_at, offer_of(offered).heard_at) == (FOUR, None)


def test_a_call_about_a_place_that_is_not_kept_changes_nothing(
    wait: Waits, held: Booking, anna: Participant, dee: Any
) -> None:
    called_about_offer(booking=wait(anna), told=True, by=dee.person)
    assert not Offer.objects.exists()


def test_who_was_called_and_not_reached_keeps_the_turn_and_the_next_is_asked(
    wait: Waits, by_phone: Booking, bert: Participant, dee: Any, clock: time_machine.Traveller
) -> None:
    second = wait(bert)
    called_about_offer(booking=by_phone, told=False, by=dee.person)
    clock.move_to(FOUR)
    assert expire_offers() == 1
    assert (states(by_phone, second), fresh(by_phone).skipped_reason) == (["waiting", "offered"], "not_reached")
    assert calls() == []
    assert not Message.objects.filter(kind="offer_ran_out").exists()


def test_who_heard_of_it_and_said_nothing_has_left_the_list(
    by_phone: Booking, dee: Any, clock: time_machine.Traveller
) -> None:
    called_about_offer(booking=by_phone, told=True, by=dee.person)
    clock.move_to(FOUR)
    assert (expire_offers(), states(by_phone)) == (1, ["expired"])


def test_who_could_not_be_reached_is_called_again_when_another_place_comes_free(
    wait: Waits, by_phone: Booking, session: Session, bert: Participant, pat: Participant, dee: Any
) -> None:
    second = wait(bert)
    pass_by(booking=by_phone, by=dee.person)
    assert states(by_phone, second) == ["waiting", "offered"]
    decline_offer(booking=second, by=bert.person)
    assert (states(by_phone), calls()) == (["waiting"], []), "this place does not come round to him again"
    give_up(book(pat, session))
    assert (states(by_phone), calls()) == (["offered"], [by_phone.pk])


def test_whoever_is_passed_by_has_that_time_for_their_turn_in_another_class(
    by_phone: Booking, pat: Participant, phil: Participant, dee: Any
) -> None:
    elsewhere = SessionFactory(programme=pat.programme, starts_at=SATURDAY, capacity=1)
    place, turn = book(pat, elsewhere), book(phil, elsewhere, or_wait=True)
    give_up(place)
    assert (states(turn), fresh(turn).skipped_reason) == (["waiting"], "overlaps")
    pass_by(booking=by_phone, by=dee.person)
    assert states(by_phone, turn) == ["waiting", "offered"]


def test_two_who_cannot_be_reached_do_not_keep_one_place_between_them(
    wait: Waits, by_phone: Booking, session: Session, pat: Participant, dee: Any, programme: Any
) -> None:
    second = wait(somebody(programme, email=False))
    pass_by(booking=by_phone, by=dee.person)
    pass_by(booking=second, by=dee.person)
    assert states(by_phone, second) == ["waiting", "waiting"]
    assert book(pat, session).state == "booked"


def test_who_was_not_reached_and_could_not_come_to_the_next_place_is_called_when_they_can(
    by_phone: Booking, session: Session, pat: Participant, phil: Participant, dee: Any
) -> None:
    pass_by(booking=by_phone, by=dee.person)
    clearance(phil, ClearanceState.NEEDS_REVIEW)
    give_up(book(pat, session))
    assert (states(by_phone), fresh(by_phone).skipped_reason) == (["waiting"], "being_checked")
    clearance(phil, ClearanceState.CLEARED)
    assert (states(by_phone), calls()) == (["offered"], [by_phone.pk])


def test_a_smaller_class_and_a_turn_given_up_are_no_new_place(
    wait: Waits, by_phone: Booking, session: Session, anna: Participant, dee: Any
) -> None:
    change_capacity(session=session, capacity=3, by=dee.person)
    pass_by(booking=by_phone, by=dee.person)
    change_capacity(session=session, capacity=2, by=dee.person)
    assert states(by_phone) == ["waiting"]
    change_capacity(session=session, capacity=3, by=dee.person)
    assert states(by_phone) == ["offered"]


def test_the_desk_takes_the_place_for_who_is_called(by_phone: Booking, session: Session, dee: Any) -> None:
    placed = give_place(booking=by_phone, by=dee.person)
    assert (placed.state, offer_of(placed).state, taken(session), calls()) == ("booked", "accepted", 1, [])


def test_the_desk_cannot_take_a_place_whose_time_is_over(
    by_phone: Booking, dee: Any, clock: time_machine.Traveller
) -> None:
    called_about_offer(booking=by_phone, told=True, by=dee.person)
    clock.move_to(FOUR)
    with pytest.raises(OfferOver):
        give_place(booking=by_phone, by=dee.person)


def test_whom_nobody_has_called_is_called_when_the_place_becomes_public(
    by_phone: Booking, session: Session, pat: Participant, clock: time_machine.Traveller
) -> None:
    clock.move_to(CALL_UNTIL - SECOND)
    assert expire_offers() == 0
    clock.move_to(CALL_UNTIL)
    assert expire_offers() == 1
    assert (states(by_phone), fresh(by_phone).skipped_reason) == (["waiting"], TOO_LATE_TO_OFFER)
    assert calls() == [by_phone.pk]
    assert book(pat, session).state == "booked"
    end_calls_in_vain()
    assert calls() == [], "the place has gone, so nobody is called about it"


WEEKEND = [  # Monday 8 February 2027 at ten; freed on Friday at four, when the desk goes home at five and nobody called
    (Mode.REMOTE, dt.datetime(2027, 2, 7, 16, 0, 1, tzinfo=dt.UTC)),  # Sunday at four: four hours before 8am on Monday
    (
        Mode.IN_PERSON,
        dt.datetime(2027, 2, 6, 18, 0, 1, tzinfo=dt.UTC),
    ),  # Saturday at six: four hours before Sunday 10am
]


@pytest.mark.parametrize(("mode", "public_from"), WEEKEND, ids=["online", "in person"])
def test_over_a_weekend_without_a_desk_no_place_is_kept_for_a_call_that_nobody_makes(
    clock: time_machine.Traveller, programme: Any, phil: Participant, anna: Participant, pat: Participant,
    mode: Mode, public_from: dt.datetime,
) -> None:  # fmt: skip
    clock.move_to(dt.datetime(2027, 2, 5, 16, tzinfo=dt.UTC))
    monday = SessionFactory(
        programme=programme, mode=mode, starts_at=dt.datetime(2027, 2, 8, 10, tzinfo=dt.UTC), capacity=1
    )
    had = book(anna, monday)
    called, written = (book(one, monday, or_wait=True) for one in (phil, somebody(programme)))
    give_up(had)
    assert states(called, written) == ["offered", "waiting"]
    clock.move_to(public_from - SECOND)
    assert (expire_offers(), states(called)) == (0, ["offered"])
    clock.move_to(public_from)
    assert (expire_offers(), states(called, written)) == (1, ["waiting", "waiting"])
    assert calls() == [called.pk, written.pk], "both keep their turn, and are called in their order"
    assert book(pat, monday).state == "booked"


def test_the_desk_gives_a_public_place_and_the_other_calls_end(
    wait: Waits, held: Booking, anna: Participant, phil: Participant, dee: Any, clock: time_machine.Traveller
) -> None:
    turns = [wait(anna), wait(phil)]
    clock.move_to(LAST_MOMENT)
    give_up(held)
    assert calls() == [turn.pk for turn in turns]
    assert give_place(booking=turns[1], by=dee.person).state == "booked"
    assert calls() == []


def test_who_is_called_about_a_public_place_and_not_reached_is_not_called_about_it_again(
    wait: Waits, held: Booking, phil: Participant, dee: Any, clock: time_machine.Traveller
) -> None:
    turn = wait(phil)
    clock.move_to(LAST_MOMENT)
    give_up(held)
    pass_by(booking=turn, by=dee.person)
    assert (fresh(turn).skipped_reason, calls(), serve_waiting_lists()) == ("not_reached", [], 0)


@pytest.mark.parametrize("act", [give_place, pass_by])
def test_who_is_no_longer_asked_cannot_be_served(by_phone: Booking, dee: Any, act: Any) -> None:
    decline_offer(booking=by_phone, by=by_phone.participant.person)
    with pytest.raises(NotWaiting):
        act(booking=by_phone, by=dee.person)


# --- the start of the class, and a second line --------------------------------


def test_turns_end_when_the_class_begins_with_one_message(  # pitfalls 8
    wait: Waits, held: Booking, anna: Participant, clock: time_machine.Traveller
) -> None:
    turn = wait(anna)
    clock.move_to(SATURDAY - SECOND)
    assert close_waiting_lists() == 0
    clock.move_to(SATURDAY)
    assert (close_waiting_lists(), close_waiting_lists()) == (1, 0)
    assert (states(turn, held), fresh(turn).end_reason) == (["closed", "booked"], "no_place_came_free")
    assert subjects_to(anna)[-1] == "No place came free in the class on Saturday 6 February"
    assert Message.objects.filter(kind="no_place_came_free").count() == 1


def test_of_a_class_of_days_ago_nobody_is_told_that_no_place_came_free(
    wait: Waits, held: Booking, anna: Participant, clock: time_machine.Traveller
) -> None:
    wait(anna)
    clock.move_to(SATURDAY + 24 * HOUR)
    close_waiting_lists()
    deliver_due()
    assert Message.objects.get(kind="no_place_came_free").state == MessageState.NOT_WANTED


def test_a_class_that_was_moved_to_later_a_moment_ago_keeps_its_waiting_list(
    wait: Waits, held: Booking, anna: Participant, session: Session
) -> None:
    turn = wait(anna)
    assert running_out._close(session, by=anna.person) == 0
    assert states(turn) == ["waiting"]


def test_a_place_that_nobody_was_offered_is_offered_a_minute_later(  # pitfalls 5
    wait: Waits, held: Booking, session: Session, anna: Participant, clock: time_machine.Traveller
) -> None:
    turn = wait(anna)
    Session.objects.filter(pk=session.pk).update(capacity=2)  # as if its class had been too busy
    assert (serve_waiting_lists(), serve_waiting_lists()) == (1, 0)
    assert states(turn) == ["offered"]


def test_all_of_it_comes_back_every_minute(
    offered: Booking, clock: time_machine.Traveller, session: Session, anna: Participant
) -> None:
    clock.move_to(FOUR + MINUTE)
    tasks.move_waiting_lists_on()
    assert states(offered) == ["expired"]


def test_news_of_a_turn_that_has_not_ended_is_no_news(session: Session, pat: Participant) -> None:
    waits = BookingFactory(session=session, participant=pat, state=BookingState.WAITING)
    message = Message(kind=notices.NONE_CAME_FREE, subject_id=waits.pk, person=pat.person, programme=pat.programme)
    assert notices.turn_has_ended(message) is None
    message.subject_id = 0
    assert notices.turn_has_ended(message) is None
