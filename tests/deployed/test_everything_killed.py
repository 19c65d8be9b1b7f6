"""Web server, worker and database are killed in the middle of things: promises hold, and nothing is half there."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.permissions import Role
from bench.world import World, make_classes, make_world
from classes.models import Booking, Session
from messaging.models import Message
from participants.models import Participant
from tests.deployed.durable import Killable, killable_copy
from tests.deployed.invariants import PLACES, broken
from tests.deployed.load import Instructor, Load, Promises, Somebody
from tests.deployed.mailbox import Mailbox
from tests.deployed.programs import kill, until, web_process, web_server, worker
from tests.factories.accounts import someone
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.instructors import InstructorFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PEOPLE, CLASSES, PLACES_EACH = 12, 6, 4
MOMENTS = (15, 60)  # after so many promises, or a number between, everything is killed


@pytest.fixture
def promises() -> Promises:
    return Promises()


@pytest.fixture
def crowd(promises: Promises, sign_in: Any) -> list[Somebody | Instructor]:
    world = make_world(people=PEOPLE, classes=0)
    classes = make_classes(world.programme, world.class_type, CLASSES, capacity=PLACES_EACH, first_hour=72)
    today, begun = class_of(world, hours=5), class_of(world, hours=-1)
    taking_part = list(Participant.objects.order_by("reference"))
    checked = [BookingFactory(session=today, participant=one) for one in taking_part]
    marked = [BookingFactory(session=begun, participant=one).pk for one in taking_part]
    Session.objects.filter(pk__in=[today.pk, begun.pk]).update(places_taken=PEOPLE)
    people: list[Somebody | Instructor] = [
        Somebody(number, cookie, classes, booking.pk, promises)
        for number, (cookie, booking) in enumerate(zip(world.cookies, checked, strict=True))
    ]
    leader = sign_in(begun.leaders.get().instructor.person.user).cookies["sessionid"].value
    return [*people, Instructor(leader, begun.pk, marked, promises)]


def class_of(world: World, *, hours: int) -> Session:
    user = someone(f"Leader{hours} Bench", Role.INSTRUCTOR, programme=world.programme)
    leader = InstructorFactory(programme=world.programme, person=user.person)
    return SessionFactory(
        programme=world.programme,
        class_type=world.class_type,
        leader=leader,
        capacity=PEOPLE,
        starts_at=timezone.now() + dt.timedelta(hours=hours),
    )


def test_whatever_was_promised_before_a_kill_holds_after_it_and_nothing_is_half_there(
    kills: int, crowd: list[Somebody | Instructor], promises: Promises, mailbox: Mailbox, tmp_path: Path
) -> None:
    dice = random.Random(8)
    with killable_copy(tmp_path) as database:
        for number in range(kills):
            wanted = len(promises) + dice.randint(*MOMENTS)
            with (
                web_process(database.url, tmp_path / "web.log") as (web, port),
                worker(database.url, tmp_path / "worker.log", SAFEFIT_EMAIL_URL=mailbox.url) as sending,
                Load(port, crowd),
            ):
                until(lambda wanted=wanted: len(promises) >= wanted, "people are in the middle of things")  # type: ignore[misc]
                for one in dice.sample((database.kill, lambda: kill(web), lambda: kill(sending)), 3):
                    one()
            database.start()
            all_is_well(database, promises, f"kill {number}")
        before = len(promises)
        with web_server(database.url, tmp_path / "web.log") as port, Load(port, crowd):
            until(lambda: len(promises) > before, "it goes on by itself")
        all_is_well(database, promises, "in the end")


def all_is_well(database: Killable, promises: Promises, when: str) -> None:
    assert promises.strange == [], when
    assert broken(database.ask) == {}, when
    assert promises.broken(database.ask) == {}, when


def test_the_check_sees_a_place_that_is_half_there() -> None:
    place = BookingFactory()  # a row alone, which no action has counted
    Message.objects.create(
        programme=place.session.programme,
        person=place.participant.person,
        kind="booking_confirmed",
        subject_id=place.pk + 1,
        dedupe_key="half",
    )
    assert set(broken(asked_here)) == {"a counter that differs", "a message about no booking"}
    assert Promises(made=[place.pk, place.pk + 1], ended=[place.pk]).broken(asked_here) == {
        "made": {place.pk + 1},
        "ended": {place.pk},
    }
    assert Booking.objects.count() == 1 and "a counter that differs" in PLACES


def asked_here(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()
