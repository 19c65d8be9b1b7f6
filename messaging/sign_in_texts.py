"""Codes to sign in, by text message: handed to the worker by the page, sent by it at once.

Here: the adapter that the sign-in pages ask (settings.ACCOUNT_ADAPTER), and the work. Not here: the code itself, and
how often one may ask (accounts/entrance*.py); messages that are kept (outbox.py): a code is worth nothing in a quarter
of an hour, so it is no message of the record, waits for no morning, and lies nowhere when it is sent.

Whether a number is known shows nowhere: a request for one that nobody signs in with leaves the same job behind, which
sends nothing. A text to anybody whose number is typed would cost money and could be used to pester them.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from allauth.core import context as allauth
from allauth.core import ratelimit
from django.core.exceptions import ValidationError
from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.addresses import is_number
from accounts.entrance import AccountAdapter
from accounts.fields import decrypt, encrypt
from messaging.outgoing import NoSuchAddress, Outgoing
from messaging.senders import text_gateway
from messaging.words import Words

log = structlog.get_logger(__name__)

SEND_JOB: Final = "messaging.tasks.send_sign_in_code"
GOOD_FOR: Final = timedelta(minutes=15)  # as long as the code (settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
WORDS: Final = (
    "Your code to sign in to SafeFit is {code}. It works for 15 minutes. "
    "We never ask for it. If you did not ask for it, you need do nothing."
)


class EntranceWithTexts(AccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """To a telephone goes the code alone; a number that nobody signs in with gets nothing."""
        if is_number(email):
            _leave_for_worker(email, str(context.get("code", "")))
        else:
            super().send_mail(template_prefix, email, context)


def _leave_for_worker(number: str, code: str) -> None:
    """The same work for every number. `code` is "" for one that nobody signs in with."""
    within = ratelimit.consume(allauth.request, action="text_login_codes", key="sent" if code else "not sent")
    if not within:
        log.error("too_many_sign_in_texts")  # the page says the same, and whom to call
    note = [number, code if within else "", timezone.now().isoformat()]
    app.configure_task(name=SEND_JOB).defer(sealed=encrypt(json.dumps(note)))


def send_code(sealed: str, *, again: bool) -> None:
    """What the page left. Raises what the carrier meets, and is then done `again`; not for what never arrives."""
    number, code, asked_at = json.loads(decrypt(sealed))
    gateway = text_gateway()
    if not code or gateway is None or timezone.now() - datetime.fromisoformat(asked_at) > GOOD_FOR:
        return
    words = Words(subject="", body=WORDS.format(code=code))
    try:
        gateway.send(Outgoing(to=number, key=f"sign-in:{sealed}", words=words, again=again))
    except (NoSuchAddress, ValidationError):
        log.warning("sign_in_text_refused")
