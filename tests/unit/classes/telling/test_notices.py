import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.utils import timezone
from icalendar import Calendar

from accounts.history import acting
from accounts.models import Channel, ContactPoint
from classes.models import BookingState, ClassType, Mode, SessionStatus, Venue
from classes.telling import block_notices, notices
from classes.telling.gone import class_is_off, place_is_given_up
from messaging.delivery import deliver_due
from messaging.models import Message, MessageState, Task
from messaging.neutral import telling_words
from messaging.words import words_now
from participants.models import AccessNeed
from tests.factories.classes import BookingFactory, SessionFactory, VenueFactory

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2027, 2, 3, 12, 0, tzinfo=dt.UTC)


@pytest.fixture
def noon(monkeypatch):
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def session(noon, programme):
    return SessionFactory(programme=programme, starts_at=NOON + dt.timedelta(days=2))


@pytest.fixture
def place(session, pat):
    return BookingFactory(session=session, participant=pat)


@pytest.fixture
def wait(session, pat):
    return BookingFactory(session=session, participant=pat, state=BookingState.WAITING)


def end(booking, state=BookingState.CANCELLED):
    booking.state, booking.ended_at = state, timezone.now()
    booking.save()


def call_off(session):
    session.status, session.cancelled_at, session.cancel_reason = (
        SessionStatus.CANCELLED,
        timezone.now(),
        "Instructor ill",
    )
    session.ics_sequence += 1
    session.save()


def calendar_sent(place=0):
    (part,) = mail.outbox[place].attachments
    return part, Calendar.from_ical(part.get_payload(decode=True).decode())


# --- places ------------------------------------------------------------------


def test_a_confirmation_says_everything_and_brings_the_appointment(place, pat):
    notices.booking_confirmed(place, pat.person)
    deliver_due()
    (sent,) = mail.outbox
    assert sent.recipients() == ["pat@example.org"]
    assert sent.subject == "Your SafeFit class on Friday 5 February"
    for words in ("noon to 1pm, Friday 5 February 2027", place.session.venue.address, "Water", "18001", "Hello Pat"):
        assert words in sent.body
    part, calendar = calendar_sent()
    assert part.get_param("method") == calendar["METHOD"] == "REQUEST"


def test_an_online_class_is_joined_through_our_page_and_never_by_its_link(noon, programme, pat):
    session = SessionFactory(
        programme=programme,
        mode=Mode.REMOTE,
        join_url="https://video.example/secret",
        dial_in="01632 960555",
        starts_at=NOON + dt.timedelta(days=2),
    )
    notices.booking_confirmed(BookingFactory(session=session, participant=pat), pat.person)
    deliver_due()
    everything = mail.outbox[0].message().as_string() + mail.outbox[0].body
    assert "video.example" not in everything and "960555" not in everything
    assert "How to join: go to" in mail.outbox[0].body


def test_a_booking_that_is_cancelled_before_its_confirmation_is_sent_is_only_told_of_the_cancelling(place, pat):
    notices.booking_confirmed(place, pat.person)
    end(place)
    notices.booking_cancelled(place, pat.person)
    deliver_due()
    assert [sent.subject for sent in mail.outbox] == ["Your place on Friday 5 February is cancelled"]
    assert Message.objects.get(kind=notices.CONFIRMED).state == MessageState.NOT_WANTED


def test_a_cancelled_booking_sends_no_confirmation_even_when_nobody_took_it_back(place, pat):  # pitfalls 40
    notices.booking_confirmed(place, pat.person)
    end(place)
    deliver_due()
    assert not mail.outbox
    assert Message.objects.get().state == MessageState.NOT_WANTED


def test_an_action_that_is_undone_tells_nobody(place, pat):
    with pytest.raises(ZeroDivisionError), acting(pat.person, "tests.undone"):
        notices.booking_confirmed(place, pat.person)
        raise ZeroDivisionError
    deliver_due()
    assert not mail.outbox and not Message.objects.exists()


