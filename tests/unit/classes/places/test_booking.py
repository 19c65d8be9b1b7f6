from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from accounts.history import System
from classes import locks
from classes.judging.eligibility import Reason
from classes.judging.refusals import (
    CapacityBelowHeld,
    NotEligible,
    Overlaps,
    SessionFull,
    SessionNotOpen,
    TooLate,
    TryAgain,
)
from classes.models import Booking, BookingSource, BookingState, Mode, Session, SessionStatus
from classes.places import booking as booking_module
from classes.places.booking import book_place, cancel_booking, change_capacity, release_all
from classes.telling import notices
from classes.waiting_list.running_out import serve_waiting_lists
from participants.models import ClearanceState, Participant
from participants.standing import facts_changed
from tests.actors import nobody_acts
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.participants import ClearanceFactory, ParticipantFactory

pytestmark = pytest.mark.django_db


def book(participant: Participant, session: Session, **rest: Any) -> Booking:
    rest.setdefault("by", participant.person)
    rest.setdefault("source", BookingSource.SELF)
    return book_place(participant=participant, session=session, **rest)


def taken(session: Session) -> int:
    session.refresh_from_db()
    return session.places_taken


def history_of(booking: Booking) -> list[tuple[str, dict[str, str]]]:
    return list(booking.events.order_by("pgh_id").values_list("pgh_label", "pgh_context"))  # type: ignore[attr-defined]


