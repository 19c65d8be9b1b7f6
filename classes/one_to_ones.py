"""Times with one person at a time, as those who may book them see them, and as those who give them do.

Here: scoped lists of free times, by instructor. Not here: giving times (classes/timetable/one_to_ones.py),
taking one (classes/places), whether somebody is to have a first contact (classes/judging/first_contact.py).
Called by pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from classes.listing import for_lists
from classes.models import LeaderRole, Session, SessionKind, SessionLeader
from classes.teaching import classes_led_by
from instructors.models import Instructor
from participants.models import Participant


@dataclass(frozen=True)
class Offered:
    """An instructor with times that are free: how many, and the first."""

    instructor_id: int
    first_name: str
    full_name: str
    times: int
    next_at: datetime


def free_times(participant: Participant, at: datetime) -> QuerySet[Session]:
    """Times to come in the person's programme that anybody may take, in order."""
    coming = Session.objects.published().filter(
        programme=participant.programme_id, kind=SessionKind.ONE_TO_ONE, starts_at__gt=at
    )
    free = for_lists(coming.with_places()).filter(somebody_waits=False)  # type: ignore[misc]  # annotated by for_lists
    return free.order_by("starts_at", "id")


def times_with(times: QuerySet[Session], instructor_id: int) -> QuerySet[Session]:
    """Those of them that this instructor leads."""
    led = SessionLeader.objects.leading().filter(instructor=instructor_id)
    return times.filter(pk__in=led.values("session"))


def offered_by(times: QuerySet[Session]) -> list[Offered]:
    """Who gives them, whoever is free first on top. One query."""
    led = SessionLeader.objects.leading().filter(session__in=times.order_by().values("pk"))
    people = ["instructor", *(f"instructor__person__{name}" for name in ("known_as", "given_name", "family_name"))]
    rows = led.values(*people).annotate(times=Count("session"), next_at=Min("session__starts_at"))
    return [_offered(row) for row in rows.order_by("next_at", "instructor")]


def teaches_in(programme_id: int, instructor_id: int) -> bool:
    return Instructor.objects.filter(pk=instructor_id, programme=programme_id).exists()


def led_by(session: Session) -> str:
    """The first name of whoever leads it; empty while nobody does."""
    leader = session.leaders.leading().select_related("instructor__person").first()
    return leader.instructor.person.first_name if leader else ""


def times_like(session: Session, participant: Participant, at: datetime) -> QuerySet[Session]:
    """What somebody who moves a time may choose from: the same kind with the same instructor."""
    leader = session.leaders.leading().first()
    like = free_times(participant, at).filter(class_type=session.class_type_id)
    return times_with(like, leader.instructor_id) if leader else like


def last_given_by(instructor: Instructor) -> list[Session]:
    """The times of the last day for which they gave any, in order: a start for the next ones."""
    given = Session.objects.published().filter(
        kind=SessionKind.ONE_TO_ONE, leaders__instructor=instructor, leaders__role=LeaderRole.LEAD
    )
    last = given.order_by("-starts_at").first()
    if last is None:
        return []
    alike = given.filter(starts_at__date=timezone.localdate(last.starts_at), class_type=last.class_type_id)
    return list(alike.select_related("venue", "room").order_by("starts_at"))


def own_times(user: object) -> QuerySet[Session]:
    """Times to come that the user gives, in order; taken ones too."""
    coming = classes_led_by(user).published().filter(kind=SessionKind.ONE_TO_ONE, ends_at__gt=timezone.now())
    return coming.order_by("starts_at", "id")


def _offered(row: dict[str, object]) -> Offered:
    known_as, given, family = (row[f"instructor__person__{name}"] for name in ("known_as", "given_name", "family_name"))
    return Offered(
        instructor_id=int(str(row["instructor"])),
        first_name=str(known_as or given),
        full_name=f"{given} {family}",
        times=int(str(row["times"])),
        next_at=row["next_at"],  # type: ignore[arg-type]
    )
