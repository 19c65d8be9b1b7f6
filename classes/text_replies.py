"""Answers to a reminder that come as a text message: they are coming, or the place goes to somebody else.

Here: which place is meant, and what the answer does. Not here: what the words mean (text_answers.py),
the texts themselves and the desk that reads the others (messaging/inbound.py). Called where a
carrier tells of a text. Nothing is done by itself unless one place alone can be meant.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import Channel, Person
from classes.judging.refusals import NoPlace, TooLate, TryAgain
from classes.models import Booking, BookingState
from classes.places.booking import cancel_booking
from classes.telling.change_notices import CHANGED, SEVERAL_OFF
from classes.telling.notices import CONFIRMED, PLACED, REMINDER, SAME_DAY_CHECK, SOON
from classes.telling.replies import say_coming
from classes.text_answers import Answer, Meaning, meaning_of
from messaging.inbound import TO_DESK, keep_text, note_what_became
from messaging.models import Message, MessageState, ReceivedText

OPEN_FOR = timedelta(days=3)  # an answer that comes later than this is to something else
REMINDS = {REMINDER, SOON}
# What a text may have been about, beside a reminder of the same place, so that a bare "no" still answers that; and
# what else, when the answer says what it means.
SAME_QUESTION = {CONFIRMED, PLACED, REMINDER}
OTHER_QUESTIONS = {SOON, SAME_DAY_CHECK}


def receive_text(*, carrier_id: str, number: str, words: str) -> ReceivedText:
    """Do what a short answer to a reminder says; have everything else read at the desk. Twice is harmless."""
    text = keep_text(carrier_id=carrier_id, number=number, words=words)
    if text.became:
        return text
    meaning = meaning_of(words)
    booking = _meant_by(text.person, meaning) if text.person and meaning else None
    return note_what_became(text, _answered(booking, meaning) if booking and meaning else TO_DESK)


def _answered(booking: Booking, meaning: Meaning) -> str:
    person = booking.participant.person
    try:
        if meaning.answer is Answer.COMING:
            say_coming(booking=booking, by=person)
        else:
            cancel_booking(booking=booking, by=person)
    except (NoPlace, TooLate, TryAgain):
        return TO_DESK
    return meaning.answer


def _was_told_otherwise(person: Person, *, since: datetime) -> bool:
    """Whether a class of theirs has changed since they were texted, by whatever way they hear of it."""
    return Message.objects.filter(person=person, kind__in=(CHANGED, SEVERAL_OFF), created_at__gt=since).exists()


def _meant_by(person: Person, meaning: Meaning) -> Booking | None:
    """The place that they were reminded of, if every text of the last days was about this one."""
    now = timezone.now()
    texts = Message.objects.filter(
        person=person,
        channel=Channel.TEXT,
        state__in=(MessageState.SENT, MessageState.DELIVERED),
        finished_at__gt=now - OPEN_FOR,
    )
    sent = list(texts.values_list("kind", "subject_id"))
    first = texts.order_by("finished_at").first()
    if first is None or _was_told_otherwise(person, since=first.created_at):
        return None
    kinds, subjects = {kind for kind, _ in sent}, {subject or 0 for _, subject in sent}
    may_be = SAME_QUESTION | OTHER_QUESTIONS if meaning.plain else SAME_QUESTION
    if len(subjects) != 1 or not kinds <= may_be or not kinds & REMINDS:
        return None
    held = Booking.objects.filter(state=BookingState.BOOKED, participant__person=person, session__starts_at__gt=now)
    rows = held.select_related("session", "participant__person", "participant__programme")
    return rows.filter(pk__in=subjects, session__cancelled_at=None).first()
