"""Codes to sign in, and word of a new way in, by text message: handed to the worker by the page, sent by it at once.

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
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.addresses import is_number
from accounts.entrance import NEW_WAY_IN, AccountAdapter
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
NEW_WAY_IN_WORDS: Final = "How you sign in to SafeFit has changed. If that was not you, phone us at once: {phone}."


class EntranceWithTexts(AccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """To a telephone goes a sentence or two; a number that nobody signs in with gets nothing."""
        if is_number(email):
            _leave_for_worker(email, _in_short(template_prefix, context))
        else:
            super().send_mail(template_prefix, email, context)


def _in_short(template_prefix: str, context: dict[str, Any]) -> str:
    if template_prefix == NEW_WAY_IN:
        return NEW_WAY_IN_WORDS.format(phone=settings.PHONE)
    return WORDS.format(code=context["code"]) if context.get("code") else ""


def _leave_for_worker(number: str, said: str) -> None:
    """The same work for every number. `said` is "" for one that nobody signs in with."""
    within = ratelimit.consume(allauth.request, action="text_login_codes", key="sent" if said else "not sent")
    if not within:
        log.error("too_many_sign_in_texts")  # the page says the same, and whom to call
    note = [number, said if within else "", timezone.now().isoformat()]
    app.configure_task(name=SEND_JOB).defer(sealed=encrypt(json.dumps(note)))


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
