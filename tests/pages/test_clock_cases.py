"""Each awkward clock: page, message and calendar file agree on one instant, published there or moved there."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
import vobject
from dateutil.tz import tzical
from django.core import mail
from icalendar import Calendar

from classes.models import Mode, Session
from classes.telling import notices
from classes.telling.calendars import invitation
from classes.timetable import (
    DatesRefused,
    Edit,
    Scope,
    change_dates,
    fields_of_date,
    preview_edit,
    publish_series,
    publish_session,
)
from classes.wall_time import UK, Which
from frontend.wording import when
from messaging.delivery import deliver_due
from tests.factories.classes import BookingFactory, ClassTypeFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 10, 1, 12, tzinfo=UK)
SIX, NIGHT = dt.time(18), dt.time(1, 30)
CASES = {  # the day, the clock time, which of two, the instant, and how it reads
    "last week of summer time": (dt.date(2026, 10, 20), SIX, None, "2026-10-20T17:00", "6pm to 7pm"),
    "first week of winter time": (dt.date(2026, 10, 27), SIX, None, "2026-10-27T18:00", "6pm to 7pm"),
    "the day they go back": (dt.date(2026, 10, 25), SIX, None, "2026-10-25T18:00", "6pm to 7pm"),
    "the day they go forward": (dt.date(2027, 3, 28), SIX, None, "2027-03-28T17:00", "6pm to 7pm"),
    "the first of two": (
        dt.date(2026, 10, 25),
        NIGHT,
        Which.FIRST,
        "2026-10-25T00:30",
        "1:30am before the clocks go back to 1:30am after the clocks go back",
    ),
    "the second of two": (
        dt.date(2026, 10, 25),
        NIGHT,
        Which.SECOND,
        "2026-10-25T01:30",
        "1:30am after the clocks go back to 2:30am",
    ),
}


@pytest.fixture(autouse=True)
def october(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def plan(ines: Any) -> dict[str, Any]:
    kind = ClassTypeFactory(programme=ines.programme)
    return {"instructor": ines, "class_type": kind, "mode": Mode.REMOTE, "duration_minutes": 60, "capacity": 5}


def published(plan: dict[str, Any], pat: Any, on: dt.date, at: dt.time, which: Which | None) -> Session:
    session = publish_session(on=on, which=which, by=pat.person, start_time=at, **plan)
    notices.booking_confirmed(BookingFactory(session=session, participant=pat), pat.person)
    return session


def moved(plan: dict[str, Any], pat: Any, on: dt.date, at: dt.time, which: Which | None) -> Session:
    session = publish_session(on=dt.date(2026, 11, 17), by=pat.person, start_time=dt.time(9), **plan)
    BookingFactory(session=session, participant=pat)
    wanted = fields_of_date(session) | {"start_time": at}
    edit = Edit(session, Scope.ONE, wanted, on=on, which=which)  # type: ignore[arg-type]
    change_dates(edit=edit, seen=preview_edit(edit).fingerprint, by=pat.person)
    session.refresh_from_db()
    return session


def read_by_icalendar(text: str) -> dt.datetime:
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    start: dt.datetime = event.decoded("DTSTART")
    return start.astimezone(dt.UTC)


def read_by_dateutil(text: str) -> dt.datetime:
    """By the zone that stands in the file, and nothing else."""
    event = text[text.index("BEGIN:VEVENT") :]
    found = re.search(r"^DTSTART(;TZID=Europe/London)?:(\d{8}T\d{6})(Z?)", event, re.MULTILINE)
    assert found is not None and bool(found[1]) is not bool(found[3])
    start = dt.datetime.strptime(found[2], "%Y%m%dT%H%M%S")  # noqa: DTZ007  its zone is the next question
    zones = re.search(r"BEGIN:VTIMEZONE.*END:VTIMEZONE", text, re.DOTALL)
    assert zones is not None
    zone = dt.UTC if found[3] else _zone(zones[0])
    return start.replace(tzinfo=zone).astimezone(dt.UTC)


def read_by_vobject(text: str) -> dt.datetime:
    start: dt.datetime = vobject.readOne(text).vevent.dtstart.value
    return start.astimezone(dt.UTC)


def _zone(text: str) -> dt.tzinfo:
    zone = tzical(io.StringIO(text.replace("\r\n", "\n"))).get("Europe/London")
    assert zone is not None
    return zone


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("way", [published, moved])
def test_page_message_and_calendar_agree(
    plan: dict[str, Any], pat: Any, sign_in: Any, way: Any, case: str
) -> None:  # pitfalls 27, 29
    on, at, which, instant, words = CASES[case]
    session = way(plan, pat, on, at, which)
    assert session.starts_at == dt.datetime.fromisoformat(instant).replace(tzinfo=dt.UTC)
    said = f"{words}, {on:%A} {on.day} {on:%B %Y}"
    assert when(session.starts_at, session.ends_at) == said
    booking = session.bookings.get()
    page = sign_in(pat.person.user).get(f"/me/bookings/{booking.pk}/", headers={"accept-language": "el-GR"})
    assert said in page.content.decode()
    deliver_due()
    (sent_mail,) = [one for one in mail.outbox if one.attachments]  # a place far off may be in doubt besides
    assert f"When: {said} (UK time)" in sent_mail.body
    (part,) = sent_mail.attachments
    sent = part.get_payload(decode=True).decode()
    for file in (sent, invitation(booking, attendee="pat@example.org").text):
        assert read_by_icalendar(file) == read_by_dateutil(file) == read_by_vobject(file) == session.starts_at


def test_a_time_that_no_clock_shows_is_nowhere(plan: dict[str, Any], pat: Any) -> None:  # never moved silently
    gap = dt.date(2027, 3, 28)
    for way in (published, moved):
        with pytest.raises(DatesRefused):
            way(plan, pat, gap, NIGHT, None)
    assert not mail.outbox and not Session.objects.filter(occurs_on=gap).exists()


def test_a_weekly_class_is_at_six_on_every_page_over_both_changes(
    plan: dict[str, Any], pat: Any, sign_in: Any
) -> None:  # pitfalls 27
    series = publish_series(
        first_date=dt.date(2026, 10, 6), last_date=dt.date(2026, 11, 10), by=pat.person, start_time=SIX, **plan
    )
    for session in series.sessions.all():
        BookingFactory(session=session, participant=pat)
    page = sign_in(pat.person.user).get("/me/bookings/").content.decode()
    times = set(re.findall(r"sf-day__time\">([^<]+)<", page))
    assert page.count("6pm to 7pm") == 6 and times == {"6pm to 7pm"}
