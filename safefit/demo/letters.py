"""The rows of messages of the last weeks, and of the calls and letters that carried some of them.

As the outbox and the worker write them, by the product's own choice of a way to each person. What was due for a
questionnaire is here however old it is, or the worker would write it once more. Not here: messages of what the cast
does today, which wait in the outbox like any other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from accounts.models import Person, User
from classes.models import Booking, BookingState
from classes.telling import notices
from classes.wall_time import UK
from messaging.delivery import DESK_TASKS, MOST_ATTEMPTS
from messaging.models import Message, MessageState, Task, TaskAttempt, TaskState
from messaging.quiet_hours import quiet_until
from messaging.senders import SENDERS
from messaging.ways import Point, ways_to_reach
from messaging.worklist import CALL, FORMAT_WANTED, IN_FORMAT, LEFT_MESSAGE, LETTER, NOT_REACHED, POSTED, REACHED
from outcomes.asking.open_forms import DUE_MESSAGE
from outcomes.asking.windows import Window
from outcomes.models import Assessment, AssessmentState
from participants.course import course_of, newest_enrolment
from participants.health import DECISIONS
from participants.models import Clearance, Enrolment, Participant
from participants.needs import limits_of_kinds
from participants.notices import CLEARANCE_DECIDED, REGISTERED
from participants.rules.programme_time import TELL_BEFORE
from participants.taking_part.ending import taking_part
from participants.taking_part.ending_notices import ENDED, ENDS_SOON
from safefit.demo.story import Story
from safefit.demo.story.lives import Life

RECENT = dt.timedelta(days=28)
STILL_OPEN = {
    CALL: 2,
    LETTER: 1,
    FORMAT_WANTED: 1,
    NOT_REACHED: 1,
}  # how many of the newest wait for somebody at the desk
SETTLED_BY = {
    CALL: (REACHED, REACHED, LEFT_MESSAGE),
    LETTER: (POSTED,),
    FORMAT_WANTED: (IN_FORMAT, REACHED),
    NOT_REACHED: (REACHED,),
}


@dataclass(frozen=True)
class _News:
    """Something that one person was told."""

    life: Life
    member: Participant
    kind: str
    subject_id: int
    at: dt.datetime
    key: str
    context: dict[str, Any] = field(default_factory=dict)


def make_messages(
    story: Story,
    members: Sequence[Participant],
    bookings: Sequence[Booking],
    assessments: Sequence[Assessment],
    staff: Mapping[str, User],
) -> None:
    since = dt.datetime.combine(story.today, dt.time(), UK) - RECENT
    news = [
        *_of_joining(story, members, since),
        *_of_places(story, members, bookings, since),
        *_of_questionnaires(story, members, assessments),
        *_of_ends(story, members),
    ]
    told = _tell(sorted(news, key=lambda one: (one.at, one.key)), midnight=since + RECENT)
    messages = Message.objects.bulk_create((_message(one) for one in told), batch_size=1000)
    by_hand = [(one, message) for one, message in zip(told, messages, strict=True) if one.task]
    _make_tasks(by_hand, [staff["dee"].person, staff["dot"].person])


# --- what there was to tell


def _of_joining(story: Story, members: Sequence[Participant], since: dt.datetime) -> Iterator[_News]:
    life_of = {member.pk: (life, member) for life, member in zip(story.lives, members, strict=True)}
    for life, member in life_of.values():
        if member.registered_at >= since:
            yield _News(life, member, REGISTERED, member.pk, member.registered_at, f"{REGISTERED}:{member.pk}")
    decided = Clearance.objects.filter(decided_at__gte=since, state__in=DECISIONS, decided_by__isnull=False)
    for row in decided.order_by("pk"):
        life, member = life_of[row.participant_id]
        yield _News(life, member, CLEARANCE_DECIDED, row.pk, row.decided_at, f"{CLEARANCE_DECIDED}:{row.pk}")


def _of_places(
    story: Story, members: Sequence[Participant], bookings: Sequence[Booking], since: dt.datetime
) -> Iterator[_News]:
    for place, booking in zip(story.places, bookings, strict=True):
        life, member = story.lives[place.life], members[place.life]
        first = notices.WAITING if booking.state == BookingState.WAITING else notices.CONFIRMED
        ending = {BookingState.CANCELLED: notices.GIVEN_UP, BookingState.CLOSED: notices.CLASS_OFF}
        told = [(first, place.joined_at)]
        if place.ended_at:
            told.append((ending[BookingState(booking.state)], place.ended_at))
        for kind, at in told:
            if at >= since:
                context = {"by_oneself": kind != notices.CLASS_OFF and booking.made_by_id == member.person_id}
                yield _News(life, member, kind, booking.pk, at, f"{kind}:{booking.pk}", context)


def _of_questionnaires(
    story: Story, members: Sequence[Participant], assessments: Sequence[Assessment]
) -> Iterator[_News]:
    for form, row in zip(story.forms, assessments, strict=True):
        life = story.lives[form.life]
        window = Window(row.opens_on, row.due_on, row.closes_on)
        asked = row.state == AssessmentState.PLANNED and life.status in ("active", "completed")
        if asked and row.opens_on and window.is_open(story.today):
            at = dt.datetime.combine(row.opens_on, dt.time(9), UK)
            key = f"{DUE_MESSAGE}:{row.pk}:{row.opens_on}"
            yield _News(life, members[form.life], DUE_MESSAGE, row.pk, max(at, life.registered_at), key)


def _of_ends(story: Story, members: Sequence[Participant]) -> Iterator[_News]:
    """Until when they can come, told four weeks before. Who is due today is left to the night, as ever."""
    life_of = {member.pk: (life, member) for life, member in zip(story.lives, members, strict=True)}
    closing = []
    for row in taking_part():
        enrolment, course = newest_enrolment(row), course_of(row, story.today)
        last_day = course.position.ends_on if course else None
        if enrolment is None or enrolment.ends_on or not last_day or last_day - TELL_BEFORE >= story.today:
            continue
        enrolment.closes_on = last_day
        closing.append(enrolment)
        told = [(ENDS_SOON, last_day - TELL_BEFORE), (ENDED, last_day + dt.timedelta(days=1))]
        for kind, on in told:
            if on < story.today:
                at = max(dt.datetime.combine(on, dt.time(9), UK), row.registered_at)
                yield _News(
                    *life_of[row.pk],
                    kind,
                    enrolment.pk,
                    at,
                    f"{kind}:{enrolment.pk}:{last_day}",
                    {"day": str(last_day)},
                )
    Enrolment.objects.bulk_update(closing, ["closes_on"])


# --- how it was told


@dataclass(frozen=True)
class _Told:
    """`task` is what somebody at the desk had, or still has (`is_open`), to do about it; "" when it was an email."""

    news: _News
    channel: str
    task: str
    is_open: bool
    waits: bool  # for nine o'clock of today

    @property
    def at(self) -> dt.datetime:
        return quiet_until(self.news.at) or self.news.at

    @property
    def state(self) -> MessageState:
        if self.waits:
            return MessageState.QUEUED
        if not self.task:
            return MessageState.SENT
        if self.task == NOT_REACHED:
            return MessageState.FAILED
        return MessageState.WITH_DESK if self.is_open else MessageState.DELIVERED


def _tell(news: Sequence[_News], *, midnight: dt.datetime) -> list[_Told]:
    left = dict(STILL_OPEN)
    told = []
    for one in reversed(news):
        waits = one.at >= midnight
        channel, task = ("", "") if waits else _way_to(one)
        is_open = left.get(task, 0) > 0
        if is_open:
            left[task] -= 1
        told.append(_Told(one, channel, task, is_open, waits))
    if left[NOT_REACHED]:
        _let_one_bounce(told)
    return told[::-1]


def _let_one_bounce(told: list[_Told]) -> None:
    """A mailbox was full: the newest email that somebody outside the cast did not get."""
    sent = (number for number, one in enumerate(told) if one.state == MessageState.SENT and not one.news.life.slug)
    if (newest := next(sent, None)) is not None:
        told[newest] = replace(told[newest], channel="", task=NOT_REACHED, is_open=True)


def _way_to(one: _News) -> tuple[str, str]:
    """The channel that the product would choose, and the task that it would make."""
    points = sorted(one.life.one.contacts, key=lambda contact: not contact.preferred)
    limits = limits_of_kinds({need.kind for need in one.life.one.needs})
    ways = ways_to_reach([Point(point.channel, point.value) for point in points], SENDERS, limits)
    if not ways:
        return "", NOT_REACHED
    channel = ways[0].channel
    if limits.of(channel):
        return channel, FORMAT_WANTED
    return channel, "" if channel in SENDERS else DESK_TASKS[channel]


def _message(told: _Told) -> Message:
    one = told.news
    return Message(
        programme=one.member.programme,
        person=one.member.person,
        kind=one.kind,
        subject_id=one.subject_id,
        context=one.context,
        channel=told.channel,
        due_at=told.at,
        state=told.state,
        attempts=0 if told.waits else MOST_ATTEMPTS if told.state == MessageState.FAILED else 1,
        last_error="SMTPRecipientsRefused 552" if told.state == MessageState.FAILED else "",
        dedupe_key=one.key,
        created_at=one.at,
        finished_at=None if told.state in (MessageState.QUEUED, MessageState.WITH_DESK) else told.at,
    )


def _make_tasks(by_hand: Sequence[tuple[_Told, Message]], desk: Sequence[Person]) -> None:
    """A call or a letter for each message that no sender could carry."""
    tasks = Task.objects.bulk_create(_task(told, message) for told, message in by_hand)
    TaskAttempt.objects.bulk_create(
        TaskAttempt(task=task, by=desk[number % len(desk)], at=task.closed_at, outcome=task.outcome)
        for number, task in enumerate(tasks)
        if task.closed_at
    )


def _task(told: _Told, message: Message) -> Task:
    outcomes = SETTLED_BY[told.task]
    return Task(
        programme=message.programme,
        kind=told.task,
        about=message.person,
        subject_id=message.pk,
        context={"message": message.kind},
        due_at=told.at + dt.timedelta(days=1),
        state=TaskState.OPEN if told.is_open else TaskState.DONE,
        outcome="" if told.is_open else outcomes[told.news.subject_id % len(outcomes)],
        closed_at=None if told.is_open else told.at + dt.timedelta(hours=2),
        dedupe_key=f"message:{message.pk}",
        created_at=told.at,
    )
