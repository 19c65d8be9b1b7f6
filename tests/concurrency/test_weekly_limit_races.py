"""The limit of a week with two real connections: two places of one week at the same moment are never both taken."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.utils import timezone

from classes.judging import weekly_limits
from classes.models import Booking, BookingSource
from classes.places import booking as booking_module
from classes.places.booking import book_place
from participants.models import Phase
from tests.concurrency.racers import Racers
from tests.factories.accounts import ProgrammeFactory
from tests.factories.classes import SessionFactory
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db(transaction=True)


def two_at_once() -> list[Any]:
    """Both judge at the same moment, and nothing but the lock keeps one from missing the other."""
    programme = ProgrammeFactory()
    Phase.objects.create(
        programme=programme, order=1, name="First", weeks=40, contacts_least=1, contacts_most=1, most_a_week=1
    )
    pat = ParticipantFactory(programme=programme)
    monday = timezone.now() + dt.timedelta(days=14 - timezone.now().weekday())
    days = [SessionFactory(programme=programme, starts_at=monday + dt.timedelta(days=n)) for n in (0, 2)]

    def book(session: Any) -> Booking:
        return book_place(participant=pat, session=session, by=pat.person, source=BookingSource.SELF)

    with Racers(2) as racers:
        results = racers.run([lambda session=session: book(session) for session in days])  # type: ignore[misc]
    return [getattr(result, "state", getattr(result, "code", result)) for result in results]


def test_of_two_places_in_one_week_at_the_same_moment_one_is_refused() -> None:  # pitfalls 26
    assert sorted(two_at_once()) == ["booked", "not_eligible"]


def test_without_the_look_under_the_lock_both_would_be_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: judged before the lock, both see an empty week."""
    both_judged = threading.Barrier(2, timeout=30)
    judge = booking_module.judge

    def judge_early(participant: Any, session: Any) -> Any:
        standing = judge(participant, session)
        if refusal := weekly_limits.beyond_limit(participant, session, standing):
            raise refusal
        both_judged.wait()
        return standing

    monkeypatch.setattr(booking_module, "judge", judge_early)
    monkeypatch.setattr(booking_module, "keep_to_limit", lambda booking, standing: None)
    assert two_at_once() == ["booked", "booked"]
