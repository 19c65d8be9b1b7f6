"""How many places in a week: the rule, the week, the phase, and every way in which a place is given."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from classes.judging.eligibility import Reason, WeeklyLimit, reasons_against_one_more
from classes.judging.refusals import BeyondWeeklyLimit
from classes.judging.weekly_limits import held_in_week, limit_on, most_in_one_week, week_of, weeks_around
from classes.models import Booking, BookingSource, BookingState, Session, SessionKind
from classes.places.booking import book_place, cancel_booking
from classes.waiting_list.answering import give_place
from classes.waiting_list.running_out import serve_waiting_lists
from participants.models import Participant, Phase
from participants.phases import limit_week
from participants.standing import standing_of
from tests.factories.accounts import ProgrammeFactory
from tests.factories.classes import SessionFactory

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2027, 2, 1)
NOON = dt.datetime(2027, 1, 25, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def one_a_week(pat: Participant) -> Phase:
    return _phase(pat, most=1)


def _phase(pat: Participant, *, most: int | None, weeks: int = 40, order: int = 1, **rest: Any) -> Phase:
    return Phase.objects.create(
        programme=pat.programme,
        order=order,
        name=f"Phase {order}",
        weeks=weeks,
        contacts_least=1,
        contacts_most=1,
        most_a_week=most,
        **rest,
    )


def on(pat: Participant, day: int, hour: int = 10, **rest: Any) -> Session:
    """A class on the day that lies so many after the Monday."""
    start = dt.datetime.combine(MONDAY + dt.timedelta(days=day), dt.time(hour), tzinfo=dt.UTC)
    return SessionFactory(programme=pat.programme, starts_at=start, **rest)


def book(pat: Participant, session: Session, **rest: Any) -> Booking:
    rest.setdefault("by", pat.person)
    rest.setdefault("source", BookingSource.SELF)
    return book_place(participant=pat, session=session, **rest)


# --- the rule ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "held", "one_to_one", "fits"),
    [
        (None, 99, False, True),
        (WeeklyLimit(1), 0, False, True),
        (WeeklyLimit(1), 1, False, False),
        (WeeklyLimit(1), 1, True, False),
        (WeeklyLimit(2), 1, False, True),
        (WeeklyLimit(2), 2, False, False),
        (WeeklyLimit(2), 3, False, False),  # the limit was lowered since
        (WeeklyLimit(1, one_to_ones_apart=True), 1, True, True),
        (WeeklyLimit(1, one_to_ones_apart=True), 1, False, False),
    ],
)
def test_a_place_fits_into_a_week_that_holds_fewer_than_the_limit(
    limit: WeeklyLimit | None, held: int, one_to_one: bool, fits: bool
) -> None:
    reasons = reasons_against_one_more(limit, held=held, one_to_one=one_to_one)
    assert reasons == (() if fits else (Reason.WEEKLY_LIMIT,))


def test_a_week_is_monday_to_sunday_by_uk_clocks() -> None:
    summer_sunday = dt.datetime(2027, 7, 4, 22, 30, tzinfo=dt.UTC)  # 23:30 in the UK
    assert week_of(summer_sunday) == dt.date(2027, 6, 28)
    assert week_of(summer_sunday + dt.timedelta(hours=1)) == dt.date(2027, 7, 5)
    first, after = weeks_around((summer_sunday, summer_sunday + dt.timedelta(hours=1)))
    assert (first.astimezone(dt.UTC), after.astimezone(dt.UTC)) == (
        dt.datetime(2027, 6, 27, 23, tzinfo=dt.UTC),
        dt.datetime(2027, 7, 11, 23, tzinfo=dt.UTC),
    )


# --- booking -----------------------------------------------------------------


def test_one_place_more_than_the_phase_allows_is_refused_and_leaves_nothing(
    pat: Participant, one_a_week: Phase
) -> None:
    book(pat, on(pat, 0))
    friday = on(pat, 4)
    with pytest.raises(BeyondWeeklyLimit) as refused:
        book(pat, friday)
    assert refused.value.details == {"reasons": ["weekly_limit"], "most_a_week": 1, "week_from": "2027-02-01"}
    friday.refresh_from_db()
    assert (friday.places_taken, friday.bookings.count()) == (0, 0)


@pytest.mark.parametrize("day", [-1, 7])
def test_the_weeks_before_and_after_are_weeks_of_their_own(pat: Participant, one_a_week: Phase, day: int) -> None:
    book(pat, on(pat, 0))
    assert book(pat, on(pat, day)).state == BookingState.BOOKED


def test_a_cancelled_place_does_not_count(pat: Participant, one_a_week: Phase) -> None:
    cancel_booking(booking=book(pat, on(pat, 0)), by=pat.person)
    assert book(pat, on(pat, 4)).state == BookingState.BOOKED


def test_anybody_may_wait_for_a_full_class(pat: Participant, quinn: Participant, one_a_week: Phase) -> None:
    full = on(pat, 4, capacity=1)
    book(quinn, full)
    book(pat, on(pat, 0))
    assert book(pat, full, or_wait=True).state == BookingState.WAITING


def test_the_limit_is_that_of_the_phase_on_the_day_of_the_class(pat: Participant) -> None:
    first = pat.enrolments.get().starts_on
    until_saturday = (MONDAY + dt.timedelta(days=5) - first).days // 7
    _phase(pat, most=None, weeks=until_saturday)
    _phase(pat, most=2, weeks=20, order=2)
    assert limit_on(pat, first + dt.timedelta(weeks=until_saturday, days=-1)) is None
    pat = Participant.objects.get(pk=pat.pk)
    assert limit_on(pat, first + dt.timedelta(weeks=until_saturday)) == WeeklyLimit(2)
    assert limit_on(pat, first + dt.timedelta(weeks=60)) is None
    assert limit_on(pat, first - dt.timedelta(days=1)) is None


def test_a_class_on_a_day_without_a_limit_is_booked_where_another_phase_has_one(pat: Participant) -> None:
    _phase(pat, most=None, weeks=40)
    _phase(pat, most=1, weeks=4, order=2)
    book(pat, on(pat, 0))
    assert book(pat, on(pat, 1)).state == BookingState.BOOKED


def test_nobody_has_a_limit_who_is_not_in_the_programme(pat: Participant, one_a_week: Phase) -> None:
    pat.enrolments.all().delete()
    assert limit_on(pat, MONDAY) is None


def test_one_to_ones_stand_apart_where_the_phase_says_so(pat: Participant) -> None:
    limit = _phase(pat, most=1, one_to_ones_apart=True)
    book(pat, on(pat, 0))
    book(pat, on(pat, 1, kind=SessionKind.ONE_TO_ONE, capacity=1))
    assert held_in_week(pat, MONDAY, WeeklyLimit(1, one_to_ones_apart=limit.one_to_ones_apart)) == 1
    assert held_in_week(pat, MONDAY, WeeklyLimit(1)) == 2


def test_nothing_is_looked_up_where_no_phase_has_a_limit(pat: Participant) -> None:
    _phase(pat, most=None)
    assert not standing_of(pat).limited
    with CaptureQueriesContext(connection) as asked:
        book(pat, on(pat, 0))
    assert not [q for q in asked.captured_queries if "participants_enrolmentpause" in q["sql"]]


# --- staff may go past it ----------------------------------------------------


def test_the_desk_books_past_the_limit_with_a_reason_that_the_history_keeps(
    pat: Participant, dee: User, one_a_week: Phase
) -> None:
    book(pat, on(pat, 0))
    booking = book(pat, on(pat, 4), by=dee.person, source=BookingSource.DESK, despite_limit="operation on Monday")
    context = booking.events.order_by("pgh_id").first().pgh_context  # type: ignore[attr-defined]
    assert context["reason"] == "operation on Monday"


@pytest.mark.parametrize("source", [BookingSource.SELF, BookingSource.SUPPORTER])
def test_nobody_else_goes_past_it(pat: Participant, one_a_week: Phase, source: BookingSource) -> None:
    book(pat, on(pat, 0))
    with pytest.raises(BeyondWeeklyLimit):
        book(pat, on(pat, 4), source=source, despite_limit="I would like to")


# --- the waiting list --------------------------------------------------------


@pytest.fixture
def turn(pat: Participant, quinn: Participant, one_a_week: Phase) -> Booking:
    """Pat waits for Friday, which Quinn has, and has Monday."""
    friday = on(pat, 4, capacity=1)
    book(quinn, friday)
    book(pat, on(pat, 0))
    return book(pat, friday, or_wait=True, book_automatically=True)


def give_up_friday(turn: Booking, quinn: Participant) -> None:
    cancel_booking(booking=Booking.objects.get(session=turn.session, participant=quinn), by=quinn.person)
    turn.refresh_from_db()


def test_a_free_place_passes_by_who_has_their_places_of_that_week_and_they_keep_the_turn(
    turn: Booking, quinn: Participant
) -> None:
    give_up_friday(turn, quinn)
    assert (turn.state, turn.skipped_reason) == (BookingState.WAITING, "weekly_limit")


def test_the_turn_is_served_when_their_other_place_of_that_week_ends(
    turn: Booking, pat: Participant, quinn: Participant
) -> None:
    give_up_friday(turn, quinn)
    cancel_booking(booking=Booking.objects.get(participant=pat, state=BookingState.BOOKED), by=pat.person)
    turn.refresh_from_db()
    assert turn.state == BookingState.BOOKED


@pytest.mark.parametrize(
    ("most", "state"), [(None, BookingState.BOOKED), (2, BookingState.BOOKED), (1, BookingState.WAITING)]
)
def test_a_turn_is_judged_again_within_the_minute_when_the_limit_changes(
    turn: Booking, quinn: Participant, one_a_week: Phase, dee: User, most: int | None, state: BookingState
) -> None:
    give_up_friday(turn, quinn)
    limit_week(phase=one_a_week, most=most, one_to_ones_apart=True, by=dee.person)
    turn.refresh_from_db()
    assert turn.skipped_reason == ""
    serve_waiting_lists()
    turn.refresh_from_db()
    assert turn.state == state


def test_another_limit_leaves_turns_alone_that_are_passed_by_for_another_reason_or_in_another_programme(
    turn: Booking, one_a_week: Phase, dee: User
) -> None:
    elsewhere = Phase.objects.create(
        programme=ProgrammeFactory(), order=1, name="First", weeks=4, contacts_least=1, contacts_most=1
    )
    for reason, phase in (("overlaps", one_a_week), ("weekly_limit", elsewhere)):
        Booking.objects.filter(pk=turn.pk).update(skipped_reason=reason)
        limit_week(phase=phase, most=3, one_to_ones_apart=False, by=dee.person)
        turn.refresh_from_db()
        assert turn.skipped_reason == reason


def test_the_desk_gives_a_place_past_the_limit_only_with_a_reason(turn: Booking, quinn: Participant, dee: User) -> None:
    give_up_friday(turn, quinn)
    with pytest.raises(BeyondWeeklyLimit):
        give_place(booking=turn, by=dee.person)
    given = give_place(booking=turn, by=dee.person, despite_limit="second class agreed by the lead")
    assert given.state == BookingState.BOOKED
    last = given.events.order_by("-pgh_id").first()  # type: ignore[attr-defined]
    assert last.pgh_context["reason"] == "second class agreed by the lead"


def test_an_offer_that_is_kept_counts_itself_and_is_taken(turn: Booking, pat: Participant, quinn: Participant) -> None:
    cancel_booking(booking=Booking.objects.get(participant=pat, state=BookingState.BOOKED), by=pat.person)
    Booking.objects.filter(pk=turn.pk).update(book_automatically=False)
    give_up_friday(turn, quinn)
    assert turn.state == BookingState.OFFERED
    assert timezone.now() == NOON
    with pytest.raises(BeyondWeeklyLimit):
        book(pat, on(pat, 0, hour=15))


# --- before a limit is set ---------------------------------------------------


def test_the_most_that_each_person_holds_in_one_week_of_a_phase_is_counted(
    pat: Participant, quinn: Participant
) -> None:
    whole, other = _phase(pat, most=None), _phase(pat, most=None, order=2)
    for day in (0, 1, 7):  # two in one week, one in the next
        book(pat, on(pat, day))
    book(pat, on(pat, 2, capacity=1, kind=SessionKind.ONE_TO_ONE))
    book(quinn, on(pat, 0, hour=15))
    assert sorted(most_in_one_week(whole, one_to_ones_apart=False)) == [1, 3]
    assert sorted(most_in_one_week(whole, one_to_ones_apart=True)) == [1, 2]
    assert most_in_one_week(other, one_to_ones_apart=False) == []
    pat.enrolments.update(ends_on=MONDAY - dt.timedelta(days=1))
    assert most_in_one_week(whole, one_to_ones_apart=False) == [1]
