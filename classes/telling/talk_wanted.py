"""Telling whoever leads a class that somebody in it must talk with them before it starts.

Here: which messages are put into the outbox, and whether one is still wanted at
the moment of sending. Not here: the words (frontend/jinja2/messages/), what asks
for a talk and what ends it (symptom_check.py), which calls this inside its
transaction. The message names nobody and nothing: who it is stands on the register.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from classes.models import Booking, BookingState, Guest, Session, SessionLeader, SymptomCheck
from classes.readiness import Readiness, todays_checks
from classes.same_day.symptoms import Result
from classes.telling.notices import TALK_WANTED, about_class
from messaging.kinds import Content, register_kind
from messaging.models import Message
from messaging.outbox import STOPPABLE, cancel, enqueue
from messaging.quiet_hours import quiet_until

# A message that waits for the morning leaves whoever leads the class this long before it, or it does not wait.
LEAST_NOTICE = timedelta(minutes=90)


def register() -> None:
    """Called once, by AppConfig.ready."""
    register_kind(TALK_WANTED, talk_is_wanted)


def tell_leaders(check: SymptomCheck) -> None:
    """One message to each person who leads the class, but for whoever has just heard the answers themselves.

    While it has not reached them it stands for everybody who must talk; after that, somebody
    else who must is another message: the register was read before.
    """
    session = check.session
    for person in _leaders(session).exclude(pk=check.by_id):
        told = Message.objects.filter(kind=TALK_WANTED, subject_id=session.pk, person=person)
        before = told.exclude(state__in=STOPPABLE).count()
        enqueue(
            programme=session.programme,
            person=person,
            kind=TALK_WANTED,
            subject_id=session.pk,
            dedupe_key=f"{TALK_WANTED}:{session.pk}:{person.pk}:{before}",
        )


def talk_was_had(session: Session) -> None:
    """When it was with the last of them, what has not been told is taken back."""
    if not somebody_must_talk(session):
        cancel(kinds=[TALK_WANTED], subject_id=session.pk)


def talk_is_wanted(message: Message) -> Content | None:
    """Only before the class, to who leads it now, while somebody with a place must still talk."""
    rows = Session.objects.select_related("class_type", "venue", "room")
    session, now = rows.filter(pk=message.subject_id or 0).first(), timezone.now()
    if session is None or session.is_cancelled or session.has_started(now):
        return None
    if not _leaders(session).filter(pk=message.person_id).exists() or not somebody_must_talk(session):
        return None
    morning = quiet_until(now)
    facts = {**about_class(session), "link": settings.PUBLIC_URL + reverse("teach:register", args=[session.pk])}
    return Content(
        facts,
        urgent=morning is not None and morning > session.starts_at - LEAST_NOTICE,
        needed_by=session.starts_at,
    )


def somebody_must_talk(session: Session) -> bool:
    """Whether the check in force of anybody who is expected asks for a talk that was not had."""
    asked = SymptomCheck.objects.filter(session=session, result=Result.TALK_FIRST).values("participant")
    booked = Booking.objects.filter(session=session, state=BookingState.BOOKED, participant__in=asked)
    guests = Guest.objects.filter(session=session, participant__in=asked)
    people = [row.participant for rows in (booked, guests) for row in rows.select_related("participant")]
    checks = todays_checks(session, [person for person in people if person is not None])
    return any(check.readiness is Readiness.TALK_FIRST for check in checks.values())


def _leaders(session: Session) -> QuerySet[Person]:
    leading = SessionLeader.objects.filter(session=session, active=True)
    return Person.objects.filter(pk__in=leading.values("instructor__person")).order_by("pk")
