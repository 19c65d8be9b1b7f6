"""People who may book, signed in, and classes with room for them, in a database that holds nothing else.

Every row is of the product's own models, so its triggers, constraints and indexes are
those that are measured. Rows are written in bulk: this is not how people join.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.history import System, acting
from accounts.models import Channel, ContactPoint, Membership, Organisation, Person, Programme, User
from accounts.permissions import Role
from classes.models import ClassType, Effort, Mode, Position, Session, SessionStatus
from participants.models import Clearance, ClearanceState, Enrolment, Participant

HOURS = 1000  # different hours at which the spread classes begin, so that nobody books two at once
BATCH = 5000


@dataclass(frozen=True)
class World:
    """Who can book what: the cookie of each person, and the ids of classes at which nobody is yet."""

    programme: Programme
    class_type: ClassType
    cookies: list[str]
    spread: list[int]


def make_world(*, people: int, classes: int) -> World:
    """An empty database filled with `people` signed-in participants and `classes` classes of the coming weeks."""
    with acting(System.COMMAND, "bench.make_world"):
        body = Organisation.objects.create(name="Bench", slug="bench")
        programme = Programme.objects.create(
            name="Bench", slug="bench", run_by=body, areas=["Dorset"], areas_served=["Dorset"]
        )
        class_type = ClassType.objects.create(
            programme=programme,
            name="Gentle movement",
            summary="Made up to be measured.",
            effort=Effort.GENTLE,
            positions=[Position.SEATED],
            bring="Water",
        )
        users = _make_participants(programme, people)
    spread = make_classes(programme, class_type, classes, capacity=people, first_hour=24 * 3)
    cookies = [_signed_in(user) for user in users]
    let_the_database_look()
    return World(programme, class_type, cookies, spread)


def make_classes(
    programme: Programme, class_type: ClassType, how_many: int, *, capacity: int, first_hour: int
) -> list[int]:
    """Online classes of half an hour, one at each full hour; after HOURS of them it begins again at the first."""
    first = timezone.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=first_hour)
    starts = [first + dt.timedelta(hours=number % HOURS) for number in range(how_many)]
    with acting(System.COMMAND, "bench.make_classes"):
        rows = Session.objects.bulk_create(
            (
                Session(
                    programme=programme,
                    class_type=class_type,
                    occurs_on=timezone.localdate(starts_at),
                    mode=Mode.REMOTE,
                    starts_at=starts_at,
                    ends_at=starts_at + dt.timedelta(minutes=30),
                    capacity=min(capacity, 30_000),
                    status=SessionStatus.PUBLISHED,
                    join_url="https://meet.example/bench",
                )
                for starts_at in starts
            ),
            batch_size=BATCH,
        )
    return [row.pk for row in rows]


def let_the_database_look() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def let_the_disk_rest() -> None:
    """What was written until now is on it: no measurement pays for what made its world."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")


def _make_participants(programme: Programme, how_many: int) -> list[User]:
    people = Person.objects.bulk_create(
        (
            Person(given_name=f"Given{n}", family_name="Bench", date_of_birth=dt.date(1960, 1, 1))
            for n in range(how_many)
        ),
        batch_size=BATCH,
    )
    users = User.objects.bulk_create(
        (User(person=person, email=f"person{n}@bench.example", password="!") for n, person in enumerate(people)),
        batch_size=BATCH,
    )
    today = timezone.localdate()
    Membership.objects.bulk_create(
        (Membership(user=user, role=Role.PARTICIPANT, programme=programme) for user in users), batch_size=BATCH
    )
    ContactPoint.objects.bulk_create(
        (
            ContactPoint(person=user.person, channel=Channel.EMAIL, value=user.email or "", preferred=True)
            for user in users
        ),
        batch_size=BATCH,
    )
    taking_part = Participant.objects.bulk_create(
        (
            Participant(
                person=person,
                programme=programme,
                reference=f"SF-{n:06d}",
                source="self",
                area="Dorset",
                emergency_name="Emer Bench",
                emergency_relationship="sister",
                emergency_phone="01632960111",
            )
            for n, person in enumerate(people)
        ),
        batch_size=BATCH,
    )
    Clearance.objects.bulk_create(
        (
            Clearance(
                participant=one,
                state=ClearanceState.CLEARED,
                valid_from=today - dt.timedelta(days=30),
                valid_until=today + dt.timedelta(days=180),
            )
            for one in taking_part
        ),
        batch_size=BATCH,
    )
    Enrolment.objects.bulk_create(
        (Enrolment(participant=one, starts_on=today - dt.timedelta(days=30)) for one in taking_part), batch_size=BATCH
    )
    return users


def _signed_in(user: User) -> str:
    """The session key of a browser in which this user has signed in."""
    store: SessionBase = import_string(f"{settings.SESSION_ENGINE}.SessionStore")()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return store.session_key or ""


def audit() -> dict[str, int]:
    """What must be nought: classes that are oversold, people with a place twice, counters that have drifted."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FILTER (WHERE held > capacity), count(*) FILTER (WHERE held <> places_taken)
              FROM (SELECT s.capacity, s.places_taken,
                           coalesce(sum(least(b.party, CASE WHEN s.companions_beside THEN 1 END)), 0) AS held
                      FROM classes_session s
                      LEFT JOIN classes_booking b ON b.session_id = s.id AND b.state IN ('booked', 'offered')
                     GROUP BY s.id) AS classes
            """
        )
        oversold, drifted = cursor.fetchone()
        cursor.execute(
            """
            SELECT count(*) FROM (SELECT 1 FROM classes_booking WHERE state IN ('booked', 'offered', 'waiting')
                                   GROUP BY session_id, participant_id HAVING count(*) > 1) AS twice
            """
        )
        (twice,) = cursor.fetchone()
        cursor.execute(
            "SELECT (SELECT count(*) FROM classes_booking) - (SELECT count(*) FROM messaging_message"
            " WHERE kind IN ('booking_confirmed', 'waiting_joined'))"
        )
        (untold,) = cursor.fetchone()
    return {"oversold": oversold, "drifted": drifted, "twice": twice, "untold": untold}
