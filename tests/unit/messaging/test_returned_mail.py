"""A mail server writes back about an email that it had taken: what is read of it, and what follows."""

from __future__ import annotations

import io
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError

from accounts.models import ContactPoint
from messaging.delivery import deliver_due
from messaging.management.commands import read_bounce
from messaging.models import Bounce, Message, MessageState, Step, Task
from messaging.returned_mail import MOST_BYTES, MOST_PARTS, Notification, Unreadable, read_notification
from messaging.senders import message_id
from tests.unit.messaging.conftest import reachable

OURS, DOMAIN = "0123456789abcdef0123456789abcdef", "safefit.example"
NAME = f"<{OURS}@{DOMAIN}>"
NOBODY = Notification(frozenset({OURS}), failed=True, nobody_there=True)
CAME_BACK = Notification(frozenset({OURS}), failed=True, nobody_there=False)
LATE = Notification(frozenset({OURS}), failed=False, nobody_there=False)

RECIPIENT = "Final-Recipient: rfc822; una@example.org"
WHOLE = f"""Content-Type: message/rfc822

From: SafeFit <desk@safefit.example>
To: una@example.org
Subject: Your class
Message-ID: {NAME}

Hello Una
"""
HEADERS = f"""Content-Type: text/rfc822-headers

Subject: Your class
Message-ID: {NAME}
"""


def report(*fields: str, of_message: str = "Reporting-MTA: dns; mail.example.net", returned: str = WHOLE) -> str:
    """A notification, with the fields that it has of one recipient."""
    parts = [
        "Content-Type: text/plain\n\nWe are sorry.\n",
        f"Content-Type: message/delivery-status\n\n{of_message}\n\n{RECIPIENT}\n" + "\n".join(fields) + "\n",
        *([returned] if returned else []),
    ]
    return mail("multipart/report; report-type=delivery-status", *parts)


def mail(kind: str, *parts: str, edge: str = "edge") -> str:
    body = "".join(f"\n--{edge}\n{part}" for part in parts)
    return f'From: mail@example.net\nMIME-Version: 1.0\nContent-Type: {kind}; boundary="{edge}"\n{body}\n--{edge}--\n'


def inner(text: str) -> str:
    """The same as a part of another mail."""
    return text.partition("MIME-Version: 1.0\n")[2]


SMTP = "Diagnostic-Code: smtp;"
SAYS = {
    "nobody, by its status": (("Action: failed", "Status: 5.1.1"), NOBODY),
    "no such domain": (("Action: failed", "Status: 5.1.2"), NOBODY),
    "moved away": (("Action: failed", "Status: 5.1.6"), NOBODY),
    "takes no mail at all": (("Action: failed", "Status: 5.1.10"), NOBODY),
    "a status with a remark": (("Action: failed", "Status: 5.1.1 (bad destination)"), NOBODY),
    "in capitals": (("ACTION: FAILED", "STATUS: 5.1.1"), NOBODY),
    "the mailbox is full": (("Action: failed", "Status: 5.2.2"), CAME_BACK),
    "a full mailbox in words that name a user": (
        ("Action: failed", "Status: 5.2.2", f"{SMTP} 552 5.2.2 user unknown to have space"),
        CAME_BACK,
    ),
    "about us": (("Action: failed", "Status: 5.7.1", f"{SMTP} 550 5.7.1 unknown user may not send"), CAME_BACK),
    "the sender is wrong": (("Action: failed", "Status: 5.1.8"), CAME_BACK),
    "gave up after days": (("Action: failed", "Status: 4.4.7"), CAME_BACK),
    "given up, in words": (("Action: failed", "Status: 4.4.1", f"{SMTP} 451 user unknown for now"), CAME_BACK),
    "no code, plain words": (("Action: failed", f"{SMTP} 550 No such user here"), NOBODY),
    "no code, a code in the words": (("Action: failed", f"{SMTP} 550 5.1.1 <una@example.org> nobody"), NOBODY),
    "no code, folded words": (("Action: failed", f"{SMTP} 550-5.1.1 The account\n does not exist"), NOBODY),
    "no code, no words": (("Action: failed",), CAME_BACK),
    "no code, other words": (("Action: failed", f"{SMTP} 554 listed by a list"), CAME_BACK),
    "a code that says nothing, and words": (
        ("Action: failed", "Status: 5.0.0", f"{SMTP} 550 User unknown in virtual table"),
        NOBODY,
    ),
    "a code that says nothing": (("Action: failed", "Status: 5.0.0"), CAME_BACK),
    "a code that is none": (("Action: failed", "Status: soon", f"{SMTP} 550 unknown recipient"), NOBODY),
    "words of no protocol": (("Action: failed", "Diagnostic-Code: x-local; mailbox not found"), NOBODY),
    "late": (("Action: delayed", "Status: 4.4.1"), LATE),
    "late, whatever the code says": (("Action: delayed", "Status: 5.1.1"), LATE),
    "delivered": (("Action: delivered", "Status: 2.1.5"), LATE),
    "handed on": (("Action: relayed", "Status: 2.1.9"), LATE),
    "no action": (("Status: 5.1.1",), LATE),
}


