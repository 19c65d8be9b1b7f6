"""A place that is kept back goes to somebody by the desk's word, with a reason, past whoever waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine

from accounts.models import User
from classes.judging.refusals import (
    BeyondWeeklyLimit,
    NotEligible,
    OfferedThere,
    Overlaps,
    ReasonNeeded,
    Refusal,
    SessionFull,
    SessionNotOpen,
    TooLate,
)
from classes.models import Booking, BookingSource, Mode, Session, SessionStatus
from classes.places.booking import book_place, cancel_booking
from classes.places.kept_back import give_kept_place
from messaging.models import Message
from participants.models import ClearanceState, Participant, Phase
from tests.factories.accounts import ContactPointFactory, ProgrammeFactory
from tests.factories.classes import SessionFactory
from tests.factories.participants import ClearanceFactory, ParticipantFactory
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
    """Three places, of which two are kept back; the third is taken."""
    session = SessionFactory(
        programme=pat.programme, mode=Mode.REMOTE, starts_at=NOON + 3 * DAY, capacity=3, reserved=2
    )
    one(somebody(session), session)
    return session


def somebody(session: Session) -> Participant:
    participant = ParticipantFactory(programme=session.programme)
    ContactPointFactory(person=participant.person)
    return participant


def one(participant: Participant, session: Session, **rest: Any) -> Booking:
    return book_place(
        participant=participant, session=session, by=participant.person, source=BookingSource.SELF, **rest
    )


def give(participant: Participant, session: Session, by: User, **rest: Any) -> Booking:
    rest.setdefault("why", "New here")
    return give_kept_place(participant=participant, session=session, by=by.person, **rest)


def numbers(session: Session) -> tuple[int, int, int]:
    session.refresh_from_db()
    return session.capacity, session.reserved, session.places_taken


def test_it_goes_past_who_waits_and_given_back_it_goes_to_them(
    pat: Participant, quinn: Participant, session: Session, dee: User
) -> None:
    waits = one(quinn, session, or_wait=True)
    place = give(pat, session, dee, why=" The only class near them ")
    assert (place.state, place.source, place.made_now, numbers(session)) == ("booked", "desk", True, (3, 1, 2))
    assert Message.objects.filter(kind="booking_confirmed", subject_id=place.pk).exists()
    event = place.events.latest("pgh_id")  # type: ignore[attr-defined]
    assert event.pgh_context["reason"] == "The only class near them"
    assert give(pat, session, dee).pk == place.pk  # again: as it is
    waits.refresh_from_db()
    assert (waits.state, numbers(session)) == ("waiting", (3, 1, 2))

    cancel_booking(booking=place, by=pat.person)
    waits.refresh_from_db()
    assert (waits.state, numbers(session)) == ("offered", (3, 1, 2))


def test_who_waits_for_two_has_both_and_waits_no_more(pat: Participant, session: Session, dee: User) -> None:
    turn = one(pat, session, or_wait=True, party=2)
    place = give(pat, session, dee)
    assert (place.pk, place.state, place.party, place.source) == (turn.pk, "booked", 2, "desk")
    assert numbers(session) == (3, 0, 3)
    assert Message.objects.filter(kind="placed_from_waiting", subject_id=place.pk).exists()
    with pytest.raises(SessionFull):
        give(somebody(session), session, dee)


def test_it_is_judged_like_any_place_and_a_refusal_changes_nothing(
    clock: Any, pat: Participant, session: Session, dee: User
) -> None:
    def is_offered() -> None:
        one(pat, session, or_wait=True)
        cancel_booking(booking=session.bookings.get(state="booked"), by=dee.person)

    def is_there() -> None:
        one(pat, SessionFactory(programme=pat.programme, starts_at=session.starts_at))

    def is_limited() -> None:
        phase = {"name": "All of it", "weeks": 52, "contacts_least": 1, "contacts_most": 1, "most_a_week": 1}
        Phase.objects.create(programme=pat.programme, order=1, **phase)
        one(pat, SessionFactory(programme=pat.programme, starts_at=session.starts_at - DAY))

    def not_cleared() -> None:
        ClearanceFactory(participant=pat, state=ClearanceState.NEEDS_REVIEW, valid_until=None)

    def one_is_kept() -> None:
        Session.objects.filter(pk=session.pk).update(reserved=1)

    draft = SessionFactory(programme=pat.programme, reserved=1, status=SessionStatus.DRAFT)
    elsewhere = SessionFactory(programme=ProgrammeFactory(), reserved=1)
    cases: list[tuple[Callable[[], object], dict[str, Any], type[Refusal]]] = [
        (lambda: None, {"why": "  "}, ReasonNeeded),
        (lambda: None, {"why": "x" * 201}, ReasonNeeded),
        (lambda: clock.move_to(session.starts_at), {}, TooLate),
        (lambda: None, {"session": draft}, SessionNotOpen),
        (lambda: None, {"session": elsewhere}, SessionNotOpen),
        (is_offered, {}, OfferedThere),
        (one_is_kept, {"party": 2}, SessionFull),
        (not_cleared, {}, NotEligible),
        (is_there, {}, Overlaps),
        (is_limited, {}, BeyondWeeklyLimit),
    ]
    for happens, wanted, refusal in cases:
        with undone():
            happens()
            before = numbers(session)
            with pytest.raises(refusal):
                give(pat, wanted.pop("session", session), dee, **wanted)
            assert numbers(session) == before
        clock.move_to(NOON)
    is_limited()
    place = give(pat, session, dee, despite_limit="A last one")
    assert place.events.latest("pgh_id").pgh_context["reason"] == "New here A last one"  # type: ignore[attr-defined]
