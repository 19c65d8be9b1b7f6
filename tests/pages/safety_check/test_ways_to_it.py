"""Whose check somebody may open, and the pages that lead to it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.utils import timezone

from accounts.history import acting
from accounts.models import AccessLog, ContactPoint, User
from accounts.permissions import Role
from classes.models import Booking, Session, SymptomCheck, SymptomTalk
from classes.telling.asking import ask_for_checks
from instructors.models import Instructor
from messaging.delivery import deliver_due
from messaging.models import Message, MessageState, Task, TaskState
from participants.health import stop_clearance
from participants.models import Participant, SupporterScope
from tests.factories.accounts import ProgrammeFactory, someone
from tests.factories.classes import BookingFactory
from tests.factories.participants import ParticipantFactory, SupporterFactory
from tests.factories.symptoms import SymptomCheckFactory, class_today
from tests.pages.safety_check.browsing import NOON, aloud, by_phone, filled, mine, sent, text

pytestmark = pytest.mark.django_db


def test_other_peoples_checks_are_not_there(
    place: Booking, quinn: Participant, sam: User, ivor: Instructor, sign_in: Any
) -> None:
    outside = ProgrammeFactory()
    other_desk = someone("Odd Desk", Role.COORDINATOR, programme=outside)
    who = {
        mine(place): (quinn.person.user, sam),  # Sam may book for Pat, and not type answers
        by_phone(place): (other_desk,),
        aloud(place): (ivor.person.user,),
        f"/teach/classes/{place.session_id}/talk/b{place.pk}/": (ivor.person.user,),
    }
    for url, users in who.items():
        for user in users:
            browser = sign_in(user)
            assert browser.get(url).status_code == browser.post(url, filled("b")).status_code == 404, url
    listed = f"/desk/people/{place.participant_id}/safety-checks/"
    assert sign_in(other_desk).get(listed).status_code == 404
    assert not SymptomCheck.objects.exists()


def test_a_support_that_ends_between_two_pages_is_gone_on_the_next(place: Booking, scribe: User, sign_in: Any) -> None:
    browser = sign_in(scribe)
    assert browser.get(mine(place)).status_code == 200
    place.participant.supporters.update(status="ended", ends_at=timezone.now())
    assert browser.post(mine(place), filled("b")).status_code == 404
    assert browser.get(f"{mine(place)}result/").status_code == 404
    assert not SymptomCheck.objects.exists()


def test_a_scribe_never_sees_what_the_person_answered_alone(place: Booking, scribe: User, sign_in: Any) -> None:
    sent(sign_in(place.participant.person.user), mine(place), filled("b"))
    browser = sign_in(scribe)
    page = browser.get(f"{mine(place)}result/", follow=True)
    assert "was answered, and not by you" in text(page) and "Call 999 now" not in text(page)
    refused = browser.post(mine(place), filled())
    assert refused.status_code == 409 and "999 now" not in text(refused)


def test_one_does_not_call_oneself_at_the_desk_nor_ask_oneself_aloud(
    programme: Any, session: Session, sign_in: Any, ines: Instructor, dee: User
) -> None:
    for person, url in ((dee.person, by_phone), (ines.person, aloud)):
        own = BookingFactory(session=session, participant=ParticipantFactory(person=person, programme=programme))
        assert sign_in(person.user).get(url(own)).status_code == 404


def test_reading_somebody_elses_result_is_logged(place: Booking, dee: User, sign_in: Any) -> None:
    browser = sign_in(dee)
    sent(browser, by_phone(place), filled("f"))
    browser.get(f"/desk/people/{place.participant_id}/safety-checks/")
    reads = AccessLog.objects.filter(by=dee.person, purpose="same-day check").values_list("what", flat=True)
    assert list(reads) == ["result", "answers"]


def test_home_asks_calmly_and_stops_asking_once_it_is_answered(place: Booking, sign_in: Any) -> None:
    browser = sign_in(place.participant.person.user)
    home = browser.get("/me/")
    assert "Your class today: answer the safety check" in text(home) and mine(place) in home.content.decode()
    sent(browser, mine(place), filled())
    assert mine(place) not in browser.get("/me/").content.decode()


def test_home_of_a_scribe_asks_for_the_person_they_help(place: Booking, scribe: User, sam: User, sign_in: Any) -> None:
    home = sign_in(scribe).get("/me/")
    assert "You do not help anybody" not in text(home)
    assert "The class of Pat today: answer the safety check" in text(home) and mine(place) in home.content.decode()


def test_the_page_of_the_place_says_when_and_whether(place: Booking, sam: User, sign_in: Any, clock: Any) -> None:
    browser, url = sign_in(place.participant.person.user), f"/me/bookings/{place.pk}/"
    for page in (url, f"{url}booked/"):
        assert mine(place) in browser.get(page).content.decode()
    clock.move_to(place.session.starts_at - dt.timedelta(hours=13))
    for page in (url, f"{url}booked/"):
        assert "You can answer them from Tuesday 6 July 2027 at 2am" in text(browser.get(page))
    clock.move_to(place.session.starts_at - dt.timedelta(minutes=5))
    assert "Your instructor asks you 8 short questions at the class" in text(browser.get(url))
    clock.move_to(NOON)
    sent(browser, mine(place), filled())
    assert "Safety check done" in text(browser.get(url))
    sent(browser, mine(place), filled("f"))
    assert "What to do now" in text(browser.get(url))


def acts_for(browser: Any, participant: Participant) -> None:
    kept = browser.session
    kept["acting_for"] = participant.pk
    kept.save()


def test_the_page_of_the_place_speaks_of_the_person_to_who_helps_them(
    place: Booking, sam: User, sign_in: Any, clock: Any
) -> None:
    clock.move_to(place.session.starts_at - dt.timedelta(hours=13))
    scopes = [SupporterScope.BOOK, SupporterScope.SCRIBE]
    place.participant.supporters.all().delete()
    SupporterFactory(participant=place.participant, person=sam.person, scopes=scopes)
    browser, url = sign_in(sam), f"/me/bookings/{place.pk}/"
    acts_for(browser, place.participant)
    assert "We ask Pat 8 short questions before each class. They can be answered from" in text(browser.get(url))
    assert "They can be answered from" in text(browser.get(f"{url}booked/"))
    clock.move_to(NOON)
    now = text(browser.get(url))
    assert "Please answer 8 short questions with Pat before this class" in now and "Answer for Pat" in now
    assert "Answer for Pat now" in text(browser.get(f"{url}booked/"))
    clock.move_to(place.session.starts_at - dt.timedelta(minutes=5))
    assert "The instructor asks Pat 8 short questions at the class" in text(browser.get(url))
    shut = text(browser.get(mine(place)))
    assert "Is Pat very unwell? Call 999" in shut and "Pat’s alert card" in shut and "your" not in shut
    clock.move_to(NOON)
    sent(browser, mine(place), filled("f"))
    assert "Talk to the instructor first" in text(browser.get(url))


def test_a_place_in_doubt_shows_no_check(place: Booking, sign_in: Any) -> None:
    browser = sign_in(place.participant.person.user)
    with acting(place.participant.person, "tests.stop"):
        stop_clearance(participant=place.participant, reason="asked", by=place.participant.person)
    for page in ("", "booked/"):
        shown = browser.get(f"/me/bookings/{place.pk}/{page}")
        assert (
            shown.status_code == 200
            and "8 short questions" not in text(shown)
            and mine(place) not in str(shown.content)
        )
    assert mine(place) not in browser.get("/me/").content.decode()


def test_who_may_only_book_sees_nothing_of_the_check(place: Booking, sam: User, sign_in: Any) -> None:
    browser = sign_in(sam)
    acts_for(browser, place.participant)
    page = browser.get(f"/me/bookings/{place.pk}/")
    assert page.status_code == 200 and "afety check" not in text(page)


def test_the_way_into_an_online_class_leads_to_the_check_and_back(
    pat: Participant, ines: Instructor, sign_in: Any, clock: Any
) -> None:
    session = class_today(programme=pat.programme, leader=ines, online=True)
    place = BookingFactory(session=session, participant=pat)
    browser, join = sign_in(pat.person.user), f"/me/bookings/{place.pk}/join/"
    assert mine(place) in browser.get(join).content.decode(), "before it opens the check can be answered already"
    clock.move_to(session.starts_at)
    page, pressed = browser.get(join), browser.post(join)
    assert (page.status_code, pressed.status_code) == (200, 409)
    assert mine(place) in page.content.decode() and "secret" not in page.content.decode()
    assert join in sent(browser, mine(place), filled()).content.decode()
    here = {"where": "elsewhere", "address": "2 Sea Road", "phone": "01632 960777", "alone": "yes"}
    assert browser.post(join, here)["Location"].endswith("secret")
    sent(browser, mine(place), filled("f"))
    assert browser.post(join).status_code == 409 and "after your instructor has talked" in text(browser.get(join))


def test_a_call_to_somebody_without_email_leads_to_the_questions_and_ends_with_them(
    place: Booking, dee: User, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    ContactPoint.objects.filter(person=place.participant.person).update(channel="phone", value="01632 960111")
    Task.objects.all().delete()
    ask_for_checks()
    deliver_due()
    call = Task.objects.to_do().get(context__message="same_day_check")
    browser = sign_in(dee)
    sheet = browser.get(f"/desk/tasks/{call.pk}/")
    assert "Go through the questions with them now" in text(sheet) and by_phone(place) in sheet.content.decode()
    sent(browser, by_phone(place), filled())
    call.refresh_from_db()
    assert call.state == TaskState.CANCELLED
    assert by_phone(place) not in browser.get(f"/desk/tasks/{call.pk}/").content.decode()


def test_a_call_to_an_instructor_says_what_to_tell_them_and_asks_no_facts_about_a_participant(
    place: Booking, dee: User, ines: Instructor, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    ContactPoint.objects.filter(person=ines.person).update(channel="phone", value="01632 960111")
    sent(sign_in(place.participant.person.user), mine(place), filled("h"))
    deliver_due()
    call, browser = Task.objects.to_do().get(context__message="talk_wanted"), sign_in(dee)
    assert "Call with a message: Ines Teacher" in text(browser.get("/desk/"))
    sheet = text(browser.get(f"/desk/tasks/{call.pk}/"))
    assert "Somebody in your class needs a word with you before it starts." in sheet
    assert "Who is on the line?" not in sheet and place.participant.person.given_name not in sheet
    page = text(browser.get(f"/desk/messages/{call.subject_id}/"))
    assert "To an instructor: a word before a class: Ines Teacher" in page
    browser.post(f"/desk/tasks/{call.pk}/", {"outcome": "reached"})
    assert Message.objects.get(pk=call.subject_id).state == MessageState.DELIVERED


def test_the_desk_finds_the_checks_from_the_persons_page_and_the_call(
    place: Booking, dee: User, ines: Instructor, sign_in: Any, clock: Any
) -> None:
    browser, url = sign_in(dee), f"/desk/people/{place.participant_id}/safety-checks/"
    assert url in browser.get(f"/desk/people/{place.participant_id}/").content.decode()
    page = browser.get(url)
    assert by_phone(place) in page.content.decode() and "Not answered yet" in text(page)
    clock.move_to(place.session.starts_at - dt.timedelta(hours=13))
    assert "Opens Tuesday 6 July 2027 at 2am" in text(browser.get(url))
    clock.move_to(place.session.starts_at)
    assert "The instructor asks aloud" in text(browser.get(url))
    clock.move_to(NOON)
    sent(browser, by_phone(place), filled("f", "b"))
    (call,) = Task.objects.to_do().filter(kind="not_well_call")
    sheet = browser.get(f"/desk/tasks/{call.pk}/")
    assert url in sheet.content.decode() and "chest" not in text(sheet), "no health facts on the task"
    page = text(browser.get(url))
    assert "Yes to: Chest pain, a racing heart, feeling faint or short of breath Treatment in the last 48 hours" in page
    assert "no place in a class to come" in page
    done = browser.post(f"/desk/tasks/{call.pk}/", {"outcome": "has_help", "note": "Is with her sister."})
    assert done.status_code == 302 and not Task.objects.to_do().filter(kind="not_well_call").exists()


def test_the_list_of_the_desk_has_talks_too(place: Booking, dee: User, ines: Instructor, sign_in: Any) -> None:
    check = SymptomCheckFactory(booking=place, result="talk_first")
    SymptomTalk.objects.create(
        check_of=check, client_id=uuid.uuid4(), outcome="may_exercise", note="Slipped, no pain.", by=ines.person
    )
    page = text(sign_in(dee).get(f"/desk/people/{place.participant_id}/safety-checks/"))
    assert "Talk with Ines Teacher" in page and "Slipped, no pain." in page and "No to every question" in page
