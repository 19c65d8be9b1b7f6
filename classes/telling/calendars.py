"""A person's own calendar: the file of one place in one class, and all of them for a calendar program.

Here: iCalendar with a title that says nothing. Not here: when it is sent
(notices.py), the private address (feeds.py). It holds one person, no link to join, and the same UID for as long
as the booking lives; SEQUENCE rises when the class changes, and once more when
the place is gone. Of several dates each has a file of its own: an invitation is about one appointment (ADR 0036).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, Timezone, vCalAddress

from classes.models import Booking, BookingState, Mode, Session
from messaging.kinds import Attachment
from messaging.neutral import neutral_place

ZONE = "Europe/London"
TITLE = "SafeFit class"
PRODUCT = "-//SafeFit//Classes//EN"


def invitation(booking: Booking, *, attendee: str) -> Attachment:
    """The class as an appointment of the mailbox `attendee`."""
    event = _event(booking, attendee=attendee, status="CONFIRMED", sequence=booking.session.ics_sequence)
    return _file("REQUEST", event, booking.session)


def appointment(booking: Booking) -> Attachment:
    """The class as an appointment that a person puts into a calendar themselves; word by email replaces it."""
    return _file("PUBLISH", _event(booking, status="CONFIRMED", sequence=booking.session.ics_sequence), booking.session)


def withdrawal(booking: Booking, *, attendee: str) -> Attachment:
    """Takes the appointment out of the calendar again."""
    event = _event(booking, attendee=attendee, status="CANCELLED", sequence=booking.session.ics_sequence + 1)
    return _file("CANCEL", event, booking.session)


def agenda(bookings: Iterable[Booking]) -> str:
    """All of them in one calendar, for a program that reads it again and again. A class that is off says so."""
    calendar = _calendar("PUBLISH")
    calendar.add("x-wr-calname", TITLE)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for number, booking in enumerate(bookings):
        if not number:
            calendar.add_component(_zone(booking.session, years=2))
        off = booking.state != BookingState.BOOKED
        sequence = booking.session.ics_sequence + off
        calendar.add_component(_event(booking, status="CANCELLED" if off else "CONFIRMED", sequence=sequence))
    return str(calendar.to_ical().decode())


def uid_of(booking: Booking) -> str:
    return f"booking-{booking.pk}@{_organiser().rpartition('@')[2]}"


def where(session: Session) -> str:
    """The place in one line."""
    if session.mode == Mode.PHONE:
        return "By telephone: we ring you"
    if session.venue is None:
        return "By video" if session.is_one_to_one else "Online"
    venue = session.venue
    parts = (venue.name, session.room.name if session.room else "", venue.address, venue.town, venue.postcode)
    return ", ".join(part for part in parts if part)


def _event(booking: Booking, *, status: str, sequence: int, attendee: str = "") -> Event:
    session = booking.session
    event = Event()
    event.add("uid", uid_of(booking))
    event.add("dtstamp", timezone.now())
    event.add("dtstart", _in_london(session.starts_at))
    event.add("dtend", _in_london(session.ends_at))
    event.add("summary", TITLE)
    event.add("location", neutral_place(where(session)))  # a calendar is seen by whoever shares it
    event.add(
        "description",
        f"See your classes, or cancel, at {settings.PUBLIC_URL} or by phone on {settings.PHONE_IN_WORDS}.",
    )
    event.add("status", status)
    event.add("sequence", sequence)
    if attendee:
        event.add("organizer", _address(_organiser(), CN="SafeFit"))
        event.add("attendee", _address(attendee, PARTSTAT="ACCEPTED", RSVP="FALSE"))
    return event


def _in_london(moment: datetime) -> datetime:
    """UK clock time; but UTC for either of two equal clock times: programs differ on which of them is meant."""
    local = moment.astimezone(ZoneInfo(ZONE))
    twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    return moment.astimezone(UTC) if twice else local


def _address(mailbox: str, **parameters: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{mailbox}")
    for name, value in parameters.items():
        address.params[name] = value
    return address


def _organiser() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def _file(method: str, event: Event, session: Session) -> Attachment:
    calendar = _calendar(method)
    calendar.add_component(_zone(session))
    calendar.add_component(event)
    return Attachment("safefit.ics", calendar.to_ical().decode(), f"text/calendar; method={method}")


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _zone(session: Session, *, years: int = 1) -> Timezone:
    """The clock changes around the class; without the two dates every change from 1970 to 2038 is written."""
    around = timedelta(days=366 * years)
    return Timezone.from_tzid(
        ZONE, first_date=(session.starts_at - around).date(), last_date=(session.ends_at + around).date()
    )
