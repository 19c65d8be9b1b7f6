"""Sizes of a storm: small with every run of the tests, as large as one likes with `./run campaign`.

And what its programs work on: a web server, a mail server, one message that is to be sent.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.world import make_classes, make_world
from classes.models import Session
from classes.timetable import cancel_session
from messaging.models import Message
from participants.models import Participant
from tests.deployed.mailbox import Mailbox, mail_server
from tests.deployed.programs import this_database, web_server
from tests.factories.classes import BookingFactory


@pytest.fixture
def rounds() -> int:
    return int(os.environ.get("SAFEFIT_ROUNDS", 2))


@pytest.fixture
def kills() -> int:
    return int(os.environ.get("SAFEFIT_ROUNDS", 1))


@pytest.fixture
def people() -> int:
    return int(os.environ.get("SAFEFIT_PEOPLE", 60))


@pytest.fixture
def places() -> int:
    return int(os.environ.get("SAFEFIT_PLACES", 10))


@pytest.fixture(scope="module")
def web(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a web server on this run's test database: what a test commits there, it serves.

    No longer than its module: another test may want that database for itself.
    """
    with web_server(this_database(), Path(tmp_path_factory.mktemp("web")) / "web.log") as port:
        yield port


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as server:
        yield server


@pytest.fixture
def message() -> Message:
    """Told at any hour: a class of today is off."""
    world = make_world(people=1, classes=0)
    (pk,) = make_classes(world.programme, world.class_type, 1, capacity=5, first_hour=2)
    session, participant = Session.objects.get(pk=pk), Participant.objects.get()
    BookingFactory(session=session, participant=participant)
    cancel_session(session=session, reason="The hall is flooded", by=participant.person)
    return Message.objects.get()