def test_the_same_event_told_twice_is_one_message(place, pat):
    notices.booking_confirmed(place, pat.person)
    notices.booking_confirmed(place, pat.person)
    deliver_due()
    assert len(mail.outbox) == 1


def test_a_place_given_up_is_taken_out_of_the_calendar_too(place, pat):
    notices.booking_confirmed(place, pat.person)
    deliver_due()
    end(place)
    notices.booking_cancelled(place, pat.person)
    deliver_due()
    (_, confirmed), (part, gone) = calendar_sent(0), calendar_sent(1)
    assert part.get_param("method") == gone["METHOD"] == "CANCEL"
    assert confirmed.walk("VEVENT")[0]["UID"] == gone.walk("VEVENT")[0]["UID"]


def test_who_did_not_do_it_oneself_is_told_so(place, pat, sam):
    notices.booking_confirmed(place, sam.person)
    deliver_due()
    assert "booked for you" in mail.outbox[0].body
    end(place)
    notices.booking_cancelled(place, sam.person)
    deliver_due()
    assert "done for you" in mail.outbox[1].body


def test_a_place_back_among_the_booked_is_not_said_to_be_cancelled(place, pat):
    notices.booking_cancelled(place, pat.person)
    deliver_due()
    assert not mail.outbox


# --- waiting -----------------------------------------------------------------


def test_waiting_is_not_called_a_place_and_brings_no_appointment(wait, pat):
    notices.waiting_joined(wait, pat.person)
    deliver_due()
    assert "You do not have a place yet." in mail.outbox[0].body
    assert not mail.outbox[0].attachments


def test_who_got_a_place_hears_of_the_place_and_not_of_the_waiting(wait, pat):
    notices.waiting_joined(wait, pat.person)
    wait.state = BookingState.BOOKED
    wait.save()
    notices.placed_from_waiting(wait, pat.person)
    deliver_due()
    assert [sent.subject for sent in mail.outbox] == ["You have a place in the SafeFit class on Friday 5 February"]
    assert calendar_sent()[1]["METHOD"] == "REQUEST"


def test_who_got_a_place_by_itself_is_asked_about_other_waits_of_that_day(wait, pat):  # pitfalls 18
    start = wait.session.starts_at
    later, next_day = (
        BookingFactory(
            session=SessionFactory(programme=pat.programme, starts_at=start + dt.timedelta(hours=hours)),
            participant=pat,
            state=BookingState.WAITING,
        )
        for hours in (3, 24)
    )
    wait.state = BookingState.BOOKED
    wait.save()
    notices.placed_from_waiting(wait, pat.person)
    deliver_due()
    body = mail.outbox[0].body
    assert "You also wait for a place in another class that day" in body
    assert notices.leave_link(later) in body and notices.leave_link(next_day) not in body


def test_a_wait_that_ended_before_it_was_told_is_not_told(wait, pat):
    notices.waiting_joined(wait, pat.person)
    end(wait)
    deliver_due()
    assert not mail.outbox


def test_leaving_the_waiting_list_is_not_called_a_cancelled_place(wait, pat):
    end(wait)
    notices.booking_cancelled(wait, pat.person)
    deliver_due()
    assert mail.outbox[0].subject == "You have left the waiting list for Friday 5 February"
    assert not mail.outbox[0].attachments


# --- a class that is off -----------------------------------------------------


def test_everybody_with_a_place_or_a_wait_is_told_and_nobody_else(session, place, quinn, programme):
    BookingFactory(session=session, participant=quinn, state=BookingState.WAITING)
    before = BookingFactory(session=session, participant__programme=programme)
    end(before)
    notices.booking_confirmed(place, place.participant.person)
    call_off(session)
    notices.session_cancelled(session, place.participant.person)
    deliver_due()
    assert sorted(sent.recipients()[0] for sent in mail.outbox) == ["pat@example.org", "quinn@example.org"]
    assert {sent.subject for sent in mail.outbox} == {"Cancelled: SafeFit class on Friday 5 February"}
    files = {sent.recipients()[0]: len(sent.attachments) for sent in mail.outbox}
    assert files == {"pat@example.org": 1, "quinn@example.org": 0}
    assert (
        calendar_sent([sent.recipients()[0] for sent in mail.outbox].index("pat@example.org"))[1]["METHOD"] == "CANCEL"
    )


