"""The email address or mobile number that was somebody's until now hears that it is used no longer: nobody is cut off.

Here: the message and whether it is still wanted. Not here: changing how somebody is
reached (details.py, which calls this), the words, the sending.
"""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import ContactPoint, Person, Programme
from messaging.kinds import Content, register_kind
from messaging.models import Message
from messaging.outbox import enqueue
from messaging.senders import SENDERS
from messaging.ways import Point
from participants.models import Participant, Supporter

CONTACT_CHANGED = "contact_changed"  # its subject is the address that ended


def tell_earlier_addresses(person: Person, ended: Iterable[ContactPoint]) -> None:
    """Inside the action that ended them. What goes out by itself: whoever was called before is not called."""
    programme = programme_of(person)
    for point in ended:
        if programme is not None and point.channel in SENDERS:
            enqueue(
                programme=programme,
                person=person,
                kind=CONTACT_CHANGED,
                subject_id=point.pk,
                dedupe_key=f"{CONTACT_CHANGED}:{point.pk}",
            )


def programme_of(person: Person) -> Programme | None:
    """In whose name they are written to: where they take part, or where they help."""
    part = Participant.objects.filter(person=person).select_related("programme").order_by("pk").last()
    if part is not None:
        return part.programme
    tie = Supporter.objects.filter(person=person).select_related("participant__programme").order_by("pk").last()
    return tie.participant.programme if tie is not None else None


def register() -> None:
    """Called once, when the apps are ready."""
    register_kind(CONTACT_CHANGED, _still_told)


def _still_told(message: Message) -> Content | None:
    """Not once the same address is theirs again."""
    ended = ContactPoint.objects.filter(pk=message.subject_id or 0).first()
    theirs = ContactPoint.objects.filter(person=message.person).current()
    if ended is None or theirs.filter(channel=ended.channel, value__iexact=ended.value).exists():
        return None
    return Content({}, earlier=Point(ended.channel, ended.value))
