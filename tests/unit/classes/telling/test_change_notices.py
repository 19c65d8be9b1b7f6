"""Whoever has a place or waits is told of a change: old and new, once, and only what is still true."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core import mail
from icalendar import Calendar

from accounts.models import Channel, ContactPoint, Programme, User
from classes.models import Booking, BookingState, Mode, Session
from classes.places.booking import cancel_booking
from classes.telling import change_notices
from classes.timetable import Edit, Scope, cancel_session, change_dates, fields_of_date, preview_edit
from instructors.models import Instructor
from messaging.delivery import deliver_due
from messaging.models import Message, MessageState, Task
from participants.models import Participant
from tests.factories.classes import BookingFactory, ClassTypeFactory, SessionFactory, VenueFactory

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2027, 2, 3, 12, 0, tzinfo=dt.UTC)
CHANGED = "class_changed"


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def session(programme: Programme, ines: Instructor) -> Session:
    hall = VenueFactory(programme=programme, name="Old hall")
    return SessionFactory(programme=programme, leader=ines, starts_at=NOON + dt.timedelta(days=2), venue=hall)


@pytest.fixture
def place(session: Session, pat: Participant) -> Booking:
    Session.objects.filter(pk=session.pk).update(places_taken=1)
    return BookingFactory(session=session, participant=pat)


def change(session: Session, by: User, *, on: dt.date | None = None, give_back: bool = False, **changes: Any) -> None:
    fresh = Session.objects.get(pk=session.pk)
    asked = Edit(fresh, Scope.ONE, fields_of_date(fresh) | changes, on=on, give_back=give_back)  # type: ignore[operator]
    change_dates(edit=asked, seen=preview_edit(asked).fingerprint, by=by.person)


def test_a_move_says_old_and_new_asks_can_you_still_come_and_replaces_the_appointment(
    place: Booking, session: Session, programme: Programme, dee: User
) -> None:  # pitfalls 38, 39
    hall = VenueFactory(programme=programme, name="New hall")
    change(session, dee, start_time=dt.time(14), venue=hall)
    deliver_due()
    (sent,) = mail.outbox
    assert sent.recipients() == ["pat@example.org"]
    assert sent.subject == "Changed: SafeFit class on Friday 5 February"
    for words in (
        "When: 2pm to 3pm, Friday 5 February 2027 (UK time)\nBefore, it was: noon to 1pm, Friday 5 February 2027",
        "Where: New hall",
        "Before, it was: Old hall",
        "Can you still come?",
        f"/me/bookings/changes/{Message.objects.get().pk}/",
        "never held against you",
    ):
        assert words in sent.body
    (part,) = sent.attachments
    calendar = Calendar.from_ical(part.get_payload(decode=True).decode())
    (event,) = calendar.walk("VEVENT")
    assert part.get_param("method") == calendar["METHOD"] == "REQUEST"
    assert (event["UID"], event["SEQUENCE"]) == (f"booking-{place.pk}@safefit.example", 1)
    assert event["DTSTART"].dt == dt.datetime(2027, 2, 5, 14, tzinfo=dt.UTC)


@pytest.mark.parametrize("what", ["time", "place", "mode", "link", "dial_in", "kind"])
def test_time_place_mode_link_and_kind_are_always_told(
    pat: Participant, programme: Programme, ines: Instructor, dee: User, what: str
) -> None:  # pitfalls 39
    online = SessionFactory(
        programme=programme,
        leader=ines,
        mode=Mode.REMOTE,
        join_url="https://a.example/1",
        starts_at=NOON.replace(day=5),
    )
    BookingFactory(session=online, participant=pat)
    changes: dict[str, dict[str, Any]] = {
        "time": {"duration_minutes": 45},
        "place": {"mode": Mode.IN_PERSON, "venue": VenueFactory(programme=programme), "join_url": ""},
        "mode": {"mode": Mode.IN_PERSON, "venue": VenueFactory(programme=programme)},
        "link": {"join_url": "https://a.example/2"},
        "dial_in": {"dial_in": "01632 960123"},
        "kind": {"class_type": ClassTypeFactory(programme=programme, name="Standing balance")},
    }
    change(online, dee, **changes[what])
    deliver_due()
    (sent,) = mail.outbox
    assert "a.example" not in sent.body and "960123" not in sent.body
    assert {
        "time": "Before, it was: noon to 1pm",
        "place": "Before, it was: Online",
        "mode": "Before, it was: Online",
        "link": "The way to join is new.",
        "dial_in": "The way to join is new.",
        "kind": "What: Standing balance\nBefore, it was: Class type",
    }[what] in sent.body


def test_more_places_are_no_message(place: Booking, session: Session, dee: User) -> None:
    change(session, dee, capacity=12)
    assert not Message.objects.exists()


def test_whoever_waits_is_told_without_an_appointment(session: Session, quinn: Participant, dee: User) -> None:
    Session.objects.filter(pk=session.pk).update(capacity=0)  # so that nobody is offered a place
    BookingFactory(session=session, participant=quinn, state=BookingState.WAITING)
    change(session, dee, start_time=dt.time(14))
    deliver_due()
    (sent,) = mail.outbox
    assert "You still wait for a place in it." in sent.body and sent.attachments == []


@pytest.mark.parametrize("what", ["time", "place", "kind"])
def test_who_was_to_be_booked_unasked_is_asked_about_another_time_or_place(
    session: Session, programme: Programme, quinn: Participant, dee: User, what: str
) -> None:
    """Of the place that comes free with the change: who waited when it changed is never told of what they booked."""
    Session.objects.filter(pk=session.pk).update(capacity=0)
    turn = BookingFactory(session=session, participant=quinn, state=BookingState.WAITING, book_automatically=True)
    changes: dict[str, dict[str, Any]] = {
        "time": {"start_time": dt.time(14)},
        "place": {"venue": VenueFactory(programme=programme)},
        "kind": {"class_type": ClassTypeFactory(programme=programme)},
    }
    change(session, dee, capacity=1, **changes[what])
    turn.refresh_from_db()
    asked = what != "kind"
    assert (turn.state, turn.book_automatically) == ("offered" if asked else "booked", not asked)
    deliver_due()
    (sent,) = [sent for sent in mail.outbox if sent.subject.startswith("Changed")]
    assert "A class that you wait for has changed" in sent.body
    assert ("we ask you first" in sent.body, bool(sent.attachments)) == (asked, not asked)


def test_what_was_asked_before_two_changes_is_still_said_after_the_second(
    session: Session, quinn: Participant, dee: User
) -> None:
    Session.objects.filter(pk=session.pk).update(capacity=0)
    BookingFactory(session=session, participant=quinn, state=BookingState.WAITING, book_automatically=True)
    for hour in (14, 15):
        change(session, dee, start_time=dt.time(hour))
    deliver_due()
    (sent,) = mail.outbox
    assert "You still wait for a place in it." in sent.body and "we ask you first" in sent.body


def test_whoever_is_only_telephoned_gets_a_call(place: Booking, session: Session, pat: Participant, dee: User) -> None:
    ContactPoint.objects.filter(person=pat.person).delete()
    ContactPoint.objects.create(person=pat.person, channel=Channel.PHONE, value="01632 960001", preferred=True)
    change(session, dee, start_time=dt.time(14))
    deliver_due()
    assert not mail.outbox
    assert Task.objects.get().kind == "call"


def test_two_changes_before_the_first_is_read_are_one_message_from_how_it_was(
    place: Booking, session: Session, dee: User
) -> None:
    change(session, dee, start_time=dt.time(14))
    change(session, dee, start_time=dt.time(15))
    deliver_due()
    (sent,) = mail.outbox
    assert "When: 3pm to 4pm" in sent.body and "Before, it was: noon to 1pm" in sent.body and "2pm" not in sent.body
    assert sorted(Message.objects.values_list("state", flat=True)) == [MessageState.NOT_WANTED, MessageState.SENT]


def test_a_change_that_is_taken_back_before_it_was_told_is_not_told(
    place: Booking, session: Session, dee: User
) -> None:
    change(session, dee, start_time=dt.time(14))
    change(session, dee, start_time=dt.time(12))
    deliver_due()
    assert not mail.outbox


@pytest.mark.parametrize("ended", ["given back", "called off", "over"])
def test_what_has_ended_before_the_message_is_sent_is_not_told_as_changed(
    place: Booking, session: Session, dee: User, noon: time_machine.Traveller, ended: str
) -> None:  # pitfalls 40
    change(session, dee, start_time=dt.time(14))
    if ended == "given back":
        cancel_booking(booking=place, by=dee.person)
    elif ended == "called off":
        cancel_session(session=Session.objects.get(pk=session.pk), reason="Snow", by=dee.person)
    else:
        noon.shift(dt.timedelta(days=3))
    deliver_due()
    assert Message.objects.get(kind=CHANGED).state == MessageState.NOT_WANTED
    assert not any("Changed" in sent.subject for sent in mail.outbox)


def test_a_place_that_gave_way_is_taken_out_of_the_calendar_and_said(
    place: Booking, session: Session, programme: Programme, pat: Participant, dee: User
) -> None:
    BookingFactory(
        session=SessionFactory(programme=programme, starts_at=NOON + dt.timedelta(days=2, hours=2)), participant=pat
    )
    change(session, dee, start_time=dt.time(14), give_back=True)
    deliver_due()
    (sent,) = mail.outbox
    assert "You have another class at the new time" in sent.body
    assert "Can you still come?" not in sent.body
    assert sent.attachments[0].get_param("method") == "CANCEL"


@pytest.mark.parametrize(("hours", "urgent"), [(15, True), (17, False)])
def test_what_nobody_could_plan_for_in_the_morning_does_not_wait_for_it(
    place: Booking, session: Session, dee: User, noon: time_machine.Traveller, hours: int, urgent: bool
) -> None:
    noon.move_to(session.starts_at - dt.timedelta(hours=hours))
    change(session, dee, start_time=dt.time(14))
    content = change_notices.still_changed(Message.objects.get())
    assert content is not None and content.urgent is urgent


def test_a_place_that_was_only_offered_is_in_nobodys_calendar_to_be_taken_out(
    session: Session, pat: Participant
) -> None:
    closed = BookingFactory(session=session, participant=pat, state=BookingState.CLOSED, ended_at=NOON)
    assert change_notices._files([change_notices.Changed(closed, {}, given_up=True)]) == ()
