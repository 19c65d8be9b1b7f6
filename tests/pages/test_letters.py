"""Letters at the desk: printed from how things are now, posted, and nobody's but the desk's."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from accounts.models import AccessLog, Person, Programme, User
from classes.models import BookingState
from classes.telling import notices
from messaging.delivery import deliver_due
from messaging.models import Message, MessageState, Task, TaskState
from messaging.worklist import TaskIsClosed
from participants.models import AccessNeed, Participant
from tests.factories.accounts import ContactPointFactory, PersonFactory
from tests.factories.classes import BookingFactory
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sign_in: Any, dee: User) -> Client:
    browser: Client = sign_in(dee)
    return browser


@pytest.fixture(autouse=True)
def by_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("messaging.delivery.quiet_until", lambda at: None)


def by_post(programme: Programme, given: str = "Una", address: str = "1 Made Up Street\nAnytown\nAN1 1AA") -> Task:
    """Somebody who is told by post and has just booked; the task of their letter."""
    person = PersonFactory(given_name=given, family_name="Written")
    ContactPointFactory(person=person, channel="post", value=address, preferred=True)
    booking = BookingFactory(participant=ParticipantFactory(person=person, programme=programme))
    notices.booking_confirmed(booking, person)
    deliver_due()
    return Task.objects.get(about=person)


def call_off(task: Task) -> None:
    """The place has ended, and the message was not taken back: only asking its owner finds it out."""
    booking = Participant.objects.get(person=task.about).bookings.get()
    type(booking).objects.filter(pk=booking.pk).update(state=BookingState.CANCELLED, ended_at=task.due_at)


def text_of(answer: Any) -> str:
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_task_leads_to_a_letter_with_the_words_of_the_message(desk, dee, programme):
    task = by_post(programme)
    assert "Open the letter (PDF)" in desk.get(f"/desk/tasks/{task.pk}/").content.decode()
    answer = desk.get(f"/desk/tasks/{task.pk}/letter/")
    said = text_of(answer)
    assert "Una Written" in said and "1 Made Up Street" in said and "Your place is booked." in said
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith('inline; filename="letter-2')
    assert "Una" not in answer["Content-Disposition"]
    assert AccessLog.objects.filter(target=task.about, what="letter", by=dee.person).count() == 1


def test_a_letter_is_as_large_as_the_person_reads(desk, programme, monkeypatch):
    task = by_post(programme)
    sizes = []
    monkeypatch.setattr("frontend.views.desk.letters.draw_letter", lambda one: sizes.append(one.size) or b"%PDF")
    desk.get(f"/desk/tasks/{task.pk}/letter/")
    AccessNeed.objects.create(
        person=task.about, kind="large_print", detail="24 point", recorded_by=task.about, review_on="2030-01-01"
    )
    desk.get(f"/desk/tasks/{task.pk}/letter/")
    assert sizes == [16, 24]


def test_what_is_not_wanted_any_more_is_not_printed(desk, programme):
    task = by_post(programme)
    call_off(task)
    answer = desk.get(f"/desk/tasks/{task.pk}/letter/")
    assert answer.status_code == 409
    assert "there is nothing left to tell" in answer.content.decode()
    assert not AccessLog.objects.filter(what="letter").exists()


def test_who_has_no_address_is_named_on_the_task_and_not_written_to(desk, programme):
    task = by_post(programme)
    task.about.contact_points.update(channel="phone", value="+441632960222")
    sheet = desk.get(f"/desk/tasks/{task.pk}/").content.decode()
    assert "No postal address is noted" in sheet and "Open the letter" not in sheet
    answer = desk.get(f"/desk/tasks/{task.pk}/letter/")
    assert answer.status_code == 409 and "no postal address is noted" in answer.content.decode()


def test_what_cannot_be_printed_is_written_by_hand(desk, programme):
    task = by_post(programme)
    Person.objects.filter(pk=task.about_id).update(given_name="日本")
    assert "Write it by hand" in desk.get(f"/desk/tasks/{task.pk}/letter/").content.decode()


def test_all_letters_that_wait_are_printed_together_and_noted_as_posted(desk, dee, programme):
    una, ugo = by_post(programme), by_post(programme, "Ugo")
    page = desk.get("/desk/letters/").content.decode()
    assert page.count('type="checkbox"') == page.count("checked") == 2
    printed = desk.post("/desk/letters/", {"letters": [una.pk, ugo.pk], "do": "print"})
    said = text_of(printed)
    assert "Una Written" in said and "Ugo Written" in said and said.count("Page 1 of") == 2
    assert AccessLog.objects.filter(what="letter", by=dee.person).count() == 2
    assert set(Task.objects.values_list("state", flat=True)) == {TaskState.OPEN}
    desk.post("/desk/letters/", {"letters": [una.pk], "do": "posted"})
    una.refresh_from_db()
    ugo.refresh_from_db()
    assert (una.state, una.outcome, ugo.state) == (TaskState.DONE, "posted", TaskState.OPEN)
    assert una.attempts.get().by == dee.person and una.closed_at is not None
    assert Message.objects.get(pk=una.subject_id).state == MessageState.DELIVERED


def test_a_print_of_several_leaves_out_nobody_in_silence(desk, programme):
    una, ugo, uli = (by_post(programme, given) for given in ("Una", "Ugo", "Uli"))
    chosen = {"letters": [una.pk, ugo.pk, uli.pk], "do": "print"}
    call_off(ugo)
    answer = desk.post("/desk/letters/", chosen)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert (
        "Ugo Written: Place booked: there is nothing left to tell" in page and "Una Written: Place booked:" not in page
    )
    Person.objects.filter(pk=uli.about_id).update(given_name="日本")
    answer = desk.post("/desk/letters/", {"letters": [una.pk, uli.pk], "do": "print"})
    assert answer.status_code == 409 and "has to be written by hand" in answer.content.decode()
    assert not AccessLog.objects.filter(what="letter").exists()


def test_who_has_no_address_is_not_ticked(desk, programme):
    task = by_post(programme)
    task.about.contact_points.update(channel="phone", value="+441632960222")
    page = desk.get("/desk/letters/").content.decode()
    assert "No postal address is noted" in page and "checked" not in page


def test_a_letter_that_somebody_closed_meanwhile_stays_as_it_is(desk, programme, monkeypatch):
    task = by_post(programme)

    def closed_meanwhile(*, task: Task, **_: Any) -> None:
        raise TaskIsClosed(task)

    monkeypatch.setattr("frontend.views.desk.letters.close_task", closed_meanwhile)
    page = desk.post("/desk/letters/", {"letters": [task.pk], "do": "posted"}, follow=True).content.decode()
    assert "this task was closed before" in page and "No letters noted as posted" in page


def test_nothing_ticked_asks_for_a_letter_and_nothing_waiting_says_so(desk, programme):
    assert "No letters wait to be posted" in desk.get("/desk/letters/").content.decode()
    by_post(programme)
    assert desk.post("/desk/letters/", {"do": "print"}).status_code == 422


def test_a_letter_of_another_programme_is_nobody_s_here(desk, dee, programme):
    task = by_post(programme)
    Task.objects.filter(pk=task.pk).update(programme=ParticipantFactory().programme)
    assert desk.get(f"/desk/tasks/{task.pk}/letter/").status_code == 404
    assert "No letters wait" in desk.get("/desk/letters/").content.decode()
