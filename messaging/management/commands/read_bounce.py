"""`manage.py read_bounce`: one notification of a mail server (RFC 3464) from standard input.

For a mail server that pipes into it whatever arrives at the address that our messages are sent from. What it
ends with, the server acts on: 0, it was read, whether or not it was about something of ours; 65, it is no such
notification, and trying again is of no use; 75, the database is away: keep it, and try again later. Nothing of
what was read is printed or logged.
"""

from __future__ import annotations

import os
import sys
from email.utils import parseaddr
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError

from accounts.history import System, acting
from messaging.outgoing import Became
from messaging.receipts import settle
from messaging.returned_mail import MOST_BYTES, Notification, Unreadable, read_notification

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Read one delivery status notification from standard input; for a mail server to pipe into."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
        try:
            told = read_notification(sys.stdin.buffer.read(MOST_BYTES + 1), domain=domain)
            settled = _settle(told) if told.failed else 0
        except Unreadable:
            log.warning("bounce_unreadable")
            raise SystemExit(os.EX_DATAERR) from None
        except (OperationalError, InterfaceError) as trouble:
            log.warning("bounce_not_read", error=type(trouble).__name__)
            raise SystemExit(os.EX_TEMPFAIL) from None
        log.info("bounce_read", failed=told.failed, messages=settled)


def _settle(told: Notification) -> int:
    """How many of the messages it names were taken for sent until now."""
    became = Became.NEVER if told.nobody_there else Became.NOT_NOW
    with acting(System.COMMAND, "messaging.read_bounce"):
        return sum(settle(sent_as=name, became=became) for name in sorted(told.names))
