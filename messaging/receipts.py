"""What became of messages that were handed over: a text arrived or came back, an email came back.

Here: asking whoever carries them, and what follows from the answer. Not here: handing over
(delivery.py), how long one waits (patience.py), the carriers (notify.py). Called by the worker
(tasks.py) and where a carrier or a mail server tells by itself. What came back is told by the person's next method,
and where there is none a person at the desk hears of it at once; what was not needed any more
by then is nobody's work.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction
from django.utils import timezone

from messaging.bounces import note_bounce
from messaging.choices import is_declined
from messaging.delivery import BATCH, MOST_ATTEMPTS, give_up, send_by_another_way, ways_of
from messaging.kinds import Content, owner_of
from messaging.models import Message, MessageState, Step
from messaging.outgoing import Became, TextGateway
from messaging.patience import next_ask, waits_until
from messaging.senders import SENDERS, text_gateway
from messaging.steps import note_step
from messaging.suppression import reaching

log = structlog.get_logger(__name__)

NO_WORD = "no word of it"
WHY = {Became.NOT_NOW: "came back", Became.NEVER: "it leads to nobody", Became.UNDERWAY: NO_WORD}


def ask_about_texts() -> int:
    """Ask about each text that is not known to have arrived; returns how many were asked about. Twice is harmless."""
    gateway, asked = text_gateway(), 0
    while gateway and (batch := _claim(timezone.now())):
        for message in batch:
            _ask(gateway, message)
        asked += len(batch)
    return asked


def settle(*, sent_as: str, became: Became) -> bool:
    """Whoever carries our messages says what became of the one that it calls `sent_as`. Whether that was still open."""
    sent = Message.objects.filter(state=MessageState.SENT, sent_as=sent_as) if sent_as else Message.objects.none()
    found = sent.first()
    if found is None:
        return False
    with reaching(found.person_id) as may:
        message = sent.select_related("person", "programme").first()
        if message is not None:
            _settle(message, became, may=may)
        return message is not None


def _claim(at: datetime) -> list[Message]:
    """A few to ask about; none of them is another worker's for now. Committed before anybody is asked."""
    with transaction.atomic(durable=True):
        messages = list(Message.objects.unknown(at).select_for_update(skip_locked=True, of=("self",))[:BATCH])
        for message in messages:
            message.ask_at = next_ask(message.finished_at or at, at)
        Message.objects.bulk_update(messages, ["ask_at"])
        return messages


def _ask(gateway: TextGateway, message: Message) -> None:
    """A carrier that does not answer is asked again later, and in the end its silence counts."""
    became = Became.UNDERWAY
    try:
        became = gateway.became_of(message.sent_as)
    except Exception as error:  # noqa: BLE001  one that is not known there must not hold up the others
        log.warning("text_not_known", message_id=message.pk, error=type(error).__name__)
    settle(sent_as=message.sent_as, became=became)


def _settle(message: Message, became: Became, *, may: bool) -> None:
    if became is Became.ARRIVED:
        _end(message, MessageState.DELIVERED)
        note_step(message, Step.ARRIVED, channel=message.channel)
        return
    if became is Became.NEVER:
        note_bounce(message)
    content = _still_wanted(message) if may else None
    if became is Became.UNDERWAY and not _waited_for_too_long(message, content):
        return
    silent = became is Became.UNDERWAY
    note_step(message, Step.NO_WORD if silent else Step.CAME_BACK, channel=message.channel, why=WHY[became])
    if content is None or content.earlier is not None:  # nobody is called about a number that ended
        _end(message, MessageState.SENT if silent else MessageState.FAILED, error=WHY[became])
    elif message.attempts < MOST_ATTEMPTS and _has_another_way(message, content):
        send_by_another_way(message, error=WHY[became])
    else:
        give_up(message, error=WHY[became])


def _still_wanted(message: Message) -> Content | None:
    """As when it was sent. Where its owner cannot say it is, rather than that nobody hears of what came back."""
    try:
        return None if is_declined(message) else owner_of(message.kind)(message)
    except Exception as error:  # noqa: BLE001  whatever an owner meets
        log.warning("owner_cannot_say", message_id=message.pk, kind=message.kind, error=type(error).__name__)
        return Content({})


def _waited_for_too_long(message: Message, content: Content | None) -> bool:
    urgent, needed_by = (content.urgent, content.needed_by) if content else (False, None)
    return timezone.now() >= waits_until(message.finished_at or message.created_at, urgent=urgent, needed_by=needed_by)


def _has_another_way(message: Message, content: Content) -> bool:
    ways, limits = ways_of(message, content)
    return any(way.channel in SENDERS and not limits.of(way.channel) and way.channel != message.channel for way in ways)


def _end(message: Message, state: MessageState, *, error: str = "") -> None:
    sent = Message.objects.filter(pk=message.pk, state=MessageState.SENT)
    sent.update(state=state, finished_at=timezone.now(), ask_at=None, last_error=error or message.last_error)
