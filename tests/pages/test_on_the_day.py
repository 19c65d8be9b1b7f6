"""The day itself, on a phone: classes are called off together, somebody is late, nobody is there."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine

from accounts.models import AccessLog
from classes.models import Arrival, LeaderRole, RunningLate, Session, SessionLeader, SessionStatus
from messaging.delivery import deliver_due
from messaging.models import Message, MessageState, Task
from tests.factories.accounts import ContactPointFactory
from tests.factories.classes import AttendanceFactory, BookingFactory, SessionFactory

pytestmark = pytest.mark.django_db
NINE = dt.datetime(2027, 2, 3, 9, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
NUMBER = "+441632960123"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    with time_machine.travel(NINE) as travelled:
        yield travelled


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def a_class(leader: Any, hours: float, **more: Any) -> Session:
    return SessionFactory(programme=leader.programme, leader=leader, starts_at=NINE + hours * HOUR, **more)


def only_rung(who: Any) -> None:
    who.person.contact_points.all().delete()
    ContactPointFactory(person=who.person, channel="phone", value=NUMBER, preferred=True)


def offered(page: Any) -> set[int]:
    return {int(pk) for pk in re.findall(r'name="classes"[^>]*value="(\d+)"', page.content.decode())}


def test_an_instructor_calls_off_own_classes_of_today_and_reads_who_must_be_rung(sign_in, ines, pat, quinn):
    first, covered = a_class(ines, 3), a_class(ines, 5)
    SessionLeader.objects.filter(session=covered).update(role=LeaderRole.COVER)
    begun, tomorrow = a_class(ines, -0.5), a_class(ines, 24)
    AttendanceFactory(session=begun, booking=BookingFactory(session=begun, participant=quinn))
    only_rung(pat)
    for session in (first, covered):
        BookingFactory(session=session, participant=pat)
    browser = sign_in(ines.person.user)
    assert "Call off classes today" in text(browser.get("/teach/"))
    assert offered(browser.get("/teach/call-off/")) == {first.pk, covered.pk}
    assert browser.post("/teach/call-off/", {"classes": [tomorrow.pk], "reason": "The weather"}).status_code == 422
    sent = {"classes": [first.pk, covered.pk], "reason": "The weather"}
    looked = text(browser.post("/teach/call-off/", sent))
    assert "1 person is told at once: 1 person by a call of the desk" in looked
    assert not Session.objects.filter(status=SessionStatus.CANCELLED).exists()
    page = text(browser.post("/teach/call-off/", sent | {"do": "send"}, follow=True))
    assert "2 classes are off." in page and "0 of 1 done" in page
    deliver_due()
    page = text(browser.get("/teach/called-off/"))
    assert (
        "To be rung: 1" in page
        and "01632 960123" in page
        and "Do not leave a message" in page
        and page.count("I told them") == 1
    )
    assert AccessLog.objects.filter(target=pat.person, by=ines.person).exists()
    message = Message.objects.get()
    told = {"message": message.pk, "outcome": "reached"}
    assert "1 of 1 done" in text(browser.post("/teach/called-off/", told, follow=True))
    assert "need not be rung" in text(browser.post("/teach/called-off/", told, follow=True))
    again = browser.post("/teach/call-off/", sent | {"do": "send"})  # the button was pressed twice
    assert (again.status_code, again["Location"]) == (302, "/teach/called-off/")


def test_nobody_reads_or_ticks_off_people_of_a_class_that_is_not_theirs(sign_in, ines, ivor, pat):
    given_away = a_class(ines, 3)
    SessionLeader.objects.filter(session=given_away).update(active=False)
    SessionLeader.objects.create(
        session=given_away,
        instructor=ivor,
        role="cover",
        cover_for=ines,
        during=(given_away.starts_at, given_away.ends_at),
    )
    only_rung(pat)
    BookingFactory(session=given_away, participant=pat)
    sent = {"classes": [given_away.pk], "reason": "The weather", "do": "send"}
    sign_in(ivor.person.user).post("/teach/call-off/", sent)
    deliver_due()
    former = sign_in(ines.person.user)
    assert pat.person.full_name not in text(former.get("/teach/called-off/"))
    message = Message.objects.get(kind="session_cancelled")
    answer = former.post("/teach/called-off/", {"message": message.pk, "outcome": "reached"}, follow=True)
    assert "Nothing was noted" in text(answer)
    message.refresh_from_db()
    assert message.state == MessageState.WITH_DESK
    mine = sign_in(ivor.person.user).post(
        "/teach/called-off/", {"message": message.pk, "outcome": "gave_up"}, follow=True
    )
    assert "Nothing was noted" in text(mine)


def test_the_desk_calls_off_any_class_of_today_and_tomorrow_and_a_started_register_stops_the_whole(
    sign_in, dee, clare, ines, ivor
):
    for user, may in ((dee, True), (clare, False)):  # nobody is led to a page that refuses them
        assert ("Call off a class" in text(sign_in(user).get("/desk/timetable/called-off/"))) is may
    today, tomorrow, later = a_class(ines, 3), a_class(ivor, 26), a_class(ivor, 50)
    browser = sign_in(dee)
    assert offered(browser.get("/desk/timetable/call-off/")) == {today.pk, tomorrow.pk} and later.pk
    sent = {"classes": [today.pk, tomorrow.pk], "reason": "other", "words": "The pipes burst"}
    assert "Why: The pipes burst" in text(browser.post("/desk/timetable/call-off/", sent))
    changed = browser.post("/desk/timetable/call-off/", sent | {"do": "change"})
    assert changed.status_code == 200 and "The pipes burst" in changed.content.decode()
    assert "2 classes are off." in text(browser.post("/desk/timetable/call-off/", sent | {"do": "send"}, follow=True))
    assert Session.objects.filter(status=SessionStatus.CANCELLED, cancel_reason="The pipes burst").count() == 2
    assert "no class today or tomorrow that can still be called off" in text(browser.get("/desk/timetable/call-off/"))


def test_a_delay_is_told_from_the_class_and_read_on_the_page_of_the_place(sign_in, ines, pat):
    session = a_class(ines, 0.5)
    booking = BookingFactory(session=session, participant=pat)
    browser = sign_in(ines.person.user)
    where = f"/teach/classes/{session.pk}/late/"
    assert "I am running late" in text(browser.get(f"/teach/classes/{session.pk}/"))
    assert "1 person with a place is told at once" in text(browser.get(where))
    assert browser.post(where, {"minutes": ""}).status_code == 422
    assert "begins at about 9:40am" in text(browser.post(where, {"minutes": "10"}, follow=True))
    browser.post(where, {"minutes": "20"})
    assert RunningLate.objects.get().minutes == 10
    assert "begins about 10 minutes late" in text(sign_in(pat.person.user).get(f"/me/bookings/{booking.pk}/"))
    assert "Noted: you are there." in text(browser.post(f"/teach/classes/{session.pk}/here/", follow=True))
    assert "I am here" not in text(browser.get(f"/teach/classes/{session.pk}/"))


def test_who_waits_in_a_class_tells_the_desk_that_nobody_is_there(sign_in, ines, pat, quinn):
    ahead, begun = a_class(ines, 2), a_class(ines, -0.1)
    first, second = (BookingFactory(session=session, participant=pat) for session in (ahead, begun))
    browser = sign_in(pat.person.user)
    assert "Nobody is there" not in text(browser.get(f"/me/bookings/{first.pk}/"))
    assert "Nothing was sent" in text(browser.post(f"/me/bookings/{first.pk}/nobody-there/", follow=True))
    assert "Nobody is there" in text(browser.get(f"/me/bookings/{second.pk}/"))
    assert "We are looking into it now" in text(browser.post(f"/me/bookings/{second.pk}/nobody-there/", follow=True))
    assert Task.objects.get(kind="leader_missing").subject_id == begun.pk
    assert sign_in(quinn.person.user).post(f"/me/bookings/{second.pk}/nobody-there/").status_code == 404


def test_the_desk_rings_gives_the_class_to_another_or_notes_that_somebody_is_there(sign_in, dee, ines, ivor):
    session = a_class(ines, -0.2)
    ContactPointFactory(person=ines.person, channel="text", value="+447700900111", preferred=False)
    ContactPointFactory(person=ivor.person, channel="phone", value=NUMBER, preferred=False)
    browser, where = sign_in(dee), f"/desk/timetable/{session.pk}/nobody-there/"
    page = text(browser.get(where))
    assert "07700 900111" in page and "01632 960123" in page and "Cancel this class" in page
    browser.post(where, {"do": "there"})
    assert Arrival.objects.get().by == dee.person
    assert "Nothing was changed" in text(browser.post(where, {"do": "give", "instructor": "0"}, follow=True))
    page = text(browser.post(where, {"do": "give", "instructor": ivor.pk}, follow=True))
    assert "Ivor Coach leads it now" in page
    assert sign_in(ivor.person.user).get(f"/teach/classes/{session.pk}/register/").status_code == 200


def test_a_newcomer_online_is_offered_a_rehearsal_and_says_how_it_went(sign_in, ines, pat):
    booking = BookingFactory(
        session=a_class(ines, 30, mode="remote", join_url="https://meet.example/x"), participant=pat
    )
    browser, where = sign_in(pat.person.user), "/me/rehearsal/"
    assert where in browser.get(f"/me/bookings/{booking.pk}/").content.decode()
    in_person = BookingFactory(session=a_class(ines, 40), participant=pat)
    assert where not in browser.get(f"/me/bookings/{in_person.pk}/").content.decode()
    page = browser.get(where).content.decode()
    assert "frontend/rehearsal.js" in page and "The test does not run in this browser" in page
    assert browser.post(where, {}).status_code == 422
    assert "We call you within one working day" in text(browser.post(where, {"outcome": "help"}, follow=True))
    assert "you asked us to call" in text(browser.get(where))
