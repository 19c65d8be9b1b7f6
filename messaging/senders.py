"""Handing one message to one person's mailbox or telephone.

Here: email through Django's EMAIL_BACKEND (a folder of files, the console, or
SMTP), and which way of ours has a sender. Not here: whom, when and whether
(delivery.py), the carriers of texts (text_folder.py, notify.py). A channel
without a sender is a person's work.
"""

from __future__ import annotations

import hashlib
from email.mime.text import MIMEText
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.utils.module_loading import import_string

from accounts.models import Channel
from messaging.kinds import Attachment
from messaging.outgoing import NothingSent, Outgoing, Sender, TextGateway


def send_email(outgoing: Outgoing) -> str:
    """Plain text, one recipient. Raises what the backend raises, or ValidationError for what is not one address."""
    validate_email(outgoing.to)  # "a@example.org, b@example.org" would be two recipients
    email = EmailMessage(
        subject=outgoing.words.subject,
        body=outgoing.words.body,
        to=[outgoing.to],
        headers={"Message-ID": message_id(outgoing.key), "Auto-Submitted": "auto-generated"},
        attachments=[_part(attachment) for attachment in outgoing.attachments],
    )
    if email.send() != 1:
        raise NothingSent
    return name_of(outgoing.key)  # nobody is asked about it; a server may write back by it (read_bounce)


def name_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def message_id(key: str) -> str:
    """A mailbox that gets the same message twice shows it once."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{name_of(key)}@{domain}>"


def _part(attachment: Attachment) -> MIMEText:
    """A text part whose MIME type keeps its parameters: calendar programs read `method` there."""
    kind, *parameters = [piece.strip() for piece in attachment.mime_type.split(";")]
    part = MIMEText(attachment.text, kind.removeprefix("text/"), "utf-8")
    for name, _, value in (parameter.partition("=") for parameter in parameters):
        part.set_param(name, value)
    part.add_header("Content-Disposition", "attachment", filename=attachment.name)
    return part


def text_gateway() -> TextGateway | None:
    """Whoever carries text messages for this copy; None when nobody does, and a person calls instead."""
    return import_string(settings.TEXT_GATEWAY)() if settings.TEXT_GATEWAY else None


def senders(gateway: TextGateway | None) -> dict[str, Sender]:
    """Channel → sender, for those that have one."""
    texts: dict[str, Sender] = {Channel.TEXT: gateway.send} if gateway else {}
    return {Channel.EMAIL: send_email, **texts}


SENDERS = senders(text_gateway())
