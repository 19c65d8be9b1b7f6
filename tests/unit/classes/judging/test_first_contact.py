"""A first contact, one to one: to whom it is suggested, and what a programme that wants it first refuses."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from classes.judging.eligibility import Reason
from classes.judging.first_contact import still_to_have_it
from classes.judging.judgement import doubt_about
from classes.judging.refusals import NotEligible
from classes.models import AttendanceState, Booking, BookingSource, ClassType, Mode, Session, SessionKind
from classes.places.booking import book_place
from classes.places.moving import move_booking
from participants.models import Participant
from tests.factories.classes import AttendanceFactory, BookingFactory, ClassTypeFactory, SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind(pat: Participant) -> ClassType:
    return ClassTypeFactory(programme=pat.programme, name="A first talk", one_to_one=True, first_contact=True)


def a_time(kind: ClassType, **more: object) -> Session:
    return SessionFactory(
        programme=kind.programme,
        class_type=kind,
        kind=SessionKind.ONE_TO_ONE,
        mode=Mode.PHONE,
        **{"capacity": 1, **more},
    )


def came(participant: Participant, session: Session, state: str = AttendanceState.ATTENDED) -> None:
    AttendanceFactory(booking=BookingFactory(participant=participant, session=session), state=state)


def book(participant: Participant, session: Session, *, or_wait: bool = False) -> Booking:
    return book_place(
        participant=participant, session=session, or_wait=or_wait, source=BookingSource.SELF, by=participant.person
    )


def wants_it_first(participant: Participant) -> None:
    type(participant.programme).objects.update(first_contact_first=True)


def before(days: int = 7) -> dt.datetime:
    return timezone.now() - dt.timedelta(days=days)


def test_it_is_suggested_until_it_is_booked_or_had(pat: Participant, quinn: Participant, kind: ClassType) -> None:
    assert (still_to_have_it(pat), still_to_have_it(quinn)) == (kind, kind)
    book(pat, a_time(kind))
    assert (still_to_have_it(pat), still_to_have_it(quinn)) == (None, kind)
    came(quinn, a_time(kind, starts_at=before()))
    assert still_to_have_it(quinn) is None


def test_whoever_has_come_to_a_class_is_not_new(pat: Participant, kind: ClassType) -> None:
    came(pat, SessionFactory(programme=pat.programme, starts_at=before()))
    assert still_to_have_it(pat) is None


def test_no_programme_has_to_have_one(pat: Participant) -> None:
    other = ClassTypeFactory(programme=pat.programme, one_to_one=True)
    assert still_to_have_it(pat) is None
    came(pat, a_time(other, starts_at=before()))


def test_a_class_is_refused_only_where_the_programme_wants_it_first(pat: Participant, kind: ClassType) -> None:
    session = SessionFactory(programme=pat.programme)
    wants_it_first(pat)
    with pytest.raises(NotEligible) as refused:
        book(pat, session)
    assert refused.value.reasons == (Reason.FIRST_CONTACT_FIRST,)
    with pytest.raises(NotEligible):
        book(pat, session, or_wait=True)
    assert book(pat, a_time(kind, starts_at=timezone.now() + dt.timedelta(days=3))).state == "booked"
    type(pat.programme).objects.update(first_contact_first=False)
    assert book(pat, session).state == "booked"


@pytest.mark.parametrize(
    ("state", "opens"), [("attended", True), ("attended_in_part", True), ("absent_told", False), ("sent_home", False)]
)
def test_the_register_opens_the_classes(pat: Participant, kind: ClassType, state: str, opens: bool) -> None:
    wants_it_first(pat)
    came(pat, a_time(kind, starts_at=before()), state)
    session = SessionFactory(programme=pat.programme)
    if opens:
        assert book(pat, session).state == "booked"
        return
    with pytest.raises(NotEligible):
        book(pat, session)


def test_another_one_to_one_is_no_first_contact(pat: Participant, kind: ClassType) -> None:
    wants_it_first(pat)
    came(pat, a_time(ClassTypeFactory(programme=pat.programme, one_to_one=True), starts_at=before()))
    with pytest.raises(NotEligible):
        book(pat, SessionFactory(programme=pat.programme))


def test_a_place_held_before_is_not_in_doubt(pat: Participant, kind: ClassType) -> None:
    booking = book(pat, SessionFactory(programme=pat.programme))
    wants_it_first(pat)
    assert doubt_about(booking) is None


def test_a_place_in_a_class_is_moved_to_another_class_and_a_first_contact_is_not(
    pat: Participant, kind: ClassType
) -> None:
    booking = book(pat, SessionFactory(programme=pat.programme))
    talk = book(pat, a_time(kind, starts_at=timezone.now() + dt.timedelta(days=3)))
    other = SessionFactory(programme=pat.programme, starts_at=timezone.now() + dt.timedelta(days=9))
    wants_it_first(pat)
    with pytest.raises(NotEligible):
        move_booking(booking=talk, to=other, by=pat.person, source=BookingSource.SELF)
    assert move_booking(booking=booking, to=other, by=pat.person, source=BookingSource.SELF).state == "booked"


def test_whoever_missed_it_is_offered_it_again(pat: Participant, kind: ClassType) -> None:
    came(pat, a_time(kind, starts_at=before()), AttendanceState.ABSENT_TOLD)
    assert still_to_have_it(pat) == kind


def test_nothing_is_refused_for_a_first_contact_that_nobody_can_book(pat: Participant, kind: ClassType) -> None:
    wants_it_first(pat)
    ClassType.objects.filter(pk=kind.pk).update(active=False)
    assert book(pat, SessionFactory(programme=pat.programme)).state == "booked"