def test_bookings_that_were_ended_with_the_class_are_told_and_earlier_ones_are_not(session, place, quinn, noon):
    earlier = BookingFactory(session=session, participant=quinn)
    end(earlier, BookingState.CLOSED)
    noon.shift(dt.timedelta(hours=1))
    call_off(session)
    end(place, BookingState.CLOSED)
    notices.session_cancelled(session, place.participant.person)
    deliver_due()
    assert [sent.recipients() for sent in mail.outbox] == [["pat@example.org"]]


def test_a_class_of_the_same_day_is_called_off_at_night_too(session, place, noon):
    noon.move_to(session.starts_at - dt.timedelta(hours=15))  # 9pm
    call_off(session)
    notices.session_cancelled(session, place.participant.person)
    deliver_due()
    assert len(mail.outbox) == 1


def test_a_class_in_two_days_is_called_off_in_the_morning(session, place, noon):
    noon.move_to(session.starts_at - dt.timedelta(hours=39))
    call_off(session)
    notices.session_cancelled(session, place.participant.person)
    deliver_due()
    assert not mail.outbox


def test_who_is_reached_only_by_phone_is_on_the_call_list_within_the_hour(session, place, noon):
    ContactPoint.objects.filter(person=place.participant.person).update(channel=Channel.PHONE, value="+441632960222")
    noon.move_to(session.starts_at - dt.timedelta(hours=5))
    call_off(session)
    notices.session_cancelled(session, place.participant.person)
    deliver_due()
    task = Task.objects.get()
    assert task.kind == "call" and task.due_at == session.starts_at - dt.timedelta(hours=3)  # 9am, calling from 8am
    words = words_now(Message.objects.get(pk=task.subject_id))
    assert words is not None and "This class is off." in words.body


@pytest.mark.parametrize("kind", [notices.CONFIRMED, notices.WAITING, notices.GIVEN_UP, notices.CLASS_OFF])
def test_after_the_class_nothing_about_it_is_sent(session, pat, noon, kind):
    tell = {
        notices.CONFIRMED: (BookingState.BOOKED, notices.booking_confirmed),
        notices.WAITING: (BookingState.WAITING, notices.waiting_joined),
        notices.GIVEN_UP: (BookingState.CANCELLED, notices.booking_cancelled),
        notices.CLASS_OFF: (BookingState.BOOKED, lambda booking, by: notices.session_cancelled(booking.session, by)),
    }
    state, event = tell[kind]
    ended_at = timezone.now() if state == BookingState.CANCELLED else None
    booking = BookingFactory(session=session, participant=pat, state=state, ended_at=ended_at)
    if kind == notices.CLASS_OFF:
        call_off(session)
    event(booking, pat.person)
    noon.move_to(session.ends_at)
    deliver_due()
    assert Message.objects.get().state == MessageState.NOT_WANTED


def test_a_cancellation_of_a_class_that_takes_place_after_all_is_not_sent(session, place):
    notices.session_cancelled(session, place.participant.person)
    deliver_due()
    assert not mail.outbox


def test_a_message_about_a_booking_that_is_gone_is_not_wanted(place, pat):
    for event in (notices.booking_confirmed, notices.waiting_joined, notices.booking_cancelled):
        event(place, pat.person)
    notices.session_cancelled(place.session, pat.person)
    Message.objects.update(subject_id=0)
    messages = {message.kind: message for message in Message.objects.all()}
    assert notices.place_stands(messages[notices.CONFIRMED]) is None
    assert notices.still_waiting(messages[notices.WAITING]) is None
    assert place_is_given_up(messages[notices.GIVEN_UP]) is None
    assert class_is_off(messages[notices.CLASS_OFF]) is None


