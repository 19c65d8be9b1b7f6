"""What a participant, or the desk for them, keeps up to date: how to reach them, where they live, their needs.

Here: changing it, with the old value kept in history. Not here: the login
(accounts), health (health.py), consents (consents.py), recording needs (needs.py), whom to call (emergency.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone

from accounts.history import acting
from accounts.models import Channel, ContactPoint, Person
from messaging.bounces import no_longer_asked, take_back_into_use
from participants.earlier_address import tell_earlier_addresses
from participants.models import AccessNeed, Participant
from participants.rules.formats import IN_ORDER


@dataclass(frozen=True)
class Rung:
    """A number on which somebody is rung, and whether a message may be left there."""

    number: str
    may_leave_message: bool


class NoWayLeft(Exception):
    """A person must stay reachable in at least one way."""


def contact_points_of(person: Person) -> list[ContactPoint]:
    """The ways to reach a person now, the one they prefer first."""
    return list(person.contact_points.current())


def number_of(person: Person) -> str:
    """The telephone number on which they are rung; empty when none is noted."""
    rung = numbers_of([person.pk]).get(person.pk)
    return rung.number if rung else ""


def numbers_of(people: Collection[int]) -> dict[int, Rung]:
    """The same for many people at once, by their key: a number for calls before one for text messages."""
    rings = ContactPoint.objects.current().filter(person__in=people, channel__in=(Channel.PHONE, Channel.TEXT))
    by_text = {one.person_id: _rung(one) for one in rings if one.channel == Channel.TEXT}
    return by_text | {one.person_id: _rung(one) for one in rings if one.channel == Channel.PHONE}


def _rung(point: ContactPoint) -> Rung:
    return Rung(point.value, point.may_leave_message)


def postal_address_of(person: Person) -> str:
    """Where a letter to them goes now; empty when none is noted."""
    return postal_addresses_of([person.pk]).get(person.pk, "")


def postal_addresses_of(people: Collection[int]) -> dict[int, str]:
    """The same for many people at once, by their key; who has none is left out."""
    points = ContactPoint.objects.current().filter(person__in=people, channel=Channel.POST)
    return dict(points.values_list("person", "value"))


def does_not_arrive(person: Person) -> bool:
    """Whether what we send to one of their addresses comes back."""
    return person.contact_points.current().exclude(failed_at=None).exists()


def current_needs_of(person: Person) -> list[AccessNeed]:
    """In the order of the groups of kinds, with who wrote each down. One query."""
    return needs_of_each([person.pk]).get(person.pk, [])


def needs_of_each(people: Collection[int]) -> dict[int, list[AccessNeed]]:
    """The same for many people at once, by their key; who needs nothing is left out."""
    found: dict[int, list[AccessNeed]] = defaultdict(list)
    for row in AccessNeed.objects.filter(person__in=people).current().select_related("recorded_by"):
        found[row.person_id].append(row)
    return {person: _in_order(rows) for person, rows in found.items()}


def _in_order(rows: Iterable[AccessNeed]) -> list[AccessNeed]:
    return sorted(rows, key=lambda row: (IN_ORDER.index(row.kind), row.pk))


def change_contact(
    *, person: Person, contacts: Mapping[str, str], preferred: str, may_leave_message: bool, by: Person
) -> None:
    """Replace the ways to reach a person: channel → value; what is left out or blank ends. Raises NoWayLeft.

    What stays is right: where messages came back from it, it is written to again.
    """
    wanted = {channel: value.strip() for channel, value in contacts.items() if value.strip()}
    if not wanted:
        raise NoWayLeft
    chosen = preferred if preferred in wanted else next(iter(wanted))
    with acting(by, "participants.change_contact", on_behalf_of=person):
        Person.objects.select_for_update().get(pk=person.pk)
        person.contact_points.current().update(preferred=False)  # only one may be preferred at any moment
        kept = {point.channel: point for point in contact_points_of(person) if wanted.get(point.channel) == point.value}
        ended = [point for point in contact_points_of(person) if point not in kept.values()]
        person.contact_points.filter(pk__in=[point.pk for point in ended]).update(ended_at=timezone.now())
        for channel, value in wanted.items():
            point = kept.get(channel) or ContactPoint(person=person, channel=channel, value=value)
            point.preferred = channel == chosen
            point.may_leave_message = channel == Channel.PHONE and may_leave_message
            point.save()
        take_back_into_use(points=list(kept.values()), by=by)
        no_longer_asked(points=ended)
        tell_earlier_addresses(person, ended)


def change_home(*, participant: Participant, postcode: str, area: str, by: Person) -> Participant:
    """Where they live now. It ends nothing: who moves away goes on with the programme."""
    with acting(by, "participants.change_home", on_behalf_of=participant.person):
        participant.postcode, participant.area = postcode, area
        participant.save(update_fields=["postcode", "area"])
        return participant


def change_name(*, person: Person, known_as: str, by: Person) -> Person:
    """What the person is called in conversation; "" for their given name."""
    with acting(by, "participants.change_name", on_behalf_of=person):
        person.known_as = known_as.strip()
        person.save(update_fields=["known_as"])
        return person
