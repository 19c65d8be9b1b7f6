"""The phases of a programme as staff set them: places a person may hold in a week, and talks that are suggested.

Here: whose phases somebody may set, and setting both. Not here: asking it
(classes/judging/weekly_limits.py), which phase somebody is in (course.py).
"""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.history import Actor, acting
from accounts.permissions import Permission, programmes_allowing
from participants.consequences import run_consequences_of_a_limit
from participants.models import Phase


def phases_set_by(user: object) -> QuerySet[Phase]:
    """Those of the programmes whose timetable `user` arranges."""
    programmes = programmes_allowing(user, Permission.PUBLISH_FOR_ANYONE)
    return Phase.objects.filter(programme_id__in=programmes).select_related("programme").order_by("programme", "order")


def plan_talks(*, phase: Phase, talks: int, per_weeks: int, by: Actor) -> Phase:
    """So many talks, one to one, are suggested in so many weeks of this phase, besides classes; 0 for none.

    A suggestion that people read on their home page, and nothing that anybody is held to.
    """
    with acting(by, "participants.plan_talks"):
        locked = Phase.objects.select_for_update(of=("self",)).get(pk=phase.pk)
        if (locked.talks, locked.talks_per_weeks) != (talks, per_weeks):
            locked.talks, locked.talks_per_weeks = talks, per_weeks
            locked.save(update_fields=["talks", "talks_per_weeks"])
    return locked


def limit_week(*, phase: Phase, most: int | None, one_to_ones_apart: bool, by: Actor) -> Phase:
    """At most so many places in a week of this phase; None for no limit. Places that are held already stay.

    It counts from the next place that somebody takes, and whom the old limit passed by is judged again by the new one.
    The same again changes nothing.
    """
    with acting(by, "participants.limit_week"):
        locked = Phase.objects.select_for_update(of=("self",)).get(pk=phase.pk)
        if (locked.most_a_week, locked.one_to_ones_apart) != (most, one_to_ones_apart):
            locked.most_a_week, locked.one_to_ones_apart = most, one_to_ones_apart
            locked.save(update_fields=["most_a_week", "one_to_ones_apart"])
            run_consequences_of_a_limit(locked, by)
    return locked
