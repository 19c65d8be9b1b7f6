"""Text messages through GOV.UK Notify.

Here: the talk with Notify, through its own client. Not here: which words (words.py), when and to whom
(delivery.py), asking what became of a text (receipts.py). Chosen by SAFEFIT_TEXTS=notify (settings.py);
the client is the extra "texts" of pyproject.toml. Notify is told a number, our words, and a reference
that says nothing; its template holds one field and nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing, contextmanager

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
        to = one_number(outgoing.to)
        with _client() as client, _refusals():
            answer = client.send_sms_notification(
                phone_number=to,
                template_id=settings.NOTIFY_TEMPLATE,
                personalisation={FIELD: outgoing.words.body},
                reference=hashlib.sha256(outgoing.key.encode()).hexdigest()[:32],
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
