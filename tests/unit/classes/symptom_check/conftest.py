"""Noon on the day of a class of Ines with one place, which is Pat's."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from classes.models import Booking, Session
from instructors.models import Instructor
from participants.models import Participant
from tests.factories.symptoms import class_today
from tests.unit.classes.symptom_check.checking import NOON, booked


@pytest.fixture(autouse=True)
def noon() -> Any:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def session(noon: Any, ines: Instructor) -> Session:
    return class_today(programme=ines.programme, leader=ines, capacity=1)


@pytest.fixture
def place(pat: Participant, session: Session) -> Booking:
    return booked(pat, session)
