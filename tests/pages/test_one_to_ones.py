"""Times with one person at a time: given by an instructor, chosen and read by a participant, rung from the register."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Channel, Programme, User
from classes.models import BookingSource, ClassType, Mode, Session, SessionKind
from classes.places.booking import book_place
from classes.telling.calendars import where
from classes.wall_time import UK
from frontend.publishing.times_form import TimesForm
from instructors.models import Instructor
from participants.models import Participant
from tests.factories.accounts import ContactPointFactory
from tests.factories.classes import ClassTypeFactory, DaysOffFactory, SessionFactory, VenueFactory
from tests.factories.instructors import InstructorFactory

pytestmark = pytest.mark.django_db

ADD = "/teach/one-to-ones/add/"
CHECK = "/teach/one-to-ones/check/"
ASKED = {
    **{"first-day": "6", "first-month": "10", "first-year": "2026", "weeks": "2", "begins": "2pm", "until": "5pm"},
    **{"minutes": "45", "between": "15", "mode": "phone"},
}


@pytest.fixture(autouse=True)
def october() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 10, 1, 9, tzinfo=UK), tick=False):
        yield


@pytest.fixture
def kind(programme: Programme) -> ClassType:
    return ClassTypeFactory(programme=programme, name="First talk", one_to_one=True)


@pytest.fixture
def as_ines(ines: Instructor, sign_in: Any) -> Client:
    client: Client = sign_in(ines.person.user)
    return client


@pytest.fixture
def as_pat(pat: Participant, sign_in: Any) -> Client:
    client: Client = sign_in(pat.person.user)
    return client


def a_time(kind: ClassType, leader: Instructor, *, hours: int = 48, **more: Any) -> Session:
    return SessionFactory(
        programme=kind.programme,
        class_type=kind,
        kind=SessionKind.ONE_TO_ONE,
        capacity=1,
        leader=leader,
        starts_at=timezone.now() + dt.timedelta(hours=hours),
        **{"mode": Mode.PHONE, **more},
    )


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def seen(page: Any) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page.content.decode())
    assert found
    return found[1]


def test_times_are_given_on_two_pages_and_filled_in_the_next_time(as_ines: Client, kind: ClassType) -> None:
    assert as_ines.post(ADD, ASKED).headers["Location"] == CHECK
    page = as_ines.get(CHECK)
    assert "Publish 6 times" in text(page)
    as_ines.post(CHECK, {"seen": seen(page)})
    assert Session.objects.filter(kind="one_to_one", mode="phone", buffer_minutes=15).count() == 6
    assert "Published: 6 times can be booked now." in text(as_ines.get("/teach/one-to-ones/"))
    again = as_ines.get(ADD).content.decode()
    assert "Filled in as you had it last" in again
    assert re.search(r'name="first-day"[^>]*value="20"', again)
    assert re.search(r'value="phone"[^>]*checked', again)


def test_a_time_in_the_way_of_a_class_is_named_and_left_out(as_ines: Client, ines: Instructor, kind: ClassType) -> None:
    SessionFactory(programme=kind.programme, leader=ines, starts_at=dt.datetime(2026, 10, 6, 15, 30, tzinfo=UK))
    as_ines.post(ADD, ASKED)
    page = as_ines.get(CHECK)
    assert "Left out. The instructor already leads" in text(page)
    as_ines.post(CHECK, {"seen": seen(page)})
    starts = Session.objects.filter(kind="one_to_one").order_by("starts_at").values_list("starts_at", flat=True)
    assert [(one.astimezone(UK).day, one.astimezone(UK).hour) for one in starts] == [
        (6, 14),
        (13, 14),
        (13, 15),
        (13, 16),
    ]


def test_days_without_classes_are_left_out_and_named(as_ines: Client, programme: Programme, kind: ClassType) -> None:
    DaysOffFactory(programme=programme, name="Half-term", first=dt.date(2026, 10, 12), last=dt.date(2026, 10, 16))
    as_ines.post(ADD, ASKED)
    page = as_ines.get(CHECK)
    assert "Publish 3 times" in text(page)
    assert "Tuesday 13 October 2026, Half-term" in text(page)
    as_ines.post(ADD, {**ASKED, "first-day": "13", "weeks": "1"})
    assert "Half-term" not in text(as_ines.get(CHECK))


def test_days_without_classes_of_the_hall_are_left_out_too(
    as_ines: Client, programme: Programme, kind: ClassType
) -> None:
    hall = VenueFactory(programme=programme)
    days = dt.date(2026, 10, 13)
    DaysOffFactory(programme=programme, venue=hall, name="Election", first=days, last=days)
    as_ines.post(ADD, {**ASKED, "mode": "in_person", "place": f"{hall.pk}-"})
    page = text(as_ines.get(CHECK))
    assert "Publish 3 times" in page
    assert "Tuesday 13 October 2026, Election" in page


def test_what_was_not_seen_is_not_published(as_ines: Client, ines: Instructor, kind: ClassType) -> None:
    as_ines.post(ADD, ASKED)
    before = seen(as_ines.get(CHECK))
    SessionFactory(programme=kind.programme, leader=ines, starts_at=dt.datetime(2026, 10, 6, 15, 30, tzinfo=UK))
    answer = as_ines.post(CHECK, {"seen": before})
    assert (answer.status_code, Session.objects.filter(kind="one_to_one").count()) == (409, 0)
    assert "nothing was published" in text(answer)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"until": "2:20pm"}, "45 minutes do not fit between 2pm and 2:20pm"),
        ({"weeks": "13"}, "12"),
        ({"mode": "remote"}, "Enter the link that people use to join"),
        ({"mode": "in_person"}, "Select a place"),
        ({"first-year": "2025"}, "today or later"),
    ],
)
def test_what_is_wrong_is_named(as_ines: Client, kind: ClassType, wrong: dict[str, str], words: str) -> None:
    answer = as_ines.post(ADD, {**ASKED, **wrong})
    assert (answer.status_code, words in text(answer)) == (422, True)


def test_without_a_kind_of_one_to_one_it_says_what_to_do(as_ines: Client) -> None:
    assert "Ask the desk to add one" in text(as_ines.get(ADD))


def test_a_day_is_taken_away_with_a_reason_only_where_somebody_has_booked(
    as_ines: Client, ines: Instructor, pat: Participant, kind: ClassType
) -> None:
    first, second = a_time(kind, ines), a_time(kind, ines, hours=50)
    day = "/teach/one-to-ones/day/2026-10-03/"
    assert "Nobody has booked" in text(as_ines.get(day))
    booking = book_place(participant=pat, session=second, source=BookingSource.SELF, by=pat.person)
    assert as_ines.post(day, {}).status_code == 422
    reason, shown = "The instructor is unwell", seen(as_ines.get(day))
    later = a_time(kind, ines, hours=52)
    refused = as_ines.post(day, {"reason": reason, "seen": shown})
    assert (refused.status_code, "nothing was taken away" in text(refused)) == (409, True)
    assert Session.objects.filter(status="published").count() == 3
    assert seen(refused) == f"{shown} {later.pk}"
    as_ines.post(day, {"reason": reason, "seen": seen(refused)})
    assert {one.status for one in Session.objects.filter(pk__in=[first.pk, second.pk])} == {"cancelled"}
    booking.refresh_from_db()
    assert booking.state == "closed"
    assert pat.person.messages.filter(kind="classes_cancelled").exists()


def test_free_times_are_listed_by_instructor_and_booked_from_there(
    as_pat: Client, ines: Instructor, ivor: Instructor, pat: Participant, kind: ClassType
) -> None:
    mine = a_time(kind, ines)
    assert as_pat.get("/me/one-to-ones/").headers["Location"] == f"/me/one-to-ones/{ines.pk}/"
    a_time(kind, ivor, hours=30)
    both = text(as_pat.get("/me/one-to-ones/"))
    assert both.index("Talk to Ivor") < both.index("Talk to Ines")
    page = as_pat.get(f"/me/one-to-ones/{ines.pk}/")
    assert f'href="/me/classes/{mine.pk}/book/"' in page.content.decode()
    assert "By telephone: we ring you" in text(page)
    assert "First talk with Ines" in text(as_pat.get(f"/me/classes/{mine.pk}/book/"))
    assert "Talk to somebody, one to one" in text(as_pat.get("/me/classes/"))
    assert f"/classes/{mine.pk}/" not in as_pat.get("/me/classes/").content.decode()
    book_place(participant=pat, session=mine, source=BookingSource.SELF, by=pat.person)
    assert "All these times are taken now" in text(as_pat.get(f"/me/one-to-ones/{ines.pk}/"))


def test_a_time_by_telephone_can_be_changed_and_is_called_so(
    as_ines: Client, ines: Instructor, dee: User, kind: ClassType, sign_in: Any
) -> None:
    session = a_time(kind, ines)
    change = f"/teach/classes/{session.pk}/change/this-date/"
    assert re.search(r'value="phone"[^>]*checked', as_ines.get(change).content.decode())
    assert "By telephone" in text(sign_in(dee).get(f"/desk/timetable/{session.pk}/cover/"))


def test_somebody_of_another_programme_is_refused_beside_the_question(ines: Instructor, kind: ClassType) -> None:
    other = InstructorFactory()
    hall = VenueFactory(programme=ines.programme)
    asked = {**ASKED, "mode": "in_person", "place": f"{hall.pk}-", "instructor": str(other.pk)}
    for kinds, name in (([kind, ClassTypeFactory(one_to_one=True)], "class_type"), ([kind], "instructor")):
        data = {**asked, "class_type": str(kind.pk)}
        form = TimesForm(data, instructors=[ines, other], class_types=kinds, venues=[hall])
        assert set(form.errors) == {name, "place"}
        assert TimesForm(
            {**data, "instructor": str(ines.pk)}, instructors=[ines, other], class_types=kinds, venues=[hall]
        ).is_valid()


def test_nobody_sees_times_of_another_programme(as_pat: Client) -> None:
    other = ClassTypeFactory(one_to_one=True)
    elsewhere = Instructor.objects.create(person=a_person(), programme=other.programme)
    a_time(other, elsewhere)
    assert as_pat.get(f"/me/one-to-ones/{elsewhere.pk}/").status_code == 404
    assert "No time is free at the moment" in text(as_pat.get("/me/one-to-ones/"))


def a_person() -> Any:
    return ContactPointFactory().person


def test_by_telephone_says_which_number_is_rung_and_asks_for_one_that_is_missing(
    as_pat: Client, as_ines: Client, ines: Instructor, pat: Participant, kind: ClassType
) -> None:
    session = a_time(kind, ines, hours=5)
    booking = book_place(participant=pat, session=session, source=BookingSource.SELF, by=pat.person)
    assert "We do not have a telephone number for you" in text(as_pat.get(f"/me/bookings/{booking.pk}/booked/"))
    register = f"/teach/classes/{session.pk}/register/"
    assert "No number to ring is known" in text(as_ines.get(register))
    ContactPointFactory(person=pat.person, channel=Channel.PHONE, value="+441632960123", preferred=False)
    assert "01632 960123" in text(as_pat.get(f"/me/bookings/{booking.pk}/booked/"))
    assert "Ask for them by name. Do not leave a message." in text(as_ines.get(register))
    (kept,) = as_ines.get("/teach/offline/registers/").json()["classes"][0]["people"]
    assert kept["notes"][0] == "Ring Pat: 01632 960123. Ask for them by name. Do not leave a message."
    pat.person.contact_points.filter(channel=Channel.PHONE).update(may_leave_message=True)
    assert "Ring Pat" in text(page := as_ines.get(register)) and "leave a message" not in text(page)
    assert 'href="tel:+441632960123"' in as_ines.get(register).content.decode()
    assert where(session) == "By telephone: we ring you"


def test_a_time_is_moved_to_another_of_the_same_instructor(
    as_pat: Client, ines: Instructor, ivor: Instructor, pat: Participant, kind: ClassType
) -> None:
    booking = book_place(participant=pat, session=a_time(kind, ines), source=BookingSource.SELF, by=pat.person)
    other, of_ivor = a_time(kind, ines, hours=72), a_time(kind, ivor, hours=96)
    page = as_pat.get(f"/me/bookings/{booking.pk}/move/").content.decode()
    assert f'value="{other.pk}"' in page
    assert f'value="{of_ivor.pk}"' not in page


def test_the_first_contact_is_suggested_on_the_first_page_and_a_class_leads_to_it(
    as_pat: Client, ines: Instructor, pat: Participant, kind: ClassType
) -> None:
    time, session = a_time(kind, ines), SessionFactory(programme=pat.programme)
    assert "A good start" not in text(as_pat.get("/me/"))
    ClassType.objects.filter(pk=kind.pk).update(first_contact=True)
    page = as_pat.get("/me/")
    assert "A good start: First talk" in text(page)
    assert f'href="/me/classes/{time.pk}/book/"' in page.content.decode()
    Programme.objects.update(first_contact_first=True)
    refused = as_pat.get(f"/classes/{session.pk}/")
    assert "begins with a first talk, one to one" in text(refused)
    assert 'href="/me/one-to-ones/"' in refused.content.decode()
    assert as_pat.get(f"/me/classes/{session.pk}/book/").status_code == 302
