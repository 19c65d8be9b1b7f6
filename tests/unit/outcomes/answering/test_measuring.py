from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from accounts.models import User
from classes.models import Session
from instructors.models import Instructor
from outcomes.answering.measuring import (
    BadMeasure,
    NotCleared,
    NotNow,
    PutRightAlready,
    all_measures_of,
    measures_of,
    record_measure,
)
from outcomes.models import Measure
from outcomes.sit_to_stand import SAFETY, Tried
from participants.models import Participant
from tests.factories.classes import AttendanceFactory, BookingFactory, SessionFactory
from tests.factories.participants import ClearanceFactory

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2027, 6, 1, 11, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def session(pat: Participant, ines: Instructor) -> Session:
    """Ines' class, which begins now, with Pat there."""
    held: Session = SessionFactory(programme=pat.programme, leader=ines, starts_at=NOON)
    AttendanceFactory(booking=BookingFactory(session=held, participant=pat), state="attended")
    return held


@pytest.fixture
def cleared(pat: Participant) -> Participant:
    ClearanceFactory(participant=pat)
    Participant.objects.filter(pk=pat.pk).update(registered_at=NOON - dt.timedelta(days=30))
    pat.refresh_from_db()
    return pat


def _tried(result: str = "done", count: int | None = 9, reason: str = "", kind: str = "sts_30") -> Tried:
    return Tried(kind, result, count, reason, frozenset(question.id for question in SAFETY))


def _in_class(session: Session, participant: Participant, by: Instructor, **given: Any) -> Measure:
    return record_measure(
        **{"id": uuid4(), "participant": participant, "tried": _tried(), "session": session, "by": by.person, **given}
    )


def test_whoever_leads_keeps_it_for_who_came(session: Session, pat: Participant, ines: Instructor) -> None:
    kept = _in_class(session, pat, ines)
    assert (kept.value, kept.measured_on, kept.by, kept.made_now) == (9, NOON.date(), ines.person, True)
    assert measures_of(pat) == [kept]


@pytest.mark.parametrize("moved", [-2 * HOUR, 50 * HOUR])
def test_not_before_the_class_nor_long_after_it(
    session: Session, pat: Participant, ines: Instructor, clock: Any, moved: dt.timedelta
) -> None:
    clock.move_to(NOON + moved)
    with pytest.raises(NotNow):
        _in_class(session, pat, ines)


def test_nor_of_somebody_who_did_not_come(session: Session, quinn: Participant, ines: Instructor) -> None:
    AttendanceFactory(booking=BookingFactory(session=session, participant=quinn), state="absent_told")
    with pytest.raises(NotNow):
        _in_class(session, quinn, ines)
    assert not Measure.objects.exists()


def test_the_same_one_sent_twice_is_one_and_other_words_under_its_id_are_refused(
    session: Session, pat: Participant, ines: Instructor
) -> None:
    kept = _in_class(session, pat, ines)
    again = _in_class(session, pat, ines, id=kept.pk)
    assert (again, again.made_now) == (kept, False)
    with pytest.raises(BadMeasure) as refusal:
        _in_class(session, pat, ines, id=kept.pk, tried=_tried(count=10))
    assert refusal.value.problem == "id"


def test_putting_it_right_is_a_new_row_and_the_old_one_stays(
    session: Session, pat: Participant, quinn: Participant, ines: Instructor
) -> None:
    old = _in_class(session, pat, ines)
    new = _in_class(session, pat, ines, tried=_tried("unable", None, "needed_arms"), replaces=old)
    assert measures_of(pat) == [new]
    assert {row.value for row in all_measures_of(pat)} == {9, 0}
    with pytest.raises(PutRightAlready) as refusal:
        _in_class(session, pat, ines, replaces=old)
    assert refusal.value.latest == new
    with pytest.raises(BadMeasure):
        _in_class(session, quinn, ines, replaces=new)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Measure.objects.filter(pk=old.pk).update(value=12)


def test_the_desk_keeps_it_of_who_is_cleared_on_that_day(cleared: Participant, dee: User) -> None:
    def at_desk(days: int, tried: Tried | None = None) -> Measure:
        on = timezone.localdate() - dt.timedelta(days=days)
        return record_measure(id=uuid4(), participant=cleared, tried=tried or _tried(), on=on, by=dee.person)

    assert at_desk(0).value == 9
    for day in (-1, 31):
        with pytest.raises(BadMeasure) as refusal:
            at_desk(day)
        assert refusal.value.problem == "day"
    ClearanceFactory(participant=cleared, state="not_suitable")
    with pytest.raises(NotCleared):
        at_desk(0)
    assert at_desk(0, _tried("not_done", None, "not_well")).value is None


def test_what_cannot_be_kept_is_refused_by_name(pat: Participant, dee: User) -> None:
    with pytest.raises(BadMeasure) as refusal:
        record_measure(id=uuid4(), participant=pat, tried=_tried(count=None), by=dee.person)
    assert refusal.value.problem == "count"


@pytest.mark.parametrize(
    ("result", "value", "reason"),
    [("done", None, ""), ("done", 0, ""), ("done", 3, "no_time"), ("unable", 3, "needed_arms"),
     ("not_done", 0, "no_time"), ("not_done", None, "")],
)  # fmt: skip
def test_the_database_holds_to_it_too(pat: Participant, result: str, value: int | None, reason: str) -> None:
    with pytest.raises(IntegrityError, match="unable_is_0_and_not_done_is_nothing"):
        Measure.objects.create(
            participant=pat, kind="sts_30", result=result, value=value, reason=reason, measured_on=NOON.date(),
            by=pat.person,
        )  # fmt: skip
