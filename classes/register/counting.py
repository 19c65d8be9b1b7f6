"""What the marks of many registers come to. Called by outcomes, which counts from the first attended class."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Min, Q
from django.db.models.functions import Coalesce

from classes.models import Attendance
from classes.wall_time import local_date


def first_attended_on(participant_ids: Collection[int]) -> dict[int, date]:
    """The UK date of the first class that each participant attended, at least in part, by the marks in force.

    Walk-ins count. A participant who never attended is not in the answer. One query.
    """
    theirs = Attendance.objects.filter(
        Q(booking__participant__in=participant_ids) | Q(guest__participant__in=participant_ids)
    )
    firsts = (
        theirs.counting()
        .annotate(who=Coalesce("booking__participant_id", "guest__participant_id"))
        .values("who")
        .annotate(first=Min("session__starts_at"))
        .values_list("who", "first")
    )
    return {who: local_date(first) for who, first in firsts}
