"""Sending what is due, each message decided again at that moment.

Here: claiming, deciding, sending, marking, trying again, giving up. Not here:
the words (words.py), the mailbox (senders.py), which way (ways.py), what became
of a text that was handed over (receipts.py). Called by the worker (tasks.py). A
message is claimed in a transaction that is committed before anything is sent. A
worker that dies between sending and marking leaves a message that is sent once
more, under the same Message-ID; one that dies before sending leaves it due
again. Nothing is marked as sent that was not.
"""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from accounts.history import System, acting
from accounts.models import ContactPoint, Person
from accounts.permissions import Permission
from messaging.bounces import note_bounce, refused_for_good
from messaging.choices import in_order_for, is_declined
from messaging.clock import require_a_right_clock
from messaging.kinds import Content, owner_of
from messaging.limits import limits_of
from messaging.models import Message, MessageState, Step, WhyNot
from messaging.outgoing import Outgoing
from messaging.patience import next_ask
from messaging.quiet_hours import quiet_until
from messaging.senders import SENDERS
from messaging.steps import note_step
from messaging.suppression import reaching
from messaging.ways import PHONE, POST, TEXT, Limits, Point, ways_to_reach
from messaging.words import draw, draw_text, names_for
from messaging.worklist import CALL, FORMAT_WANTED, LETTER, NOT_REACHED, raise_task

log = structlog.get_logger(__name__)

# Few at a time: all of them time out (EMAIL_TIMEOUT each, whatever the server does) before the first is due again.
BATCH = 5
WAITS = (timedelta(minutes=2), timedelta(minutes=8), timedelta(minutes=20))  # after the first, second, third try
MOST_ATTEMPTS = len(WAITS) + 1  # so that the desk knows of a failure within the hour
SOON, NEXT_DAY = timedelta(hours=1), timedelta(days=1)
DESK_TASKS = {PHONE: CALL, POST: LETTER}
NO_WAY = "no way to reach the person"
MARGIN = timedelta(minutes=2)
LATE_AFTER = timedelta(minutes=5)  # what is due for so long shows that sending has stopped


def deliver_due() -> int:
    """Send everything that is due; returns how many messages were looked at. Raises ClockIsWrong and sends nothing."""
    require_a_right_clock()
    looked_at = 0
    while batch := claim(timezone.now()):
        for message in batch:
            deliver(message)
        looked_at += len(batch)
    return looked_at


def claim(at: datetime) -> list[Message]:
    """Take a few due messages for this worker: each is one attempt further, and due again later.

    Rows that another worker holds are passed over. Durable: the claim is
    committed before the caller sends.
    """
    with transaction.atomic(durable=True):
        due = Message.objects.due(at).select_for_update(skip_locked=True, of=("self",))
        messages = list(due.select_related("person", "programme")[:BATCH])
        for message in messages:
            message.attempts += 1
            message.due_at = at + (WAITS[message.attempts - 1] if message.attempts <= len(WAITS) else MARGIN)
        Message.objects.bulk_update(messages, ["attempts", "due_at"])
        return messages


def deliver(claimed: Message) -> None:
    """Decide about one claimed message, and do it. A failure is kept in the row; nothing is raised.

    What cannot even be kept, because the database went away, leaves the message as it is: claimed, and due again.
    """
    try:
        _deliver(claimed)
    except Exception as error:  # noqa: BLE001  one bad message must not hold up the others
        log.error("message_left_as_it_is", message_id=claimed.pk, kind=claimed.kind, error=type(error).__name__)


def _deliver(claimed: Message) -> None:
    """Whether the person may be reached at all is asked first and holds until the
    message has left or a call is asked for (suppression.py). Those claimed with it
    may have taken a while, so it is read again, with its person: what was taken
    back meanwhile, or claimed again by another worker, is not ours to send.
    """
    with reaching(claimed.person_id) as may:
        still_ours = Message.objects.filter(pk=claimed.pk, state=MessageState.QUEUED, attempts=claimed.attempts)
        message = still_ours.select_related("person", "programme").first()
        if message is None:
            return
        message.channel = ""  # by which way is decided now
        if not may:
            _not_wanted(message, WhyNot.STOPPED)
        elif message.attempts > MOST_ATTEMPTS:
            note_step(message, Step.FAILED, why="the last try was cut short")
            give_up(message)
        else:
            _try(message)