def read(text: str) -> Notification:
    return read_notification(text.encode(), domain=DOMAIN)


@pytest.mark.parametrize("name", SAYS)
def test_what_a_notification_says_is_read(name: str) -> None:
    fields, expected = SAYS[name]
    assert read(report(*fields)) == expected


FAILED = ("Action: failed", "Status: 5.1.1")
FOUND = {
    "headers alone": report(*FAILED, returned=HEADERS),
    "by the name in the envelope": report(
        *FAILED, of_message=f"Original-Envelope-Id: {OURS}@{DOMAIN}\nReporting-MTA: dns; x", returned=""
    ),
    "inside another mail": mail("multipart/mixed", inner(report(*FAILED)), edge="outer"),
    "two levels down": mail(
        "multipart/mixed", inner(mail("multipart/alternative", inner(report(*FAILED)), edge="b")), edge="a"
    ),
    "with lines as they travel": report(*FAILED).replace("\n", "\r\n"),
    "of two recipients one": report(*FAILED, "", "Final-Recipient: rfc822; b@example.org", "Action: delivered"),
    "our domain in capitals": report(*FAILED).replace(f"@{DOMAIN}", f"@{DOMAIN.upper()}"),
}


@pytest.mark.parametrize("name", FOUND)
def test_our_message_is_found_wherever_it_is_named(name: str) -> None:
    assert read(FOUND[name]) == NOBODY


@pytest.mark.parametrize(
    "text",
    [
        report(*FAILED, returned=""),
        report(*FAILED).replace(NAME, "<12345@elsewhere.example>"),
        report(*FAILED).replace(f"@{DOMAIN}", "@safefit.example.net"),
        report(*FAILED).replace(OURS, "not-a-name-of-ours"),
        report(*FAILED).replace(NAME, f"{NAME} and more"),
        f"Message-ID: {NAME}\n" + report(*FAILED, returned=""),  # the notification's own name is not what it is about
    ],
)
def test_what_is_not_about_a_message_of_ours_names_none(text: str) -> None:
    assert read(text).names == frozenset()


DEEP = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(3000))
NO_NOTIFICATION = {
    "nothing": b"",
    "only space": b" \n\n",
    "garbage": bytes(range(256)) * 40,
    "a reply by hand": b"From: una@example.org\nSubject: Re: Your class\n\nThank you, I am coming.\n",
    "a receipt for reading": mail("multipart/report; report-type=disposition-notification", HEADERS).encode(),
    "cut off before it says anything": report(*FAILED).partition("Content-Type: message/del")[0].encode(),
    "too long": report(*FAILED).encode() + b"x" * MOST_BYTES,
    "too many parts": mail("multipart/mixed", *["Content-Type: text/plain\n\nx\n"] * (MOST_PARTS + 1)).encode(),
    "thousands of levels": DEEP.encode(),
}


