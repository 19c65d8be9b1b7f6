"""Writing to everybody of one date: by the desk, by whoever leads it, and by nobody else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import AccessLog, ContactPoint, User
from classes.models import ClassNote, Session, SessionStatus
from frontend.wording import uk
from instructors.models import Instructor
from messaging.delivery import deliver_due
from messaging.models import Message, Step, WhyNot
from messaging.steps import note_step
from participants.models import Participant
from tests.factories.classes import BookingFactory, SessionFactory

pytestmark = pytest.mark.django_db
SAID = {"about": "bring", "words": "Please bring a coat.\nThe hall is cold.", "request_key": "one-form"}


@pytest.fixture(autouse=True)
def by_day(monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("messaging.delivery", "classes.telling.class_note"):
        monkeypatch.setattr(f"{place}.quiet_until", lambda at: None)


@pytest.fixture
def session(ines: Instructor, pat: Participant) -> Session:
    """Pat has a place in it."""
    session = SessionFactory(programme=pat.programme, leader=ines, starts_at=timezone.now() + dt.timedelta(days=9))
    BookingFactory(session=session, participant=pat)
    ContactPoint.objects.update_or_create(
        person=pat.person, channel="email", defaults={"value": "pat@example.org", "preferred": True}
    )
    return session


@pytest.fixture(params=["desk", "teach"])
def writer(request: Any, session: Session, dee: User, ines: Instructor, sign_in: Any) -> tuple[Client, str]:
    """A browser of the desk or of whoever leads the class, and the address of the form."""
    if request.param == "desk":
        return sign_in(dee), f"/desk/timetable/{session.pk}/write/"
    return sign_in(ines.person.user), f"/teach/classes/{session.pk}/write/"


def shown(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_it_is_written_looked_at_and_sent_once(writer, session):
    browser, address = writer
    assert "1 person has a place" in shown(browser.get(address))
    looked = shown(browser.post(address, SAID))
    assert "1 person by email" in looked and "Send it to 1 person" in looked
    assert "What to bring to your SafeFit class on" in looked and "Hello (first name)," in looked
    assert not ClassNote.objects.exists()
    for _ in range(2):  # a second press of the same button
        sent = browser.post(address, {**SAID, "do": "send"}, follow=True)
        assert sent.status_code == 200 and "Pat Example" in shown(sent)
    deliver_due()
    assert len(mail.outbox) == ClassNote.objects.count() == Message.objects.count() == 1
    after = shown(browser.get(sent.redirect_chain[-1][0]))
    assert "Sent" in after and ("/desk/messages/" in after) == address.startswith("/desk")
    assert AccessLog.objects.filter(what="names of who is told").exists()
    assert "Please bring a coat." in shown(browser.get(address))


def test_what_is_looked_at_is_exactly_what_is_sent(writer, session):
    browser, address = writer
    looked = browser.post(address, SAID).content.decode()
    browser.post(address, {**SAID, "do": "send"})
    deliver_due()
    [email] = mail.outbox
    for line in email.body.replace("Hello Pat,", "Hello (first name),").splitlines():
        assert line in looked or "/me/bookings/" in line, line
    assert email.subject in looked


def test_a_telling_word_is_named_and_refused(writer):
    browser, address = writer
    answer = browser.post(address, {**SAID, "words": "For our cancer group", "do": "send"})
    assert answer.status_code == 422
    assert "Take out “cancer”: it tells others why people come to this class" in shown(answer)
    answer = browser.post(address, {**SAID, "words": "See https://zoom.example/j/1"})
    assert answer.status_code == 422 and "Take out “https://zoom.example/j/1”" in shown(answer)
    assert not ClassNote.objects.exists()


def test_a_name_or_a_strange_number_has_to_be_looked_at_again(writer):
    browser, address = writer
    said = {**SAID, "words": "Pat has the key. Ring 07700 900123 or a@example.org."}
    looked = shown(browser.post(address, said))
    for doubt in ("“Pat”: also the name of somebody", "“07700 900123”: not our telephone", "“a@example.org”: an email"):
        assert doubt in looked
    again = browser.post(address, {**said, "do": "send"})
    assert again.status_code == 422 and "Tick that you have looked at it again" in shown(again)
    assert not ClassNote.objects.exists()
    assert browser.post(address, {**said, "do": "send", "looked": "yes"}).status_code == 302


def test_it_can_be_changed_after_it_was_looked_at(writer):
    browser, address = writer
    page = browser.post(address, {**SAID, "do": "change"})
    assert page.status_code == 200 and "Please bring a coat." in shown(page) and "Look at it first" in shown(page)


def test_a_class_that_was_cancelled_meanwhile_is_told_nothing(writer, session):
    browser, address = writer
    now = timezone.now()
    Session.objects.filter(pk=session.pk).update(
        status=SessionStatus.CANCELLED, cancelled_at=now, cancel_reason="The weather"
    )
    if address.startswith("/desk"):
        answer = browser.post(address, {**SAID, "do": "send"})
        assert answer.status_code == 409 and "over or cancelled" in shown(answer)
    assert not ClassNote.objects.exists()


def test_who_waits_is_told_when_that_is_ticked(writer, session, quinn):
    browser, address = writer
    BookingFactory(session=session, participant=quinn, state="waiting")
    assert "Also tell those who wait for a place" in shown(browser.get(address))
    assert "It goes to 2 people" in shown(browser.post(address, {**SAID, "waiting_too": "yes"}))
    browser.post(address, {**SAID, "waiting_too": "yes", "do": "send"})
    assert Message.objects.count() == 2


def test_what_those_who_wait_get_is_looked_at_too(writer, session, quinn):
    browser, address = writer
    BookingFactory(session=session, participant=quinn, state="waiting")
    assert "still waiting" not in shown(browser.post(address, SAID))
    looked = shown(browser.post(address, {**SAID, "waiting_too": "yes"}))
    assert looked.count("You are still waiting for a place in this class") == 2  # by email and by text
    assert "By text message (SMS), to those who wait" in looked


def test_the_same_page_with_other_words_is_another_message_and_nothing_typed_is_lost(writer, session):
    browser, address = writer
    browser.post(address, {**SAID, "do": "send"})
    again = browser.post(address, {**SAID, "words": "Bring water.", "do": "send"})
    assert again.status_code == 409 and "This one was not sent" in shown(again) and "Bring water." in shown(again)
    assert 'value="one-form"' not in shown(again) and ClassNote.objects.count() == 1


def test_at_night_it_is_said_when_it_goes(writer, monkeypatch):
    browser, address = writer
    morning = uk(timezone.now() + dt.timedelta(days=1)).replace(hour=8, minute=0)
    assert "Your message leaves now." in shown(browser.post(address, {**SAID, "do": "send"}, follow=True))
    monkeypatch.setattr("classes.telling.class_note.quiet_until", lambda at: morning)
    said = {**SAID, "request_key": "another", "do": "send"}
    assert "Your message goes at 8am." in shown(browser.post(address, said, follow=True))


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (WhyNot.STOPPED, "Not sent"),
        (WhyNot.DECLINED, "Not sent"),
        (WhyNot.OVER, "Not told: it was no longer for them"),
        (WhyNot.TAKEN_BACK, "Not told: they left the class, or it is off"),
        (None, "Not sent"),
    ],
)
def test_why_somebody_was_not_told_is_said_as_it_was(dee, session, sign_in, reason, told):
    browser = sign_in(dee)
    browser.post(f"/desk/timetable/{session.pk}/write/", {**SAID, "do": "send"})
    message = Message.objects.get()
    Message.objects.update(state="not_wanted")
    if reason:
        note_step(message, Step.NOT_WANTED, why=reason)
    page = shown(browser.get(f"/desk/timetable/notes/{ClassNote.objects.get().pk}/"))
    assert f"{told}<" in page and page.count("Not told") == told.count("Not told")


def test_an_instructor_reads_the_names_of_those_with_a_place_and_how_many_others_there_are(
    session, quinn, ines, dee, sign_in
):
    BookingFactory(session=session, participant=quinn, state="waiting")
    teach, said = sign_in(ines.person.user), {**SAID, "waiting_too": "yes", "do": "send"}
    page = shown(teach.post(f"/teach/classes/{session.pk}/write/", said, follow=True))
    assert "Pat Example" in page and quinn.person.full_name not in page and "1 other person, who does not have" in page
    assert not AccessLog.objects.filter(what="names of who is told", target=quinn.person).exists()
    at_desk = shown(sign_in(dee).get(f"/desk/timetable/notes/{ClassNote.objects.get().pk}/"))
    assert quinn.person.full_name in at_desk and "other person" not in at_desk


def test_nobody_booked_is_nobody_to_write_to(dee, sign_in, programme):
    empty = SessionFactory(programme=programme, starts_at=timezone.now() + dt.timedelta(days=9))
    browser = sign_in(dee)
    address = f"/desk/timetable/{empty.pk}/write/"
    assert "nobody to write to" in shown(browser.get(address))
    assert "nobody would be told" in shown(browser.post(address, SAID))
    assert browser.post(address, {**SAID, "do": "send"}).status_code == 409


def test_another_instructor_writes_to_nobody_here(session, ivor, sign_in):
    browser = sign_in(ivor.person.user)
    assert browser.post(f"/teach/classes/{session.pk}/write/", {**SAID, "do": "send"}).status_code == 404
    assert not ClassNote.objects.exists()


def test_the_person_reads_it_on_the_page_of_their_place_and_who_helps_only_if_they_see_messages(
    session, pat, sam, dee, sign_in
):
    sign_in(dee).post(f"/desk/timetable/{session.pk}/write/", {**SAID, "do": "send"})
    place = f"/me/bookings/{pat.bookings.get().pk}/"
    read = shown(sign_in(pat.person.user).get(place))
    assert "Please bring a coat." in read and "From before this class was changed" not in read
    Session.objects.filter(pk=session.pk).update(ics_sequence=1)
    read = shown(sign_in(pat.person.user).get(place))
    assert "Please bring a coat." in read and "From before this class was changed: a message to everybody in it" in read
    helper = sign_in(sam)
    helper.post(f"/me/act-for/{pat.pk}/")
    assert "Please bring a coat." not in shown(helper.get(place))
    pat.supporters.update(scopes=["book", "see_messages"])
    assert "Please bring a coat." in shown(helper.get(place))
