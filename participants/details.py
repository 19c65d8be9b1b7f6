"""What a participant, or the desk for them, keeps up to date: how to reach them, their needs, whom to call.

Here: changing it, with the old value kept in history. Not here: the login
(accounts), health (health.py), consents (consents.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils import timezone

from accounts.history import acting
from accounts.models import Channel, ContactPoint, Person
from participants.application import Need
from participants.joining import NEED_REVIEW_MONTHS
from participants.models import AccessNeed, Participant
from participants.screening import add_months


class NoWayLeft(Exception):
    """A person must stay reachable in at least one way."""


def contact_points_of(person: Person) -> list[ContactPoint]:
    """The ways to reach a person now, the one they prefer first."""
    return list(person.contact_points.filter(ended_at=None).order_by("-preferred", "pk"))


def current_needs_of(person: Person) -> list[AccessNeed]:
    return list(AccessNeed.objects.filter(person=person).current().order_by("recorded_at", "pk"))


def change_contact(
    *, person: Person, contacts: Mapping[str, str], preferred: str, may_leave_message: bool, by: Person
) -> None:
    """Replace the ways to reach a person: channel → value; what is left out or blank ends. Raises NoWayLeft."""
    wanted = {channel: value.strip() for channel, value in contacts.items() if value.strip()}
    if not wanted:
        raise NoWayLeft
    chosen = preferred if preferred in wanted else next(iter(wanted))
    with acting(by, "participants.change_contact", on_behalf_of=person):
        Person.objects.select_for_update().get(pk=person.pk)
        person.contact_points.filter(ended_at=None).update(preferred=False)  # only one may be preferred at any moment
        kept = {point.channel: point for point in contact_points_of(person) if wanted.get(point.channel) == point.value}
        ended = person.contact_points.filter(ended_at=None).exclude(pk__in=[point.pk for point in kept.values()])
        ended.update(ended_at=timezone.now())
        for channel, value in wanted.items():
            point = kept.get(channel) or ContactPoint(person=person, channel=channel, value=value)
            point.preferred = channel == chosen
            point.may_leave_message = channel == Channel.PHONE and may_leave_message
            point.save()


def change_name(*, person: Person, known_as: str, by: Person) -> Person:
    """What the person is called in conversation; "" for their given name."""
    with acting(by, "participants.change_name", on_behalf_of=person):
        person.known_as = known_as.strip()
        person.save(update_fields=["known_as"])
        return person


def change_emergency_contact(
    *, participant: Participant, name: str, relationship: str, phone: str, by: Person
) -> Participant:
    with acting(by, "participants.change_emergency_contact", on_behalf_of=participant.person):
        participant.emergency_name, participant.emergency_relationship = name, relationship
        participant.emergency_phone = phone
        participant.save(update_fields=["emergency_name", "emergency_relationship", "emergency_phone"])
        return participant


def record_needs(*, person: Person, needs: Iterable[Need], share_with_instructors: bool, by: Person) -> None:
    """The needs a person has now: those left out end, the others are kept with who said so and when to ask again."""
    with acting(by, "participants.record_needs", on_behalf_of=person):
        wanted = {(need.kind, need.detail) for need in needs}
        review_on = add_months(timezone.localdate(), NEED_REVIEW_MONTHS)
        Person.objects.select_for_update().get(pk=person.pk)
        for row in current_needs_of(person):
            if (row.kind, row.detail) in wanted:
                wanted.discard((row.kind, row.detail))
                row.share_with_instructors, row.review_on = share_with_instructors, review_on
            else:
                row.ended_at = timezone.now()
            row.save()
        for kind, detail in sorted(wanted):
            AccessNeed.objects.create(
                person=person,
                kind=kind,
                detail=detail,
                share_with_instructors=share_with_instructors,
                recorded_by=by,
                review_on=review_on,
            )
