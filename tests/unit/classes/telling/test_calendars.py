import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from icalendar import Calendar

from classes.models import Mode
from classes.telling.calendars import invitation, uid_of, where, withdrawal
from tests.factories.classes import BookingFactory, ClassTypeFactory, RoomFactory, SessionFactory, VenueFactory

pytestmark = pytest.mark.django_db
UK = ZoneInfo("Europe/London")
EVE = "eve@example.org"


def booking(starts_at=dt.datetime(2027, 7, 1, 17, 30, tzinfo=dt.UTC), **session):
    return BookingFactory(session=SessionFactory(starts_at=starts_at, **session))


def read(attachment):
    """The file as another program reads it: its calendar and its one event."""
    calendar = Calendar.from_ical(attachment.text)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def unfolded(attachment):
    return attachment.text.replace("\r\n ", "")


def test_an_invitation_is_a_request_to_one_person_with_a_title_that_says_nothing():
    place = booking()
    file = invitation(place, attendee="pat@example.org")
    calendar, event = read(file)
    assert file.mime_type == "text/calendar; method=REQUEST" and calendar["METHOD"] == "REQUEST"
    assert event["SUMMARY"] == "SafeFit class" and event["STATUS"] == "CONFIRMED"
    assert event["ATTENDEE"] == "mailto:pat@example.org"  # a list if there were more
    assert event["ORGANIZER"] == "mailto:hello@safefit.example"


@pytest.mark.parametrize(
    ("starts_at", "wall"),
    [
        (dt.datetime(2027, 7, 1, 17, 30, tzinfo=dt.UTC), (18, 30)),
        (dt.datetime(2027, 1, 7, 18, 30, tzinfo=dt.UTC), (18, 30)),
        (dt.datetime(2027, 3, 28, 17, 0, tzinfo=dt.UTC), (18, 0)),
    ],
)
def test_times_are_wall_times_of_london_with_the_zone_in_the_file(starts_at, wall):
    place = booking(starts_at)
    file = invitation(place, attendee="pat@example.org")
    calendar, event = read(file)
    assert event["DTSTART"].params["TZID"] == "Europe/London"
    assert event.decoded("DTSTART").astimezone(dt.UTC) == starts_at
    assert (event.decoded("DTSTART").hour, event.decoded("DTSTART").minute) == wall
    assert event.decoded("DTEND") - event.decoded("DTSTART") == dt.timedelta(hours=1)
    assert len(calendar.walk("VTIMEZONE")) == 1
    assert len(file.text) < 3000  # not every clock change from 1970 to 2038


def test_the_zone_in_the_file_gives_the_same_instant_to_a_program_that_knows_no_zones():
    starts_at = dt.datetime(2027, 7, 1, 17, 30, tzinfo=dt.UTC)
    calendar, event = read(invitation(booking(starts_at), attendee="pat@example.org"))
    zone = calendar.walk("VTIMEZONE")[0].to_tz()
    assert event.decoded("DTSTART").replace(tzinfo=None).replace(tzinfo=zone).astimezone(dt.UTC) == starts_at


def test_the_uid_stays_and_the_sequence_rises():
    place = booking()
    _, first = read(invitation(place, attendee="pat@example.org"))
    place.session.ics_sequence = 4
    _, moved = read(invitation(place, attendee="pat@example.org"))
    calendar, gone = read(withdrawal(place, attendee="pat@example.org"))
    assert first["UID"] == moved["UID"] == gone["UID"] == uid_of(place)
    assert [event["SEQUENCE"] for event in (first, moved, gone)] == [0, 4, 5]
    assert calendar["METHOD"] == "CANCEL" and gone["STATUS"] == "CANCELLED"
    assert withdrawal(place, attendee="pat@example.org").mime_type == "text/calendar; method=CANCEL"


def test_two_people_in_one_class_have_different_appointments():
    session = SessionFactory()
    assert uid_of(BookingFactory(session=session)) != uid_of(BookingFactory(session=session))


def test_the_link_to_join_is_nowhere_in_the_file():
    place = booking(mode=Mode.REMOTE, join_url="https://video.example/secret", dial_in="01632 960555 code 99")
    text = unfolded(invitation(place, attendee="pat@example.org"))
    assert "video.example" not in text and "960555" not in text
    assert "LOCATION:Online" in text


def test_the_name_of_the_class_is_not_in_the_file():
    place = booking(class_type=ClassTypeFactory(name="Cancer and movement"))
    assert "ancer" not in unfolded(invitation(place, attendee="pat@example.org"))


def test_the_place_is_one_line_of_what_is_known():
    venue = VenueFactory(name="Hall", address="1 Street", town="Poole", postcode="BH15 1AA")
    assert where(SessionFactory(venue=venue)) == "Hall, 1 Street, Poole, BH15 1AA"
    room = RoomFactory(venue=venue, name="Room 2")
    later = timezone.now() + dt.timedelta(days=9)
    assert where(SessionFactory(venue=venue, room=room, starts_at=later)) == "Hall, Room 2, 1 Street, Poole, BH15 1AA"


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028"])
def test_a_line_break_in_a_value_writes_no_line_of_its_own(end):
    venue = VenueFactory(name=f"Hall{end}ATTENDEE:mailto:{EVE}{end}URL:https://evil.example", town="Poole; x, y")
    file = invitation(booking(venue=venue), attendee="pat@example.org")
    lines = unfolded(file).split("\r\n")
    assert [line for line in lines if line.startswith("ATTENDEE")] == [
        line for line in lines if line.endswith("pat@example.org")
    ]
    assert not any(line.startswith("URL") for line in lines)
    _, event = read(file)
    assert event["LOCATION"].endswith("Poole; x, y, BH15 1AA")