# --- how it is said, and to whom ---------------------------------------------


def test_a_class_whose_name_tells_why_is_called_an_exercise_class(place, pat):
    ClassType.objects.filter(pk=place.session.class_type_id).update(name="Moving after breast cancer")
    notices.booking_confirmed(place, pat.person)
    deliver_due()
    assert "cancer" not in mail.outbox[0].body.lower() and "Exercise class" in mail.outbox[0].body


@pytest.mark.parametrize("together", [False, True])
def test_a_hall_whose_name_tells_why_is_named_at_the_end_alone(place, pat, together):
    hall = {"name": "Macmillan Cancer Centre Gym", "entrance": "By the clinic", "getting_there": "Bus 20"}
    Venue.objects.filter(pk=place.session.venue_id).update(**hall)
    if together:
        block_notices.dates_booked(pat, [place], [], pat.person, copy=False)
    else:
        notices.booking_confirmed(place, pat.person)
    deliver_due()
    body = mail.outbox[0].body
    address = place.session.venue.address
    assert f"\nWhere: {address}" in body[:200] and telling_words(body[:200]) == []
    assert body.count(f"\n\nWhere exactly: Macmillan Cancer Centre Gym, {address}") == 1
    assert body.count("\nWhich door: By the clinic\n") == 1 and telling_words(body.partition("Where exactly")[0]) == []


def test_nothing_of_another_person_is_in_a_persons_message(session, place, quinn, ines):
    BookingFactory(session=session, participant=quinn)
    notices.booking_confirmed(place, quinn.person)
    deliver_due()
    everything = mail.outbox[0].message().as_string() + mail.outbox[0].body + calendar_sent()[1].to_ical().decode()
    for secret in ("Quinn", "Sample", "quinn@example.org", "Emer"):
        assert secret not in everything


def test_a_need_that_no_email_meets_is_the_desks_and_never_a_silent_email(place, pat):
    AccessNeed.objects.create(
        person=pat.person, kind="easy_read", recorded_by=pat.person, review_on=dt.date(2028, 1, 1)
    )
    notices.booking_confirmed(place, pat.person)
    deliver_due()
    assert not mail.outbox
    assert Task.objects.get().kind == "format_wanted"


def test_a_need_that_an_email_meets_is_met_by_email(place, pat):
    AccessNeed.objects.create(
        person=pat.person, kind="large_print", recorded_by=pat.person, review_on=dt.date(2028, 1, 1)
    )
    notices.booking_confirmed(place, pat.person)
    deliver_due()
    assert len(mail.outbox) == 1


def test_an_address_that_is_none_puts_nobody_into_a_calendar_file(place, pat):
    ContactPoint.objects.filter(person=pat.person).update(value="pat@example.org\nATTENDEE:mailto:eve@example.org")
    notices.booking_confirmed(place, pat.person)
    content = notices.place_stands(Message.objects.get())
    assert content is not None and content.attachments == ()


def test_a_companion_is_mentioned(session, pat):
    booking = BookingFactory(session=session, participant=pat, party=2)
    notices.booking_confirmed(booking, pat.person)
    deliver_due()
    assert "you and one person with you" in mail.outbox[0].body


def test_how_to_find_the_hall_is_said_when_it_is_known(noon, programme, pat):
    venue = VenueFactory(programme=programme, entrance="Blue door", getting_there="Bus 20 stops outside")
    session = SessionFactory(programme=programme, venue=venue, starts_at=NOON + dt.timedelta(days=2))
    notices.booking_confirmed(BookingFactory(session=session, participant=pat), pat.person)
    deliver_due()
    assert "Blue door" in mail.outbox[0].body and "Bus 20" in mail.outbox[0].body
