from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from classes.joining import OPENS_BEFORE, CheckNeeded, Closed, NotYet, NoWayIn, number_to_join, way_in
from classes.models import Booking, BookingState, Mode, SessionStatus, SymptomCheck, TalkOutcome
from participants.models import ClearanceState, Participant, ParticipantStatus
from participants.standing import standing_of
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.participants import ClearanceFactory
from tests.factories.symptoms import SymptomCheckFactory, SymptomTalkFactory

pytestmark = pytest.mark.django_db
LINK = "https://meet.example.org/secret"
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def booking(pat: Participant) -> Booking:
    """A place of somebody who has answered the same-day check: all no."""
    return checked(booked(pat))


def checked(booking: Booking, result: str = "ready", **more: Any) -> Booking:
    SymptomCheckFactory(booking=booking, result=result, answered_at=booking.session.starts_at, **more)
    return booking


def booked(pat: Participant, state: str = BookingState.BOOKED, **session: Any) -> Booking:
    fields = {"mode": Mode.REMOTE, "join_url": LINK, **session}
    ended = {} if state in ("booked", "waiting") else {"ended_at": timezone.now()}
    return BookingFactory(
        session=SessionFactory(programme=pat.programme, **fields), participant=pat, state=state, **ended
    )


def refused(booking: Booking, at: dt.datetime) -> Closed:
    with pytest.raises(NoWayIn) as refusal:
        way_in(booking, at)
    return refusal.value.reason


def test_the_way_is_open_from_a_quarter_of_an_hour_before_until_the_end(booking: Booking) -> None:
    opens = booking.session.starts_at - dt.timedelta(minutes=15)
    with pytest.raises(NotYet) as refusal:
        way_in(booking, opens - SECOND)
    assert refusal.value.opens_at == opens == booking.session.starts_at - OPENS_BEFORE
    assert way_in(booking, opens) == LINK
    assert way_in(booking, booking.session.ends_at - SECOND) == LINK
    assert refused(booking, booking.session.ends_at) is Closed.OVER


@pytest.mark.parametrize(
    "state", [s for s in BookingState if s not in (BookingState.BOOKED, BookingState.OFFERED)], ids=str
)
def test_only_a_place_leads_in(pat: Participant, state: str) -> None:
    booking = booked(pat, state)
    assert refused(booking, booking.session.starts_at) is Closed.NO_PLACE


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"status": SessionStatus.DRAFT}, Closed.NOT_PUBLISHED),
        (
            {"status": SessionStatus.CANCELLED, "cancelled_at": timezone.now(), "cancel_reason": "Snow"},
            Closed.CANCELLED,
        ),
        ({"join_url": ""}, Closed.NO_LINK),
        ({"mode": Mode.IN_PERSON, "join_url": ""}, Closed.NO_LINK),
    ],
)
def test_only_a_published_class_with_a_link_is_entered(
    pat: Participant, fields: dict[str, Any], reason: Closed
) -> None:
    booking = booked(pat, **fields)
    assert refused(booking, booking.session.starts_at) is reason


@pytest.mark.parametrize("state", [ClearanceState.NEEDS_REVIEW, ClearanceState.PAUSED, ClearanceState.NOT_SUITABLE])
def test_a_clearance_that_has_gone_since_the_booking_shuts_the_way(booking: Booking, state: str) -> None:
    ClearanceFactory(participant=booking.participant, state=state)
    assert refused(booking, booking.session.starts_at) is Closed.NOT_CLEARED


def test_clearance_must_stand_on_the_date_of_the_class_not_on_the_day_of_asking(booking: Booking) -> None:
    day = timezone.localdate(booking.session.starts_at)
    ClearanceFactory(participant=booking.participant, valid_until=day - dt.timedelta(days=1))
    assert refused(booking, timezone.now()) is Closed.NOT_CLEARED
    ClearanceFactory(participant=booking.participant, valid_until=day)
    assert way_in(booking, booking.session.starts_at) == LINK


def test_who_is_having_a_break_does_not_join_even_where_the_place_was_kept(booking: Booking) -> None:
    Participant.objects.filter(pk=booking.participant_id).update(status=ParticipantStatus.PAUSED)
    assert refused(booking, booking.session.starts_at) is Closed.NOT_CLEARED


