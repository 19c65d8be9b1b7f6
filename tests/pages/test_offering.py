"""What classes are made of, at the desk: kinds of class, halls, limits; history kept, nothing deleted."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.permissions import Role
from classes.models import BookingSource, ClassType, DaysOff, Venue
from classes.places.booking import book_place
from frontend.views.desk.task_words import subject_of
from frontend.wording import day
from messaging.models import Task, TaskState
from participants.models import Phase
from tests.factories.accounts import MembershipFactory, PersonFactory, ProgrammeFactory, someone
from tests.factories.classes import (
    ClassTypeFactory,
    DaysOffFactory,
    RoomFactory,
    SeriesFactory,
    SessionFactory,
    VenueFactory,
)
from tests.factories.instructors import InstructorFactory

pytestmark = pytest.mark.django_db
ROOT = "/desk/timetable/made-of/"
KIND = {
    "name": "Gentle strength",
    "summary": "Build strength from a chair.",
    "effort": "gentle",
    "positions": ["seated", "standing"],
    "people_per_instructor": "8",
    "credentials_needed": ["first_aid"],
    "first_contact": "no",
    "companions_beside": "yes",
    "active": "yes",
}
FACTS = ("step_free", "accessible_toilet", "hearing_loop", "parking", "chairs")
HALL = {
    "name": "Old hall",
    "address": "1 Made Up Street",
    "town": "Poole",
    "postcode": "bh151aa",
    "area": "Dorset",
    **dict.fromkeys(FACTS, "unknown"),
    "step_free": "yes",
    "holds": "20",
}


@pytest.fixture
def desk(dee: Any, sign_in: Any) -> Client:
    return sign_in(dee)  # type: ignore[no-any-return]


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def date_parts(on: dt.date) -> dict[str, int]:
    return {"closed_from-day": on.day, "closed_from-month": on.month, "closed_from-year": on.year}


def test_a_kind_of_class_is_added_and_changed_and_its_history_is_kept(desk: Client, dee: Any, programme: Any) -> None:
    assert desk.post(f"{ROOT}kinds/add/", KIND)["Location"] == ROOT
    kind = ClassType.objects.get()
    assert (kind.programme, kind.positions, kind.people_per_instructor) == (programme, ["seated", "standing"], 8)
    page = text_of(desk.get(ROOT))
    assert "Gentle strength" in page and "8 people for one instructor" in page
    where = f"{ROOT}kinds/{kind.pk}/"
    assert desk.post(where, {**KIND, "people_per_instructor": "", "active": "no"}).status_code == 302
    kind.refresh_from_db()
    assert (kind.people_per_instructor, kind.active) == (None, False)
    page = text_of(desk.get(where))
    assert "People for one instructor: 8 → nothing" in page and "Offered: yes → no" in page
    assert "by Dee Desk" in page and "Added" in page


def test_a_name_is_given_once_and_what_is_missing_is_named(desk: Client, programme: Any) -> None:
    ClassTypeFactory(programme=programme, name="Gentle strength")
    other = ClassTypeFactory(programme=programme)
    for where in (f"{ROOT}kinds/add/", f"{ROOT}kinds/{other.pk}/"):
        assert "There is one of this name already" in text_of(desk.post(where, KIND))
    refused = text_of(desk.post(f"{ROOT}kinds/add/", {}))
    assert "Select how hard it is" in refused and "Select at least one position" in refused
    VenueFactory(programme=programme, name="Old hall")
    hall = VenueFactory(programme=programme)
    for where in (f"{ROOT}halls/add/", f"{ROOT}halls/{hall.pk}/change/"):
        assert "There is one of this name already" in text_of(desk.post(where, HALL))


def test_a_hall_is_added_with_its_facts_and_rooms(desk: Client) -> None:
    added = desk.post(f"{ROOT}halls/add/", HALL)
    hall = Venue.objects.get()
    assert (added["Location"], hall.postcode) == (f"{ROOT}halls/{hall.pk}/", "BH15 1AA")
    assert (hall.step_free, hall.parking) == ("yes", "unknown")
    for words in ("Small room", "Small room"):
        answer = desk.post(f"{ROOT}halls/{hall.pk}/rooms/", {"name": words})
    assert "has a room of that name already" in text_of(answer)
    assert [room.name for room in hall.rooms.all()] == ["Small room"]
    assert desk.post(f"{ROOT}halls/{hall.pk}/change/", {**HALL, "parking": "no"}).status_code == 302
    page = text_of(desk.get(added["Location"]))
    assert "Parking: unknown → no" in page and "Step-free from the street to the room? Yes" in page


def test_a_hall_is_closed_from_a_day_and_what_is_planned_after_it_is_named(
    desk: Client, programme: Any, ines: Any
) -> None:
    hall = VenueFactory(programme=programme, name="Old hall")
    now = timezone.now()
    early, late = (
        SessionFactory(programme=programme, venue=hall, leader=ines, starts_at=now + dt.timedelta(days=days))
        for days in (2, 9)
    )
    on, where = timezone.localdate() + dt.timedelta(days=5), f"{ROOT}halls/{hall.pk}/"
    assert "1 date is still planned" in text_of(desk.post(f"{where}close/", date_parts(on), follow=True))
    page = desk.get(where).content.decode()
    assert f"/desk/timetable/{late.pk}/change/" in page and f"/desk/timetable/{early.pk}/change/" not in page
    assert "Closed from" in text_of(desk.get(ROOT))
    assert desk.post(f"{where}close/", {"open": "yes"}).status_code == 302
    hall.refresh_from_db()
    assert hall.closed_from is None and "Closed from:" in text_of(desk.get(where))
    assert desk.post(f"{where}close/", date_parts(timezone.localdate() - dt.timedelta(days=1))).status_code == 422


def seen_on(page: Any) -> str:
    found = re.search(r'name="seen" value="(\d+)"', page.content.decode())
    assert found
    return found[1]


@pytest.mark.parametrize("which", ["halls", "kinds"])
def test_of_two_who_change_one_thing_neither_undoes_what_the_other_changed(
    desk: Client, programme: Any, which: str
) -> None:
    desk.post(f"{ROOT}{which}/add/", HALL if which == "halls" else KIND)
    given, made = (HALL, Venue) if which == "halls" else (KIND, ClassType)
    where = f"{ROOT}{which}/{made.objects.get().pk}/{'change/' if which == 'halls' else ''}"  # type: ignore[attr-defined]
    first, second = (
        ({"parking": "yes"}, {"chairs": "no"}) if which == "halls" else ({"bring": "Water"}, {"active": "no"})
    )
    seen = seen_on(desk.get(where))
    for change in (first, second):
        assert desk.post(where, {**given, **change, "seen": seen}).status_code == 302
    kept = made.objects.values().get()  # type: ignore[attr-defined]
    assert (kept.get("parking"), kept.get("chairs")) == ("yes", "no") if which == "halls" else kept["bring"] == "Water"
    assert which == "halls" or kept["active"] is False


def test_dates_led_by_somebody_who_lacks_what_is_newly_needed_are_one_task_and_named(
    desk: Client, programme: Any, ines: Any
) -> None:
    name = {"given_name": "Wilhelmina-Konstantinopoulou", "family_name": "Featherstonehaugh-Cholmondeley"}
    lacks = InstructorFactory(programme=programme, person=PersonFactory(**name), credentials=["cancer_exercise"])
    desk.post(f"{ROOT}kinds/add/", {**KIND, "credentials_needed": []})
    kind = ClassType.objects.get()
    where, now = f"{ROOT}kinds/{kind.pk}/", timezone.now()
    held, first, second = (
        SessionFactory(programme=programme, class_type=kind, leader=leader, starts_at=now + dt.timedelta(days=days))
        for leader, days in ((ines, 4), (lacks, 5), (lacks, 6))
    )
    assert "does not hold" not in text_of(desk.get(where))
    page = desk.post(where, KIND, follow=True)
    assert "2 dates to come are led by somebody who does not hold" in text_of(page) and " ".join(
        name.values()
    ) in text_of(page)
    named = re.findall(r"/desk/timetable/(\d+)/change/", page.content.decode())
    assert named == [str(first.pk), str(second.pk)] and str(held.pk) not in named
    task = Task.objects.get()
    full = " ".join(name.values())
    assert subject_of(task) == f"Somebody leads without what is needed: {full}, 2 dates, no people"
    sheet = desk.get(f"/desk/tasks/{task.pk}/").content.decode()
    assert f"/desk/instructors/{lacks.pk}/" in sheet
    assert sheet.count("Gentle strength, no people") == 2  # each date by itself
    assert desk.post(where, {**KIND, "bring": "Water"})["Location"] == ROOT  # nothing else is asked about
    assert desk.post(where, {**KIND, "credentials_needed": []})["Location"] == ROOT
    task.refresh_from_db()
    assert task.state == TaskState.CANCELLED


def test_a_page_of_an_unknown_version_is_taken_as_of_now(desk: Client, programme: Any) -> None:
    hall = VenueFactory(programme=programme)
    other = VenueFactory(programme=programme, town="Bude")
    where = f"{ROOT}halls/{hall.pk}/change/"
    for seen in ("", "x", "999999999999999999", seen_on(desk.get(f"{ROOT}halls/{other.pk}/change/"))):
        assert desk.post(where, {**HALL, "seen": seen}).status_code == 302
    hall.refresh_from_db()
    assert hall.town == "Poole"


@pytest.mark.parametrize(
    ("changed", "named"), [({"entrance": "The side door"}, True), ({"hall_contact": "Joan"}, False)]
)
def test_after_another_way_in_the_dates_with_people_are_named_to_write_to_everybody(
    desk: Client, programme: Any, ines: Any, pat: Any, changed: dict[str, str], named: bool
) -> None:
    hall = VenueFactory(programme=programme)
    where = f"{ROOT}halls/{hall.pk}/change/"
    assert "Nobody is told of a change by itself" in text_of(desk.get(where))
    desk.post(where, HALL)
    full, empty = (
        SessionFactory(programme=programme, venue=hall, leader=ines, starts_at=timezone.now() + dt.timedelta(days=days))
        for days in (2, 3)
    )
    book_place(participant=pat, session=full, by=pat.person, source=BookingSource.SELF)
    page = desk.post(where, {**HALL, **changed}, follow=True)
    assert ("People have places on 1 date to come" in text_of(page)) is named
    assert (f"/desk/timetable/{full.pk}/write/" in page.content.decode()) is named
    assert f"/desk/timetable/{empty.pk}/write/" not in page.content.decode()


def test_a_limit_is_set_after_reading_how_many_hold_more(desk: Client, programme: Any, pat: Any) -> None:
    phase = Phase.objects.create(
        programme=programme, order=1, name="First", weeks=40, contacts_least=1, contacts_most=1
    )
    monday = timezone.localtime().replace(hour=10, minute=0) + dt.timedelta(days=14 - timezone.localdate().weekday())
    for days, kind in ((0, "group"), (1, "group"), (2, "one_to_one")):
        session = SessionFactory(programme=programme, starts_at=monday + dt.timedelta(days=days), kind=kind, capacity=1)
        book_place(participant=pat, session=session, by=pat.person, source=BookingSource.SELF)
    where = f"{ROOT}limits/{phase.pk}/"
    page = text_of(desk.get(where))
    assert "Now: as many places in a week as somebody likes" in page
    rows = [
        re.findall(r"\d+", row) for row in re.findall(r"At most \d [^A]*All classes \d+ [^A]*Without[^A]*\d+", page)
    ]
    assert rows[:3] == [["1", "1", "1"], ["2", "1", "0"], ["3", "0", "0"]]
    sent = {"most": "2", "one_to_ones_apart": "yes", "talks": "1", "talks_per_weeks": "12"}
    assert desk.post(where, sent)["Location"] == ROOT
    phase.refresh_from_db()
    assert (phase.most_a_week, phase.one_to_ones_apart, phase.talks, phase.talks_per_weeks) == (2, True, 1, 12)
    assert "At most 2 places in a week, one-to-one sessions not counted" in text_of(desk.get(ROOT))
    assert "Places in a week: nothing → 2" in text_of(desk.get(where))
    assert desk.post(where, {"most": "0"}).status_code == 422


def test_a_programme_begins_with_one_kind_at_most_and_may_want_it_first(desk: Client, programme: Any) -> None:
    first, second = (ClassTypeFactory(programme=programme, name=name, one_to_one=True) for name in "AB")
    begins = {**KIND, "one_to_one": "yes", "first_contact": "wanted"}
    group = desk.post(f"{ROOT}kinds/{first.pk}/", {**begins, "name": "A", "one_to_one": ""})
    assert "only begin with what is held with one person at a time" in text_of(group)
    gone = desk.post(f"{ROOT}kinds/{first.pk}/", {**begins, "name": "A", "active": "no"})
    assert "no longer offered" in text_of(gone)
    assert desk.post(f"{ROOT}kinds/{first.pk}/", {**begins, "name": "A"})["Location"] == ROOT
    programme.refresh_from_db()
    assert programme.first_contact_first
    assert re.search(r'value="wanted"[^>]*checked', desk.get(f"{ROOT}kinds/{first.pk}/").content.decode())
    desk.post(f"{ROOT}kinds/{second.pk}/", {**begins, "name": "B", "first_contact": "suggested"})
    programme.refresh_from_db()
    assert not programme.first_contact_first
    assert list(ClassType.objects.filter(first_contact=True)) == [second]
    desk.post(f"{ROOT}kinds/{second.pk}/", {**KIND, "name": "B", "one_to_one": "yes"})
    assert not ClassType.objects.filter(first_contact=True).exists()


def test_only_who_arranges_the_timetable_of_that_programme_keeps_it(
    sign_in: Any, clare: Any, programme: Any, desk: Client
) -> None:
    hall = VenueFactory(programme=programme)
    assert sign_in(clare).get(ROOT).status_code == 403
    stranger = sign_in(someone("Una Other", Role.COORDINATOR, programme=ProgrammeFactory()))
    assert stranger.get(f"{ROOT}halls/{hall.pk}/").status_code == 404
    assert "There are none yet" in text_of(stranger.get(ROOT))


def test_who_arranges_several_programmes_says_for_which(desk: Client, dee: Any, programme: Any) -> None:
    other = ProgrammeFactory(name="Second")
    MembershipFactory(user=dee, role=Role.COORDINATOR, programme=other)
    assert "Select the programme" in text_of(desk.post(f"{ROOT}kinds/add/", KIND))
    desk.post(f"{ROOT}kinds/add/", {**KIND, "programme": str(other.pk)})
    assert ClassType.objects.get().programme == other


def test_a_fact_of_a_hall_has_a_note_and_people_find_the_hall_on_a_map(
    desk: Client, programme: Any, client: Client
) -> None:
    hall = VenueFactory(programme=programme, address="1 Made Up Street", town="Poole", postcode="BH15 1AA")
    notes = {"step_free_note": "by the side door", "parking_note": "ring the bell"}
    assert desk.post(f"{ROOT}halls/{hall.pk}/change/", {**HALL, **notes}).status_code == 302
    page = text_of(desk.get(f"{ROOT}halls/{hall.pk}/"))
    assert "Yes. By the side door" in page and "Step free note: nothing → by the side door" in page
    shown = client.get(f"/classes/{SessionFactory(programme=programme, venue=hall).pk}/")
    told = text_of(shown)
    assert "Step-free way in Yes. By the side door" in told
    assert "Parking Not known. Call us and we will find out. Ring the bell" in told
    assert "Hearing loop Not known. Call us and we will find out " in told
    asked = "query=1+Made+Up+Street%2C+Poole%2C+BH15+1AA"
    assert f'<a href="https://www.openstreetmap.org/search?{asked}" rel="noreferrer">' in shown.content.decode()


def test_a_room_is_renamed_and_its_history_is_kept(desk: Client, programme: Any) -> None:
    room = RoomFactory(venue__programme=programme, name="Main hall")
    RoomFactory(venue=room.venue, name="Annexe")
    where = f"{ROOT}rooms/{room.pk}/"
    assert where in desk.get(f"{ROOT}halls/{room.venue_id}/").content.decode()
    assert "This hall has a room of that name already" in text_of(desk.post(where, {"name": "Annexe"}))
    done = text_of(desk.post(where, {"name": "Green room"}, follow=True))
    assert "The room is called Green room now." in done
    assert "Name: Main hall → Green room" in text_of(desk.get(where))
    assert desk.get(f"{ROOT}rooms/{RoomFactory().pk}/").status_code == 404


def test_days_without_classes_are_added_and_changed_and_their_history_is_kept(
    desk: Client, dee: Any, programme: Any
) -> None:
    first = timezone.localdate() + dt.timedelta(days=10)
    sent = {
        **_days("first", first),
        **_days("last", first + dt.timedelta(days=4)),
        "name": "Half-term",
        "first_contact": "no",
        "active": "yes",
    }
    assert desk.post(f"{ROOT}days/add/", sent)["Location"] == ROOT
    days = DaysOff.objects.get()
    assert (days.programme, days.first, days.active) == (programme, first, True)
    assert "Half-term" in text_of(desk.get(ROOT))
    assert "There are days of this name and first day already" in text_of(desk.post(f"{ROOT}days/add/", sent))
    where = f"{ROOT}days/{days.pk}/"
    planned = SessionFactory(programme=programme, starts_at=timezone.now() + dt.timedelta(days=11))
    assert desk.post(where, {**sent, "active": "no"})["Location"] == ROOT
    assert "Does not count" in text_of(desk.get(ROOT))
    page = desk.post(where, {**sent, "active": "yes"}, follow=True)
    assert f"/desk/timetable/{planned.pk}/cancel/" in page.content.decode()
    assert "Offered: no → yes" in text_of(page) and "by Dee Desk" in text_of(page)


def test_days_of_a_hall_are_entered_on_its_page_and_ask_about_dates_that_open_later(
    desk: Client, programme: Any
) -> None:
    hall = VenueFactory(programme=programme, name="Old hall")
    first = timezone.localdate() + dt.timedelta(days=28)
    kind = ClassTypeFactory(programme=programme, name="Gentle strength")
    series = SeriesFactory(
        instructor=InstructorFactory(programme=programme),
        class_type=kind,
        mode="in_person",
        venue=hall,
        first_date=first,
    )
    assert f"{ROOT}halls/{hall.pk}/days/" in desk.get(f"{ROOT}halls/{hall.pk}/").content.decode()
    sent = {**_days("first", first), **_days("last", first + dt.timedelta(days=6)), "name": "Boiler", "active": "yes"}
    asked = desk.post(f"{ROOT}halls/{hall.pk}/days/", sent, follow=True)
    days = DaysOff.objects.get()
    assert (days.programme, days.venue, asked.request["PATH_INFO"]) == (programme, hall, f"{ROOT}days/{days.pk}/")
    page = text_of(asked)
    assert "1 date on these days opens for booking later, unless you leave it out" in page
    assert f"Gentle strength, 6pm: {day(first)}" in page and "For classes in Old hall only" in page
    done = text_of(desk.post(f"{ROOT}days/{days.pk}/", {"leave_out": "yes"}, follow=True))
    assert "1 date is left out. Nobody is told" in done and "opens for booking later" not in done
    series.refresh_from_db()
    assert series.excluded_dates == [first]
    assert "only in Old hall" in text_of(desk.get(ROOT)) and "Boiler" in text_of(desk.get(f"{ROOT}halls/{hall.pk}/"))
    again = desk.post(f"{ROOT}halls/{hall.pk}/days/", sent)
    assert "There are days of this name" in text_of(again)


@pytest.mark.parametrize(
    ("length", "told"), [(-1, "The last day must be the first day or later"), (400, "within a year of the first")]
)
def test_days_without_classes_have_a_first_and_a_last(desk: Client, programme: Any, length: int, told: str) -> None:
    first = dt.date(2027, 5, 31)
    wrong = {**_days("first", first), **_days("last", first + dt.timedelta(days=length)), "name": "X", "active": "yes"}
    assert told in text_of(desk.post(f"{ROOT}days/add/", wrong))
    other, kept = DaysOffFactory(programme=programme, name="A"), DaysOffFactory(programme=programme, name="B")
    same = {**_days("first", other.first), **_days("last", other.last), "name": "A", "active": "yes"}
    assert "There are days of this name" in text_of(desk.post(f"{ROOT}days/{kept.pk}/", same))
    assert desk.get(f"{ROOT}days/{DaysOffFactory().pk}/").status_code == 404


def _days(name: str, on: dt.date) -> dict[str, int]:
    return {f"{name}-day": on.day, f"{name}-month": on.month, f"{name}-year": on.year}