def _try(message: Message) -> None:
    try:
        _decide(message)
    except Exception as error:  # noqa: BLE001  one bad message must not hold up the others
        _failed(message, error)


def _decide(message: Message) -> None:
    # Asked last, right before sending. What is cancelled in the moment between is still sent, and then said to be off.
    declined = is_declined(message)
    content = None if declined else owner_of(message.kind)(message)
    if content is None or (content.by and not ways_of(message, content)[0]):
        _not_wanted(message, WhyNot.DECLINED if declined else WhyNot.OVER)
    elif not content.urgent and (morning := quiet_until(timezone.now())):
        _postpone(message, morning)
    else:
        _tell(message, content)


def _tell(message: Message, content: Content) -> None:
    if content.earlier is not None:
        return _tell_there(message, content, content.earlier)
    ways, limits = ways_of(message, content)
    if not ways:
        note_step(message, Step.FAILED, why=NO_WAY)
        return give_up(message, error=NO_WAY)
    way = _way_for(message, ways)
    if limits.of(way.channel) or way.channel not in SENDERS:
        due_at = content.needed_by or _in_time(urgent=content.urgent)
        return hand_over(message, way.channel, limits, due_at=due_at)
    _send(message, content, way)


def _way_for(message: Message, ways: Sequence[Point]) -> Point:
    """After a failure, the person's next method; or the one by which somebody at the desk sends it again."""
    if message.attempts > 1 and message.steps.filter(what=Step.AGAIN).exists():
        chosen = next((way for way in ways if way.pk == message.point_id), None)
        if chosen is not None:
            return chosen
    return ways[(message.attempts - 1) % len(ways)]


def ways_of(message: Message, content: Content) -> tuple[tuple[Point, ...], Limits]:
    """How the person is told of this, in order; and what each way leaves unmet."""
    points = [p for p in points_of(message.person, message.kind) if content.needed_by is None or p.channel != POST]
    points = [p for p in points if content.by in ("", p.channel)]
    limits = limits_of(message.person)
    return ways_to_reach(points, SENDERS, limits), limits


def _send(message: Message, content: Content, way: Point) -> None:
    message.point_id, message.channel = way.pk, way.channel  # should it come back at once, it is from there
    words = (draw_text if way.channel == TEXT else draw)(message.kind, names_for(message, content.context))
    again, since = message.attempts > 1, _last_return(message)
    outgoing = Outgoing(way.value, message.dedupe_key, words, content.attachments, again=again, since=since)
    sent_as = SENDERS[way.channel](outgoing)
    ask_at = next_ask(timezone.now(), timezone.now()) if sent_as and way.channel == TEXT else None
    _mark(message, MessageState.SENT, channel=way.channel, point=way.pk, sent_as=sent_as, ask_at=ask_at)
    note_step(message, Step.SENT, channel=way.channel)


def _last_return(message: Message) -> datetime | None:
    """When what was sent by this way last came back, or was given up. Any later try may have left it with the
    carrier, its answer lost, with or without a step: a worker may have died over it."""
    if message.attempts == 1:
        return None
    ended = message.steps.filter(channel=message.channel, what__in=(Step.CAME_BACK, Step.NO_WORD))
    return ended.order_by("-id").values_list("at", flat=True).first()


def _tell_there(message: Message, content: Content, earlier: Point) -> None:
    """To an address that is no longer the person's: when it does not arrive there is nobody to call."""
    try:
        _send(message, content, earlier)
    except Exception as error:
        if message.attempts < MOST_ATTEMPTS:
            raise
        note_step(message, Step.FAILED, channel=earlier.channel, why=_describe(error))
        _mark(message, MessageState.FAILED, last_error=_describe(error))


def written_by_itself(person: Person, kind: str = "") -> bool:
    """Whether what we send (of this `kind`) reaches this person, as they need it, without anybody at the desk."""
    limits = limits_of(person)
    ways = ways_to_reach(points_of(person, kind), SENDERS, limits)
    return bool(ways) and ways[0].channel in SENDERS and not limits.of(ways[0].channel)


