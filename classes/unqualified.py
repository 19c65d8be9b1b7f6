"""Dates to come that are led by somebody who lacks what their kind of class needs, since it was asked for later.

Here: finding them, and the one task for the desk about a kind of class. Not here: the rule
(instructors/credentials.py), dates that are published or changed, which it is asked for
at once (timetable/plans.py). Called when a kind of class changes (offering.py), and by its page.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts.history import Actor
from classes.models import ClassType, Session, SessionLeader, SessionStatus
from classes.models.timetable import LeaderRole
from classes.timetable.plans import held_by
from instructors.credentials import reasons_against_leading
from instructors.models import Instructor
from messaging import worklist

LEADER_LACKS = "leader_lacks_credential"  # kind of the desk's task; its subject is the kind of class
TIME_TO_ARRANGE = timedelta(days=2)


def dates_led_without(kind: ClassType) -> list[tuple[Session, Instructor]]:
    """Each date to come with whoever leads or covers it without what is needed on that day, in order.

    Who assists is not asked for it, as when a class is published.
    """
    if not kind.credentials_needed:
        return []
    leading = SessionLeader.objects.filter(active=True, role__in=(LeaderRole.LEAD, LeaderRole.COVER))
    to_come = leading.filter(
        session__class_type=kind, session__status=SessionStatus.PUBLISHED, session__starts_at__gt=timezone.now()
    )
    rows = list(to_come.select_related("session", "instructor__person").order_by("session__starts_at", "pk"))
    held = {instructor: held_by(instructor) for instructor in {row.instructor for row in rows}}
    return [
        (row.session, row.instructor)
        for row in rows
        if reasons_against_leading(
            held[row.instructor], kind.credentials_needed, timezone.localdate(row.session.starts_at)
        )
    ]


def ask_who_leads(kind: ClassType, *, by: Actor) -> None:
    """One open task that names how many dates there are, and none where there is no such date; inside an action."""
    worklist.cancel_tasks(kinds=[LEADER_LACKS], subject_id=kind.pk, by=by)
    if not (found := dates_led_without(kind)):
        return
    now, first = timezone.now(), found[0][0].starts_at
    worklist.raise_task(
        programme=kind.programme,
        kind=LEADER_LACKS,
        due_at=max(now, min(now + TIME_TO_ARRANGE, first)),
        subject_id=kind.pk,
        context={"class": kind.name, "dates": len({session.pk for session, _ in found})},
        dedupe_key=f"{LEADER_LACKS}:{kind.pk}",
        by=by,
    )
