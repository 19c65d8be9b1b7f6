"""Text messages that people send to us.

Here: keeping one, whose number it came from, and asking the desk to read it. Not here: what an
answer to a reminder does (classes/text_replies.py), the address at which a carrier tells of it
(frontend/views/carrier.py). Whoever texts is known by the number alone, which can be forged and
shared: nothing is ever told in answer to a text, and a number that two people share is nobody's.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts.history import System, acting
from accounts.models import Channel, ContactPoint, Person, Programme
from messaging.models import Message, ReceivedText
from messaging.quiet_hours import within_calling_hours
from messaging.worklist import TEXT_RECEIVED, raise_task

READ_WITHIN = timedelta(hours=1)  # of those in which people are called
TO_DESK = "desk"  # what became of a text that a person reads


def keep_text(*, carrier_id: str, number: str, words: str) -> ReceivedText:
    """The text as it came, with whom it is from where one person alone has this number. The same again is the same."""
    with acting(System.WORKER, "messaging.keep_text"):
        sender = _whose(number)
        programme = _desk_for(sender)
        text, _ = ReceivedText.objects.get_or_create(
            carrier_id=carrier_id,
            defaults={"programme": programme, "person": sender, "number": number, "words": words},
        )
        return text


def note_what_became(text: ReceivedText, became: str) -> ReceivedText:
    """`became` is what it did by itself, or TO_DESK: then somebody there reads it within the hour."""
    with acting(System.WORKER, "messaging.note_what_became", on_behalf_of=text.person):
        text.became = became
        text.save(update_fields=["became"])
        if became == TO_DESK:
            raise_task(
                programme=text.programme,
                kind=TEXT_RECEIVED,
                due_at=within_calling_hours(timezone.now(), READ_WITHIN),
                about=text.person,
                subject_id=text.pk,
                dedupe_key=f"{TEXT_RECEIVED}:{text.pk}",
                by=System.WORKER,
            )
        return text


def _whose(number: str) -> Person | None:
    rings = ContactPoint.objects.current().filter(channel__in=(Channel.TEXT, Channel.PHONE), value=number)
    people = Person.objects.filter(pk__in=rings.order_by().values("person"))[:2]
    return people[0] if len(people) == 1 else None


def _desk_for(sender: Person | None) -> Programme:
    """Of the programme that wrote to them last; a stranger's text is read at the desk of the oldest one."""
    last = Message.objects.filter(person=sender).order_by("-id").select_related("programme").first() if sender else None
    return last.programme if last else Programme.objects.earliest("pk")
