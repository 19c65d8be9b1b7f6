"""Ending somebody's part before they are erased: no place, no help and no agreement of theirs holds any longer.

Here: the one step. Not here: whether it may be done (asking.py), erasing itself (erase.py), which takes it once more
for whom a restored backup brought back as they were.
"""

from __future__ import annotations

from accounts.models import Person
from outcomes.extracts.taking import discard_extracts_with
from participants.consents import end_agreements
from participants.models import Supporter
from participants.support import end_support
from participants.taking_part.life import withdraw
from records.erasing.preview import parts_going_on, parts_of

WHY = "erased"  # why an enrolment ended


def end_part(*, person: Person, by: Person) -> None:
    """Inside an action: others get their places, and no count, extract or study reads them from now on."""
    for participant in parts_going_on(person):
        withdraw(participant=participant, reason=WHY, by=by)
    for participant in parts_of(person):
        end_agreements(participant=participant, by=by)
        discard_extracts_with(participant=participant, by=by)
    for tie in Supporter.objects.filter(person=person):
        end_support(supporter=tie, by=by)
