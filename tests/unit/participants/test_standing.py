"""What booking judges is what the rows say: the decision in force and the newest enrolment."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from participants.models import Clearance, Participant
from participants.standing import standing_of, standings_of
from tests.factories.participants import ClearanceFactory, EnrolmentFactory, ParticipantFactory

pytestmark = pytest.mark.django_db


def test_the_last_decision_and_the_newest_enrolment_count(pat: Participant):
    today = timezone.localdate()
    pat.enrolments.update(ends_on=today - dt.timedelta(days=10))
    EnrolmentFactory(participant=pat, starts_on=today - dt.timedelta(days=5))
    ClearanceFactory(participant=pat, state="cleared_adapted", adaptations=["seated_only"])
    in_force = Clearance.objects.filter(participant=pat).in_force().get()
    standing = standing_of(pat)
    assert (standing.clearance, standing.cleared_from, standing.cleared_until) == (
        in_force.state,
        in_force.valid_from,
        in_force.valid_until,
    )
    assert standing.adaptations == {"seated_only"}
    assert (standing.enrolled_from, standing.enrolled_until) == (today - dt.timedelta(days=5), None)
    assert (standing.version, standing.status) == (pat.facts_version, "active")


def test_one_and_many_are_read_alike(pat: Participant):
    assert standings_of([pat]) == {pat.pk: standing_of(pat)}


def test_somebody_who_is_gone_has_no_standing():
    with pytest.raises(KeyError):
        standing_of(Participant(pk=2**40))


def test_who_was_never_decided_about_stands_nowhere(programme):
    participant = ParticipantFactory(programme=programme, clearance=False)
    participant.enrolments.all().delete()
    standing = standing_of(participant)
    assert (standing.clearance, standing.cleared_from, standing.enrolled_from) == (None, None, None)
    assert not standing.is_cleared(timezone.localdate())


def test_many_are_read_at_once_and_nobody_costs_nothing(pat, quinn, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert set(standings_of([pat, quinn])) == {pat.pk, quinn.pk}
    with django_assert_num_queries(0):
        assert standings_of([]) == {}
