"""Several dates at once: what comes of each, that all is one transaction, and the one message."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
import vobject
from icalendar import Calendar

from accounts.models import User
from classes.judging.refusals import BeyondWeeklyLimit, NotEligible, Overlaps, TooManyDates, TryAgain
from classes.models import Booking, BookingSource, BookingState, Session, SessionStatus
from classes.places import blocks
from classes.places.blocks import MOST_DATES, book_dates, cancel_dates, dates_like, later_ones
from classes.places.booking import book_place, cancel_booking
from classes.telling import block_notices
from classes.telling.calendars import uid_of
from classes.telling.notices import appointment
from messaging.kinds import Content
from messaging.models import Message
from messaging.words import words_now
from participants.models import Participant, Phase, SupporterScope
from tests.factories.classes import SeriesFactory, SessionFactory
from tests.factories.participants import ClearanceFactory, ParticipantFactory

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2027, 1, 25, 12, tzinfo=dt.UTC)
WEEK, HOUR = dt.timedelta(weeks=1), dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def tuesdays(pat: Participant) -> list[Session]:
    """Four Tuesdays of one class, two places each."""
    series = SeriesFactory(programme=pat.programme)
    start = dt.datetime(2027, 2, 2, 10, tzinfo=dt.UTC)
    return [
        SessionFactory(
            programme=pat.programme,
            class_type=series.class_type,
            series=series,
            starts_at=start + n * WEEK,
            capacity=2,
        )
        for n in range(4)
    ]


def book(pat: Participant, sessions: list[Session], **rest: Any) -> list[blocks.DateOutcome]:
    rest.setdefault("by", pat.person)
    rest.setdefault("source", BookingSource.SELF)
    return book_dates(participant=pat, sessions=sessions, **rest)


def one(participant: Participant, session: Session, **rest: Any) -> Booking:
    return book_place(
        participant=participant, session=session, by=participant.person, source=BookingSource.SELF, **rest
    )


def fill(session: Session) -> list[Booking]:
    return [one(ParticipantFactory(programme=session.programme), session) for _ in range(session.capacity)]


# --- booking -----------------------------------------------------------------


def test_each_date_is_booked_or_waited_for_or_refused_and_none_stops_another(
    pat: Participant, tuesdays: list[Session]
) -> None:
    fill(tuesdays[1])
    one(pat, SessionFactory(programme=pat.programme, starts_at=tuesdays[2].starts_at))
    Session.objects.filter(pk=tuesdays[3].pk).update(
        status=SessionStatus.CANCELLED, cancelled_at=NOON, cancel_reason="hall shut"
    )
    done = book(pat, tuesdays[::-1])
    assert [(out.session.pk, out.state) for out in done] == list(
        zip([s.pk for s in tuesdays], ["booked", "waiting", "refused", "refused"], strict=True)
    )
    assert isinstance(done[2].refusal, Overlaps)
    assert done[3].facts == {
        "session": tuesdays[3].pk,
        "state": "refused",
        "booking": None,
        "refusal": {"code": "session_not_open"},
    }
    tuesdays[0].refresh_from_db()
    assert tuesdays[0].places_taken == 1


def test_a_date_on_which_the_clearance_does_not_hold_is_refused_alone(
    pat: Participant, tuesdays: list[Session]
) -> None:
    ClearanceFactory(participant=pat, valid_until=dt.date(2027, 2, 10))
    done = book(pat, tuesdays)
    assert [out.state for out in done] == ["booked", "booked", "refused", "refused"]
    assert isinstance(done[2].refusal, NotEligible)


def test_a_class_of_another_programme_is_refused(pat: Participant, tuesdays: list[Session]) -> None:
    done = book(pat, [tuesdays[0], SessionFactory(starts_at=tuesdays[1].starts_at)])
    assert [out.facts["refusal"] for out in done] == [None, {"code": "not_eligible", "reasons": ["another_programme"]}]


def test_the_limit_of_a_week_holds_across_the_block_and_leaves_no_row(  # pitfalls 26
    pat: Participant, tuesdays: list[Session]
) -> None:
    Phase.objects.create(
        programme=pat.programme, order=1, name="One", weeks=40, contacts_least=1, contacts_most=1, most_a_week=1
    )
    thursday = SessionFactory(programme=pat.programme, starts_at=tuesdays[0].starts_at + dt.timedelta(days=2))
    done = book(pat, [thursday, *tuesdays])
    assert [out.state for out in done] == ["booked", "refused", "booked", "booked", "booked"]
    assert isinstance(done[1].refusal, BeyondWeeklyLimit)
    thursday.refresh_from_db()
    assert (thursday.places_taken, thursday.bookings.count()) == (0, 0)
    refused = Message.objects.get(kind="dates_booked").context["refused"]
    assert refused == [[thursday.pk, "weekly_limit"]]


@pytest.mark.parametrize(
    ("source", "states", "kept"), [("desk", ["booked", "booked"], "agreed"), ("self", ["booked", "refused"], None)]
)
def test_staff_alone_go_past_the_limit_with_one_reason_for_all_dates(
    pat: Participant, dee: User, tuesdays: list[Session], source: str, states: list[str], kept: str | None
) -> None:
    Phase.objects.create(
        programme=pat.programme, order=1, name="One", weeks=40, contacts_least=1, contacts_most=1, most_a_week=1
    )
    thursday = SessionFactory(programme=pat.programme, starts_at=tuesdays[0].starts_at + dt.timedelta(days=2))
    done = book(pat, [tuesdays[0], thursday], by=dee.person, source=BookingSource(source), despite_limit="agreed")
    assert [out.state for out in done] == states
    first = done[0].booking
    assert first is not None
    assert first.events.first().pgh_context.get("reason") == kept  # type: ignore[attr-defined]


def test_what_was_booked_before_is_named_and_not_told_again(pat: Participant, tuesdays: list[Session]) -> None:
    before = one(pat, tuesdays[0])
    done = book(pat, tuesdays[:1])
    assert (done[0].booking, done[0].state) == (before, "booked")
    assert not Message.objects.filter(kind="dates_booked").exists()


def test_no_more_than_a_dozen_weeks_at_once(pat: Participant, tuesdays: list[Session]) -> None:
    for sessions in ([], tuesdays * 5):
        with pytest.raises(TooManyDates) as refused:
            book(pat, sessions)
        assert refused.value.details == {"most": MOST_DATES}


def test_all_or_nothing_when_something_breaks_in_the_middle(  # pitfalls 20: no half of a block
    pat: Participant, tuesdays: list[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*args: Any, **rest: Any) -> None:
        raise TryAgain

    monkeypatch.setattr(block_notices, "dates_booked", break_down)
    with pytest.raises(TryAgain):
        book(pat, tuesdays)
    assert not Booking.objects.exists()


def test_a_booking_never_makes_a_class(pat: Participant, tuesdays: list[Session]) -> None:  # pitfalls 20
    before = Session.objects.count()
    book(pat, tuesdays)
    assert Session.objects.count() == before


def test_the_dates_to_tick_are_those_of_the_same_class_in_twelve_weeks(
    pat: Participant, tuesdays: list[Session]
) -> None:
    everything = Session.objects.all()
    series, kind = tuesdays[0].series, tuesdays[0].class_type
    same = {"programme": pat.programme, "series": series, "class_type": kind}
    SessionFactory(**same, starts_at=NOON - WEEK)
    SessionFactory(**same, starts_at=NOON + 13 * WEEK)
    SessionFactory(**same, starts_at=NOON + 7 * WEEK, status=SessionStatus.DRAFT)
    alone = SessionFactory(programme=pat.programme)
    assert list(dates_like(tuesdays[2], to_choose_from=everything)) == tuesdays
    assert list(dates_like(alone, to_choose_from=everything)) == []


# --- giving back -------------------------------------------------------------


def test_this_and_the_later_ones_are_those_of_the_same_class_that_are_live(  # pitfalls 31
    pat: Participant, quinn: Participant, tuesdays: list[Session]
) -> None:
    done = [out.booking for out in book(pat, tuesdays)]
    book(quinn, tuesdays)
    one(pat, SessionFactory(programme=pat.programme, starts_at=tuesdays[2].starts_at + dt.timedelta(hours=3)))
    assert done[3] is not None and done[1] is not None
    cancel_booking(booking=done[3], by=pat.person)
    assert later_ones(done[1]) == [done[2]]
    assert later_ones(one(pat, SessionFactory(programme=pat.programme))) == []


def test_exactly_the_dates_that_were_named_are_given_back_each_to_who_waits(  # pitfalls 31
    pat: Participant, quinn: Participant, tuesdays: list[Session]
) -> None:
    done = [out.booking for out in book(pat, tuesdays)]
    fill_one = one(ParticipantFactory(programme=pat.programme), tuesdays[2])
    turn = one(quinn, tuesdays[2], or_wait=True, book_automatically=True)
    assert fill_one.state == "booked"
    ended = cancel_dates(participant=pat, bookings=[done[1].pk, done[2].pk], by=pat.person, reason="travel")  # type: ignore[union-attr]
    assert [booking.pk for booking in ended] == [done[1].pk, done[2].pk]  # type: ignore[union-attr]
    assert {booking.end_reason for booking in ended} == {"travel"}
    states = list(
        Booking.objects.filter(participant=pat).order_by("session__starts_at").values_list("state", flat=True)
    )
    assert states == ["booked", "cancelled", "cancelled", "booked"]
    turn.refresh_from_db()
    assert turn.state == BookingState.BOOKED


def test_nobody_elses_and_no_begun_date_is_given_back_and_again_changes_nothing(
    pat: Participant, quinn: Participant, tuesdays: list[Session]
) -> None:
    done = [out.booking.pk for out in book(pat, tuesdays) if out.booking]
    other = one(quinn, tuesdays[0])
    with time_machine.travel(tuesdays[0].starts_at, tick=False):
        ended = cancel_dates(participant=pat, bookings=[*done, other.pk], by=pat.person)
        assert [booking.pk for booking in ended] == done[1:]
        assert cancel_dates(participant=pat, bookings=done, by=pat.person) == []
    assert Message.objects.filter(kind="dates_cancelled").count() == 1


# --- the one message ---------------------------------------------------------


def test_one_message_tells_what_was_booked_what_is_waited_for_and_what_was_not(
    pat: Participant, tuesdays: list[Session]
) -> None:
    fill(tuesdays[1])
    one(pat, SessionFactory(programme=pat.programme, starts_at=tuesdays[2].starts_at))
    Message.objects.all().delete()
    book(pat, tuesdays)
    message = Message.objects.get(person=pat.person)
    read = words_now(message)
    assert read is not None
    assert read.subject == "Your 2 SafeFit classes"
    booked, waiting, refused = (read.body.index(words) for words in ("These 2 places", "You are waiting", "Not booked"))
    assert booked < read.body.index("2 February") < read.body.index("23 February") < waiting
    assert waiting < read.body.index("9 February") < refused < read.body.index("16 February")


def test_each_date_that_is_booked_is_an_invitation_of_its_own_to_the_person_alone(
    pat: Participant, tuesdays: list[Session]
) -> None:
    fill(tuesdays[1])
    pat.person.contact_points.update(value="pat@example.org")
    done = [o.booking for o in book(pat, tuesdays) if o.booking and o.booking.state == BookingState.BOOKED]
    content = block_notices.dates_stand(Message.objects.get(person=pat.person))
    assert content is not None
    assert [file.name for file in content.attachments] == ["safefit.ics", "safefit-2.ics", "safefit-3.ics"]
    for booking, file in zip(done, content.attachments, strict=True):
        assert file.mime_type == "text/calendar; method=REQUEST"
        read = (by_icalendar(file.text), by_vobject(file.text))
        assert (
            read[0] == read[1] == ("REQUEST", uid_of(booking), 0, booking.session.starts_at, "mailto:pat@example.org")
        )
        assert Calendar.from_ical(file.text).walk("VEVENT")[0]["summary"] == "SafeFit class"


@pytest.mark.parametrize("parser", ["icalendar", "vobject"])
def test_a_calendar_follows_each_date_through_changes_until_it_is_gone(
    pat: Participant, tuesdays: list[Session], parser: str
) -> None:
    """As programs do: one appointment for a UID, of two the higher SEQUENCE, and CANCEL ends it."""
    calendar: dict[str, tuple[int, dt.datetime]] = {}

    def receive(content: Content | None) -> None:
        assert content is not None
        for file in content.attachments:
            method, uid, sequence, starts_at, _ = {"icalendar": by_icalendar, "vobject": by_vobject}[parser](file.text)
            if sequence < calendar.get(uid, (0, starts_at))[0]:
                continue
            calendar[uid] = (sequence, starts_at)
            if method == "CANCEL":
                del calendar[uid]

    done = [o.booking for o in book(pat, tuesdays[:3]) if o.booking]
    receive(block_notices.dates_stand(Message.objects.get(kind="dates_booked")))
    assert [at for _, at in calendar.values()] == [session.starts_at for session in tuesdays[:3]]
    Session.objects.filter(pk=tuesdays[0].pk).update(starts_at=tuesdays[0].starts_at - HOUR, ics_sequence=1)
    done[0].session.refresh_from_db()
    receive(Content({}, attachments=appointment(done[0])))
    assert calendar[uid_of(done[0])] == (1, tuesdays[0].starts_at - HOUR) and len(calendar) == 3
    cancel_booking(booking=done[1], by=pat.person)
    receive(block_notices.dates_are_given_back(given_back(pat, done[1])))
    assert calendar.keys() == {uid_of(done[0]), uid_of(done[2])}
    cancel_dates(participant=pat, bookings=[done[0].pk, done[2].pk], by=pat.person)
    receive(block_notices.dates_are_given_back(Message.objects.get(kind="dates_cancelled")))
    assert calendar == {}


def given_back(pat: Participant, booking: Booking) -> Message:
    context = {"bookings": [booking.pk], "by_oneself": True}
    return Message(person=pat.person, kind="dates_cancelled", subject_id=pat.pk, context=context)


Facts = tuple[str, str, int, dt.datetime, str]


def by_icalendar(text: str) -> Facts:
    calendar = Calendar.from_ical(text)
    (event,) = calendar.walk("VEVENT")
    starts_at = event["dtstart"].dt.astimezone(dt.UTC)
    return str(calendar["method"]), str(event["uid"]), int(event["sequence"]), starts_at, str(event["attendee"])


def by_vobject(text: str) -> Facts:
    calendar = vobject.readOne(text)
    (event,) = calendar.vevent_list
    (attendee,) = event.attendee_list
    starts_at = event.dtstart.value.astimezone(dt.UTC)
    return calendar.method.value, event.uid.value, int(event.sequence.value), starts_at, attendee.value


def test_it_tells_each_date_as_it_is_when_it_is_sent(pat: Participant, tuesdays: list[Session]) -> None:
    done = [out.booking for out in book(pat, tuesdays)]
    message = Message.objects.get()
    cancel_dates(participant=pat, bookings=[b.pk for b in done[1:] if b], by=pat.person)
    content = block_notices.dates_stand(message)
    assert content is not None and len(content.context["booked"]) == 1  # type: ignore[arg-type]
    assert done[0] is not None
    cancel_booking(booking=done[0], by=pat.person)
    assert block_notices.dates_stand(message) is None


def test_who_has_no_email_is_told_without_a_file(pat: Participant, tuesdays: list[Session]) -> None:
    pat.person.contact_points.all().delete()
    book(pat, tuesdays)
    content = block_notices.dates_stand(Message.objects.get())
    assert content is not None and content.attachments == ()


def test_what_was_given_back_is_taken_out_of_the_calendar_date_by_date(
    pat: Participant, tuesdays: list[Session]
) -> None:
    fill(tuesdays[1])
    done = [out.booking.pk for out in book(pat, tuesdays) if out.booking]
    cancel_dates(participant=pat, bookings=done[:3], by=pat.person)
    message = Message.objects.get(kind="dates_cancelled")
    content = block_notices.dates_are_given_back(message)
    assert content is not None and len(content.context["classes"]) == 3  # type: ignore[arg-type]
    assert [file.mime_type for file in content.attachments] == ["text/calendar; method=CANCEL"] * 2
    with time_machine.travel(NOON + 9 * WEEK):
        assert block_notices.dates_are_given_back(message) is None


@pytest.mark.parametrize("scopes", [[SupporterScope.BOOK, SupporterScope.SEE_MESSAGES], [SupporterScope.BOOK]])
def test_a_supporter_has_one_copy_where_they_may_see_messages(
    pat: Participant, sam: User, tuesdays: list[Session], scopes: list[str]
) -> None:
    pat.supporters.update(scopes=scopes)
    book(pat, tuesdays, by=sam.person, source=BookingSource.SUPPORTER, copy=True)
    copies = list(Message.objects.filter(person=sam.person))
    assert len(copies) == (len(scopes) == 2)
    for copy in copies:
        content = block_notices.dates_stand(copy)
        assert content is not None and (content.context["for_whom"], content.attachments) == ("Pat", ())
        pat.supporters.update(scopes=[SupporterScope.BOOK])
        assert block_notices.dates_stand(copy) is None


def test_a_copy_of_what_was_given_back_has_no_calendar_file_and_stops_with_contact(
    pat: Participant, sam: User, tuesdays: list[Session]
) -> None:
    pat.supporters.update(scopes=[SupporterScope.BOOK, SupporterScope.SEE_MESSAGES])
    done = [out.booking.pk for out in book(pat, tuesdays) if out.booking]
    cancel_dates(participant=pat, bookings=done[:2], by=sam.person, copy=True)
    copy = Message.objects.get(person=sam.person)
    content = block_notices.dates_are_given_back(copy)
    assert content is not None and (content.context["for_whom"], content.attachments) == ("Pat", ())
    pat.person.contact_stopped_at = NOON
    pat.person.save()
    assert block_notices.dates_are_given_back(copy) is None
