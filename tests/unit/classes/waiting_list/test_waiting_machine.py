"""Random lives of one class beside a small model that says who gets the place (turns_model.py).

Booking, waiting, giving up, coming with somebody or alone, offers taken, refused and run
out, calls, who comes first, places kept back and given, a class made larger and smaller,
moved or cancelled, clearance lost and regained, breaks, time that passes by day and night,
and marks on the register after the start. After each step
everybody stands where the model says, and what must be true of places is true.
Quick here, and long by `./run campaign waiting`.
"""

from __future__ import annotations

import os
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.history import acting
from accounts.models import Person, Programme
from classes import tasks
from classes.judging.refusals import CapacityBelowHeld, NotEligible, OfferedThere, OfferOver, SessionFull
from classes.models import AttendanceState, Booking, BookingSource, BookingState, Mode, Offer, OfferState
from classes.places.booking import book_place, cancel_booking, change_capacity
from classes.places.kept_back import give_kept_place
from classes.places.making_smaller import make_smaller
from classes.places.who_comes import change_who_comes
from classes.register import NewMark, Outcome, take_register
from classes.timetable import Edit, Scope, cancel_session, change_dates, fields_of_date, preview_edit
from classes.waiting_list.answering import accept_offer, called_about_offer, decline_offer, pass_by
from classes.waiting_list.priority import set_priority
from instructors.models import Instructor
from participants.consequences import Event, run_consequences
from participants.models import ClearanceState, Participant
from participants.standing import facts_changed
from participants.taking_part import life
from tests.factories.classes import SessionFactory
from tests.factories.participants import ClearanceFactory
from tests.unit.classes.waiting_list.conftest import DAY, HOUR, NOON, somebody
from tests.unit.classes.waiting_list.turns_model import LIVE, Turns

PEOPLE = 5
BY_PHONE = {1, 4}
WHO = st.integers(0, PEOPLE - 1)
HISTORIES, STEPS = int(os.environ.get("SAFEFIT_HISTORIES", "0")), 30
CORES = 2 if HISTORIES else 1  # a campaign is walked on two of them
QUICK_HISTORIES, QUICK_STEPS = 8, 16
MOVES = 2  # in one life of a class: each costs as much as ten other steps, and a third shows nothing new
NOT_ASKED = ("cancelled", "declined", "expired", "closed")


