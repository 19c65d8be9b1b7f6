"""What a carrier of texts tells us, and the desk that reads what people wrote."""

from __future__ import annotations

import json
from typing import Any

import pytest
import structlog
from django.test import Client
from django.utils import timezone

from messaging.models import Message, MessageState, ReceivedText, Task
from tests.factories.accounts import ContactPointFactory

pytestmark = pytest.mark.django_db

TOKEN = "0123456789abcdefghijklmnopqrstuvwxyz"
TEXT = {"id": "a1", "source_number": "447700900111", "destination_number": "0", "message": "Can I bring my sister?"}
RECEIPT = {"id": "n1", "reference": "r", "to": "447700900111", "status": "delivered", "notification_type": "sms"}


@pytest.fixture(autouse=True)
def open_to_a_carrier(settings: Any) -> None:
    settings.NOTIFY_CALLBACK_TOKEN = TOKEN


def tell(path: str, told: Any, token: str = TOKEN) -> Any:
    body = told if isinstance(told, str) else json.dumps(told)
    browser = Client(enforce_csrf_checks=True)
    return browser.post(path, body, content_type="application/json", headers={"Authorization": f"Bearer {token}"})


def test_a_text_is_kept_once_and_read_at_the_desk(pat: Any, dee: Any, sign_in: Any) -> None:
    ContactPointFactory(person=pat.person, channel="text", value="+447700900111", preferred=False)
    with structlog.testing.capture_logs() as logs:
        assert tell("/carrier/texts/", TEXT).status_code == tell("/carrier/texts/", TEXT).status_code == 204
    kept = ReceivedText.objects.get()
    assert (kept.person, kept.number, kept.words) == (pat.person, "+447700900111", TEXT["message"])
    assert "447700900111" not in str(logs) and "sister" not in str(logs)
    desk = sign_in(dee)
    assert "Read a text message: Pat Example" in desk.get("/desk/?kind=text_received").content.decode()
    sheet = f"/desk/tasks/{Task.objects.get().pk}/"
    shown = desk.get(sheet).content.decode()
    assert "Can I bring my sister?" in shown and "07700 900111" in shown
    assert desk.post(sheet, {"outcome": "answered", "note": ""}).status_code == 302
    assert Task.objects.get().state == "done"


def test_a_strangers_text_names_nobody(pat: Any, dee: Any, sign_in: Any) -> None:  # pitfalls 41, 44
    tell("/carrier/texts/", TEXT | {"message": "<b>who</b> is this"})
    shown = sign_in(dee).get(f"/desk/tasks/{Task.objects.get().pk}/").content.decode()
    assert "&lt;b&gt;who" in shown and "noted for nobody, or for more than one person" in shown
    assert "Pat" not in shown


def test_a_sender_that_is_no_number_is_shown_as_it_came(pat: Any, dee: Any, sign_in: Any) -> None:
    tell("/carrier/texts/", TEXT | {"source_number": "GOVUK"})
    shown = sign_in(dee).get(f"/desk/tasks/{Task.objects.get().pk}/").content.decode()
    assert "<p>From GOVUK</p>" in shown and "tel:GOVUK" not in shown


def test_a_receipt_says_what_became_of_a_text(pat: Any) -> None:
    message = Message.objects.create(
        programme=pat.programme,
        person=pat.person,
        kind="registered",
        channel="text",
        state=MessageState.SENT,
        sent_as="n1",
        finished_at=timezone.now(),
        dedupe_key="n1",
    )
    assert tell("/carrier/receipts/", RECEIPT).status_code == 204
    message.refresh_from_db()
    assert message.state == MessageState.DELIVERED
    assert tell("/carrier/receipts/", RECEIPT | {"id": "unheard of"}).status_code == 204


@pytest.mark.parametrize("path", ["/carrier/texts/", "/carrier/receipts/"])
def test_who_does_not_show_the_token_is_told_nothing(path: str, settings: Any) -> None:
    for token in ("", "x" * len(TOKEN), TOKEN[:-1], "é"):
        assert tell(path, TEXT, token.encode().decode("latin-1")).status_code == 401
    assert Client().post(path).status_code == 401
    assert Client().get(path, headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 405
    settings.NOTIFY_CALLBACK_TOKEN = ""
    assert tell(path, TEXT, "").status_code == 404
    assert not ReceivedText.objects.exists()


@pytest.mark.parametrize(
    "told",
    [
        "not json",
        [],
        {},
        TEXT | {"id": 7},
        TEXT | {"id": ""},
        TEXT | {"source_number": "4" * 21},
        TEXT | {"message": None},
        TEXT | {"message": "x" * 2001},
        TEXT | {"message": "a\x00b"},
    ],
)
def test_what_no_carrier_sends_is_refused(told: Any) -> None:
    assert tell("/carrier/texts/", told).status_code == 400
    assert not ReceivedText.objects.exists()


def test_half_a_letter_in_a_text_loses_none_of_the_rest(pat: Any) -> None:
    assert tell("/carrier/texts/", json.dumps(TEXT | {"message": "yes \ud83d"})).status_code == 204
    assert ReceivedText.objects.get().words == "yes ?"


def test_what_is_too_long_is_not_read(pat: Any) -> None:
    assert tell("/carrier/texts/", TEXT | {"message": "x" * 20_000}).status_code == 413