@pytest.fixture
def session(pat: Participant) -> Session:
    return SessionFactory(programme=pat.programme, capacity=1)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Which notices were called, and of which booking."""
    calls: list[tuple[str, int]] = []
    for name in ("booking_confirmed", "waiting_joined", "booking_cancelled", "placed_from_waiting"):
        monkeypatch.setattr(notices, name, lambda b, by, name=name: calls.append((name, b.pk)))
    return calls


# --- taking a place ----------------------------------------------------------


def test_a_free_place_is_booked_and_counted(pat: Participant, session: Session, told: list[Any]) -> None:
    version = session.version
    booking = book(pat, session)
    assert (booking.state, booking.source, booking.party) == ("booked", "self", 1)
    assert booking.facts_version == pat.facts_version
    assert (booking.during.lower, booking.during.upper) == (session.starts_at, session.ends_at)
    assert taken(session) == 1
    assert session.version == version + 1
    assert told == [("booking_confirmed", booking.pk)]


def test_the_last_place_cannot_be_taken_twice(pat: Participant, quinn: Participant, session: Session) -> None:
    book(pat, session)
    with pytest.raises(SessionFull):
        book(quinn, session)
    assert taken(session) == 1


def test_who_asks_for_it_waits_when_the_class_is_full(
    pat: Participant, quinn: Participant, session: Session, told: list[Any]
) -> None:
    book(pat, session)
    waiting = book(quinn, session, or_wait=True, book_automatically=True)
    assert (waiting.state, waiting.book_automatically) == ("waiting", True)
    assert taken(session) == 1
    assert told[-1] == ("waiting_joined", waiting.pk)


def test_asking_to_wait_takes_a_free_place_where_there_is_one(pat: Participant, session: Session) -> None:
    booking = book(pat, session, or_wait=True, book_automatically=True)
    assert (booking.state, booking.book_automatically) == ("booked", False)


def test_booking_twice_gives_the_first_booking_and_tells_nobody_again(
    pat: Participant, session: Session, told: list[Any]
) -> None:
    first = book(pat, session)
    assert book(pat, session, request_key="another") == first
    assert taken(session) == 1
    assert len(told) == 1


def test_a_repeated_request_gives_its_booking_even_after_it_was_cancelled(pat: Participant, session: Session) -> None:
    first = book(pat, session, request_key="k1")
    cancel_booking(booking=first, by=pat.person)
    again = book(pat, session, request_key="k1")
    assert (again.pk, again.state) == (first.pk, "cancelled")
    assert taken(session) == 0


def test_a_key_of_somebody_else_is_another_key(pat: Participant, session: Session, dee: Any) -> None:
    first = book(pat, session, request_key="k1")
    cancel_booking(booking=first, by=pat.person)
    again = book(pat, session, request_key="k1", by=dee.person, source=BookingSource.DESK)
    assert again.pk != first.pk
    assert again.state == "booked"


def test_who_cancelled_may_book_again_as_anybody_may(pat: Participant, session: Session) -> None:
    cancel_booking(booking=book(pat, session), by=pat.person)
    assert book(pat, session).state == "booked"
    assert taken(session) == 1


def test_a_companion_takes_a_place_too(pat: Participant, quinn: Participant) -> None:
    session = SessionFactory(programme=pat.programme, capacity=3)
    assert book(pat, session, party=2).party == 2
    assert taken(session) == 2
    with pytest.raises(SessionFull):
        book(quinn, session, party=2)


@pytest.mark.parametrize("kept", [{"reserved": 2}, {"walk_in": 2}, {"reserved": 1, "walk_in": 1}])
def test_places_that_are_kept_are_not_given_away(pat: Participant, kept: dict[str, int]) -> None:
    session = SessionFactory(programme=pat.programme, capacity=2, **kept)
    with pytest.raises(SessionFull):
        book(pat, session)
    assert not Session.objects.with_places().exists()
    BookingFactory(session=session, state=BookingState.WAITING, book_automatically=True)
    assert serve_waiting_lists() == 0


def test_with_capacity_nought_nobody_books_but_people_may_wait(pat: Participant) -> None:
    session = SessionFactory(programme=pat.programme, capacity=0)
    with pytest.raises(SessionFull):
        book(pat, session)
    assert book(pat, session, or_wait=True).state == "waiting"


def test_a_free_place_is_not_public_while_somebody_waits(pat: Participant, quinn: Participant) -> None:
    session = SessionFactory(programme=pat.programme, capacity=1)
    waiting = BookingFactory(session=session, state=BookingState.WAITING)
    with pytest.raises(SessionFull):
        book(pat, session)
    Booking.objects.filter(pk=waiting.pk).update(skipped_reason="not_reached")
    assert book(pat, session).state == "booked"


@pytest.mark.parametrize("status", [SessionStatus.DRAFT, SessionStatus.CANCELLED])
def test_only_a_published_class_can_be_booked(pat: Participant, status: SessionStatus) -> None:
    extra = {"cancelled_at": timezone.now(), "cancel_reason": "hall shut"} if status == "cancelled" else {}
    session = SessionFactory(programme=pat.programme, status=status, **extra)
    with pytest.raises(SessionNotOpen):
        book(pat, session)


def test_booking_is_open_until_the_start_and_shut_at_that_second(pat: Participant, quinn: Participant) -> None:
    start = timezone.now().replace(microsecond=0) + dt.timedelta(hours=2)
    session = SessionFactory(programme=pat.programme, starts_at=start)
    with time_machine.travel(start - dt.timedelta(seconds=1), tick=False):
        assert book(pat, session).state == "booked"
    with time_machine.travel(start, tick=False), pytest.raises(TooLate):
        book(quinn, session)


def test_nobody_is_in_two_classes_at_once(pat: Participant) -> None:  # pitfalls 25
    first = SessionFactory(programme=pat.programme)
    held = book(pat, first)
    overlapping = SessionFactory(programme=pat.programme, starts_at=first.starts_at + dt.timedelta(minutes=59))
    with pytest.raises(Overlaps) as refusal:
        book(pat, overlapping)
    assert refusal.value.booking_id == held.pk
    assert refusal.value.details == {"booking": held.pk}
    assert taken(overlapping) == 0


def test_classes_that_touch_do_not_overlap(pat: Participant) -> None:  # pitfalls 25
    first = SessionFactory(programme=pat.programme)
    book(pat, first)
    assert book(pat, SessionFactory(programme=pat.programme, starts_at=first.ends_at)).state == "booked"


def test_a_cancelled_booking_never_overlaps(pat: Participant) -> None:  # pitfalls 25
    first = SessionFactory(programme=pat.programme)
    cancel_booking(booking=book(pat, first), by=pat.person)
    assert book(pat, SessionFactory(programme=pat.programme, starts_at=first.starts_at)).state == "booked"


# --- judging -----------------------------------------------------------------


def test_who_is_not_cleared_is_told_why(pat: Participant, session: Session) -> None:
    ClearanceFactory(participant=pat, state=ClearanceState.NEEDS_REVIEW, valid_until=None)
    with pytest.raises(NotEligible) as refusal:
        book(pat, session)
    assert refusal.value.reasons == (Reason.BEING_CHECKED,)
    assert refusal.value.details == {"reasons": ["being_checked"]}
    assert taken(session) == 0


def test_clearance_is_judged_on_the_local_date_of_the_class(pat: Participant) -> None:
    last_day = timezone.localdate() + dt.timedelta(days=150)
    late = dt.datetime.combine(last_day, dt.time(23, 30), tzinfo=timezone.get_default_timezone())
    assert book(pat, SessionFactory(programme=pat.programme, starts_at=late)).state == "booked"
    with pytest.raises(NotEligible):
        book(pat, SessionFactory(programme=pat.programme, starts_at=late + dt.timedelta(hours=1)))


def test_the_desk_cannot_book_somebody_who_is_not_cleared(pat: Participant, session: Session, dee: Any) -> None:
    ClearanceFactory(participant=pat, state=ClearanceState.PAUSED, valid_until=None)
    with pytest.raises(NotEligible):
        book(pat, session, by=dee.person, source=BookingSource.DESK)


def test_a_class_of_another_programme_is_not_for_them(pat: Participant) -> None:
    with pytest.raises(NotEligible) as refusal:
        book(pat, SessionFactory())
    assert refusal.value.reasons == (Reason.ANOTHER_PROGRAMME,)


def test_facts_that_changed_after_judging_are_judged_again(
    pat: Participant, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[int] = []
    real = booking_module.standing_of

    def read_then_change(participant: Participant) -> Any:
        standing = real(participant)
        judged.append(standing.version)
        if len(judged) < 3:
            facts_changed(participant)
        return standing

    monkeypatch.setattr(booking_module, "standing_of", read_then_change)
    assert book(pat, session).facts_version == judged[-1]
    assert len(judged) == 3


def test_facts_that_never_rest_end_in_try_again(
    pat: Participant, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = booking_module.standing_of

    def read_then_change(participant: Participant) -> Any:
        standing = real(participant)
        facts_changed(participant)
        return standing

    monkeypatch.setattr(booking_module, "standing_of", read_then_change)
    with pytest.raises(TryAgain):
        book(pat, session)
    assert taken(session) == 0


def test_a_class_that_moved_after_judging_is_judged_on_its_new_day(pat: Participant, session: Session) -> None:
    stale = Session.objects.get(pk=session.pk)
    moved = session.starts_at + dt.timedelta(days=200)
    Session.objects.filter(pk=session.pk).update(starts_at=moved, ends_at=moved + dt.timedelta(hours=1))
    with pytest.raises(NotEligible) as refusal:
        book(pat, stale)
    assert refusal.value.reasons == (Reason.CHECK_RUNS_OUT,)


def test_a_class_that_went_online_after_judging_is_judged_again(pat: Participant, session: Session) -> None:
    ClearanceFactory(participant=pat, state=ClearanceState.CLEARED_WITH_ADAPTATIONS, adaptations=["in_person_only"])
    stale = Session.objects.get(pk=session.pk)
    Session.objects.filter(pk=session.pk).update(mode=Mode.REMOTE, venue=None)
    with pytest.raises(NotEligible) as refusal:
        book(pat, stale)
    assert refusal.value.reasons == (Reason.IN_PERSON_ONLY,)


# --- contention --------------------------------------------------------------


class Contention(Exception):
    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


def failing(times: int, sqlstate: str, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    real, calls = booking_module._take_place, []

    def take(*args: Any) -> Any:
        calls.append(1)
        if len(calls) <= times:
            raise OperationalError("made up") from Contention(sqlstate)
        return real(*args)

    monkeypatch.setattr(booking_module, "_take_place", take)
    return calls


@pytest.mark.parametrize("sqlstate", ["40P01", "55P03"])
def test_a_lost_wait_is_tried_once_more(
    pat: Participant, session: Session, monkeypatch: pytest.MonkeyPatch, sqlstate: str
) -> None:
    calls = failing(1, sqlstate, monkeypatch)
    assert book(pat, session).state == "booked"
    assert len(calls) == 2


def test_a_second_lost_wait_is_a_named_refusal(
    pat: Participant, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(2, "55P03", monkeypatch)
    with pytest.raises(TryAgain):
        book(pat, session)
    assert taken(session) == 0


def test_any_other_trouble_of_the_database_is_not_hidden(
    pat: Participant, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = failing(1, "57014", monkeypatch)
    with pytest.raises(OperationalError):
        book(pat, session)
    assert len(calls) == 1


def test_other_trouble_at_the_second_try_is_not_hidden_either() -> None:
    troubles = iter(["40P01", "57014"])

    def attempt() -> None:
        raise OperationalError("made up") from Contention(next(troubles))

    with pytest.raises(OperationalError):
        locks.settled(attempt)


def test_a_queue_that_moves_twice_is_a_named_refusal() -> None:
    tries: list[int] = []

    def attempt() -> None:
        tries.append(1)
        raise locks.QueueMoved

    with pytest.raises(TryAgain):
        locks.settled(attempt)
    assert len(tries) == 2


# --- giving it back ----------------------------------------------------------


def test_a_cancelled_place_is_free_again(
    pat: Participant, quinn: Participant, session: Session, told: list[Any]
) -> None:
    booking = cancel_booking(booking=book(pat, session), by=pat.person, reason="not_well")
    assert (booking.state, booking.end_reason, booking.ended_by) == ("cancelled", "not_well", pat.person)
    assert booking.ended_at is not None
    assert taken(session) == 0
    assert told[-1] == ("booking_cancelled", booking.pk)
    assert book(quinn, session).state == "booked"


def test_cancelling_is_possible_until_the_start_and_refused_at_that_second(
    pat: Participant, quinn: Participant
) -> None:
    start = timezone.now().replace(microsecond=0) + dt.timedelta(hours=2)
    session = SessionFactory(programme=pat.programme, starts_at=start)
    early, late = book(pat, session), book(quinn, session)
    with time_machine.travel(start - dt.timedelta(seconds=1), tick=False):
        assert cancel_booking(booking=early, by=pat.person).state == "cancelled"
    with time_machine.travel(start, tick=False), pytest.raises(TooLate):
        cancel_booking(booking=late, by=quinn.person)
    assert taken(session) == 1


def test_cancelling_twice_changes_nothing(pat: Participant, session: Session, told: list[Any]) -> None:
    booking = book(pat, session)
    first = cancel_booking(booking=booking, by=pat.person)
    again = cancel_booking(booking=booking, by=pat.person, reason="not_well")
    assert (again.ended_at, again.end_reason) == (first.ended_at, "")
    assert taken(session) == 0
    assert len(told) == 2


def test_leaving_the_waiting_list_gives_no_place_back(pat: Participant, quinn: Participant, session: Session) -> None:
    book(pat, session)
    left = cancel_booking(booking=book(quinn, session, or_wait=True), by=quinn.person)
    assert left.state == "cancelled"
    assert taken(session) == 1


def test_a_cancelled_class_ends_every_booking_and_gives_its_places_back(
    pat: Participant, quinn: Participant, session: Session, dee: Any
) -> None:
    held, waiting = book(pat, session), book(quinn, session, or_wait=True)
    closed = release_all(session=session, by=dee.person, reason="The hall is flooded")
    assert {b.pk for b in closed} == {held.pk, waiting.pk}
    assert {b.state for b in Booking.objects.all()} == {"closed"}
    assert {b.end_reason for b in Booking.objects.all()} == {"class_cancelled"}
    assert taken(session) == 0
    assert release_all(session=session, by=dee.person) == []


# --- how many places there are -----------------------------------------------


def test_a_class_is_not_made_smaller_than_what_is_held(pat: Participant, dee: Any) -> None:  # pitfalls 12
    session = SessionFactory(programme=pat.programme, capacity=4, reserved=1, walk_in=1)
    book(pat, session)
    with pytest.raises(CapacityBelowHeld) as refusal:
        change_capacity(session=session, capacity=2, by=dee.person)
    assert refusal.value.held == 3
    assert refusal.value.details == {"held": 3}
    assert change_capacity(session=session, capacity=3, by=dee.person).capacity == 3
    assert change_capacity(session=session, capacity=3, walk_in=0, by=dee.person).places_left == 1


def test_new_places_go_to_who_waits_before_the_public_sees_them(
    pat: Participant, quinn: Participant, session: Session, dee: Any
) -> None:
    book(pat, session)
    waiting = book(quinn, session, or_wait=True, book_automatically=True)
    other = ParticipantFactory(programme=pat.programme)
    change_capacity(session=session, capacity=2, by=dee.person)
    waiting.refresh_from_db()
    assert waiting.state == "booked"
    assert taken(session) == 2
    with pytest.raises(SessionFull):
        book(other, session)


# --- who did it --------------------------------------------------------------


def test_every_history_row_names_who_acted_and_for_whom(pat: Participant, session: Session, sam: Any) -> None:
    booking = book(pat, session, by=sam.person, source=BookingSource.SUPPORTER)
    cancel_booking(booking=booking, by=pat.person, reason="not_well")
    (_, made), (_, ended) = history_of(booking)
    assert made == {
        "by": f"person:{sam.person.pk}",
        "action": "classes.book_place",
        "on_behalf_of": f"person:{pat.person.pk}",
    }
    assert ended == {"by": f"person:{pat.person.pk}", "action": "classes.cancel_booking", "reason": "not_well"}


def test_a_part_of_the_system_may_cancel_too(pat: Participant, session: Session) -> None:
    booking = cancel_booking(booking=book(pat, session), by=System.WORKER)
    assert booking.ended_by is None
    assert history_of(booking)[-1][1]["by"] == "system:worker"


def test_without_an_actor_the_statement_writes_nothing(pat: Participant, session: Session) -> None:
    with nobody_acts(), connection.cursor() as cursor:
        with pytest.raises(Exception, match="pgh_context"), transaction.atomic():
            cursor.execute(
                "SELECT * FROM classes_take_place(%s,%s,%s,%s,%s,1::smallint,'self',%s,'',false,false,now())",
                [pat.pk, session.pk, pat.facts_version, session.starts_at, session.mode, pat.person_id],
            )
    assert not Booking.objects.exists()
