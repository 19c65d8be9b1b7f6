"""A word to everybody of a class through the API: looked at first, sent once, and how many know."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from classes.models import BookingState, ClassNote, Session
from instructors.models import Instructor
from messaging.delivery import deliver_due
from messaging.models import Message
from participants.models import Participant
from tests.factories.classes import BookingFactory, SessionFactory

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2027, 2, 3, 12, 0, tzinfo=dt.UTC)
WORD = {"about": "bring", "words": "Please bring a coat, the hall is cold."}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def session(clock: Any, ines: Instructor, pat: Participant, quinn: Participant) -> Session:
    """Pat has a place, Quinn waits."""
    made: Session = SessionFactory(programme=ines.programme, leader=ines, starts_at=NOON + dt.timedelta(days=3))
    BookingFactory(session=made, participant=pat)
    BookingFactory(session=made, participant=quinn, state=BookingState.WAITING)
    return made


@pytest.fixture
def send(session: Session, ines: Instructor, sign_in: Any) -> Any:
    browser: Client = sign_in(ines.person.user)

    def send(key: str = "", step: str = "", **sent: Any) -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        address = f"/api/v1/sessions/{session.pk}/notes/{step}"
        return browser.post(address, WORD | sent, "application/json", headers=headers)

    return send


def test_it_is_looked_at_and_sent_once_to_everybody_with_a_place(
    send: Any, session: Session, dee: Any, sign_in: Any
) -> None:
    looked = send(step="preview/").json()
    assert (looked["people_told"], looked["by_way"], looked["leaves_at"]) == (1, {"email": 1}, None)
    assert WORD["words"] in looked["email"] and WORD["words"] in looked["text"] and "coat" not in looked["subject"]
    assert not ClassNote.objects.exists() and not Message.objects.exists()
    assert send(step="preview/", waiting_too=True).json()["people_told"] == 2
    first, again, other = send("k1"), send("k1"), send("k1", words="Bring two coats.")
    assert [one.status_code for one in (first, again, other)] == [201, 200, 422]
    assert first.json() == again.json() and first.json()["heard"]["queued"] == 1
    deliver_due()
    (note,) = sign_in(dee).get(f"/api/v1/sessions/{session.pk}/notes/").json()["notes"]
    assert (note["id"], note["heard"]["sent"], sum(note["heard"].values())) == (first.json()["id"], 1, 1)


def test_what_is_too_long_for_a_text_message_is_read_on_the_page_of_the_place(send: Any) -> None:
    words = "Please bring a warm coat, as the heating of the hall is being mended. " * 6
    looked = send(step="preview/", words=words.strip()).json()
    assert "heating" in looked["email"] and "heating" not in looked["text"]
    assert "(the page of their place)" in looked["text"]


@pytest.mark.parametrize(
    ("sent", "code", "found"),
    [
        ({"words": "After chemotherapy bring a coat."}, "not_to_be_said", {"telling": ["chemotherapy"]}),
        ({"words": "Join at https://meet.test/x"}, "not_to_be_said", {"links": ["https://meet.test/x"]}),
        ({"words": "Ask Pat for a coat."}, "look_again", {"names": ["Pat"]}),
        ({"words": "Call 01632 960777 about coats."}, "look_again", {"numbers": ["01632 960777"]}),
    ],
)
def test_words_that_say_too_much_are_refused_by_name(send: Any, sent: Any, code: str, found: Any) -> None:
    refused = send("k1", **sent)
    said = refused.json()
    assert (refused.status_code, said["code"]) == (409, code)
    assert {name: words for name, words in said["found"].items() if words} == found
    assert not Message.objects.exists()
    looked = send("k1", looked=True, **sent)  # nothing was kept under the key
    assert looked.status_code == (201 if code == "look_again" else 409)


def test_of_a_class_that_is_over_or_that_nobody_booked_there_is_nobody_to_tell(
    send: Any, session: Session, clock: time_machine.Traveller
) -> None:
    session.bookings.all().delete()
    assert send().json()["code"] == "nobody_to_tell"
    Session.objects.filter(pk=session.pk).update(
        starts_at=NOON - dt.timedelta(hours=2), ends_at=NOON - dt.timedelta(hours=1)
    )
    assert send().json()["code"] == "class_over"


def test_a_class_of_somebody_else_is_not_there(
    session: Session, ivor: Instructor, pat: Participant, sign_in: Any
) -> None:
    for user in (ivor.person.user, pat.person.user):
        assert sign_in(user).get(f"/api/v1/sessions/{session.pk}/notes/").status_code == 404
