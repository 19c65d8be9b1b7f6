"""Which messages a person can do without, and has said so.

Here: reading and changing the choice. Not here: asking it at the moment of sending (delivery.py),
which kind belongs to which topic (kinds.py, said by its owner), the words (the pages).
Called by the person's own page and by the desk's.
"""

from __future__ import annotations

from collections.abc import Collection

from accounts.history import Actor, acting
from accounts.models import Person
from messaging.kinds import topic_of
from messaging.models import Message, OptOut, Topic


def topics_wanted_by(person: Person) -> list[Topic]:
    """Those that the person has not opted out of, in the order of Topic."""
    unwanted = set(OptOut.objects.filter(person=person).values_list("topic", flat=True))
    return [topic for topic in Topic if topic not in unwanted]


def choose_topics(*, person: Person, wanted: Collection[str], by: Actor) -> None:
    """From now on `person` is sent messages on the `wanted` topics and on no other of Topic."""
    with acting(by, "messaging.choose_topics", on_behalf_of=person):
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)  # one choice after the other
        unwanted = [topic for topic in Topic if topic not in wanted]
        OptOut.objects.filter(person=person).exclude(topic__in=unwanted).delete()
        there = set(OptOut.objects.filter(person=person).values_list("topic", flat=True))
        OptOut.objects.bulk_create(OptOut(person=person, topic=topic) for topic in unwanted if topic not in there)


def is_declined(message: Message) -> bool:
    """Whether its person does without messages of this kind, as things stand now."""
    topic = topic_of(message.kind)
    return topic is not None and OptOut.objects.filter(person=message.person_id, topic=topic).exists()
