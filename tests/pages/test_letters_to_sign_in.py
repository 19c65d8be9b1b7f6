"""A code or a link by email: the page leaves it to the worker, whoever asks, who sends it while it is good."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.testing import InMemoryConnector

from accounts.entrance import NEW_WAY_IN
from accounts.models import User
from accounts.password_links import FORGOTTEN
from messaging import sign_in_codes, tasks
from messaging.sign_in_codes import GOOD_FOR, LETTER_JOB, leave_letter, sealed_letter, send_letter
from participants.models import Participant

pytestmark = pytest.mark.django_db

CODE, FORGOTTEN_PAGE = "/account/sign-in/", "/account/password/forgotten/"
CODE_LETTER, LINK_LETTER = "account/email/login_code", "account/email/password_reset_key"
SOMEBODY, NOBODY = "pat@example.org", "nobody.here@example.org"


@pytest.fixture(autouse=True)
def queue(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemoryConnector]:
    monkeypatch.setattr(sign_in_codes, "leave_letter", leave_letter)  # other tests have it sent at once
    monkeypatch.setattr(tasks, "require_a_right_clock", lambda: None)
    with app.replace_connector(InMemoryConnector()) as replaced:
        yield replaced.connector


def work(queue: InMemoryConnector) -> None:
    for job in queue.jobs.values():
        tasks.send_sign_in_letter.func(SimpleNamespace(), **job["args"])


@pytest.mark.parametrize(("page", "known"), [(CODE, SOMEBODY), (FORGOTTEN_PAGE, "dee@example.org")])
def test_the_page_does_the_same_for_whoever_is_known_and_whoever_is_not(
    pat: Participant, dee: User, queue: InMemoryConnector, page: str, known: str
) -> None:
    TOTP.activate(dee, generate_totp_secret())
    for address in (known, NOBODY):
        assert Client().post(page, {"email": address}).status_code == 302
    assert mail.outbox == [], "what reaches a mail server takes time that tells"
    assert [(job["task_name"], [*job["args"]]) for job in queue.jobs.values()] == [(LETTER_JOB, ["sealed"])] * 2
    assert not any(address in str(queue.jobs) for address in (known, NOBODY))
    work(queue)
    assert [message.to for message in mail.outbox] == [[known], [NOBODY]]


def test_the_code_that_the_worker_sent_opens_the_login(
    client: Client, pat: Participant, queue: InMemoryConnector
) -> None:
    client.post(CODE, {"email": SOMEBODY})
    work(queue)
    (letter,) = mail.outbox
    assert letter.subject == "Your code to sign in to SafeFit" and settings.PHONE in letter.body
    code = re.search(r"\b\d{6}\b", str(letter.body))
    assert code
    client.post("/account/sign-in/code/", {"code": code[0]})
    assert client.session["_auth_user_id"] == str(pat.person.user.pk)


def test_a_letter_that_is_sent_twice_is_one_in_a_mailbox() -> None:
    sealed = sealed_letter(CODE_LETTER, SOMEBODY, {"code": "123456", "request": object()})
    for _ in range(2):
        send_letter(sealed)
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]


@pytest.mark.parametrize(
    ("template", "context", "good_for"),
    [
        (CODE_LETTER, {"code": "123456"}, GOOD_FOR),
        (LINK_LETTER, {"password_reset_url": "https://safefit.example/x/"}, FORGOTTEN),
        (NEW_WAY_IN, {}, timedelta(days=1000)),
    ],
)
def test_what_opens_nothing_any_more_is_not_sent(template: str, context: dict[str, Any], good_for: timedelta) -> None:
    sealed = sealed_letter(template, SOMEBODY, context)
    with time_machine.travel(timezone.now() + good_for - timedelta(seconds=5)):
        send_letter(sealed)
    assert len(mail.outbox) == 1
    with time_machine.travel(timezone.now() + good_for + timedelta(seconds=5)):
        send_letter(sealed)
    assert len(mail.outbox) == (1 if context else 2)


def raising(error: Exception) -> Callable[..., int]:
    def send(*_: Any) -> int:
        raise error

    return send


def test_a_mail_server_that_is_down_is_tried_again_and_a_mailbox_that_is_not_there_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sealed = sealed_letter(CODE_LETTER, SOMEBODY, {"code": "123456"})
    monkeypatch.setattr(mail.EmailMessage, "send", raising(ConnectionRefusedError()))
    with pytest.raises(ConnectionRefusedError):
        send_letter(sealed)
    assert tasks.send_sign_in_letter.retry_strategy.max_attempts > 1
    monkeypatch.setattr(mail.EmailMessage, "send", raising(smtplib.SMTPRecipientsRefused({SOMEBODY: (550, b"no")})))
    send_letter(sealed)
