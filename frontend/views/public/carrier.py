"""Where whoever carries our text messages tells us of them: /carrier/texts/ and /carrier/receipts/.

Here: who may (a token in the header, of SAFEFIT_NOTIFY_CALLBACK_TOKEN), and the shape that GOV.UK Notify
sends. Not here: what a text does (classes/text_replies.py), what a receipt does (messaging/receipts.py).
A program calls, not a browser: no session and no form token. Without the setting nothing is here.
Neither a number nor a word of a text gets into the log.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import wraps
from hmac import compare_digest
from typing import Any

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.signin import public_page
from classes.text_replies import receive_text
from messaging.notify_states import became
from messaging.receipts import settle

log = structlog.get_logger(__name__)

MOST_BYTES = 16 * 1024
LONGEST = {"id": 64, "source_number": 20, "message": 2000, "status": 40}


class NotUnderstood(Exception):
    """What was sent is not what a carrier sends."""


def from_carrier(view: Callable[[dict[str, Any]], None]) -> Callable[[HttpRequest], HttpResponse]:
    """Let `view` have what a carrier tells, once it has shown its token: 404, 401, 413, 400, or 204."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        token = settings.NOTIFY_CALLBACK_TOKEN
        if not token:
            raise Http404
        shown = request.headers.get("Authorization", "")
        if not compare_digest(shown.encode(), f"Bearer {token}".encode()):
            return HttpResponse("This address needs a token.", status=401, content_type="text/plain")
        if len(request.body) > MOST_BYTES:
            return HttpResponse("That is too long.", status=413, content_type="text/plain")
        try:
            view(_read(request.body))
        except NotUnderstood:
            return HttpResponse("That was not understood.", status=400, content_type="text/plain")
        return HttpResponse(status=204)

    return csrf_exempt(never_cache(require_POST(public_page(answer))))


@from_carrier
def received_text(told: dict[str, Any]) -> None:
    number = _said(told, "source_number")
    text = receive_text(
        carrier_id=_said(told, "id"),
        number=f"+{number}" if re.fullmatch(r"[1-9]\d{6,14}", number) else number,
        words=_said(told, "message"),
    )
    log.info("text_received", text_id=text.pk, became=text.became)


@from_carrier
def receipt(told: dict[str, Any]) -> None:
    settle(sent_as=_said(told, "id"), became=became(_said(told, "status")))


def _read(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except ValueError:
        raise NotUnderstood from None
    if not isinstance(told, dict):
        raise NotUnderstood
    return told


def _said(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or len(value) > LONGEST[name] or "\x00" in value or (not value and name != "message"):
        raise NotUnderstood
    return value.encode(errors="replace").decode()  # half of a pair of escapes is no letter


urlpatterns = [
    path("carrier/texts/", received_text, name="received_text"),
    path("carrier/receipts/", receipt, name="text_receipt"),
]
