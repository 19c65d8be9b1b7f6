"""By what a caller is known at the desk: facts on record to ask for, and who may call for whom.

Here: which facts there are, who helps at this moment, and keeping the outcome.
Not here: the call itself (messaging/calls.py), the words and the page (frontend/views/desk/calling.py).
"""

from __future__ import annotations

import enum
from collections.abc import Collection

from accounts.models import Channel, Person
from messaging.calls import DIALLED, note_call
from messaging.models import Call, Caller, Task
from participants.details import contact_points_of
from participants.models import Participant, Supporter

RINGS = (Channel.PHONE, Channel.TEXT)


class Fact(enum.StrEnum):
    """What may be asked. The reference comes last: it stands on every letter that lies about."""

    BORN = "born"
    POSTCODE = "postcode"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    EMERGENCY = "emergency"
    REFERENCE = "reference"


class NoLongerHelps(Exception):
    """Whoever calls for the participant helps them no more, or not yet."""


def facts_on_record(participant: Participant) -> dict[Fact, list[str]]:
    """What is held to compare with, in the order in which it is asked; a fact that is not held is left out."""
    person, points = participant.person, contact_points_of(participant.person)
    held = {
        Fact.BORN: [person.date_of_birth.isoformat()] if person.date_of_birth else [],
        Fact.POSTCODE: [participant.postcode],
        Fact.PHONE: [point.value for point in points if point.channel in RINGS],
        Fact.EMAIL: [point.value for point in points if point.channel == Channel.EMAIL],
        Fact.ADDRESS: [point.value for point in points if point.channel == Channel.POST],
        Fact.EMERGENCY: [participant.emergency_name],
        Fact.REFERENCE: [participant.reference],
    }
    return {fact: known for fact, values in held.items() if (known := [value for value in values if value])}


def helpers_now(participant: Participant) -> list[Supporter]:
    """Who helps at this moment, by the same rule that opens pages to them."""
    return list(
        Supporter.objects.live().filter(participant=participant).select_related("person").order_by("starts_at", "pk")
    )


def note_caller(
    *,
    participant: Participant,
    caller: Caller,
    checked: Collection[str],
    helper: Person | None = None,
    task: Task | None = None,
    by: Person,
) -> Call:
    """Keep who is on the line about the participant. `task`: the desk called them, at a number on record.

    Facts that are not held are not counted, whatever was ticked. Raises NoLongerHelps.
    """
    helping = next((row for row in helpers_now(participant) if row.person == helper), None) if helper else None
    if caller == Caller.HELPER and helping is None:
        raise NoLongerHelps
    known = {fact.value for fact in facts_on_record(participant)}
    if task is not None:
        known = (known - {Fact.PHONE.value}) | {DIALLED}
        checked = [*checked, DIALLED]
    return note_call(
        programme=participant.programme,
        about=participant.person,
        caller=caller,
        checked=known & set(checked),
        helper=helper if helping else None,
        scopes=helping.scopes if helping else (),
        task=task,
        by=by,
    )
