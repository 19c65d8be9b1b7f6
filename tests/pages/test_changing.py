"""Changing and cancelling dates on pages: what a button is about, what is shown, what is then so."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from classes.models import BookingState, Series, Session
from classes.places.booking import change_capacity
from classes.timetable.plans import Clash, Obstacle, ObstacleKind
from classes.wall_time import UK
from frontend.publishing.words import obstacle_words
from tests.factories.classes import BookingFactory, ClassTypeFactory, SessionFactory, VenueFactory
from tests.factories.timetable import published_weekly

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 10, 1, 9, tzinfo=UK)
FIRST = dt.date(2026, 10, 6)  # a Tuesday
ONE, LATER, ALL, CHOSEN = "this-date", "this-and-later", "all-to-come", "chosen-dates"


@pytest.fixture(autouse=True)
def october() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def series(ines: Any) -> Series:
    return published_weekly(ines, first=FIRST, dates=5)


@pytest.fixture
def desk(dee: Any, sign_in: Any) -> Any:
    return sign_in(dee)


@pytest.fixture
def teacher(ines: Any, sign_in: Any) -> Any:
    return sign_in(ines.person.user)


def date_of(series: Series, n: int) -> Session:
    return Session.objects.get(programme=series.programme, occurs_on=FIRST + dt.timedelta(weeks=n))


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def filled(session: Session, scope: str = ONE, **changes: Any) -> dict[str, Any]:
    """What a browser sends of the form as it opens, but for `changes`."""
    local = session.starts_at.astimezone(UK)
    sent = {
        "start": local.strftime("%H:%M"),
        "minutes": "60",
        "mode": session.mode,
        "place": f"{session.venue_id}-{session.room_id or ''}",
        "class_type": str(session.class_type_id),
        "instructor": str(session.leaders.get(active=True).instructor_id),
        "capacity": str(session.capacity),
    }
    if scope == ONE:
        sent |= {"on-day": local.day, "on-month": local.month, "on-year": local.year}
    else:
        sent |= {"weekday": str(local.weekday())}
    return sent | changes


def seen_on(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


def go(browser: Any, audience: str, session: Session, scope: str = ONE, **changes: Any) -> str:
    """From the form to the page that is checked; returns its text."""
    root = f"/{audience}/{'timetable' if audience == 'desk' else 'classes'}/{session.pk}/change/{scope}/"
    answer = browser.post(root, filled(session, scope, **changes))
    assert answer["Location"] == f"{root}check/", text_of(answer)
    return text_of(browser.get(f"{root}check/"))


def save(browser: Any, session: Session, page: str, scope: str = ONE, audience: str = "desk", **more: str) -> Any:
    root = f"/{audience}/{'timetable' if audience == 'desk' else 'classes'}/{session.pk}/change/{scope}/check/"
    return browser.post(root, {"seen": seen_on(page), **more})


# --- which dates -------------------------------------------------------------


def test_each_button_says_in_words_which_dates_it_is_about(desk: Any, series: Series) -> None:  # pitfalls 31, 34
    page = text_of(desk.get(f"/desk/timetable/{date_of(series, 2).pk}/change/"))
    for verb in ("Change", "Cancel"):
        for which in (
            "Tuesday 20 October only",
            "Tuesday 20 October and the 2 dates after it",
            "all 5 dates to come",
        ):
            assert f"{verb} {which}" in page
    assert "Choose dates to cancel" in page
    last = text_of(desk.get(f"/desk/timetable/{date_of(series, 4).pk}/change/"))
    assert "after it" not in last and "all 5 dates to come" in last


def test_a_date_by_itself_offers_only_itself(desk: Any, programme: Any, ines: Any) -> None:
    alone = SessionFactory(programme=programme, leader=ines)
    page = text_of(desk.get(f"/desk/timetable/{alone.pk}/change/"))
    assert "only" in page and "Choose dates" not in page
    for scope in (LATER, "nonsense"):
        assert desk.get(f"/desk/timetable/{alone.pk}/change/{scope}/").status_code == 404
        assert desk.get(f"/desk/timetable/{alone.pk}/cancel/{scope}/").status_code == 404


def test_what_has_begun_or_is_off_says_so_and_leads_nowhere(
    desk: Any, series: Series, programme: Any, ines: Any
) -> None:
    begun = SessionFactory(programme=programme, leader=ines, starts_at=NOW - dt.timedelta(minutes=5))
    root = f"/desk/timetable/{begun.pk}/change/"
    assert "has begun or is over" in text_of(desk.get(root))
    for page in (f"{ONE}/", f"{ONE}/check/"):
        assert desk.get(root + page)["Location"] == root
    off = date_of(series, 1)
    Session.objects.filter(pk=off.pk).update(status="cancelled", cancelled_at=NOW, cancel_reason="Hall shut")
    assert "cancelled: Hall shut" in text_of(desk.get(f"/desk/timetable/{off.pk}/change/"))


def test_the_lists_lead_to_it(desk: Any, teacher: Any, series: Series) -> None:
    pk = date_of(series, 0).pk
    assert f"/desk/timetable/{pk}/change/" in text_of(desk.get("/desk/timetable/"))
    assert f"/teach/classes/{pk}/change/" in text_of(teacher.get(f"/teach/classes/{pk}/"))


# --- one date ----------------------------------------------------------------


def test_one_date_is_changed_after_old_and_new_and_whom_it_tells_were_looked_at(
    desk: Any, series: Series, pat: Any, quinn: Any, programme: Any
) -> None:  # pitfalls 39
    one, hall = date_of(series, 2), VenueFactory(programme=programme, name="New hall")
    BookingFactory(session=one, participant=pat)
    BookingFactory(session=one, participant=quinn, state=BookingState.WAITING)
    page = go(desk, "desk", one, start="7pm", place=f"{hall.pk}-", capacity="12")
    for words in (
        "7pm to 8pm, Tuesday 20 October 2026",
        "Now: 6pm to 7pm, Tuesday 20 October 2026",
        "New hall, Poole",
        "Now: Old hall, Poole, Main hall",
        "Now: 10",
        "1 booked, 1 waiting",
        "2 people are told",
        "Change Tuesday 20 October only",
    ):
        assert words in page, words
    one.refresh_from_db()
    assert one.venue.name == "Old hall"
    assert save(desk, one, page)["Location"] == "/desk/timetable/"
    one.refresh_from_db()
    assert (one.venue, one.capacity, one.starts_at) == (hall, 12, dt.datetime(2026, 10, 20, 19, tzinfo=UK))
    assert "1 date changed. 2 people are told" in text_of(desk.get("/desk/timetable/"))


def test_it_can_move_to_another_day_go_online_and_to_somebody_else(desk: Any, series: Series, ivor: Any) -> None:
    one = date_of(series, 2)
    changes = {"on-day": 21, "mode": "remote", "join_url": "https://video.example/1", "instructor": str(ivor.pk)}
    page = go(desk, "desk", one, **changes)
    assert "Ivor Coach" in page and "Now: Ines Teacher" in page and "https://video.example/1" in page
    save(desk, one, page)
    one.refresh_from_db()
    assert (one.mode, one.starts_at.date(), one.occurs_on) == ("remote", dt.date(2026, 10, 21), dt.date(2026, 10, 20))
    assert one.leaders.get(active=True).instructor == ivor


def test_nothing_different_is_nothing_to_save(desk: Any, series: Series) -> None:
    one = date_of(series, 2)
    page = go(desk, "desk", one)
    assert "Nothing is different" in page and "<form" not in page[page.index("<main") :].split("</main")[0]
    root = f"/desk/timetable/{one.pk}/change/{ONE}/check/"
    assert desk.post(root, {"seen": "x"}).status_code == 409


def test_what_is_in_the_way_is_named_and_nothing_is_saved(desk: Any, series: Series, programme: Any, ines: Any) -> None:
    one = date_of(series, 2)
    yoga = ClassTypeFactory(programme=programme, name="Yoga")
    SessionFactory(programme=programme, leader=ines, class_type=yoga, starts_at=one.ends_at)
    page = go(desk, "desk", one, start="6:30pm")
    assert "already leads Yoga, 7pm to 8pm" in page and "Change something else" in page
    root = f"/desk/timetable/{one.pk}/change/{ONE}/check/"
    assert desk.post(root, {"seen": "x"}).status_code == 409


def test_fewer_places_than_are_taken_are_refused_in_words(desk: Any, series: Series) -> None:  # pitfalls 12
    Session.objects.filter(occurs_on=FIRST).update(places_taken=3)
    page = go(desk, "desk", date_of(series, 2), ALL, capacity="2")
    assert page.count("More places than that are taken or kept.") == 1


def test_every_obstacle_has_its_words() -> None:
    clash = Clash(1, "Yoga", NOW, NOW)
    of_others = {ObstacleKind.INSTRUCTOR_BUSY, ObstacleKind.ROOM_BUSY}
    for kind in ObstacleKind:
        assert obstacle_words(Obstacle(FIRST, kind, clash if kind in of_others else None))


def test_a_name_that_the_page_cannot_read_is_asked_for_again(desk: Any, series: Series) -> None:
    root = f"/desk/timetable/{date_of(series, 2).pk}/change/{ONE}/"
    answer = desk.post(root, filled(date_of(series, 2), start="25", capacity="0", place=""))
    assert answer.status_code == 422
    page = text_of(answer)
    assert "must be a time" in page and "must be a number from 1 to 500" in page and "Select a place" in page
    assert desk.get(f"{root}check/")["Location"] == root  # nothing was kept


def test_the_form_opens_with_how_it_is_now_a_hall_without_room_and_odd_length_included(
    desk: Any, programme: Any, ines: Any
) -> None:
    hall = VenueFactory(programme=programme, name="Shut hall", active=False)
    odd = SessionFactory(
        programme=programme,
        leader=ines,
        venue=hall,
        starts_at=NOW + dt.timedelta(days=3),
        ends_at=NOW + dt.timedelta(days=3, minutes=50),
    )
    page = text_of(desk.get(f"/desk/timetable/{odd.pk}/change/{ONE}/"))
    assert "Shut hall" in page and re.search(r'value="50" selected', page)
    page = go(desk, "desk", odd, minutes="50", capacity="11")
    save(desk, odd, page)
    odd.refresh_from_db()
    assert (odd.venue, odd.capacity) == (hall, 11)


def test_a_time_that_does_not_exist_is_refused_and_one_that_happens_twice_is_asked_about(
    desk: Any, series: Series
) -> None:  # pitfalls 27
    one = date_of(series, 2)
    root = f"/desk/timetable/{one.pk}/change/{ONE}/"
    gap = desk.post(root, filled(one, start="1:30am", **{"on-day": 28, "on-month": 3, "on-year": 2027}))
    assert gap.status_code == 422 and "does not exist on Sunday 28 March 2027" in text_of(gap)
    night = filled(one, start="1:30am", **{"on-day": 25})
    asked = desk.post(root, night)
    assert asked.status_code == 422 and "this time happens twice" in text_of(asked)
    assert desk.post(root, night | {"which": "second"})["Location"] == f"{root}check/"
    assert re.search(r'value="second" checked', text_of(desk.get(root)))
    save(desk, one, text_of(desk.get(f"{root}check/")))
    one.refresh_from_db()
    assert one.starts_at == dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)


def test_what_changed_meanwhile_is_shown_again_and_nothing_is_saved(desk: Any, series: Series, dee: Any) -> None:
    one = date_of(series, 2)
    page = go(desk, "desk", one, start="7pm")
    change_capacity(session=one, capacity=14, by=dee.person)
    answer = save(desk, one, page)
    assert answer.status_code == 409 and "Something has changed since you looked" in text_of(answer)
    assert "Now: 14" in text_of(answer)
    one.refresh_from_db()
    assert one.starts_at.astimezone(UK).hour == 18
    assert save(desk, one, text_of(answer)).status_code == 302  # what is shown now can be saved


def test_who_has_two_classes_then_is_named_and_somebody_says_what_becomes_of_it(
    desk: Any, series: Series, pat: Any, programme: Any
) -> None:
    one = date_of(series, 2)
    Session.objects.filter(pk=one.pk).update(places_taken=1)
    place = BookingFactory(session=one, participant=pat)
    BookingFactory(session=SessionFactory(programme=programme, starts_at=one.ends_at), participant=pat)
    page = go(desk, "desk", one, start="7pm")
    assert "1 person has another class at the new time" in page and "Pat Example" in page
    assert save(desk, one, page).status_code == 409
    assert save(desk, one, page, give_back="yes").status_code == 302
    place.refresh_from_db()
    assert place.end_reason == "class_moved"


def test_little_time_and_many_people_are_said_and_stop_nobody(
    desk: Any, series: Series, programme: Any, ines: Any
) -> None:
    one = date_of(series, 2)
    yoga = ClassTypeFactory(programme=programme, name="Yoga", people_per_instructor=1)
    SessionFactory(programme=programme, leader=ines, class_type=yoga, starts_at=one.ends_at + dt.timedelta(minutes=40))
    page = go(desk, "desk", one, start="6:15pm", class_type=str(yoga.pk))
    assert "at most 1 person in this kind of class" in page
    assert "less than an hour to get to or from Yoga, 7:40pm to 8:40pm" in page
    assert save(desk, one, page).status_code == 302


def test_a_least_number_is_changed_without_telling_anybody(desk: Any, series: Series, pat: Any) -> None:
    one = date_of(series, 2)
    BookingFactory(session=one, participant=pat)
    Session.objects.filter(pk=one.pk).update(reserved=1, release_hours=5)
    page = go(desk, "desk", one, minimum="4", reserved="1", release_hours="24")
    for words in ("We ask you with fewer than", "Now: We do not ask", "1 day", "Now: 5 hours", "Nobody is told"):
        assert words in page, words
    save(desk, one, page)
    one.refresh_from_db()
    assert (one.minimum, one.release_hours, one.overridden) == (4, 24, ["capacity"])


# --- more dates --------------------------------------------------------------


def test_this_and_later_lists_every_date_its_people_and_what_stays(
    desk: Any, series: Series, pat: Any
) -> None:  # pitfalls 30, 32
    own = date_of(series, 3)
    save(desk, own, go(desk, "desk", own, start="4pm"))
    BookingFactory(session=date_of(series, 4), participant=pat)
    pivot = date_of(series, 2)
    page = go(desk, "desk", pivot, LATER, start="7pm")
    for words in (
        "2 dates change",
        "Tuesday 20 October 2026",
        "Tuesday 3 November 2026",
        "1 date stays as it is",
        "7pm for 60 minutes",
        "1 person is told",
        "Change Tuesday 20 October and the 1 date after it",
    ):
        assert words in page, words
    assert save(desk, pivot, page, LATER).status_code == 302
    assert [date_of(series, n).starts_at.astimezone(UK).hour for n in range(5)] == [18, 18, 19, 16, 19]
    assert Series.objects.count() == 2


def test_a_date_keeps_its_own_time_while_the_place_changes_unless_it_is_asked_to_follow(
    desk: Any, series: Series, programme: Any
) -> None:
    own, hall, asks = date_of(series, 3), VenueFactory(programme=programme), "changed by themselves before"
    assert asks not in text_of(desk.get(f"/desk/timetable/{own.pk}/change/{ALL}/"))
    save(desk, own, go(desk, "desk", own, start="4pm"))
    assert asks in text_of(desk.get(f"/desk/timetable/{own.pk}/change/{ALL}/"))
    page = go(desk, "desk", date_of(series, 2), ALL, start="7pm", place=f"{hall.pk}-")
    assert "keeps its own time" in page and "5 dates change" in page
    save(desk, date_of(series, 2), page, ALL)
    own.refresh_from_db()
    assert (own.venue, own.starts_at.astimezone(UK).hour) == (hall, 16)
    page = go(desk, "desk", own, ALL, start="8pm", own_too="yes", place=f"{hall.pk}-")
    save(desk, own, page, ALL)
    own.refresh_from_db()
    assert own.starts_at.astimezone(UK).hour == 20


def test_a_series_moves_to_another_weekday_as_it_was_looked_at(desk: Any, series: Series, pat: Any) -> None:
    pivot = date_of(series, 2)
    BookingFactory(session=pivot, participant=pat)
    form = text_of(desk.get(f"/desk/timetable/{pivot.pk}/change/{LATER}/"))
    assert "Each date moves within its own week" in form and "Tuesday</option>" in form
    page = go(desk, "desk", pivot, LATER, weekday="3")
    for words in ("Day of the week", "Thursday 22 October 2026", "now Tuesday 20 October 2026", "1 person is told"):
        assert words in page, words
    assert save(desk, pivot, page, LATER).status_code == 302
    starts = Session.objects.order_by("starts_at").values_list("starts_at", flat=True)
    assert [f"{at.astimezone(UK):%a}" for at in starts] == ["Tue", "Tue", "Thu", "Thu", "Thu"]


def test_a_bank_holiday_onto_which_a_date_moves_is_named(desk: Any, series: Series) -> None:
    one = date_of(series, 4)
    page = go(desk, "desk", one, **{"on-day": "25", "on-month": "12", "on-year": "2026"})
    assert "This is a day without classes: Christmas Day." in page


def test_how_many_places_are_kept_back_is_changed_within_what_there_is(desk: Any, series: Series) -> None:
    one = date_of(series, 1)
    root = f"/desk/timetable/{one.pk}/change/{ONE}/"
    refused = desk.post(root, filled(one, reserved="11"))
    assert refused.status_code == 422 and "You cannot keep back more places than there are" in text_of(refused)
    unsaid = desk.post(root, filled(one, reserved="3"))
    assert unsaid.status_code == 422 and "Select how long before the start" in text_of(unsaid)
    assert '<option value="24" selected' in desk.get(root).content.decode()  # of a class in person
    same = go(desk, "desk", one, release_hours="24")
    assert "Nothing is different from how it is now" in same  # nothing is kept back, so nothing was said
    page = go(desk, "desk", one, reserved="3", release_hours="never", walk_in="2")
    assert "Places kept back" in page and "Places for who comes without booking" in page
    save(desk, one, page)
    one.refresh_from_db()
    assert (one.reserved, one.walk_in, one.release_hours, one.overridden) == (3, 2, None, ["capacity"])
    assert '<option value="never" selected' in desk.get(root).content.decode()
    Session.objects.filter(pk=one.pk).update(release_hours=5)
    assert '<option value="5" selected' in desk.get(root).content.decode()  # as a program has said


# --- cancelling several ------------------------------------------------------


def test_cancelling_later_dates_lists_every_one_and_how_many_people(
    desk: Any, series: Series, pat: Any
) -> None:  # pitfalls 31
    for n in (3, 4):
        BookingFactory(session=date_of(series, n), participant=pat)
    root = f"/desk/timetable/{date_of(series, 3).pk}/cancel/{LATER}/"
    page = text_of(desk.get(root))
    assert "Tuesday 27 October, 6pm to 7pm" in page and "Tuesday 3 November, 6pm to 7pm" in page
    assert "1 person has booked or is waiting" in page and "Cancel Tuesday 27 October and the 1 date after it" in page
    assert not Session.objects.filter(status="cancelled").exists()
    dates = ",".join(str(date_of(series, n).pk) for n in (3, 4))
    assert desk.post(root, {"dates": dates}).status_code == 422
    answer = desk.post(root, {"dates": dates, "reason": "The weather"})
    assert answer["Location"] == "/desk/timetable/"
    assert [date_of(series, n).is_cancelled for n in range(5)] == [False] * 3 + [True] * 2
    assert "2 dates are cancelled. 1 person is being told." in text_of(desk.get("/desk/timetable/"))


def test_chosen_dates_are_chosen_first_and_then_confirmed(desk: Any, series: Series) -> None:  # pitfalls 34
    root = f"/desk/timetable/{date_of(series, 0).pk}/cancel/{CHOSEN}/"
    assert text_of(desk.get(root)).count('type="checkbox"') == 5
    nothing = desk.get(f"{root}?chosen=yes")
    assert nothing.status_code == 422 and "Select the dates that you want to cancel" in text_of(nothing)
    assert "Select an answer from the list" in text_of(desk.get(f"{root}?chosen=yes&date=999"))
    one, other = date_of(series, 1), date_of(series, 4)
    chosen = f"{root}?chosen=yes&date={one.pk}&date={other.pk}"
    page = text_of(desk.get(chosen))
    assert "Cancel these 2 dates" in page and "Nobody has booked or is waiting" in page
    desk.post(chosen, {"dates": f"{one.pk},{other.pk}", "reason": "other", "words": "Hall booked for a wedding"})
    assert [date_of(series, n).cancel_reason for n in (1, 4)] == ["Hall booked for a wedding"] * 2
    assert [date_of(series, n).is_cancelled for n in (0, 2, 3)] == [False] * 3


def test_dates_that_are_others_than_those_looked_at_are_not_cancelled(desk: Any, series: Series) -> None:
    root = f"/desk/timetable/{date_of(series, 3).pk}/cancel/{LATER}/"
    answer = desk.post(root, {"dates": str(date_of(series, 3).pk), "reason": "The weather"})
    assert answer.status_code == 409 and "The dates have changed since you looked" in text_of(answer)
    assert not Session.objects.filter(status="cancelled").exists()
    dates = re.search(r'name="dates" value="([\d,]+)"', text_of(answer))
    assert dates is not None and desk.post(root, {"dates": dates[1], "reason": "The weather"}).status_code == 302
    assert desk.get(root)["Location"].endswith("/change/")


# --- who may -----------------------------------------------------------------


def test_an_instructor_changes_own_dates_and_does_not_hand_them_over(teacher: Any, series: Series) -> None:
    one = date_of(series, 2)
    form = text_of(teacher.get(f"/teach/classes/{one.pk}/change/{ONE}/"))
    assert 'name="instructor"' not in form and 'name="start"' in form
    page = go(teacher, "teach", one, start="5pm")
    assert save(teacher, one, page, audience="teach")["Location"] == "/teach/"
    one.refresh_from_db()
    assert one.starts_at.astimezone(UK).hour == 17


def test_who_leads_one_date_of_somebody_elses_series_changes_that_date_only(
    series: Series, ivor: Any, sign_in: Any, dee: Any
) -> None:
    one = date_of(series, 2)
    desk = sign_in(dee)
    save(desk, one, go(desk, "desk", one, instructor=str(ivor.pk)))
    cover = sign_in(ivor.person.user)
    page = text_of(cover.get(f"/teach/classes/{one.pk}/change/"))
    assert "only" in page and "after it" not in page and "Choose dates" not in page
    assert cover.get(f"/teach/classes/{one.pk}/change/{LATER}/").status_code == 404
    assert cover.get(f"/teach/classes/{one.pk}/cancel/{LATER}/").status_code == 404
    assert cover.get(f"/teach/classes/{date_of(series, 3).pk}/change/").status_code == 404


def test_an_instructor_cancels_several_of_their_own_dates(teacher: Any, series: Series) -> None:
    root = f"/teach/classes/{date_of(series, 3).pk}/cancel/{LATER}/"
    dates = ",".join(str(date_of(series, n).pk) for n in (3, 4))
    assert teacher.post(root, {"dates": dates, "reason": "The weather"})["Location"] == "/teach/"
    assert date_of(series, 4).is_cancelled
