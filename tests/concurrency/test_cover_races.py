"""Twenty instructors take one cover at the same moment: one leads it, and the others hear that it is taken."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from django.utils import timezone

from classes.cover import CoverGone, ask_for_cover, take_cover, withdraw_cover
from classes.models import CoverRequest, SessionLeader
from messaging.models import Message
from tests.concurrency.racers import Racers
from tests.factories.accounts import ProgrammeFactory
from tests.factories.classes import BookingFactory, ClassTypeFactory, SessionFactory
from tests.factories.instructors import InstructorFactory

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 20


def wanted(programme, leader, days):
    kind = ClassTypeFactory(programme=programme, credentials_needed=["first_aid"])
    starts_at = timezone.now() + dt.timedelta(days=days)
    session = SessionFactory(programme=programme, class_type=kind, leader=leader, starts_at=starts_at)
    BookingFactory(session=session)
    return ask_for_cover(sessions=[session], reason="ill", by=leader.person)[0]


def test_of_twenty_at_once_one_leads_it_and_the_others_hear_that_it_is_taken():  # pitfalls 52, 53
    programme = ProgrammeFactory()
    leader = InstructorFactory(programme=programme)
    others = [InstructorFactory(programme=programme) for _ in range(AT_ONCE)]
    request = wanted(programme, leader, 3)
    with Racers(AT_ONCE) as racers:
        results = racers.run([partial(take_cover, request=request, instructor=one, by=one.person) for one in others])
    won = [result for result in results if isinstance(result, SessionLeader)]
    assert len(won) == 1 and all(isinstance(r, CoverGone) and r.taken for r in results if r not in won)
    leads = SessionLeader.objects.get(session=request.session, active=True)
    assert (leads.pk, leads.cover_for) == (won[0].pk, leader)
    assert CoverRequest.objects.get(pk=request.pk).taken_by == leads.instructor
    told = Message.objects.filter(kind__in=("cover_yours", "class_covered"))
    assert sorted(told.values_list("kind", flat=True)) == ["class_covered", "cover_yours"]


def test_taking_it_back_while_somebody_takes_it_ends_in_one_of_the_two():
    programme = ProgrammeFactory()
    leader, other = (InstructorFactory(programme=programme) for _ in range(2))
    with Racers(2) as racers:
        for days in range(3, 6):
            request = wanted(programme, leader, days)
            took, _ = racers.run(
                [
                    partial(take_cover, request=request, instructor=other, by=other.person),
                    partial(withdraw_cover, session=request.session, by=leader.person),
                ]
            )
            leads = SessionLeader.objects.get(session=request.session, active=True).instructor
            request.refresh_from_db()
            if isinstance(took, CoverGone):
                assert (leads, request.state, took.taken) == (leader, "withdrawn", False)
            else:
                assert (leads, request.state) == (other, "taken")
