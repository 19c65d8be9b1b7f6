"""Who comes along has a tick of their own, and counts in nothing. Pitfall 50."""

import datetime as dt
from uuid import uuid4

import pytest
from django.utils import timezone

from classes.models import Attendance, CompanionMark
from classes.register import (
    Fate,
    KeptMark,
    NewCompanionMark,
    Outcome,
    Refused,
    RegisterNotOpen,
    Sent,
    open_register,
    take_kept_marks,
    take_register,
)
from messaging.models import Task
from tests.factories.classes import BookingFactory, SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(ines):
    return SessionFactory(programme=ines.programme, leader=ines, starts_at=timezone.now() - dt.timedelta(minutes=10))


@pytest.fixture
def place(session, pat):
    return BookingFactory(session=session, participant=pat, party=2)


def tick(session, ines, *marks):
    return take_register(session=session, marks=[], companions=marks, by=ines.person)


def test_the_latest_tick_of_a_companion_counts_and_the_person_stays_unmarked(session, place, ines):  # pitfalls 50
    for came in (True, False):
        (answer,) = tick(session, ines, NewCompanionMark(uuid4(), place.pk, came))
        assert answer.outcome is Outcome.RECORDED
        (entry,) = open_register(session=session, by=ines.person).entries
        assert entry.companion_came is came and entry.mark is None
    assert not Attendance.objects.exists() and CompanionMark.objects.count() == 2


def test_a_tick_sent_twice_is_there_once_and_one_for_nobody_is_refused(session, place, ines, quinn):
    mark = NewCompanionMark(uuid4(), place.pk, came=True)
    assert [a.outcome for a in tick(session, ines, mark, mark)] == [Outcome.RECORDED, Outcome.REPEATED]
    alone = BookingFactory(session=session, participant=quinn)
    elsewhere = BookingFactory(session=SessionFactory(), party=2)
    refused = tick(
        session,
        ines,
        NewCompanionMark(mark.id, place.pk, came=False),
        NewCompanionMark(uuid4(), alone.pk, came=True),
        NewCompanionMark(uuid4(), elsewhere.pk, came=True),
    )
    assert [a.why for a in refused] == [Refused.ID_USED, Refused.NOT_ON_REGISTER, Refused.NOT_ON_REGISTER]
    assert CompanionMark.objects.count() == 1


@pytest.mark.parametrize(
    ("there", "knew", "came", "differs"),
    [
        (True, None, False, True),
        (True, True, False, False),  # seen, and changed on purpose
        (False, None, False, False),  # both say the same
        (None, None, False, False),
    ],
)
def test_two_telephones_that_tick_a_companion_differently_are_a_task_and_both_ticks_are_kept(
    session, place, ines, there, knew, came, differs
):
    if there is not None:
        tick(session, ines, NewCompanionMark(uuid4(), place.pk, there))
    kept = KeptMark(session.pk, NewCompanionMark(uuid4(), place.pk, came, knew, seen=True))
    for _ in range(2):  # the answer was lost
        assert take_kept_marks(marks=[kept], by=ines.person) == (Sent(kept.mark.id, Fate.KEPT, differs),)
    assert CompanionMark.objects.order_by("at").last().came is came
    asked = [("marks_differ", place.pk)] if differs else []
    assert list(Task.objects.values_list("kind", "subject_id")) == asked


def test_a_companion_is_ticked_no_earlier_than_the_register_opens(pat, ines):
    ahead = SessionFactory(programme=ines.programme, leader=ines)
    place = BookingFactory(session=ahead, participant=pat, party=2)
    with pytest.raises(RegisterNotOpen):
        tick(ahead, ines, NewCompanionMark(uuid4(), place.pk, came=True))
