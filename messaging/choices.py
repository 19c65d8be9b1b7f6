"""Which messages a person can do without, and by which way they want to hear of which matter.

Here: reading and changing the choices. Not here: asking them at the moment of sending (delivery.py),
which kind belongs to which topic and matter (kinds.py, said by its owner), the words (the pages).
Called by the person's own page and by the desk's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Value

from accounts.history import Actor, acting
from accounts.models import ContactPointQuerySet, Person
from messaging.kinds import matter_of, topic_of
from messaging.models import ChosenWay, Matter, Message, OptOut, Topic, WorkTopic


@dataclass(frozen=True)
class Choices:
    """The topics that somebody wants to hear of, in order; and matter → channel, where it is not the one liked best."""

    topics: list[Topic]
    ways: dict[Matter, str]


def choices_of(person: Person) -> Choices:
    """Everything that the person chose about being told. One query."""
    unwanted = OptOut.objects.filter(person=person).values_list("topic", Value(""))
    rows = list(unwanted.union(ChosenWay.objects.filter(person=person).values_list("matter", "channel")))
    without = {topic for topic, way in rows if not way}
    ways = {Matter(matter): way for matter, way in rows if way}
    return Choices([topic for topic in Topic if topic not in without], ways)


def topics_wanted_by(person: Person) -> list[Topic]:
    """Those that the person has not opted out of, in the order of Topic."""
    return choices_of(person).topics


def choose_topics(*, person: Person, wanted: Collection[str], by: Actor) -> None:
    """From now on `person` is sent messages on the `wanted` topics and on no other of Topic."""
    with acting(by, "messaging.choose_topics", on_behalf_of=person):
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)  # one choice after the other
        unwanted = [topic for topic in Topic if topic not in wanted]
        OptOut.objects.filter(person=person, topic__in=Topic.values).exclude(topic__in=unwanted).delete()
        there = set(OptOut.objects.filter(person=person).values_list("topic", flat=True))
        OptOut.objects.bulk_create(OptOut(person=person, topic=topic) for topic in unwanted if topic not in there)


def wants_at_work(person: Person, topic: WorkTopic) -> bool:
    return not OptOut.objects.filter(person=person, topic=topic).exists()


def choose_at_work(*, person: Person, topic: WorkTopic, wanted: bool, by: Actor) -> None:
    """From now on `person` is sent messages on `topic`, or none. The same again changes nothing."""
    with acting(by, "messaging.choose_at_work", on_behalf_of=person):
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)  # one choice after the other
        if wanted:
            OptOut.objects.filter(person=person, topic=topic).delete()
        elif wants_at_work(person, topic):
            OptOut.objects.create(person=person, topic=topic)


def is_declined(message: Message) -> bool:
    """Whether its person does without messages of this kind, as things stand now."""
    topic = topic_of(message.kind)
    return topic is not None and OptOut.objects.filter(person=message.person_id, topic=topic).exists()


def ways_chosen_by(person: Person) -> dict[Matter, str]:
    """Matter → channel, for those about which the person wants to hear otherwise than by the way they like best."""
    return choices_of(person).ways


def choose_ways(*, person: Person, ways: Mapping[Matter, str], by: Actor) -> None:
    """From now on `person` hears of each of `ways` by its channel, and of all else by the way they like best."""
    with acting(by, "messaging.choose_ways", on_behalf_of=person):
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)  # one choice after the other
        there = {Matter(row.matter): row for row in ChosenWay.objects.filter(person=person)}
        for matter, row in there.items():
            if ways.get(matter) != row.channel:
                row.delete()
        new = {matter: way for matter, way in ways.items() if matter not in there or there[matter].channel != way}
        ChosenWay.objects.bulk_create(
            ChosenWay(person=person, matter=matter, channel=way) for matter, way in new.items()
        )


def in_order_for(kind: str, points: ContactPointQuerySet) -> ContactPointQuerySet:
    """The same `points`, those first that their person chose for what a `kind` is about. A way that has ended since
    is not among them, and then the one that is liked best comes first."""
    matter = matter_of(kind)
    if matter is None:
        return points
    chosen = ChosenWay.objects.filter(person=OuterRef("person"), matter=matter, channel=OuterRef("channel"))
    return points.annotate(chosen=Exists(chosen)).order_by("-chosen", "-preferred", "pk")
