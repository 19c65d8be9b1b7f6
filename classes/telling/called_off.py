"""Who has heard that a class of today is off, and who must be rung.

Here: how many hear of it by which way before it is called off; afterwards, for each person, whether they know, with
the number to ring; noting what a call came to. Not here: calling off (classes/timetable/cancelling.py), the message
(gone.py, change_notices.py), sending it and giving up on it (messaging/delivery.py). Called by the pages of
instructors and of the desk (frontend/calling_off.py), which hand in sessions that their user may see.
"""

from __future__ import annotations

import enum
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import starmap

from django.db.models import F, Q
from django.utils import timezone

from accounts.history import acting
from accounts.models import Channel, ContactPoint, Person
from classes.models import Booking, BookingState, Session
from classes.telling.by_way import way_of
from classes.telling.change_notices import SEVERAL_OFF
from classes.telling.in_time import cannot_wait, news_by
from classes.telling.notices import CLASS_OFF
from messaging.kinds import Content
from messaging.models import Message, MessageState, Task, TaskState
from messaging.quiet_hours import quiet_until
from messaging.worklist import MESSAGE_TASKS, NO_ANSWER, REACHED, TOLD, TaskIsClosed, close_task, record_attempt
from participants.details import Rung

CALLED = (REACHED, NO_ANSWER)  # what a call from the list may come to


class Heard(enum.StrEnum):
    """Where it stands with one person, the most pressing first."""

    TO_RING = "to_ring"  # a message does not reach them, or they are only rung
    ON_ITS_WAY = "on_its_way"
    NOT_REACHED = "not_reached"  # it was tried, and given up
    NOT_TOLD = "not_told"  # they want no contact, or are told by nobody
    TOLD = "told"


@dataclass(frozen=True)
class Hearer:
    """One person of one class that is off. `message`: the one that tells them, of which there is none where
    contact has ended; `tried`: when somebody rang last and got no answer."""

    booking: Booking
    message: Message | None
    heard: Heard
    numbers: tuple[Rung, ...] = ()
    tried: datetime | None = None

    @property
    def person(self) -> Person:
        return self.booking.participant.person


class NotToRing(Exception):
    """Somebody has noted before that they know, or nobody has to be rung about it."""


def by_way(sessions: Collection[Session]) -> Counter[str]:
    """How many people would hear by which way, each once, if these classes were called off now."""
    soonest: dict[int, Booking] = {}
    live = Booking.objects.filter(session__in=sessions).live().select_related("session", "participant__person")
    for booking in live.order_by("-session__starts_at", "pk"):
        soonest[booking.participant_id] = booking
    return Counter(_way_now(booking) for booking in soonest.values())


def leaves_at(sessions: Iterable[Session], now: datetime) -> datetime | None:
    """When what is sent now begins to leave, if every one of these classes can wait for the morning; None: at once."""
    return None if any(cannot_wait(session.starts_at, now) for session in sessions) else quiet_until(now)


def hearers_of(sessions: Sequence[Session], *, with_numbers: bool = True) -> dict[int, list[Hearer]]:
    """By key of each class that is off: everybody whose place or wait ended with it, whoever must be rung first.

    Six queries, however many classes and people. `with_numbers`: of those who do not know yet.
    """
    ended = Booking.objects.filter(
        session__in=sessions, state=BookingState.CLOSED, ended_at__gte=F("session__cancelled_at")
    )
    bookings = list(ended.select_related("participant__person", "session__class_type").order_by("pk"))
    telling = _messages_about(bookings)
    tasks = _tasks_of(telling.values())
    found = [_hearer(booking, telling.get(booking.pk), tasks) for booking in bookings]
    if with_numbers:
        found = _with_numbers(found, tasks)
    by_class: dict[int, list[Hearer]] = defaultdict(list)
    for one in sorted(found, key=_pressing):
        by_class[one.booking.session_id].append(one)
    return by_class


