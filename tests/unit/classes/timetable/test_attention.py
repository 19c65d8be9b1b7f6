"""What to think of about dates that are on the timetable: only where there is something."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Programme
from classes.models import BookingState, LeaderRole, Mode, Session, SessionLeader, SessionStatus
from classes.timetable.attention import Attention, Note, notes_on
from classes.timetable.plans import Clash
from instructors.models import Instructor
from tests.factories.classes import BookingFactory, ClassTypeFactory, SessionFactory
from tests.factories.participants import ClearanceFactory, ParticipantFactory

pytestmark = pytest.mark.django_db
AT = dt.timedelta(days=3)


def a_class(ines: Instructor, *, minutes: int = 0, **fields: Any) -> Session:
    """An hour long, led by Ines, so many minutes after the first."""
    start = timezone.now().replace(microsecond=0) + AT + dt.timedelta(minutes=minutes)
    return SessionFactory(programme=ines.programme, leader=ines, starts_at=start, **fields)


@pytest.mark.parametrize(
    ("minutes", "said"), [(60, True), (119, True), (120, False), (-61, True), (-120, False)]
)  # fmt: skip
def test_less_than_an_hour_to_another_place_is_said_of_both(ines: Instructor, minutes: int, said: bool) -> None:
    one, other = a_class(ines), a_class(ines, minutes=minutes)
    clash = Clash(other.pk, other.class_type.name, other.starts_at, other.ends_at)
    assert notes_on([one]).get(one.pk, ()) == ((Note(Attention.LITTLE_TIME, next_to=clash),) if said else ())
    assert notes_on([one, other]).keys() == ({one.pk, other.pk} if said else set())


def test_in_the_same_place_or_by_another_instructor_nobody_has_to_hurry(ines: Instructor, ivor: Instructor) -> None:
    one = a_class(ines)
    a_class(ines, minutes=60, venue=one.venue)
    a_class(ivor, minutes=70)
    gone = a_class(ines, minutes=-65, mode=Mode.REMOTE)
    SessionLeader.objects.filter(session=gone).update(active=False)
    assert notes_on([one]) == {}


@pytest.mark.parametrize(
    ("taken", "capacity", "second", "kind"),
    [
        (9, 10, False, Attention.MANY_BOOKED),
        (8, 10, False, Attention.MANY_PLACES),
        (8, 8, False, None),
        (10, 16, True, None),
        (17, 20, True, Attention.MANY_BOOKED),
    ],
)
def test_too_few_instructors_for_who_has_booked_comes_before_too_many_places(
    ines: Instructor, ivor: Instructor, taken: int, capacity: int, second: bool, kind: Attention | None
) -> None:
    of_eight = ClassTypeFactory(programme=ines.programme, people_per_instructor=8)
    one = a_class(ines, class_type=of_eight, places_taken=taken, capacity=capacity)
    if second:
        during = (one.starts_at, one.ends_at)
        SessionLeader.objects.create(session=one, instructor=ivor, role=LeaderRole.SECOND, during=during)
    most = 16 if second else 8
    assert notes_on([one]).get(one.pk, ()) == ((Note(kind, number=most, instructors=most // 8),) if kind else ())


def test_people_with_a_place_who_exercise_otherwise_are_a_number(ines: Instructor) -> None:
    one = a_class(ines, class_type__positions=["standing"])
    for state, adaptations in (
        (BookingState.BOOKED, [["no_floor_work"], ["seated_only"]]),  # the last decision counts
        (BookingState.BOOKED, [["seated_only"], []]),
        (BookingState.BOOKED, []),
        (BookingState.WAITING, [["seated_only"]]),
    ):
        someone = ParticipantFactory(programme=ines.programme, clearance=False)
        for codes in adaptations:
            ClearanceFactory(participant=someone, adaptations=codes)
        BookingFactory(session=one, participant=someone, state=state)
    assert notes_on([one]) == {one.pk: (Note(Attention.ADAPTED, number=1),)}
    assert notes_on([one], health_of=lambda session: False) == {}


def test_of_what_is_cancelled_and_of_nothing_there_is_nothing_to_say(ines: Instructor) -> None:
    one = a_class(ines)
    a_class(ines, minutes=60)
    one.status, one.cancelled_at, one.cancel_reason = SessionStatus.CANCELLED, timezone.now(), "weather"
    one.save()
    assert notes_on([one]) == notes_on([]) == {}


def test_many_dates_cost_as_much_as_one(ines: Instructor, programme: Programme) -> None:
    dates = [a_class(ines, minutes=200 * n) for n in range(4)]
    for some in (dates[:1], dates):
        with CaptureQueriesContext(connection) as captured:
            notes_on(some)
        assert len(captured) == 2