class WaitingList(RuleBasedStateMachine):
    people: list[int]
    desk: Person
    leader: Instructor
    programme: Programme
    clock: time_machine.Traveller

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.over = False
        self.moves = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @initialize(
        remote=st.booleans(),
        beside=st.booleans(),
        capacity=st.sampled_from((1, 2, 0)),
        ahead=st.sampled_from((80, 50, 30)),
        wishes=st.lists(st.tuples(st.sampled_from((1, 1, 1, 2)), st.booleans()), min_size=PEOPLE, max_size=PEOPLE),
    )
    def a_class(self, remote: bool, beside: bool, capacity: int, ahead: int, wishes: list[tuple[int, bool]]) -> None:
        """Most days begin with a class that is full, and people who wait for it."""
        self.now = NOON
        self.clock.move_to(NOON)
        mode = Mode.REMOTE if remote else Mode.IN_PERSON
        starts_at = NOON + ahead * HOUR
        self.session = SessionFactory(
            programme=self.programme, mode=mode, starts_at=starts_at, capacity=capacity, leader=self.leader,
            companions_beside=beside,
        )  # fmt: skip
        self.model = Turns(starts_at, remote=remote, capacity=capacity, by_phone=BY_PHONE, beside=beside)
        for who, (party, auto) in enumerate(wishes):
            self.book(who, party=party, auto=auto, wait=True)

    # --- what people do

    @precondition(lambda self: not self.over)
    @rule(who=WHO, party=st.sampled_from((1, 1, 1, 2)), auto=st.booleans(), wait=st.sampled_from((True, True, False)))
    def book(self, who: int, party: int, auto: bool, wait: bool) -> None:
        expected = self.model.book(who, party=party, auto=auto, wait=wait)
        try:
            got = book_place(
                participant=self.person(who), session=self.session, by=self.desk, source=BookingSource.DESK,
                party=party, or_wait=wait, book_automatically=auto,
            ).state  # fmt: skip
        except (SessionFull, NotEligible):
            got = "refused"
        assert got == expected

    @precondition(lambda self: not self.over and self.model.those("booked"))
    @rule(pick=WHO)
    def give_a_place_up(self, pick: int) -> None:
        self.cancel(self.one_of(pick, "booked"))

    @precondition(lambda self: not self.over and self.model.those("offered", "waiting"))
    @rule(pick=WHO)
    def leave_the_list(self, pick: int) -> None:
        self.cancel(self.one_of(pick, "offered", "waiting"))

    @precondition(lambda self: self.model.those("offered"))
    @rule(pick=WHO, yes=st.booleans())
    def answer(self, pick: int, yes: bool) -> None:
        who = self.one_of(pick, "offered")
        (accept_offer if yes else decline_offer)(booking=self.booking(who), by=self.desk)
        self.model.becomes(who, "booked" if yes else "declined", self.now)

    @precondition(lambda self: self.model.those(*NOT_ASKED))
    @rule(pick=WHO)
    def answer_too_late(self, pick: int) -> None:
        with pytest.raises(OfferOver):
            accept_offer(booking=self.booking(self.one_of(pick, *NOT_ASKED)), by=self.desk)

    @precondition(lambda self: not self.over and self.model.those("waiting"))
    @rule(pick=WHO)
    def take_what_anybody_could_book(self, pick: int) -> None:
        """Too late for an offer, a place is everybody's: theirs too who wait."""
        who = self.one_of(pick, "waiting")
        if self.model.takes(who):
            accept_offer(booking=self.booking(who), by=self.desk)
        else:
            with pytest.raises((OfferOver, NotEligible)):
                accept_offer(booking=self.booking(who), by=self.desk)

    @precondition(lambda self: set(self.model.those("offered")) & BY_PHONE)
    @rule(pick=WHO, told=st.booleans())
    def call(self, pick: int, told: bool) -> None:
        who = self.one_of(pick, "offered")
        called_about_offer(booking=self.booking(who), told=told, by=self.desk)
        self.model.call(who, self.now, told=told)

    @precondition(lambda self: self.model.those("offered"))
    @rule(pick=WHO)
    def cannot_be_reached(self, pick: int) -> None:
        who = self.one_of(pick, "offered")
        pass_by(booking=self.booking(who), by=self.desk)
        self.model.missed.add(who)
        self.model.becomes(who, "waiting", self.now)

    @precondition(lambda self: not self.over and self.model.those(*LIVE))
    @rule(pick=WHO, party=st.sampled_from((1, 2)))
    def come_otherwise(self, pick: int, party: int) -> None:
        who = self.one_of(pick, *LIVE)
        if self.model.comes(who, party, self.now):
            change_who_comes(booking=self.booking(who), party=party, by=self.desk)
        else:
            with pytest.raises(SessionFull):
                change_who_comes(booking=self.booking(who), party=party, by=self.desk)

    # --- what the desk decides

    @precondition(lambda self: not self.over and self.model.those("waiting"))
    @rule(pick=WHO, first=st.booleans())
    def who_comes_first(self, pick: int, first: bool) -> None:
        who = self.one_of(pick, "waiting")
        set_priority(booking=self.booking(who), first=first, reason="An operation", by=self.desk)
        self.model.first = self.model.first | {who} if first else self.model.first - {who}

    @precondition(lambda self: not self.over)
    @rule(kept=st.sampled_from((0, 1, 2)))
    def keep_some_back(self, kept: int) -> None:
        """No more than are free; fewer than before go to whoever waits."""
        kept, before = min(kept, self.model.kept + max(self.model.free(), 0)), self.model.kept
        change_capacity(session=self.session, capacity=self.model.capacity, reserved=kept, by=self.desk)
        self.model.kept = kept
        self.model.serve(self.now, newly=kept < before)

    @precondition(lambda self: not self.over and self.model.kept)
    @rule(who=WHO)
    def give_what_is_kept_back(self, who: int) -> None:
        expected = self.model.is_given(who)
        try:
            given = give_kept_place(participant=self.person(who), session=self.session, why="New here", by=self.desk)
            got = given.state
        except (SessionFull, NotEligible, OfferedThere):
            got = "refused"
        assert got == expected

    # --- what happens to the class, and to people

    @precondition(lambda self: not self.over)
    @rule(capacity=st.integers(0, 4))
    def resize(self, capacity: int) -> None:
        more, held = capacity > self.model.capacity, self.model.capacity - self.model.free()
        if capacity < self.model.kept:
            return  # no place that anybody gives back would do
        if capacity < held:
            with pytest.raises(CapacityBelowHeld):
                change_capacity(session=self.session, capacity=capacity, by=self.desk)
            self.make_smaller(capacity)
            return
        change_capacity(session=self.session, capacity=capacity, by=self.desk)
        self.model.capacity = capacity
        self.model.serve(self.now, newly=more)

    def make_smaller(self, capacity: int) -> None:
        """Whoever came last gives a place back, and nobody who need not; the list is served once, afterwards."""
        holding = self.model.those("booked", "offered")
        places = {who: self.model.places(self.model.party[who]) for who in holding}
        over = sum(places.values()) + self.model.kept - capacity
        chosen: list[int] = []
        for who in reversed(holding):
            if sum(places[one] for one in chosen) < over:
                chosen.append(who)
        for who in sorted(chosen, key=lambda one: places[one]):
            if sum(places[one] for one in chosen if one != who) >= over:
                chosen.remove(who)
        giving_up = [self.booking(who).pk for who in chosen]
        make_smaller(session=self.session, capacity=capacity, giving_up=giving_up, reason="Small", by=self.desk)
        for who in chosen:
            self.model.state[who] = "waiting" if self.model.state[who] == "offered" else "closed"
        self.model.capacity = capacity
        self.model.serve(self.now)

    @precondition(lambda self: not self.over and self.moves < MOVES)
    @rule(days=st.sampled_from((1, 1, 4)))
    def move_the_class(self, days: int) -> None:
        self.moves += 1
        self.session.refresh_from_db()
        on = self.session.starts_at.date() + days * DAY
        edit = Edit(session=self.session, scope=Scope.ONE, wanted=fields_of_date(self.session), on=on)
        change_dates(edit=edit, seen=preview_edit(edit).fingerprint, by=self.desk)
        self.model.starts_at += days * DAY
        self.model.state |= dict.fromkeys(self.model.those("offered"), "waiting")
        self.model.auto.clear()  # said of another time
        self.model.serve(self.now)

    @precondition(lambda self: not self.over)
    @rule(who=WHO)
    def take_a_break(self, who: int) -> None:
        if who not in self.model.breaks:
            life.pause(participant=self.person(who), reason="treatment", by=self.desk)
            self.model.breaks.add(who)
            self.model.unfit.add(who)
            if self.model.state.get(who) in LIVE:
                self.model.becomes(who, "cancelled", self.now)
        else:
            life.resume(participant=self.person(who), by=self.desk)
            self.model.breaks.discard(who)  # and cleared only by new answers

    @precondition(lambda self: self.over and self.now >= self.model.starts_at and self.model.those("booked"))
    @rule(pick=WHO, came=st.sampled_from((AttendanceState.ATTENDED, AttendanceState.ABSENT_TOLD)))
    def mark(self, pick: int, came: AttendanceState) -> None:
        """Facts of the day change nobody's place."""
        booking = self.booking(self.one_of(pick, "booked"))
        marks = [NewMark(uuid4(), came, self.now, booking_id=booking.pk)]
        (kept,) = take_register(session=self.session, marks=marks, by=self.desk)
        assert kept.outcome is Outcome.RECORDED

    @precondition(lambda self: not self.over)
    @rule(who=WHO)
    def lose_or_regain_clearance(self, who: int) -> None:
        if who in self.model.breaks:
            return
        lost = who not in self.model.unfit
        self.model.unfit ^= {who}
        if lost and self.model.state.get(who) == "offered":
            self.model.becomes(who, "waiting", self.now)
        elif not lost:
            self.model.serve(self.now)
        state = ClearanceState.NEEDS_REVIEW if lost else ClearanceState.CLEARED
        person = self.person(who)
        ClearanceFactory(participant=person, state=state, **({"valid_until": None} if lost else {}))
        facts_changed(person)
        with acting(self.desk, "tests.clearance"):
            run_consequences(Event.CLEARANCE_CHANGED, self.person(who), self.desk)

    @rule(hours=st.sampled_from((1, 3, 4, 9, 20)))
    def time_passes(self, hours: int) -> None:
        self.now += hours * HOUR
        self.clock.move_to(self.now)
        tasks.free_places_that_do_not_stand()
        tasks.move_waiting_lists_on()
        self.model.tick(self.now)
        self.over = self.over or self.now >= self.model.starts_at

    @precondition(lambda self: not self.over and len(self.model.order) > 2)
    @rule(really=st.sampled_from((False, False, False, True)))
    def cancel_the_class(self, really: bool) -> None:
        if really:
            cancel_session(session=self.session, reason="Snow", by=self.desk)
            self.model.state |= dict.fromkeys(self.model.those("booked", "offered", "waiting"), "closed")
            self.over = True

    # --- what must be true

    @invariant()
    def everybody_stands_where_the_model_says(self) -> None:
        newest = {b.participant_id: b.state for b in Booking.objects.filter(session=self.session).order_by("id")}
        assert {self.people.index(pk): state for pk, state in newest.items()} == self.model.state
        turns = Booking.objects.filter(session=self.session).waiting().values_list("participant_id", flat=True)
        assert [self.people.index(pk) for pk in turns] == self.model.those("waiting")

    @invariant()
    def places_are_counted_and_offers_are_open_where_something_is_offered(self) -> None:
        self.session.refresh_from_db()
        held = Booking.objects.filter(session=self.session, state__in=(BookingState.BOOKED, BookingState.OFFERED))
        people, places = held.aggregate(n=Sum("party"))["n"] or 0, held.count()
        expected = (places, people - places) if self.model.beside else (people, 0)
        assert (self.session.places_taken, self.session.companions) == expected
        assert self.session.places_taken <= self.session.capacity
        offers = Offer.objects.filter(booking__session=self.session, state=OfferState.OPEN)
        until = {self.people.index(offer.booking.participant_id): offer.expires_at for offer in offers}
        assert until == {who: self.model.until[who] for who in self.model.those("offered")}
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    # --- short words

    def person(self, who: int) -> Participant:
        return Participant.objects.select_related("person", "programme").get(pk=self.people[who])

    def one_of(self, pick: int, *states: str) -> int:
        found = self.model.those(*states)
        return found[pick % len(found)]

    def booking(self, who: int) -> Booking:
        rows = Booking.objects.filter(session=self.session, participant=self.people[who])
        return rows.select_related("participant__person").latest("id")

    def cancel(self, who: int) -> None:
        cancel_booking(booking=self.booking(who), by=self.desk)
        self.model.becomes(who, "cancelled", self.now)


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.parametrize("core", range(CORES))
def test_whoever_the_model_names_gets_the_place(
    clock: time_machine.Traveller, programme: Programme, dee: Any, ines: Instructor, core: int
) -> None:
    class World(WaitingList):
        people = [somebody(programme, email=number not in BY_PHONE).pk for number in range(PEOPLE)]
        desk, leader = dee.person, ines

    World.programme, World.clock = programme, clock
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        World,
        settings=settings(
            max_examples=HISTORIES // CORES or QUICK_HISTORIES,
            stateful_step_count=STEPS if HISTORIES else QUICK_STEPS,
            derandomize=not HISTORIES,  # the quick run walks the same way each time
            database=None,
            phases=(Phase.generate, Phase.shrink) if HISTORIES else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
