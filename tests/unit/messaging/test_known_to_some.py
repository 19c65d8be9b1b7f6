"""What only some may know of: to everybody else it is not there, in no list, number or message."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Membership
from accounts.permissions import Permission, Role
from messaging import on_call
from messaging.access import messages_at_desk_of, open_kinds_at_desk_of, tasks_at_desk_of, unanswered_at_desk_of
from messaging.alerts import escalate, tell_on_call, whom_to_tell_first
from messaging.delivery import give_up
from messaging.models import Message, Task, TaskAlert
from messaging.worklist import raise_task, take_task
from tests.factories.accounts import someone
from tests.unit.messaging.conftest import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon", "right_clock")]
DAY, QUARTER = dt.timedelta(days=1), dt.timedelta(minutes=15)


@pytest.fixture
def lead(programme):
    return someone("Sadie Safeguard", Role.SAFEGUARDING_LEAD, programme=programme)


@pytest.fixture
def other_lead(programme):
    return someone("Saul Safeguard", Role.SAFEGUARDING_LEAD, programme=programme)


@pytest.fixture
def apart(programme, pat):
    def apart(kept_from=(), about=None):
        task = raise_task(
            programme=programme,
            kind="safeguarding_concern",
            about=about,
            due_at=timezone.now(),
            dedupe_key="apart",
            urgent_for=Permission.READ_SAFEGUARDING,
            only_for=Permission.READ_SAFEGUARDING,
            kept_from=kept_from,
            by=pat.person,
        )
        tell_on_call(task=task, by=pat.person)
        return task

    return apart


def told():
    return [alert.person.given_name for alert in TaskAlert.objects.order_by("at", "pk")]


def sees(user):
    doors = (tasks_at_desk_of, unanswered_at_desk_of, messages_at_desk_of)
    return [door(user).exists() for door in doors] + [bool(open_kinds_at_desk_of(user))]


def test_it_is_there_for_those_who_hold_the_permission_and_for_nobody_else(apart, lead, dee, clare, ada, ines):
    apart()
    assert sees(lead) == [True] * 4
    for user in (dee, clare, ada, ines.person.user):
        assert sees(user) == [False] * 4


def test_whom_it_is_kept_from_neither_sees_it_nor_is_told(apart, lead, other_lead, noon):
    apart(kept_from=[lead.person_id])
    assert sees(lead) == [False] * 4 and sees(other_lead) == [True] * 4
    noon.move_to(timezone.now() + QUARTER)
    escalate()
    assert set(told()) == {"Saul"}


def test_only_who_is_on_call_and_holds_it_is_told_then_every_other_holder(
    apart, programme, dee, lead, other_lead, noon
):
    for user, line in ((dee, on_call.FIRST), (lead, on_call.SECOND)):
        on_call.add_shifts(
            programme=programme, person=user.person, line=line, starts_at=NOON, ends_at=NOON + DAY, by=dee.person
        )
    apart()
    assert told() == ["Sadie"]
    noon.move_to(timezone.now() + QUARTER)
    assert escalate() == 1 and told() == ["Sadie", "Saul"]


def test_nobody_on_call_who_holds_it_means_that_every_holder_is_told(apart, lead, other_lead):
    apart()
    assert sorted(told()) == ["Sadie", "Saul"]


def test_without_any_holder_it_stands_and_goes_to_whoever_is_named_next(apart, programme):
    apart()
    assert told() == []
    someone("Sadie Safeguard", Role.SAFEGUARDING_LEAD, programme=programme)
    assert escalate() == 1 and told() == ["Sadie"]


def test_an_owner_who_may_not_know_of_it_any_more_is_no_owner(apart, lead, other_lead, programme, noon):
    task = take_task(task=apart(), by=lead.person)
    assert not Task.objects.unanswered().exists()
    someone_else = Membership.objects.get(user=lead)
    someone_else.role = Role.COORDINATOR.value
    someone_else.save()
    assert Task.objects.unanswered().get() == task


def test_an_alert_that_fails_asks_only_those_who_may_know(apart, lead, other_lead, dee):
    apart(kept_from=[other_lead.person_id])
    give_up(Message.objects.get(kind="alert"))
    failed = Task.objects.get(kind="not_reached")
    assert tasks_at_desk_of(lead).filter(pk=failed.pk).exists()
    assert not tasks_at_desk_of(dee).filter(pk=failed.pk).exists()
    assert not tasks_at_desk_of(other_lead).filter(pk=failed.pk).exists()


def test_who_is_named_first_is_on_call_or_else_the_first_by_name(programme, dee, clare):
    assert whom_to_tell_first(programme, Permission.WORK_AT_DESK) == clare.person
    on_call.add_shifts(
        programme=programme, person=dee.person, line=1, starts_at=NOON, ends_at=NOON + DAY, by=dee.person
    )
    assert whom_to_tell_first(programme, Permission.WORK_AT_DESK) == dee.person
    assert whom_to_tell_first(programme, Permission.READ_SAFEGUARDING) is None
