"""Whom to call in an emergency, asked at the first class and after six months, on every route."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from accounts.models import AccessLog
from classes.models import Mode
from messaging.models import Task, TaskState
from participants.emergency import ask_about_contacts
from participants.models import Participant
from tests.factories.classes import AttendanceFactory, BookingFactory, GuestFactory, SessionFactory
from tests.factories.symptoms import SymptomCheckFactory

pytestmark = pytest.mark.django_db
FIRST = "First class: confirm who to call in an emergency"


@pytest.fixture
def session(ines):
    return SessionFactory(programme=ines.programme, leader=ines, starts_at=timezone.now() - dt.timedelta(minutes=10))


@pytest.fixture
def place(session, pat):
    return BookingFactory(session=session, participant=pat)


@pytest.fixture
def teacher(ines, sign_in):
    return sign_in(ines.person.user)


@pytest.fixture
def desk(dee, sign_in):
    return sign_in(dee)


@pytest.fixture
def addresses(session, place):
    return f"/teach/classes/{session.pk}/register/", f"/teach/classes/{session.pk}/contact/b{place.pk}/"


def text_of(answer):
    return " ".join(answer.content.decode().split())


def nobody_noted(pat):
    Participant.objects.filter(pk=pat.pk).update(emergency_phone="", emergency_name="")


# --- at the first class ------------------------------------------------------


def test_at_the_first_class_the_register_asks_until_somebody_says_it_is_right(teacher, pat, ines, addresses):
    register, page = addresses
    shown = text_of(teacher.get(register))
    assert FIRST in shown and f'href="{page}"' in shown
    asked = text_of(teacher.get(page))
    assert "Emer Madeup" in asked and "01632 960111" in asked
    assert AccessLog.objects.filter(what="contact", by=ines.person, target=pat.person).exists()
    after = text_of(teacher.post(page, {"right": "yes"}, follow=True))
    assert "still right" in after and FIRST not in after
    pat.refresh_from_db()
    assert pat.emergency_confirmed_by == ines.person


def test_a_different_contact_is_a_task_for_the_desk_and_the_register_asks_on(teacher, desk, pat, addresses):
    register, page = addresses
    after = text_of(teacher.post(page, {"right": "no"}, follow=True))
    assert "The desk asks Pat within a day" in after and FIRST in after
    task = Task.objects.get(kind="emergency_review")
    sheet = text_of(desk.get(f"/desk/tasks/{task.pk}/"))
    assert "Ask who to call in an emergency" in sheet and f"/desk/people/{pat.pk}/emergency/" in sheet
    desk.post(f"/desk/people/{pat.pk}/emergency/", {"emergency_name": "Nan", "emergency_phone": "01632 960888"})
    task.refresh_from_db()
    assert task.state == TaskState.CANCELLED
    now = text_of(teacher.get(register))
    assert FIRST not in now and "Nan" in now


def test_a_button_of_no_known_answer_and_a_person_who_is_gone_change_nothing(teacher, pat, addresses):
    page = addresses[1]
    assert "press one of the two buttons" in text_of(teacher.post(page, {}, follow=True))
    pat.person.contact_stopped_at = timezone.now()
    pat.person.save()
    assert "Nothing was kept" in text_of(teacher.post(page, {"right": "no"}, follow=True))
    assert not Task.objects.filter(kind="emergency_review").exists()


def test_after_the_first_class_the_register_does_not_ask(teacher, pat, session, addresses):
    earlier = SessionFactory(programme=pat.programme, starts_at=session.starts_at - dt.timedelta(days=7))
    AttendanceFactory(booking=BookingFactory(session=earlier, participant=pat), state="attended")
    assert FIRST not in text_of(teacher.get(addresses[0]))


def test_where_nobody_is_noted_nothing_can_be_confirmed(teacher, pat, addresses):
    nobody_noted(pat)
    shown = text_of(teacher.get(addresses[1]))
    assert "Nobody is noted" in shown and "It is still right" not in shown
    assert "nothing was kept" in text_of(teacher.post(addresses[1], {"right": "yes"}, follow=True))
    assert not Task.objects.filter(kind="emergency_review").exists()


def test_the_contact_is_shown_as_long_as_the_register_shows_it(teacher, session, addresses):
    with time_machine.travel(session.ends_at + dt.timedelta(hours=48), tick=False):
        answer = teacher.post(addresses[1], {"right": "yes"}, follow=True)
        assert "Nothing was changed" in text_of(answer) and "Emer Madeup" not in text_of(answer)
    assert not Participant.objects.exclude(emergency_confirmed_at=None).exists()


def test_a_bare_name_oneself_and_another_instructors_class_have_no_such_page(
    teacher, ivor, ines, sign_in, session, addresses
):
    bare = GuestFactory(session=session, participant=None, name="Gus")
    own = BookingFactory(session=session, participant__person=ines.person, participant__programme=ines.programme)
    for line in (f"g{bare.pk}", f"b{own.pk}", "b0", "nonsense"):
        assert teacher.get(f"/teach/classes/{session.pk}/contact/{line}/").status_code == 404
    assert sign_in(ivor.person.user).post(addresses[1], {"right": "yes"}).status_code == 404


# --- the person's own pages --------------------------------------------------


@pytest.fixture
def online(pat):
    starts_at = timezone.now() + dt.timedelta(minutes=5)
    session = SessionFactory(
        programme=pat.programme, mode=Mode.REMOTE, join_url="https://meet.example.org/x", starts_at=starts_at
    )
    place = BookingFactory(session=session, participant=pat)
    SymptomCheckFactory(booking=place, result="ready")
    return place


def test_before_the_first_online_class_one_is_asked_and_can_join_all_the_same(pat, online, sign_in):
    browser, page = sign_in(pat.person.user), f"/me/bookings/{online.pk}/join/"
    shown = text_of(browser.get(page))
    assert "Emer Madeup (sister), 01632 960111. Is this still right?" in shown and "Join the class" in shown
    said = {"address": "1 Made Up Street", "phone": "01632 960001", "alone": "yes"}
    assert browser.post(page, said)["Location"] == "https://meet.example.org/x"
    back = browser.post("/me/details/emergency/right/", {"booking": str(online.pk)})
    assert back["Location"] == page
    pat.refresh_from_db()
    assert pat.emergency_confirmed_by == pat.person
    assert "Is this still right?" not in text_of(browser.get(page))


def test_whoever_has_nobody_to_call_is_asked_who_before_an_online_class(pat, online, sign_in):
    nobody_noted(pat)
    shown = text_of(sign_in(pat.person.user).get(f"/me/bookings/{online.pk}/join/"))
    assert "We have nobody to call for you." in shown and "It is still right" not in shown


def test_an_online_class_that_is_not_the_first_asks_only_what_is_due(pat, online, sign_in):
    earlier = SessionFactory(programme=pat.programme, starts_at=timezone.now() - dt.timedelta(days=7))
    AttendanceFactory(booking=BookingFactory(session=earlier, participant=pat), state="attended")
    browser, page = sign_in(pat.person.user), f"/me/bookings/{online.pk}/join/"
    assert "Is this still right?" not in text_of(browser.get(page))
    Participant.objects.filter(pk=pat.pk).update(registered_at=timezone.now() - dt.timedelta(days=200))
    assert "Is this still right?" in text_of(browser.get(page))


def test_my_details_ask_after_six_months_and_one_button_answers(pat, sign_in):
    Participant.objects.filter(pk=pat.pk).update(registered_at=timezone.now() - dt.timedelta(days=200))
    ask_about_contacts(on=timezone.localdate())
    browser = sign_in(pat.person.user)
    assert "Is this still right? Please say so, or change it." in text_of(browser.get("/me/details/"))
    after = text_of(browser.post("/me/details/emergency/right/", {"booking": "²"}, follow=True))
    assert "noted by you" in after and "Is this still right?" not in after
    assert Task.objects.get(kind="emergency_review").state == TaskState.CANCELLED
    nobody_noted(pat)
    assert browser.post("/me/details/emergency/right/")["Location"] == "/me/details/emergency/"
    assert "Please tell us who to call." in text_of(browser.get("/me/details/"))


# --- the desk ----------------------------------------------------------------


def test_the_desk_confirms_by_phone_and_history_names_who(desk, dee, pat):
    page = f"/desk/people/{pat.pk}/emergency/"
    assert "Given on" in text_of(desk.get(page)) and "It is still right" in text_of(desk.get(page))
    assert "Kept: it is still right." in text_of(desk.post(f"{page}right/", follow=True))
    assert "noted by you" in text_of(desk.get(page))
    happened = text_of(desk.get(f"/desk/people/{pat.pk}/timeline/"))
    assert "Emergency contact still right" in happened and "Dee Desk for Pat" in happened
    nobody_noted(pat)
    assert "It is still right" not in text_of(desk.get(page))
    assert desk.post(f"{page}right/")["Location"] == page


def test_once_all_contact_has_ended_nothing_is_confirmed(desk, pat):
    pat.person.contact_stopped_at = timezone.now()
    pat.person.save()
    answer = desk.post(f"/desk/people/{pat.pk}/emergency/right/", follow=True)
    assert "All contact with them has ended" in text_of(answer)