# --- the same-day check ------------------------------------------------------


def test_without_an_answer_of_today_the_way_is_shut_until_there_is_one(pat: Participant) -> None:
    booking = booked(pat)
    with pytest.raises(CheckNeeded):
        way_in(booking, booking.session.starts_at)
    with pytest.raises(NotYet):  # the page says when, and asks for the check meanwhile
        way_in(booking, timezone.now())
    assert way_in(checked(booking), booking.session.starts_at) == LINK


def test_talk_first_shuts_the_way_until_the_instructor_has_talked(pat: Participant, ines: Any) -> None:
    booking = checked(booked(pat), "talk_first")
    assert refused(booking, booking.session.starts_at) is Closed.TALK_FIRST
    SymptomTalkFactory(check_of=SymptomCheck.objects.get(), by=ines.person)
    assert way_in(booking, booking.session.starts_at) == LINK
    SymptomTalkFactory(check_of=SymptomCheck.objects.get(), by=ines.person, outcome=TalkOutcome.NOT_TODAY)
    with pytest.raises(CheckNeeded):
        way_in(booking, booking.session.starts_at)


@pytest.mark.parametrize("result", ["cancer_line", "emergency"])
def test_a_stop_shuts_the_way_even_where_the_place_and_clearance_came_back(booking: Booking, result: str) -> None:
    checked(booking, result)
    with pytest.raises(CheckNeeded):
        way_in(booking, booking.session.starts_at)


def test_the_latest_answer_counts(booking: Booking) -> None:
    checked(booking, "talk_first")
    assert refused(booking, booking.session.starts_at) is Closed.TALK_FIRST
    checked(booking)
    assert way_in(booking, booking.session.starts_at) == LINK


def test_an_answer_from_before_the_window_counts_no_more_once_the_class_was_moved(pat: Participant) -> None:
    booking = booked(pat)
    opens = booking.session.starts_at - dt.timedelta(hours=12)
    SymptomCheckFactory(booking=booking, answered_at=opens - SECOND)
    with pytest.raises(CheckNeeded):
        way_in(booking, booking.session.starts_at)
    SymptomCheckFactory(booking=booking, answered_at=opens)
    assert way_in(booking, booking.session.starts_at) == LINK


def test_the_answer_for_another_class_opens_none(booking: Booking, pat: Participant) -> None:
    other = booked(pat, starts_at=booking.session.ends_at)
    with pytest.raises(CheckNeeded):
        way_in(other, other.session.starts_at)


# --- by telephone ---------------------------------------------------------------


def number(booking: Booking) -> str:
    return number_to_join(booking, standing_of(booking.participant), timezone.now())


def test_the_number_is_there_ahead_of_the_day_for_whoever_has_a_place(pat: Participant) -> None:
    assert number(booked(pat, dial_in="01632 960555, then 4 4 2")) == "01632 960555, then 4 4 2"
    assert number(booked(pat, starts_at=timezone.now() + dt.timedelta(days=9), join_url="", dial_in="1")) == "1"


@pytest.mark.parametrize(
    ("state", "session", "reason"),
    [
        (BookingState.WAITING, {}, Closed.NO_PLACE),
        (BookingState.CANCELLED, {}, Closed.NO_PLACE),
        (BookingState.BOOKED, {"status": SessionStatus.DRAFT}, Closed.NOT_PUBLISHED),
        (BookingState.BOOKED, {"starts_at": timezone.now() - dt.timedelta(days=1)}, Closed.OVER),
    ],
)
def test_without_a_place_in_a_class_to_come_there_is_no_number(pat, state, session, reason) -> None:
    with pytest.raises(NoWayIn) as refusal:
        number(booked(pat, state, dial_in="01632 960555", **session))
    assert refusal.value.reason is reason


def test_who_is_not_cleared_is_read_no_number(pat: Participant) -> None:
    ClearanceFactory(participant=pat, state=ClearanceState.NOT_SUITABLE)
    with pytest.raises(NoWayIn) as refusal:
        number(booked(pat, dial_in="01632 960555"))
    assert refusal.value.reason is Closed.NOT_CLEARED
