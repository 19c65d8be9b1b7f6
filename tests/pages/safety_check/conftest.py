"""Noon on the day of a class of Ines, in which Pat has a place."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from accounts.models import User
from classes.models import Booking, BookingSource, Session
from classes.places.booking import book_place
from instructors.models import Instructor
from participants.models import Participant, SupporterScope
from tests.factories.participants import SupporterFactory
from tests.factories.symptoms import class_today
from tests.pages.safety_check.browsing import NOON


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def session(clock: Any, ines: Instructor) -> Session:
    return class_today(programme=ines.programme, leader=ines, class_type__name="Gentle circuit")


@pytest.fixture
def place(pat: Participant, session: Session) -> Booking:
    return book_place(participant=pat, session=session, by=pat.person, source=BookingSource.SELF)


@pytest.fixture
def scribe(pat: Participant, sam: User) -> User:
    pat.supporters.all().delete()
    SupporterFactory(participant=pat, person=sam.person, scopes=[SupporterScope.SCRIBE])
    return sam