def sends_texts() -> bool:
    """Whether somebody carries text messages for this copy."""
    return TEXT in SENDERS


def channels_to(person: Person, kind: str = "") -> list[str]:
    """Every channel by which what we send reaches this person by itself, the one that is tried first at the top."""
    ways = ways_to_reach(points_of(person, kind), SENDERS, limits_of(person))
    return [channel for channel in dict.fromkeys(way.channel for way in ways) if channel in SENDERS]


def points_of(person: Person, kind: str = "") -> list[Point]:
    """Where the person is reached: first by the way chosen for such a `kind`, then by the one they like best."""
    points = in_order_for(kind, ContactPoint.objects.filter(person=person).working())
    return [Point(point.channel, point.value, point.pk) for point in points]


def send_by_another_way(message: Message, *, error: str) -> None:
    """What was sent came back: it is due again, and its next try is the person's next method."""
    sent = Message.objects.filter(pk=message.pk, state=MessageState.SENT, attempts=message.attempts)
    sent.update(
        state=MessageState.QUEUED, due_at=timezone.now(), finished_at=None, sent_as="", ask_at=None, last_error=error
    )


def _mark(message: Message, state: MessageState, **changes: Any) -> bool:
    """Whether the message was still as it was read; another's word about it in between stands."""
    finished_at = None if state is MessageState.WITH_DESK else timezone.now()
    as_read = Message.objects.filter(pk=message.pk, state=message.state)
    return as_read.update(state=state, finished_at=finished_at, **{"ask_at": None, **changes}) == 1


def _not_wanted(message: Message, why: WhyNot) -> None:
    if _mark(message, MessageState.NOT_WANTED):
        note_step(message, Step.NOT_WANTED, why=why)


def _postpone(message: Message, until: datetime) -> None:
    """Waiting for the morning is not an attempt."""
    queued = Message.objects.filter(pk=message.pk, state=MessageState.QUEUED)
    queued.update(due_at=until, attempts=message.attempts - 1)


def _in_time(*, urgent: bool) -> datetime:
    return timezone.now() + (SOON if urgent else NEXT_DAY)


def hand_over(message: Message, channel: str, limits: Limits, *, due_at: datetime) -> None:
    """Somebody calls or writes, or finds the format that is needed. Only closing that task says whether it arrived."""
    with acting(System.WORKER, "messaging.hand_over"):
        handed = _mark(message, MessageState.WITH_DESK, channel=channel)
        if handed and limits.of(channel):
            _task_for(message, FORMAT_WANTED, due_at=due_at)
        elif handed:
            _task_for(message, DESK_TASKS[channel], due_at=due_at)
    if handed:
        note_step(message, Step.TO_DESK, channel=channel)


def _failed(message: Message, error: Exception) -> None:
    reason = _describe(error)
    if refused_for_good(error):
        note_bounce(message)
    note_step(message, Step.FAILED, channel=message.channel, why=reason)
    log.warning("message_not_sent", message_id=message.pk, kind=message.kind, attempt=message.attempts, error=reason)
    if message.attempts >= MOST_ATTEMPTS:
        return give_up(message, error=reason)
    Message.objects.filter(pk=message.pk).update(last_error=reason)


def give_up(message: Message, *, error: str = "") -> None:
    """The message failed; a person at the desk hears of it at once."""
    with acting(System.WORKER, "messaging.give_up"):
        if _mark(message, MessageState.FAILED, last_error=error or message.last_error):
            _task_for(message, NOT_REACHED, due_at=_in_time(urgent=True))


def _task_for(message: Message, kind: str, *, due_at: datetime) -> None:
    raise_task(
        programme=message.programme,
        kind=kind,
        due_at=due_at,
        about=message.person,
        subject_id=message.pk,
        context={"message": message.kind},
        only_for=Permission(message.only_for) if message.only_for else None,  # a failure tells nobody more
        kept_from=message.kept_from or (),
        dedupe_key=f"message:{message.pk}",
        by=System.WORKER,
    )


def _describe(error: Exception) -> str:
    """What kind of failure, without the address or the words that an error's text may hold."""
    code = getattr(error, "smtp_code", "") or getattr(error, "status_code", "")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next((code for code, _ in error.recipients.values()), "")
    return f"{type(error).__name__} {code}".strip()
