"""Text messages through GOV.UK Notify.

Here: the talk with Notify, through its own client. Not here: which words (words.py), when and to whom
(delivery.py), asking what became of a text (receipts.py). Chosen by SAFEFIT_TEXTS=notify (settings.py);
the client is the extra "texts" of pyproject.toml. Notify is told a number, our words, and a reference
that says nothing; its template holds one field and nothing else.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime

from django.conf import settings
from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from messaging.notify_states import became
from messaging.outgoing import Became, NoSuchAddress, Outgoing, one_number

FIELD = "body"  # the template of SAFEFIT_NOTIFY_TEMPLATE is: ((body))
BAD_REQUEST, NOT_FOUND = 400, 404


class NotifyRefused(RuntimeError):
    """Notify did not take it: `status_code` says how. What else it said may hold a number, and is not kept."""

    def __init__(self, status_code: int) -> None:
        super().__init__(f"Notify answered {status_code}")
        self.status_code = status_code


class Notify:
    def send(self, outgoing: Outgoing) -> str:
        to, reference = one_number(outgoing.to), _reference(outgoing)
        with _client() as client, _refusals():
            if outgoing.again and (taken := _taken(client, reference, to, outgoing.since)):
                return taken
            answer = client.send_sms_notification(
                phone_number=to,
                template_id=settings.NOTIFY_TEMPLATE,
                personalisation={FIELD: outgoing.words.body},
                reference=reference,
            )
        return str(answer["id"])

    def became_of(self, sent_as: str) -> Became:
        try:
            with _client() as client, _refusals():
                answer = client.get_notification_by_id(sent_as)
        except NotifyRefused as refused:
            if refused.status_code == NOT_FOUND:  # kept there for some days only
                raise LookupError(sent_as) from None
            raise
        return became(str(answer["status"]))


def _reference(outgoing: Outgoing) -> str:
    return hashlib.sha256(outgoing.key.encode()).hexdigest()[:32]


def _taken(client: NotificationsAPIClient, reference: str, to: str, since: datetime | None) -> str:
    """The text that a try after `since` left there, whose answer was lost; "" for none, or when it came back."""
    there = client.get_all_notifications(template_type="sms", reference=reference)["notifications"]
    later = [one for one in there if since is None or datetime.fromisoformat(str(one["created_at"])) > since]
    underway = [one for one in later if became(str(one["status"])) in (Became.UNDERWAY, Became.ARRIVED)]
    return next((str(one["id"]) for one in underway if _same_number(str(one["phone_number"]), to)), "")


def _same_number(one: str, other: str) -> bool:
    """Whether two ways of writing it ring the same telephone: 07700 900111 and +447700900111 do."""
    digits = [re.sub(r"\D", "", number)[-9:] for number in (one, other)]
    return digits[0] == digits[1]


@contextmanager
def _client() -> Iterator[NotificationsAPIClient]:
    """One for each call: the library's is not made for several threads, and the worker has several."""
    where = {"base_url": settings.NOTIFY_URL} if settings.NOTIFY_URL else {}
    client = NotificationsAPIClient(
        settings.NOTIFY_KEY, timeout=settings.EMAIL_TIMEOUT / 2, **where
    )  # to connect, and again to answer
    with closing(client.request_session):
        yield client


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except HTTPError as error:
        said = error.message if isinstance(error.message, list) else []
        if error.status_code == BAD_REQUEST and any(_is_about_the_number(each) for each in said):
            raise NoSuchAddress from None
        raise NotifyRefused(error.status_code) from None


def _is_about_the_number(said: dict[str, str]) -> bool:
    return said.get("error") == "ValidationError" and said.get("message", "").startswith("phone_number ")