def note_call(*, message: Message, outcome: str, by: Person) -> None:
    """Somebody rang: the person knows, or did not answer. Raises NotToRing.

    The caller has found `message` among those of classes that `by` may see.
    """
    if outcome not in CALLED:
        raise ValueError(outcome)
    with acting(by, "classes.note_call", on_behalf_of=message.person):
        task = _tasks_of([message]).get(message.pk)
        if task is None:
            raise NotToRing
        try:
            if outcome == REACHED:
                close_task(task=task, outcome=REACHED, by=by)
            else:
                record_attempt(task=task, outcome=outcome, by=by)
        except TaskIsClosed:
            raise NotToRing from None


def _way_now(booking: Booking) -> str:
    content = Content({}, needed_by=news_by(booking.session.starts_at, timezone.now()))
    return way_of(booking.participant.person, CLASS_OFF, content)


def _messages_about(bookings: Sequence[Booking]) -> dict[int, Message]:
    """By key of the booking: what tells of its end, alone or together with others of the same person."""
    keys = {booking.pk for booking in bookings}
    alone = Q(kind=CLASS_OFF, subject_id__in=keys)
    together = Q(kind=SEVERAL_OFF, subject_id__in={booking.participant_id for booking in bookings})
    found: dict[int, Message] = {}
    for message in Message.objects.filter(alone | together).order_by("pk"):
        named = [message.subject_id] if message.kind == CLASS_OFF else message.context["bookings"]
        found.update({key: message for key in named if key in keys})
    return found


def _tasks_of(messages: Iterable[Message]) -> dict[int, Task]:
    """By key of the message: what somebody was asked to do about it last."""
    asked = Task.objects.filter(kind__in=MESSAGE_TASKS, subject_id__in={message.pk for message in messages})
    return {task.subject_id or 0: task for task in asked.order_by("pk").prefetch_related("attempts")}


def _hearer(booking: Booking, message: Message | None, tasks: dict[int, Task]) -> Hearer:
    return Hearer(booking, message, _heard(message, tasks.get(message.pk)) if message else Heard.NOT_TOLD)


def _heard(message: Message, task: Task | None) -> Heard:
    """A message that failed stays so when somebody rings after it: what came of the call says whether they know."""
    if message.state in (MessageState.SENT, MessageState.DELIVERED):
        return Heard.TOLD
    if message.state == MessageState.NOT_WANTED:
        return Heard.NOT_TOLD
    if message.state == MessageState.QUEUED:
        return Heard.ON_ITS_WAY
    if task is not None and task.state == TaskState.OPEN:
        return Heard.TO_RING
    return Heard.TOLD if task is not None and task.outcome in TOLD else Heard.NOT_REACHED


def _with_numbers(found: Sequence[Hearer], tasks: dict[int, Task]) -> list[Hearer]:
    waiting = {one.person.pk for one in found if one.heard not in (Heard.TOLD, Heard.NOT_TOLD)}
    points = ContactPoint.objects.filter(person__in=waiting, channel__in=(Channel.PHONE, Channel.TEXT)).current()
    numbers: dict[int, dict[str, bool]] = defaultdict(dict)  # and whether a message may be left there
    for point in points:
        known = numbers[point.person_id]
        known[point.value] = known.get(point.value, False) or point.may_leave_message
    return [
        Hearer(
            one.booking,
            one.message,
            one.heard,
            tuple(starmap(Rung, numbers[one.person.pk].items())),
            _tried(one, tasks),
        )
        if one.person.pk in waiting
        else one
        for one in found
    ]


def _tried(one: Hearer, tasks: dict[int, Task]) -> datetime | None:
    task = tasks.get(one.message.pk) if one.message else None
    missed = [attempt.at for attempt in task.attempts.all() if attempt.outcome == NO_ANSWER] if task else []
    return max(missed, default=None)


def _pressing(one: Hearer) -> tuple[int, str, int]:
    return (list(Heard).index(one.heard), one.person.full_name.casefold(), one.booking.pk)
