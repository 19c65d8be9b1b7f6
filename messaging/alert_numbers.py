"""To which number somebody at the desk is sent text messages when something cannot wait.

Here: keeping the number, and the text that tries it. Not here: who is told (alerts.py), sending (delivery.py), numbers
of people who take part (participants). Called by the desk's page, which offers it where text messages are carried. The
number is for these texts alone; nobody signs in with it.
"""

from __future__ import annotations

from typing import Final

from django.utils import timezone

from accounts.history import acting
from accounts.models import Channel, ContactPoint, Person, Programme
from messaging.kinds import Content, register_kind
from messaging.models import Message
from messaging.outbox import enqueue

ALERT_TRY: Final = "alert_try"  # kind of message; its subject is the number


def alert_number_of(person: Person) -> ContactPoint | None:
    """The number in use, also while nothing arrives there."""
    return ContactPoint.objects.current().filter(person=person, channel=Channel.TEXT).first()


def keep_alert_number(*, person: Person, programme: Programme, number: str, by: Person) -> None:
    """From now on alerts go to `number` too; "" for by email alone. A text tries it, the same number again as well."""
    with acting(by, "messaging.keep_alert_number", on_behalf_of=person):
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)  # one number after the other
        now = timezone.now()
        ContactPoint.objects.current().filter(person=person, channel=Channel.TEXT).update(ended_at=now)
        if number:
            point = ContactPoint.objects.create(person=person, channel=Channel.TEXT, value=number)
            enqueue(
                programme=programme,
                person=person,
                kind=ALERT_TRY,
                subject_id=point.pk,
                due_at=now,
                dedupe_key=f"{ALERT_TRY}:{point.pk}",
            )


def try_still_wanted(message: Message) -> Content | None:
    """Not once another number has taken its place."""
    point = ContactPoint.objects.working().filter(pk=message.subject_id or 0).first()
    return Content({}, urgent=True, by=Channel.TEXT) if point else None


def register() -> None:
    """Called once, when the apps are ready."""
    register_kind(ALERT_TRY, try_still_wanted)
