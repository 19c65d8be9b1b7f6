"""Somebody books while everything about them is being deleted: they are deleted and hold no place, or neither."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from classes.models import Booking, BookingSource, Session
from classes.models.booking import LIVE_STATES
from classes.places.booking import book_place
from participants.models import Participant, ParticipantStatus
from records.erasing import asking
from records.erasing.preview import fingerprint
from tests.concurrency.racers import Racers
from tests.factories.classes import SessionFactory
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_nobody_who_is_being_erased_keeps_a_place_that_was_booked_at_the_same_moment() -> None:
    pat = ParticipantFactory()
    person, session = (
        pat.person,
        SessionFactory(programme=pat.programme, starts_at=timezone.now() + dt.timedelta(days=3)),
    )
    given = {"signed_in_at": timezone.now(), "by": person}
    asked = asking.ask_to_erase(person=person, seen=fingerprint(person), **given)

    def confirm() -> str:
        asking.confirm_erasure(request=asked, code=asking.code_of(asked), **given)
        return "confirmed"

    def book() -> Booking:
        return book_place(participant=pat, session=session, by=person, source=BookingSource.SELF)

    with Racers(2) as racers:
        confirmed, booked = racers.run([confirm, book])
    live = Booking.objects.filter(participant=pat, state__in=LIVE_STATES).count()
    taken = Session.objects.get(pk=session.pk).places_taken
    if confirmed == "confirmed":
        assert (live, taken) == (0, 0), booked
        assert Participant.objects.get(pk=pat.pk).status == ParticipantStatus.WITHDRAWN
    else:
        assert isinstance(confirmed, asking.ChangedMeanwhile) and (live, taken) == (1, 1)
