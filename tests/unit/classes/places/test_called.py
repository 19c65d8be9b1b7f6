"""What comes of a call about a free place."""

from __future__ import annotations

import pytest

from accounts.models import User
from classes.judging.refusals import NotWaiting
from classes.models import BookingState
from classes.places.called import CallOutcome, answer_call
from tests.factories.classes import BookingFactory

pytestmark = pytest.mark.django_db


def test_an_old_answer_does_not_give_up_a_place_that_was_taken_meanwhile(dee: User) -> None:
    booking = BookingFactory(state=BookingState.BOOKED, participant__programme=dee.memberships.get().programme)
    with pytest.raises(NotWaiting):
        answer_call(booking=booking, outcome=CallOutcome.DECLINES, by=dee.person)
    booking.refresh_from_db()
    assert booking.state == BookingState.BOOKED
