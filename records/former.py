"""Records that were put together with one that stays: their history goes on being read with it.

Here: what they were known by. Their rows name the record that stays; what history wrote of them before keeps their own
keys, and is found by these. Called by the desk's timeline and page of a person.
"""

from __future__ import annotations

from accounts.models import Person
from participants.models import Participant
from records.models import Merge


def former_records(participant: Participant) -> list[Participant]:
    """Not in the database any more, and never to be saved: keys to look under."""
    return [
        Participant(
            pk=row.gone_key,
            person=Person(pk=row.gone_person_key),
            programme=participant.programme,
            registered_at=participant.registered_at,
        )
        for row in merges_of(participant)
    ]


def merges_of(participant: Participant) -> list[Merge]:
    """With what this record was put together, the latest first."""
    return list(Merge.objects.standing().filter(kept=participant))
