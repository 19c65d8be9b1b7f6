"""Codes and links to sign in, and word of a new way in, by email or text: left by the page, sent by the worker at once.

Here: the adapter that the sign-in pages ask (settings.ACCOUNT_ADAPTER), and the work. Not here: the code itself, and
how often one may ask (accounts/entrance*.py); messages that are kept (outbox.py): a code is worth nothing in a quarter
of an hour, so it is no message of the record, waits for no morning, and lies nowhere when it is sent.

Whether somebody is known shows nowhere, by what a page says or by how long it takes: it leaves the same job behind
for every address, and drawing the words and reaching a mail server are the worker's. An unknown mailbox gets a letter
that says so; an unknown number gets nothing: a text to anybody whose number is typed would cost money and could be
used to pester them.
"""

from __future__ import annotations

import json
import smtplib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from allauth.core import context as allauth
from allauth.core import ratelimit
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.addresses import is_number
from accounts.entrance import NEW_WAY_IN, AccountAdapter
from accounts.fields import decrypt, encrypt
from accounts.password_links import FORGOTTEN
from messaging.outgoing import NoSuchAddress, Outgoing
from messaging.senders import send_email, text_gateway
from messaging.words import Words

log = structlog.get_logger(__name__)

SEND_JOB: Final = "messaging.tasks.send_sign_in_code"
LETTER_JOB: Final = "messaging.tasks.send_sign_in_letter"
GOOD_FOR: Final = timedelta(minutes=15)  # as long as the code (settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
NEEDED: Final = {"code": GOOD_FOR, "password_reset_url": FORGOTTEN}  # what letters open, and how long that is good
WORDS: Final = (
    "Your code to sign in to SafeFit is {code}. It works for 15 minutes. "
    "We never ask for it. If you did not ask for it, you need do nothing."
)
NEW_WAY_IN_WORDS: Final = "How you sign in to SafeFit has changed. If that was not you, phone us at once: {phone}."


class EntranceByWorker(AccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """To a telephone goes a sentence or two; a number that nobody signs in with gets nothing."""
        if is_number(email):
            _leave_for_worker(email, _in_short(template_prefix, context))
        else:
            leave_letter(template_prefix, email, context)


# --- letters -----------------------------------------------------------------


def leave_letter(template_prefix: str, email: str, context: Mapping[str, Any]) -> None:
    """The same work for every address: which words it gets is in what is sealed."""
    app.configure_task(name=LETTER_JOB).defer(sealed=sealed_letter(template_prefix, email, context))


def sealed_letter(template_prefix: str, email: str, context: Mapping[str, Any]) -> str:
    return _sealed(email, template_prefix, {name: str(context[name]) for name in NEEDED if name in context})


def send_letter(sealed: str) -> None:
    """What the page left, as plain text. Raises what the mail server meets; not for a mailbox that there is not."""
    email, template_prefix, needed, asked_at = json.loads(decrypt(sealed))
    age = timezone.now() - datetime.fromisoformat(asked_at)
    if any(age > NEEDED[name] for name in needed):
        return
    words = Words(subject=_drawn(template_prefix, "subject", needed), body=_drawn(template_prefix, "message", needed))
    try:
        send_email(Outgoing(email, f"sign-in:{sealed}", words))
    except (ValidationError, smtplib.SMTPRecipientsRefused):
        log.warning("sign_in_letter_refused")


def _drawn(template_prefix: str, part: str, needed: Mapping[str, str]) -> str:
    ours = {"public_url": settings.PUBLIC_URL, "phone": settings.PHONE, "phone_hours": settings.PHONE_HOURS}
    return render_to_string(f"{template_prefix}_{part}.txt", {**ours, **needed}).strip()


# --- texts -------------------------------------------------------------------


def _in_short(template_prefix: str, context: dict[str, Any]) -> str:
    if template_prefix == NEW_WAY_IN:
        return NEW_WAY_IN_WORDS.format(phone=settings.PHONE)
    return WORDS.format(code=context["code"]) if context.get("code") else ""


def _leave_for_worker(number: str, said: str) -> None:
    """The same work for every number. `said` is "" for one that nobody signs in with."""
    within = ratelimit.consume(allauth.request, action="text_login_codes", key="sent" if said else "not sent")
    if not within:
        log.error("too_many_sign_in_texts")  # the page says the same, and whom to call
    app.configure_task(name=SEND_JOB).defer(sealed=_sealed(number, said if within else ""))


def send_code(sealed: str, *, again: bool) -> None:
    """What the page left. Raises what the carrier meets, and is then done `again`; not for what never arrives."""
    number, said, asked_at = json.loads(decrypt(sealed))
    gateway = text_gateway()
    if not said or gateway is None or timezone.now() - datetime.fromisoformat(asked_at) > GOOD_FOR:
        return
    try:
        gateway.send(Outgoing(number, f"sign-in:{sealed}", Words(subject="", body=said), again=again))
    except (NoSuchAddress, ValidationError):
        log.warning("sign_in_text_refused")


def _sealed(*note: Any) -> str:
    """Because it lies in a table until the worker takes it; with the moment, after which it runs out."""
    return encrypt(json.dumps([*note, timezone.now().isoformat()]))
