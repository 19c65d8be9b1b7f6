"""Answering, talking, and what then stands: the short words of the tests beside this file."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from accounts.models import Person
from classes.models import Booking, BookingSource, CheckMode, Guest, Session, SymptomCheck, SymptomTalk
from classes.places.booking import book_place
from classes.readiness import todays_check
from classes.symptom_check import NOT_WELL_CALL, answer_check, record_talk
from instructors.models import Instructor
from messaging.models import Task
from participants.health import update_health
from participants.models import Participant
from tests.factories.registering import HEALTH
from tests.factories.symptoms import VERSION, answers

NOON = dt.datetime(2027, 7, 6, 11, tzinfo=dt.UTC)  # in the UK
SECOND = dt.timedelta(seconds=1)


def booked(participant: Participant, session: Session, **rest: Any) -> Booking:
    return book_place(
        participant=participant, session=session, by=participant.person, source=BookingSource.SELF, **rest
    )


def answer(place: Booking | Guest, *yes: str, **rest: Any) -> SymptomCheck:
    given = {
        "answers": answers(*yes),
        "version": VERSION,
        "mode": CheckMode.SELF,
        "client_id": uuid.uuid4(),
        "by": place.participant.person,  # type: ignore[union-attr]
        **rest,
    }
    return answer_check(place=place, **given)


def aloud(place: Booking | Guest, ines: Instructor, *yes: str, **rest: Any) -> SymptomCheck:
    return answer(place, *yes, mode=CheckMode.ALOUD, by=ines.person, **rest)


def talk(check: SymptomCheck, by: Person, outcome: str = "may_exercise", **rest: Any) -> SymptomTalk:
    given = {"note": "We spoke.", "client_id": uuid.uuid4(), **rest}
    return record_talk(check=check, outcome=outcome, by=by, **given)


def readiness(place: Booking | Guest) -> str:
    return todays_check(place.session, place.participant).readiness  # type: ignore[arg-type]


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def calls() -> list[Task]:
    return list(Task.objects.to_do().filter(kind=NOT_WELL_CALL))


def health(participant: Participant) -> str:
    return update_health(participant=participant, answers=HEALTH, by=participant.person).state
