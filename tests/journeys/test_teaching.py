"""An instructor publishes a weekly class, calls one date off, and takes the register on a phone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.utils import timezone

from classes.models import (
    Attendance,
    AttendanceState,
    Booking,
    BookingSource,
    BookingState,
    Series,
    Session,
    SessionStatus,
)
from classes.places.booking import book_place
from messaging.models import Message, MessageState
from tests.factories.classes import BookingFactory
from tests.journeys.visitor import Visitor
from tests.journeys.world import Post, World

Window = Callable[..., Visitor]
UNKIND = ("cancer", "illness", "treatment", "oncology", "health")


def test_an_instructor_publishes_a_weekly_class_and_calls_one_date_off(
    open_window: Window, world: World, post: Post
) -> None:
    ines = open_window()
    ines.sign_in("ines")
    ines.look("teach-no-classes")
    first = timezone.localdate() + dt.timedelta(days=2)
    _publish(ines, first)
    series = Series.objects.get()
    assert (series.start_time, series.duration_minutes, series.capacity) == (dt.time(18, 30), 45, 12)
    dates = Session.objects.filter(series=series).order_by("starts_at")
    assert [timezone.localtime(date.starts_at).date() for date in dates] == [
        first + dt.timedelta(weeks=week) for week in range(4)
    ]

    pat = world.someone("Pat Example")
    session = dates[0]
    booking = book_place(participant=pat, session=session, by=pat.person, source=BookingSource.SELF)
    message = Message.objects.get(kind="booking_confirmed")
    assert (message.person, message.state) == (pat.person, MessageState.QUEUED)
    post.deliver()
    message.refresh_from_db()
    letter = post.newest_to("pat@demo.safefit.example")
    assert message.state == MessageState.SENT and str(letter.subject).startswith("Your SafeFit class on")
    assert not [word for word in UNKIND if word in f"{letter.subject} {letter.body}".lower()]

    ines.goto("/teach/")
    ines.look("teach-sessions")
    ines.follow("Balance and breathing")
    ines.look("teach-session")
    ines.follow("Cancel this class")
    ines.sees("1 person has booked or is waiting")
    ines.look("teach-cancel")
    ines.press("Cancel this class")
    ines.look("teach-cancel-error", error=True)
    ines.choose("The instructor is unwell")
    ines.press("Cancel this class")
    ines.sees("The class is cancelled. 1 person is being told.")
    session.refresh_from_db()
    booking.refresh_from_db()
    assert (session.status, session.cancel_reason) == (SessionStatus.CANCELLED, "The instructor is unwell")
    assert booking.state == BookingState.CLOSED
    assert Session.objects.published().filter(series=series).count() == 3
    post.deliver()
    assert post.subjects_to("pat@demo.safefit.example")[-1].startswith("Cancelled: SafeFit class on")


def _publish(ines: Visitor, first: dt.date) -> None:
    ines.follow("Add a class")
    ines.look("publish-what")
    ines.press("Continue")
    ines.look("publish-what-error", error=True)
    for words in ("Balance and breathing", "Every week"):
        ines.choose(words)
    ines.press("Continue")
    ines.choose("In person")
    ines.press("Continue")
    ines.sees("Select a place")
    ines.look("publish-where-error", error=True)
    ines.select("Place", "Hamworthy Demo Hall, Poole: Main hall")
    ines.press("Continue")
    ines.fill_date("first", first)
    ines.choose("On a last date")
    ines.fill_date("last", first - dt.timedelta(days=1))
    ines.fill("Start time", "half past six in the evening")
    ines.select("How long does it last?", "45 minutes")
    ines.press("Continue")
    ines.look("publish-when-error", error=True)
    ines.fill("Start time", "6:30pm")
    ines.press("Continue")
    ines.sees("The last date must be the first date or later")
    ines.fill_date("last", first + dt.timedelta(weeks=3))
    ines.press("Continue")
    ines.fill("How many people can come?", "none")
    ines.press("Continue")
    ines.look("publish-places-error", error=True)
    ines.fill("How many people can come?", "12")
    ines.press("Continue")
    ines.sees("4 dates")
    ines.sees("Every week")
    ines.look("publish-check")
    ines.press("Publish")
    ines.sees("Published: 4 dates can be booked now.")
    ines.look("teach-published")


MARKS = {  # who gets which mark, and what the page calls it
    "Avis Example": (AttendanceState.ATTENDED, "Attended"),
    "Basil Sample": (AttendanceState.ATTENDED_IN_PART, "Attended in part"),
    "Celia Madeup": (AttendanceState.ABSENT_TOLD, "Absent, told us"),
    "Desmond Pretend": (AttendanceState.ABSENT_UNTOLD, "Absent, did not tell us"),
    "Edna Invented": (AttendanceState.SENT_HOME, "Sent home unwell"),
    "Felix Imagined": (AttendanceState.SERVICE_CANCELLED, "Cancelled by SafeFit"),
}


def test_an_instructor_takes_the_register(open_window: Window, world: World) -> None:
    session, bookings = begun_class(world)
    ines = open_window()
    ines.sign_in("ines")
    ines.follow("Open the register")
    ines.sees("Lip-reads")
    ines.sees("No floor work")
    ines.sees("6 people, 6 without a mark.")
    ines.look("register")
    ines.picture_for_the_papers("take-the-register", width=390, top="Register")

    avis = card(ines, bookings["Avis Example"])
    avis.locator("summary").click()
    avis.get_by_role("textbox").fill("Came with a stick today")
    ines.press("Save the register")
    ines.sees("Select a mark for Avis")
    ines.look("register-error", error=True)

    for name, (_, words) in MARKS.items():
        card(ines, bookings[name]).get_by_label(words, exact=True).check()
    ines.sees("6 of 6 marked, 6 not saved yet")
    ines.press("Save the register")
    ines.sees("Saved: 6 marks.")
    ines.sees("6 of 6 marked")
    ines.does_not_see("not saved yet")
    ines.sees("everybody has a mark")
    ines.look("register-saved")
    assert {name: latest(booking).state for name, booking in bookings.items()} == {
        name: state for name, (state, _) in MARKS.items()
    }
    assert latest(bookings["Avis Example"]).note == "Came with a stick today"
    assert {mark.by for mark in Attendance.objects.all()} == {world.staff["ines"].person}

    card(ines, bookings["Celia Madeup"]).get_by_label("Attended in part", exact=True).check()
    ines.press("Save the register")
    ines.sees("Saved: 1 mark.")
    assert latest(bookings["Celia Madeup"]).state == AttendanceState.ATTENDED_IN_PART
    assert Attendance.objects.filter(session=session).count() == 7, "what was said first is kept"


def begun_class(world: World) -> tuple[Session, dict[str, Booking]]:
    """A class of Ines that began ten minutes ago, with one person for each mark."""
    session = world.a_class(starts_at=timezone.now() - dt.timedelta(minutes=10))
    facts = {
        "Avis Example": {"needs": ["lip_reads"]},
        "Basil Sample": {"health": {"moving": ["floor"]}},
    }
    bookings = {}
    for name in MARKS:
        participant = world.someone(name, **facts.get(name, {}))
        bookings[name] = BookingFactory(session=session, participant=participant)
    Session.objects.filter(pk=session.pk).update(places_taken=len(bookings))
    return session, bookings


def card(visitor: Visitor, booking: Booking):  # type: ignore[no-untyped-def]
    return visitor.page.locator(f"#person-b{booking.pk}")


def latest(booking: Booking) -> Attendance:
    mark: Attendance = Attendance.objects.in_force().get(booking=booking)
    return mark
