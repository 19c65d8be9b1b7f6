"""Who comes along has a tick of their own, and counts in nothing."""

import datetime as dt
from uuid import uuid4

import pytest
from django.utils import timezone

from classes.models import Attendance, CompanionMark
from classes.register import NewCompanionMark, Outcome, Refused, RegisterNotOpen, open_register, take_register
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


def test_the_latest_tick_of_a_companion_counts_and_the_person_stays_unmarked(session, place, ines):
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


def test_a_companion_is_ticked_no_earlier_than_the_register_opens(pat, ines):
    ahead = SessionFactory(programme=ines.programme, leader=ines)
    place = BookingFactory(session=ahead, participant=pat, party=2)
    with pytest.raises(RegisterNotOpen):
        tick(ahead, ines, NewCompanionMark(uuid4(), place.pk, came=True))
