"""Publishing a class page by page, as an instructor and at the desk."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import Programme, User
from accounts.permissions import Role
from classes.models import ClassType, Room, Series, Session
from classes.timetable import publish_session
from classes.wall_time import UK
from instructors.models import Instructor
from tests.factories.accounts import MembershipFactory, ProgrammeFactory
from tests.factories.classes import ClassTypeFactory, DaysOffFactory, RoomFactory, SessionFactory, VenueFactory
from tests.factories.instructors import InstructorFactory

pytestmark = pytest.mark.django_db

START = "/teach/new-class/"
FIRST = {"first-day": "6", "first-month": "10", "first-year": "2026", "ends": "last"}
LAST = {"last-day": "27", "last-month": "10", "last-year": "2026"}


@pytest.fixture(autouse=True)
def october() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 10, 1, 9, tzinfo=UK), tick=False):
        yield


@pytest.fixture
def strength(programme: Programme) -> ClassType:
    return ClassTypeFactory(programme=programme, name="Gentle strength")


@pytest.fixture
def hall(programme: Programme) -> Room:
    return RoomFactory(venue=VenueFactory(programme=programme, name="Church hall"))


@pytest.fixture
def browser(ines: Instructor, sign_in: Any) -> Client:
    client: Client = sign_in(ines.person.user)
    return client


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def send(browser: Client, step: str, then: str = "", **data: Any) -> Any:
    answer = browser.post(f"{START}{step}{'/' if step else ''}", data)
    if then:
        assert (answer.status_code, answer.headers["Location"]) == (302, f"{START}{then}/"), text_of(answer)
    return answer


def until_when(browser: Client, strength: ClassType, place: str, repeats: str = "1", kind: str = "group") -> None:
    send(browser, "", "where", class_type=strength.pk, kind=kind, repeats=repeats)
    send(browser, "where", "when", mode="in_person", place=place)


def weekly(browser: Client, strength: ClassType, hall: Room, **excluded: Any) -> None:
    until_when(browser, strength, f"{hall.venue_id}-{hall.pk}")
    send(browser, "when", "places", **FIRST, **LAST, start="6pm", minutes="60")
    send(browser, "places", "check", capacity="12", reserved="2", release_hours="24")
    send(browser, "leave-out", "check", **excluded)


def on_first(day: int, month: int) -> dict[str, str]:
    return {"first-day": str(day), "first-month": str(month), "first-year": "2026"}


def on(day: int, month: int, year: int = 2026) -> dict[str, str]:
    return {"on-day": str(day), "on-month": str(month), "on-year": str(year)}


def test_a_weekly_class_is_published_from_a_preview_with_one_button(
    browser: Client, strength: ClassType, hall: Room
) -> None:
    weekly(browser, strength, hall, excluded=["2026-10-13"])
    preview = browser.get(f"{START}check/")
    words = text_of(preview)
    assert not Series.objects.exists()
    for told in (
        "Gentle strength",
        "Church hall",
        "6pm for 60 minutes",
        "Every week",
        "3 dates",
        "Tuesday 6 October 2026",
    ):
        assert told in words
    assert "The clocks change on Sunday 25 October 2026. The class still starts at 6pm." in words
    assert words.count("Tuesday 13 October 2026") == 1 and "Not on these dates Tuesday 13 October 2026" in words

    answer = browser.post(f"{START}check/", {}, follow=True)
    assert "Published: 3 dates can be booked now." in text_of(answer)
    series = Series.objects.get()
    assert (series.capacity, series.reserved, series.room) == (12, 2, hall)
    assert {s.starts_at.astimezone(UK).hour for s in series.sessions.all()} == {18}
    # pressing the button of an old page again adds nothing
    assert browser.post(f"{START}check/", {}).headers["Location"] == START
    assert Series.objects.count() == 1


def test_a_least_number_and_until_when_places_are_kept_back_are_asked_and_kept(
    browser: Client, strength: ClassType, hall: Room
) -> None:
    until_when(browser, strength, f"{hall.venue_id}-{hall.pk}")
    send(browser, "when", "places", **FIRST, **LAST, start="6pm", minutes="60")
    wrong = send(browser, "places", capacity="3", minimum="4")
    assert "The least number cannot be more than how many can come" in text_of(wrong)
    send(browser, "places", "check", capacity="12", reserved="2", release_hours="48", walk_in="1", minimum="4")
    send(browser, "leave-out", "check")
    preview = text_of(browser.get(f"{START}check/"))
    assert "2, until 2 days before the start" in preview and "We ask you with fewer than 4" in preview
    assert "For people who come without booking 1" in preview
    browser.post(f"{START}check/", {})
    assert set(Series.objects.get().sessions.values_list("minimum", "release_hours", "walk_in")) == {(4, 48, 1)}


@pytest.mark.parametrize(("mode", "usual"), [("in_person", "24"), ("remote", "2")])
def test_when_places_kept_back_go_to_others_is_asked_and_something_sensible_stands_there(
    browser: Client, strength: ClassType, hall: Room, mode: str, usual: str
) -> None:
    until_when(browser, strength, f"{hall.venue_id}-{hall.pk}")
    if mode == "remote":
        send(browser, "where", "when", mode=mode, join_url="https://meet.example.org/strength")
    send(browser, "when", "places", **FIRST, **LAST, start="6pm", minutes="60")
    asked = browser.get(f"{START}places/").content.decode()
    assert re.search(rf'<option value="{usual}" selected', asked)
    unsaid = send(browser, "places", capacity="12", reserved="2")
    assert unsaid.status_code == 422 and "Select how long before the start" in text_of(unsaid)
    send(browser, "places", "check", capacity="12")  # nothing is kept back: nothing has to be said
    assert re.search(rf'<option value="{usual}" selected', browser.get(f"{START}places/").content.decode())
    send(browser, "places", "check", capacity="12", reserved="2", release_hours="never")
    assert '<option value="never" selected' in browser.get(f"{START}places/").content.decode()
    send(browser, "leave-out", "check")
    assert "2. They stay kept back" in text_of(browser.get(f"{START}check/"))


def test_a_date_that_cannot_be_held_is_named_and_can_be_left_out(
    browser: Client, strength: ClassType, hall: Room, ines: Instructor
) -> None:
    weekly(browser, strength, hall)
    publish_session(
        instructor=ines,
        class_type=ClassTypeFactory(programme=ines.programme, name="Chair yoga"),
        mode="remote",  # type: ignore[arg-type]
        start_time=dt.time(17, 30),
        duration_minutes=60,
        capacity=5,
        on=dt.date(2026, 10, 20),
        by=ines.person,
    )
    answer = browser.post(f"{START}check/", {})
    assert answer.status_code == 409
    words = text_of(answer)
    assert "Nothing was published, because of Tuesday 20 October 2026" in words
    assert "The instructor already leads Chair yoga, 5:30pm to 6:30pm." in words
    assert not Series.objects.exists()
    assert send(browser, "check", "check", leave_out="yes").status_code == 302
    assert browser.post(f"{START}check/", {}).status_code == 302
    assert Series.objects.get().excluded_dates == [dt.date(2026, 10, 20)]


def ticked(answer: Any) -> list[str]:
    return re.findall(r'name="excluded"[^>]*value="([-0-9]+)"[^>]* checked', answer.content.decode())


CHRISTMAS = {"first-day": "18", "first-month": "12", "first-year": "2026"}  # a Friday


def test_days_without_classes_are_named_and_ticked_and_each_can_be_held_all_the_same(
    browser: Client, strength: ClassType, hall: Room, programme: Programme
) -> None:
    shut = {"programme": programme, "first": dt.date(2026, 12, 31), "last": dt.date(2027, 1, 9)}
    DaysOffFactory(**shut, name="Hall shut", venue=hall.venue)
    DaysOffFactory(**shut, name="Another hall", venue=VenueFactory(programme=programme))
    until_when(browser, strength, f"{hall.venue_id}-{hall.pk}")
    last = {"last-day": "15", "last-month": "1", "last-year": "2027"}
    send(browser, "when", "places", **CHRISTMAS, **last, ends="last", start="6pm", minutes="60")
    send(browser, "places", "check", capacity="12")
    asked = browser.get(f"{START}leave-out/")
    assert ticked(asked) == ["2026-12-25", "2027-01-01", "2027-01-08"]
    assert "Friday 25 December 2026 Christmas Day" in text_of(asked)
    assert "New Year’s Day, Hall shut" in text_of(asked) and "Another hall" not in text_of(asked)
    send(browser, "leave-out", "check", excluded=["2026-12-25", "2027-01-15"])
    check = text_of(browser.get(f"{START}check/"))
    assert "Not on these dates Friday 25 December 2026, Christmas Day Friday 15 January 2027 " in check
    assert ticked(browser.get(f"{START}leave-out/")) == ["2026-12-25", "2027-01-15"]
    painted = DaysOffFactory(**{**shut, "first": dt.date(2026, 12, 18), "last": dt.date(2026, 12, 18)})
    # what has become such a day since it was asked about is left out until somebody says otherwise
    assert ticked(browser.get(f"{START}leave-out/")) == ["2026-12-18", "2026-12-25", "2027-01-15"]
    browser.post(f"{START}check/", {})
    assert Series.objects.get().excluded_dates == [painted.first, dt.date(2026, 12, 25), dt.date(2027, 1, 15)]


def test_a_series_of_so_many_classes_passes_over_what_is_left_out(
    browser: Client, strength: ClassType, hall: Room
) -> None:
    until_when(browser, strength, f"{hall.venue_id}-{hall.pk}")
    when = {**CHRISTMAS, "ends": "number", "start": "6pm", "minutes": "60"}
    wrong = send(browser, "when", **when, number="111")
    assert "How many classes must be a number from 1 to 110" in text_of(wrong)
    send(browser, "when", "places", **when, number="2")
    send(browser, "places", "check", capacity="12")
    assert ticked(browser.get(f"{START}leave-out/")) == ["2026-12-25", "2027-01-01"]
    # the 8th, which becomes the last, is left out too: there is one more, on a day that was not shown
    send(browser, "leave-out", "check", excluded=["2026-12-25", "2027-01-01", "2027-01-08"])
    assert "2 dates" in text_of(browser.get(f"{START}check/"))
    browser.post(f"{START}check/", {})
    made = Series.objects.get()
    assert (made.last_date, len(made.excluded_dates)) == (dt.date(2027, 1, 15), 3)


def test_when_it_ends_is_asked(browser: Client, strength: ClassType, hall: Room) -> None:
    until_when(browser, strength, f"{hall.venue_id}-{hall.pk}")
    assert "Select when it ends" in text_of(send(browser, "when", **CHRISTMAS, start="6pm", minutes="60"))
    both = send(browser, "when", **CHRISTMAS, ends="last", start="6pm", minutes="60")
    assert "Enter the last date" in text_of(both)


def test_a_start_that_does_not_exist_is_refused_with_a_message(
    browser: Client, strength: ClassType, hall: Room
) -> None:
    until_when(browser, strength, f"{hall.venue_id}-{hall.pk}", repeats="once")
    answer = send(browser, "when", **on(28, 3, 2027), start="1:30am", minutes="60")
    assert answer.status_code == 422
    assert "1:30am does not exist on Sunday 28 March 2027, because the clocks go forward that night." in text_of(answer)


@pytest.mark.parametrize(("which", "hour"), [("first", 0), ("second", 1)])
def test_a_start_that_happens_twice_asks_which(
    browser: Client, strength: ClassType, hall: Room, which: str, hour: int
) -> None:
    until_when(browser, strength, f"{hall.venue_id}-{hall.pk}", repeats="once")
    night = {**on(25, 10), "start": "1:30am", "minutes": "60"}
    asked = send(browser, "when", **night)
    assert asked.status_code == 422
    assert "Which one do you mean?" in text_of(asked)
    send(browser, "when", "places", **night, which=which)
    assert "Which one do you mean?" in text_of(browser.get(f"{START}when/"))
    send(browser, "places", "check", capacity="8")
    assert browser.post(f"{START}check/", {}).status_code == 302
    assert Session.objects.get().starts_at == dt.datetime(2026, 10, 25, hour, 30, tzinfo=dt.UTC)


def test_changing_the_day_forgets_which_of_two_times_was_meant(
    browser: Client, strength: ClassType, hall: Room
) -> None:
    until_when(browser, strength, f"{hall.venue_id}-{hall.pk}", repeats="once")
    send(browser, "when", "places", **on(25, 10), start="1:30am", minutes="60", which="second")
    assert browser.get(f"{START}leave-out/").headers["Location"] == START  # a single date has none to leave out
    send(browser, "when", "places", **on(26, 10), start="6pm", minutes="60")
    assert "Which one" not in text_of(browser.get(f"{START}when/"))


def test_a_series_at_a_time_that_happens_twice_says_what_to_do(
    browser: Client, strength: ClassType, hall: Room
) -> None:
    until_when(browser, strength, f"{hall.venue_id}-{hall.pk}")
    sunday = {"first-day": "18", "first-month": "10", "first-year": "2026", "ends": "last"}
    send(browser, "when", "places", **sunday, **LAST, start="1:30am", minutes="60")
    send(browser, "places", "check", capacity="8")
    send(browser, "leave-out", "check")
    assert "this start time happens twice" in text_of(browser.get(f"{START}check/"))


def test_a_link_that_cannot_be_right_is_named(browser: Client, strength: ClassType) -> None:
    send(browser, "", "where", class_type=strength.pk, repeats="once")
    for bad in ("http://meet.example.org", "https://meet", "https://me et.example.org"):
        assert send(browser, "where", mode="remote", join_url=bad).status_code == 422
    send(browser, "where", "when", mode="remote", join_url="https://meet.example.org/i", dial_in="01632 960555")


def test_a_class_like_one_before_is_published_after_its_dates_alone(
    browser: Client, strength: ClassType, hall: Room
) -> None:
    weekly(browser, strength, hall)
    browser.post(f"{START}check/", {})
    first = Session.objects.latest("starts_at")
    page = browser.get(START)
    assert "Gentle strength, Tuesdays at 6pm, Church hall, Poole" in text_of(page)
    assert send(browser, "", like=first.pk).headers["Location"] == f"{START}when/"
    words = browser.get(f"{START}when/").content.decode()
    assert all(f'value="{typed}"' in words for typed in ("3", "11", "2026", "6pm"))  # the week after the last date
    send(browser, "when", "check", **on_first(3, 11), ends="number", number="2", start="6pm", minutes="60")
    browser.post(f"{START}check/", {})
    again = Series.objects.latest("pk")
    assert (again.sessions.count(), again.capacity, again.reserved, again.room) == (2, 12, 2, hall)


def test_what_was_begun_is_kept_until_somebody_starts_afresh(browser: Client, strength: ClassType, hall: Room) -> None:
    until_when(browser, strength, f"{hall.venue_id}-{hall.pk}")
    begun = browser.get(START).content.decode()
    assert "your answers are kept" in begun
    assert re.search(rf'value="{strength.pk}"[^>]*checked', begun)
    assert send(browser, "", afresh="yes").headers["Location"] == START
    assert "your answers are kept" not in text_of(browser.get(START))


def test_a_class_of_somebody_else_is_no_beginning(browser: Client, strength: ClassType, ivor: Instructor) -> None:
    other = SessionFactory(programme=ivor.programme, class_type=strength, leader=ivor)
    assert send(browser, "", like=other.pk).headers["Location"] == START


def test_what_is_typed_wrong_is_named_and_kept(browser: Client, strength: ClassType, hall: Room) -> None:
    assert send(browser, "").status_code == 422
    until_when(browser, strength, f"{hall.venue_id}-{hall.pk}")
    early = {"last-day": "5", "last-month": "10", "last-year": "2026"}
    answer = send(browser, "when", **FIRST, **early, start="6pm", minutes="60")
    assert "The last date must be the first date or later" in text_of(answer)
    slip = {**LAST, "last-year": "9206"}
    answer = send(browser, "when", **FIRST, **slip, start="6pm", minutes="60")
    assert answer.status_code == 422
    assert "within 4 years of the first. Check the year" in text_of(answer)
    assert 'value="6pm"' in answer.content.decode()
    send(browser, "when", "places", **FIRST, **LAST, start="6pm", minutes="60")
    assert "You cannot keep back more places" in text_of(send(browser, "places", capacity="3", reserved="4"))
    beside = send(browser, "places", capacity="3", reserved="1", walk_in="3")
    assert "So many places are not left beside those you keep back" in text_of(beside)


def test_steps_out_of_order_lead_to_the_start(browser: Client, strength: ClassType, hall: Room) -> None:
    for step in ("where", "when", "places", "leave-out", "check"):
        assert browser.get(f"{START}{step}/").headers["Location"] == START
    assert browser.get(f"{START}elsewhere/").status_code == 404
    until_when(browser, strength, f"{hall.venue_id}-{hall.pk}", repeats="once")
    send(browser, "when", "places", **on(6, 10), start="6pm", minutes="60")
    assert browser.get(f"{START}check/").headers["Location"] == f"{START}places/"
    send(browser, "places", "check", capacity="8")
    send(browser, "", "where", class_type=strength.pk, kind="group", repeats="1")
    assert browser.get(f"{START}check/").headers["Location"] == f"{START}when/"


def test_a_kind_or_place_that_has_gone_since_is_asked_again(browser: Client, strength: ClassType, hall: Room) -> None:
    weekly(browser, strength, hall)
    hall.venue.active = False
    hall.venue.save()
    assert browser.get(f"{START}check/").headers["Location"] == f"{START}where/"
    hall.venue.active = True
    hall.venue.save()
    strength.active = False
    strength.save()
    assert browser.get(f"{START}check/").headers["Location"] == START


def test_an_instructor_of_two_programmes_says_for_which(browser: Client, strength: ClassType, ines: Instructor) -> None:
    other = ProgrammeFactory(name="Other programme")
    MembershipFactory(user=ines.person.user, role=Role.INSTRUCTOR.value, programme=other)
    second = InstructorFactory(person=ines.person, programme=other)
    assert "Ines Teacher (Other programme)" in text_of(browser.get(START))
    answer = send(browser, "", class_type=strength.pk, kind="group", repeats="1")
    assert "Select who leads it" in text_of(answer)
    send(browser, "", "where", instructor=second.pk, class_type=strength.pk, kind="group", repeats="once")
    send(browser, "where", "when", mode="remote", join_url="https://meet.example.org/i")
    send(browser, "when", "places", **on(6, 10), start="6pm", minutes="60")
    send(browser, "places", "check", capacity="8")
    assert browser.get(f"{START}check/").headers["Location"] == START  # that kind belongs to the other programme


def test_a_plan_that_cannot_be_held_is_refused_in_words(
    browser: Client, strength: ClassType, hall: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    weekly(browser, strength, hall, excluded=["2026-10-06", "2026-10-13", "2026-10-20", "2026-10-27"])
    assert "There is no date left." in text_of(browser.get(f"{START}check/"))
    answer = browser.post(f"{START}check/", {})
    assert answer.status_code == 409
    assert not Series.objects.exists()


# --- the desk ----------------------------------------------------------------


def test_the_desk_publishes_for_any_instructor_and_cancels_a_date(
    dee: User, ines: Instructor, ivor: Instructor, strength: ClassType, hall: Room, sign_in: Any
) -> None:
    browser, new = sign_in(dee), "/desk/timetable/new-class/"
    assert "There are no classes to come." in text_of(browser.get("/desk/timetable/"))
    answer = browser.post(new, {"instructor": ivor.pk, "class_type": strength.pk, "kind": "group", "repeats": "once"})
    assert answer.headers["Location"] == f"{new}where/"
    browser.post(f"{new}where/", {"mode": "in_person", "place": f"{hall.venue_id}-{hall.pk}"})
    browser.post(f"{new}when/", {**on(6, 10), "start": "6pm", "minutes": "60"})
    browser.post(f"{new}places/", {"capacity": "9"})
    assert "Published. The class can be booked now." in text_of(browser.post(f"{new}check/", {}, follow=True))
    session = Session.objects.get()
    leader = session.leaders.get()
    assert (leader.instructor, leader.assigned_by) == (ivor, dee.person)
    assert "Ivor Coach" in text_of(browser.get("/desk/timetable/"))
    browser.post(f"/desk/timetable/{session.pk}/cancel/", {"reason": "The weather"})
    session.refresh_from_db()
    assert session.is_cancelled


def test_the_desk_of_another_programme_finds_nothing(dee: User, sign_in: Any) -> None:
    elsewhere = SessionFactory()
    browser = sign_in(dee)
    assert browser.get(f"/desk/timetable/{elsewhere.pk}/cancel/").status_code == 404
    assert "There are no classes to come." in text_of(browser.get("/desk/timetable/"))


def test_the_clinical_lead_reads_the_timetable_and_publishes_nothing(
    clare: User, ines: Instructor, sign_in: Any
) -> None:
    session = SessionFactory(programme=ines.programme, leader=ines)
    browser = sign_in(clare)
    words = text_of(browser.get("/desk/timetable/"))
    assert session.class_type.name in words
    assert "Add a class" not in words
    assert "Cancel this date" not in words
    assert browser.get("/desk/timetable/new-class/").status_code == 403
    assert browser.post(f"/desk/timetable/{session.pk}/cancel/", {"reason": "The weather"}).status_code == 404


@pytest.mark.parametrize("classes", [1, 5])
def test_the_desks_list_takes_the_same_number_of_queries_however_long(
    dee: User, ines: Instructor, sign_in: Any, classes: int, django_assert_max_num_queries: Any
) -> None:
    for n in range(classes):
        SessionFactory(
            programme=ines.programme,
            leader=ines,
            starts_at=dt.datetime(2026, 10, 2 + n, 18, tzinfo=UK),
        )
    browser = sign_in(dee)
    with django_assert_max_num_queries(11):
        assert browser.get("/desk/timetable/").status_code == 200
