"""The mobile number at which somebody who works here is rung, and is sent texts about what cannot wait.

Here: keeping it, and the text that tries it. Not here: who is told what (alerts.py), sending (delivery.py), numbers of
people who take part (participants). Called by the pages of the desk and of instructors. Nobody signs in with it.
"""

from __future__ import annotations

from typing import Final

from django.utils import timezone

from accounts.history import acting
from accounts.models import Channel, ContactPoint, Person, Programme
from messaging.delivery import sends_texts
from messaging.kinds import Content, register_kind
from messaging.models import Message
from messaging.outbox import enqueue

NUMBER_TRY: Final = "number_try"  # kind of message; its subject is the number


def work_number_of(person: Person) -> ContactPoint | None:
    """The number in use, also while nothing arrives there."""
    return ContactPoint.objects.current().filter(person=person, channel=Channel.TEXT).first()


def emails_of(person: Person) -> list[str]:
    """Where they are written to, the one they like best first."""
    points = ContactPoint.objects.current().filter(person=person, channel=Channel.EMAIL)
    return list(points.values_list("value", flat=True))


def keep_work_number(*, person: Person, programme: Programme, number: str, by: Person) -> None:
    """From now on `person` is rung and texted at `number`, "" for none. Where texts are carried one tries it, also
    when it is the same number again.
    """
    with acting(by, "messaging.keep_work_number", on_behalf_of=person):
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)  # one number after the other
        now = timezone.now()
        ContactPoint.objects.current().filter(person=person, channel=Channel.TEXT).update(ended_at=now)
        if number:
            point = ContactPoint.objects.create(person=person, channel=Channel.TEXT, value=number)
            if sends_texts():
                enqueue(
                    programme=programme,
                    person=person,
                    kind=NUMBER_TRY,
                    subject_id=point.pk,
                    due_at=now,
                    dedupe_key=f"{NUMBER_TRY}:{point.pk}",
                )


def try_still_wanted(message: Message) -> Content | None:
    """Not once another number has taken its place."""
    point = ContactPoint.objects.working().filter(pk=message.subject_id or 0).first()
    return Content({}, urgent=True, by=Channel.TEXT) if point else None


def register() -> None:
    """Called once, when the apps are ready."""
    register_kind(NUMBER_TRY, try_still_wanted)
