import pytest
from django.utils import timezone

from accounts.models import Membership
from accounts.permissions import Permission
from accounts.staff import holders_of
from tests.factories.accounts import ProgrammeFactory

pytestmark = pytest.mark.django_db


def test_those_of_the_desk_are_named_each_once_and_nobody_else(programme, pat, dee, clare, ines, ada, sam):
    assert list(holders_of(Permission.WORK_AT_DESK, programme)) == [clare.person, dee.person]
    assert list(holders_of(Permission.DECIDE_CLEARANCE, programme)) == [clare.person]
    assert list(holders_of(Permission.WORK_AT_DESK, ProgrammeFactory())) == []


def test_a_role_that_ended_and_a_login_that_is_closed_count_no_more(programme, dee, clare):
    Membership.objects.filter(user=dee).update(ends_at=timezone.now())
    clare.is_active = False
    clare.save()
    assert list(holders_of(Permission.WORK_AT_DESK, programme)) == []
