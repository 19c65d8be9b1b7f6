import pytest

from accounts.permissions import Permission, allows
from classes.models import Session
from participants.models import Participant, SupporterScope
from participants.standing import standing_of
from tests.factories.classes import BookingFactory, SessionFactory

pytestmark = pytest.mark.django_db


def test_the_cast_holds_the_roles_it_is_named_for(pat, sam, ines, dee, omar, petra, nell):
    assert allows(pat.person.user, Permission.TAKE_PART, programme_id=pat.programme_id)
    assert allows(dee, Permission.WORK_AT_DESK) and not allows(dee, Permission.DECIDE_CLEARANCE)
    assert allows(omar, Permission.READ_RELEASES) and allows(petra, Permission.READ_RELEASES)
    assert not any(allows(nell, permission) for permission in Permission)
    assert set(Participant.objects.bookable_by(sam)) == {pat}
    assert not Participant.objects.supported_by(sam, SupporterScope.SCRIBE)
    assert set(Participant.objects.visible_to(dee)) == {pat}


def test_a_session_and_a_booking_can_be_made(pat, ines):
    session = SessionFactory(programme=pat.programme, leader=ines)
    booking = BookingFactory(session=session, participant=pat)
    assert set(Session.objects.led_by(ines.person.user)) == {session}
    assert booking.session == session
    assert standing_of(pat).is_cleared(session.occurs_on)
