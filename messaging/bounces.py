"""Addresses that lead to nobody: after the second message that comes back nothing is sent there.

Here: counting what came back, setting an address aside, and taking it back into use when somebody
says that it is right. Not here: what is done about the message (delivery.py, receipts.py). Called by
those, and when the ways to reach somebody are changed (participants/details.py). A mailbox that is
full, or a telephone that is off, is no such address.
"""

from __future__ import annotations

import smtplib
from collections.abc import Collection
from datetime import timedelta

import structlog
from django.utils import timezone

from accounts.history import Actor, System, acting
from accounts.models import ContactPoint
from messaging.models import Bounce, Message, Task
from messaging.outgoing import NoSuchAddress
from messaging.quiet_hours import within_calling_hours
from messaging.returned_mail import nobody_there
from messaging.worklist import WAY_FAILED, cancel_open, raise_task

log = structlog.get_logger(__name__)

MOST_BOUNCES = 2
CALLED_WITHIN = timedelta(hours=8)  # of those in which people are called
REFUSED_AT_ONCE = (550, 551, 553)


def refused_for_good(error: Exception) -> bool:
    """Whether whoever should carry it says that the address leads to nobody, rather than that it is busy.

    Whatever else was refused fails this message, and counts against no address.
    """
    if isinstance(error, NoSuchAddress):
        return True
    refused = error.recipients.values() if isinstance(error, smtplib.SMTPRecipientsRefused) else ()
    return any(code in REFUSED_AT_ONCE and nobody_there(said) for code, said in refused)


def note_bounce(message: Message) -> None:
    """The same as below, and nothing is raised: what becomes of the message must not hang on it."""
    try:
        count_bounce(message)
    except Exception as error:  # noqa: BLE001  whatever the database meets
        log.warning("bounce_not_noted", message_id=message.pk, error=type(error).__name__)


def count_bounce(message: Message) -> None:
    """`message` came back from its contact point: once for each message, however often it is tried.

    After the second such message the point is set aside, and somebody at the desk asks by another way.
    """
    with acting(System.WORKER, "messaging.note_bounce", on_behalf_of=message.person):
        point = ContactPoint.objects.select_for_update().working().filter(pk=message.point_id or 0).first()
        if point is None:
            return
        Bounce.objects.get_or_create(point=point, message=message)
        came_back = point.bounces.exclude(at__lte=point.confirmed_at) if point.confirmed_at else point.bounces
        if came_back.count() >= MOST_BOUNCES:
            _set_aside(point, message)


def take_back_into_use(*, points: Collection[ContactPoint], by: Actor) -> None:
    """They say that these are right: what came back from them before counts no more. Inside an action."""
    ids = [point.pk for point in points if point.failed_at]
    if ids:
        ContactPoint.objects.filter(pk__in=ids).update(failed_at=None, confirmed_at=timezone.now())
        no_longer_asked(points=points)


def no_longer_asked(*, points: Collection[ContactPoint]) -> None:
    """They are right, or have been replaced: nobody has to ask about them. Inside an action."""
    cancel_open(Task.objects.filter(kind=WAY_FAILED, subject_id__in=[point.pk for point in points]))


def _set_aside(point: ContactPoint, message: Message) -> None:
    now = timezone.now()
    point.failed_at = now
    point.save(update_fields=["failed_at"])
    raise_task(
        programme=message.programme,
        kind=WAY_FAILED,
        due_at=within_calling_hours(now, CALLED_WITHIN),
        about=message.person,
        subject_id=point.pk,
        context={"channel": point.channel},
        dedupe_key=f"{WAY_FAILED}:{point.pk}",
        by=System.WORKER,
    )
