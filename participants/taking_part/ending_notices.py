"""Messages about the end of somebody's programme, and whether each is still wanted when its turn comes.

Here: putting them into the outbox. Not here: when (ending.py), the words (templates messages/<kind>.txt), where
somebody is sent next (content, health_content.where_next).
"""

from __future__ import annotations

from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from messaging.kinds import Content, register_kind
from messaging.models import Message
from messaging.outbox import enqueue
from participants.health_content import where_next
from participants.models import Enrolment, Participant, ParticipantStatus

ENDS_SOON, EXTENDED, ENDED = "programme_ends_soon", "programme_extended", "programme_ended"


def programme_ends_soon(*, participant: Participant, enrolment: Enrolment, due_at: datetime) -> Message:
    """Until when they can come, four weeks before."""
    return _put(ENDS_SOON, participant, enrolment, enrolment.closes_on, due_at)


def programme_extended(*, participant: Participant, enrolment: Enrolment) -> Message:
    """They stay longer."""
    return _put(EXTENDED, participant, enrolment, enrolment.extended_until, timezone.now())


def programme_ended(*, participant: Participant, enrolment: Enrolment, due_at: datetime) -> Message:
    """The letter of the end, and where to go next."""
    return _put(ENDED, participant, enrolment, enrolment.closes_on, due_at)


def were_told_of_the_end(enrolment: Enrolment) -> bool:
    return Message.objects.filter(dedupe_key=_key(ENDED, enrolment, enrolment.closes_on)).exists()


def register() -> None:
    """Called once, by AppConfig.ready."""
    register_kind(ENDS_SOON, _ends_soon)
    register_kind(EXTENDED, _extended)
    register_kind(ENDED, _ended)


def _put(kind: str, participant: Participant, enrolment: Enrolment, day: date | None, due_at: datetime) -> Message:
    return enqueue(
        programme=participant.programme,
        person=participant.person,
        kind=kind,
        subject_id=enrolment.pk,
        context={"day": str(day)},
        due_at=due_at,
        dedupe_key=_key(kind, enrolment, day),
    )


def _key(kind: str, enrolment: Enrolment, day: date | None) -> str:
    return f"{kind}:{enrolment.pk}:{day}"


def _open(message: Message) -> Enrolment | None:
    """Of somebody who takes part."""
    rows = Enrolment.objects.filter(pk=message.subject_id or 0, ends_on=None)
    return rows.filter(participant__status=ParticipantStatus.ACTIVE).first()


def _ends_soon(message: Message) -> Content | None:
    """Wanted while that day stands, and until it is over."""
    enrolment = _open(message)
    if enrolment is None or enrolment.closes_on is None or str(enrolment.closes_on) != message.context["day"]:
        return None
    if enrolment.closes_on < timezone.localdate():
        return None
    return Content({"until": enrolment.closes_on, "next": reverse("me:where_next")})


def _extended(message: Message) -> Content | None:
    """Wanted while it is the last word."""
    enrolment = _open(message)
    if enrolment is None or str(enrolment.extended_until) != message.context["day"]:
        return None
    return Content({"until": enrolment.extended_until})


def _ended(message: Message) -> Content | None:
    """Wanted unless they stay after all."""
    enrolment = _open(message)
    if enrolment is None or str(enrolment.closes_on) != message.context["day"]:
        return None
    return Content({"onward": where_next(), "next": reverse("me:where_next")})
