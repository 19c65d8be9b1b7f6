"""What instructors and the desk have to see to in the demonstration: a renewal that waits, a class that wants cover.

Done by the product's own actions. Who has let something lapse, and what runs out soon, stands in story/teachers.py.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils import timezone

from accounts.history import System
from classes.cover import ask_for_cover
from classes.models import LeaderRole, SessionKind, SessionLeader, SessionStatus
from classes.unqualified import look_at_everybody
from instructors.asking import see_to_tasks
from instructors.checking import record_credential
from instructors.models import Instructor

PAPER = b"%PDF-1.4\n% made up\n1 0 obj\n<</Type /Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n"


def leave_work_about_instructors(instructors: Mapping[str, Instructor]) -> None:
    _renew(instructors["kasia.trenerska"])
    _ask_for_cover(instructors["ines"])
    for instructor in instructors.values():
        see_to_tasks(instructor, System.COMMAND)
    look_at_everybody(System.COMMAND)


def _renew(instructor: Instructor) -> None:
    """Long before the old one runs out; nobody has looked at it yet."""
    today = timezone.localdate()
    record_credential(
        instructor=instructor,
        kind="public_liability",
        issued_on=today,
        expires_on=today + dt.timedelta(days=435),
        evidence="PL-0000",
        file=PAPER,
        by=instructor.person,
    )


def _ask_for_cover(instructor: Instructor) -> None:
    """For a class that is some days off."""
    now = timezone.now()
    leading = SessionLeader.objects.filter(
        instructor=instructor,
        active=True,
        role=LeaderRole.LEAD,
        session__status=SessionStatus.PUBLISHED,
        session__kind=SessionKind.GROUP,
        session__starts_at__range=(now + dt.timedelta(days=3), now + dt.timedelta(days=10)),
    )
    first = leading.select_related("session").order_by("session__starts_at").first()
    if first is not None:
        ask_for_cover(sessions=[first.session], reason="family visit", by=instructor.person)