@pytest.mark.parametrize("name", NO_NOTIFICATION)
def test_what_is_no_notification_is_refused_whatever_it_is(name: str) -> None:
    with pytest.raises(Unreadable):
        read_notification(NO_NOTIFICATION[name], domain=DOMAIN)


@pytest.mark.parametrize(
    "body", ["not a field at all", "Action", "\x00\x01: failed", "Action: =?utf-8?q?failed", "Status: 5.1.1\n\n\n\n"]
)
def test_a_report_with_nonsense_in_it_says_nothing_or_is_refused(body: str) -> None:
    try:
        assert not read(report(body)).failed
    except Unreadable:
        pass


def test_half_a_notification_is_read_as_far_as_it_goes() -> None:
    assert read(report(*FAILED).partition("--edge\nContent-Type: message/rfc822")[0]).names == frozenset()


# --- the command -------------------------------------------------------------

MAIL, PHONE = ("email", "una@example.org"), ("phone", "+441632960222")


def piped(monkeypatch: pytest.MonkeyPatch, content: bytes) -> int:
    """What the command ends with."""
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))
    try:
        call_command("read_bounce")
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def about(message: Message, *fields: str) -> bytes:
    return report(*fields).replace(NAME, message_id(message.dedupe_key)).encode()


def sent(queue: Any, *ways: tuple[str, str], key: str = "k") -> Message:
    queue(reachable(*ways), key=key)
    deliver_due()
    message = Message.objects.get(dedupe_key=key)
    assert message.state == MessageState.SENT and message.ask_at is None
    return message


@pytest.mark.django_db
@pytest.mark.usefixtures("noon", "right_clock")
def test_the_person_is_told_another_way_and_the_address_counts(queue: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    message = sent(queue, MAIL, PHONE)
    assert piped(monkeypatch, about(message, *FAILED)) == 0
    message.refresh_from_db()
    assert message.state == MessageState.FAILED and Task.objects.get().kind == "not_reached"
    assert Bounce.objects.get().point.value == MAIL[1]
    assert message.steps.filter(what=Step.CAME_BACK).exists()
    assert piped(monkeypatch, about(message, *FAILED)) == 0  # told twice
    assert Bounce.objects.count() == Task.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("noon", "right_clock")
def test_after_the_second_the_address_is_set_aside(queue: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    person = reachable(MAIL, PHONE)
    for key in ("one", "two"):
        queue(person, key=key)
    deliver_due()
    for message in Message.objects.all():
        assert piped(monkeypatch, about(message, *FAILED)) == 0
    assert ContactPoint.objects.get(value=MAIL[1]).failed_at is not None
    assert Task.objects.filter(kind="way_failed").count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("noon", "right_clock")
def test_a_full_mailbox_comes_back_and_counts_against_no_address(queue: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    message = sent(queue, MAIL)
    assert piped(monkeypatch, about(message, "Action: failed", "Status: 5.2.2")) == 0
    message.refresh_from_db()
    assert message.state == MessageState.FAILED and not Bounce.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("noon", "right_clock")
def test_what_is_late_or_not_ours_changes_nothing_and_nothing_of_it_is_said(
    queue: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    message = sent(queue, MAIL)
    for content in (about(message, "Action: delayed", "Status: 4.4.1"), report(*FAILED).encode()):
        assert piped(monkeypatch, content) == 0
    assert piped(monkeypatch, b"Hello, this is Una") == 65
    message.refresh_from_db()
    assert message.state == MessageState.SENT
    told = "".join(capsys.readouterr()) + caplog.text
    assert not any(word in told for word in ("una", "Una", OURS, DOMAIN))


@pytest.mark.django_db
def test_while_the_database_is_away_the_server_tries_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**facts: object) -> bool:
        raise OperationalError

    monkeypatch.setattr(read_bounce, "settle", away)
    monkeypatch.setattr(read_bounce, "parseaddr", lambda given: ("", f"desk@{DOMAIN}"))
    assert piped(monkeypatch, report(*FAILED).encode()) == 75
