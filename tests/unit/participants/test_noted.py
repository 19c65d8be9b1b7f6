"""What the desk noted goes to the person by their own way, to put right."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.core import mail

from messaging.delivery import deliver_due
from messaging.models import Message, MessageState, Task
from messaging.words import words_now
from participants.models import Participant
from participants.registering import intake
from tests.factories.registering import HEALTH

pytestmark = pytest.mark.django_db
PHONE = {"email": "", "phone": "+441632960222", "may_leave_message": True}
NEVER = ("cancer", "surgery", "health", "1958", "Emer", "960111", "Dorset", "quiet room", "braille")


@pytest.fixture(autouse=True)
def by_day(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    with time_machine.travel("2027-02-03 12:00:00Z", tick=False):
        yield


@pytest.fixture
def at_desk(draft: Any, dee: Any) -> Any:
    """Registered by Dee, with the answers that are passed."""

    def register(**answers: Any) -> Participant:
        registration = draft(by=dee.person, source="desk", **answers)
        return intake.submit_registration(registration=registration, by=dee.person)

    return register


def emails() -> list[Any]:
    deliver_due()
    return [message for message in mail.outbox if message.subject == "Your SafeFit registration"]


def task(kind: str) -> Task:
    """What the desk is asked to do with the message instead."""
    assert emails() == []
    message = Message.objects.get(kind="registered")
    assert message.state == MessageState.WITH_DESK
    return Task.objects.get(kind=kind, subject_id=message.pk)


def sheet(task: Task) -> str:
    words = words_now(Message.objects.get(pk=task.subject_id))
    assert words is not None
    return words.body


def test_who_has_email_reads_what_was_noted_and_whom_to_call(at_desk: Any) -> None:
    participant = at_desk(
        known_as="Joey", phone="+441632960222", needs=["large_print", "other"], need_other="a quiet room"
    )
    (sent,) = emails()
    assert sent.recipients() == ["jo@example.org"]
    for words in (
        participant.reference,
        "Name: Jo Invented\nWe call you: Joey\nEmail: jo@example.org (you like this best)\nPhone call: ends in 222\n",
        "2 things noted\n",
        "Is something not right? Call us to put it right.",
    ):
        assert words in sent.body
    assert not [word for word in NEVER if word.lower() in (sent.subject + sent.body).lower()]


def test_who_has_only_a_telephone_is_called_and_hears_all_of_it(at_desk: Any) -> None:
    participant = at_desk(**PHONE)
    call = task("call")
    assert call.about == participant.person
    body = sheet(call)
    assert "Name: Jo Invented" in body and "Phone call: 01632 960222" in body and "take part: nothing noted" in body
    assert "You can book now. Call us" in body and "Sign in" not in body and "email" not in body.lower()


def test_who_likes_letters_best_is_written_a_letter(at_desk: Any) -> None:
    at_desk(email="", address="1 Made Up Street\nPoole\nBH15 1AA")
    assert "Letter: 1 Made Up Street\nPoole\nBH15 1AA\n" in sheet(task("letter"))


def test_an_email_shows_only_how_the_other_ways_end(at_desk: Any) -> None:
    at_desk(mobile="+447700900333", address="1 Made Up Street, Poole, BH15 1AA", preferred="email")
    body = emails()[0].body
    assert "Text message (SMS): ends in 333\n" in body and "Letter: ends in BH15 1AA\n" in body
    assert "Made Up" not in body and "900333" not in body


def test_who_registers_alone_has_read_it_over_and_hears_what_happens_next(draft: Any) -> None:
    intake.submit_registration(registration=draft())
    (sent,) = emails()
    assert "What we noted" not in sent.body
    assert "Sign in with what you gave us, or call us" in sent.body


def test_who_gives_an_address_that_signs_somebody_else_in_reads_what_everybody_reads(draft: Any) -> None:
    for name in ("Jo", "Al"):
        intake.submit_registration(registration=draft(given_name=name))
    assert ["Sign in with what you gave us, or call us" in message.body for message in emails()] == [True, True]


def test_who_waits_for_a_review_is_told_until_when(at_desk: Any) -> None:
    at_desk(health=HEALTH | {"surgery": "yes"})
    (sent,) = emails()
    assert "We will be in touch by" in sent.body and "What we noted" in sent.body


def test_whom_written_english_does_not_reach_is_never_sent_an_email(at_desk: Any) -> None:
    at_desk(needs=["audio"], phone="+441632960222", preferred="email")
    assert "What we noted" in sheet(task("format_wanted"))
