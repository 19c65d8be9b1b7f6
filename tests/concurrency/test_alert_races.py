"""Two workers look for what nobody has taken, at the same moment: each name is told once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.permissions import Permission, Role
from messaging.alerts import NEXT_AFTER, escalate
from messaging.models import OnCallShift, Task, TaskAlert
from messaging.worklist import take_task
from tests.concurrency.racers import Racers
from tests.factories.accounts import ProgrammeFactory, someone

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_workers_at_once_tell_each_name_once():
    programme = ProgrammeFactory()
    desk = [someone(f"{name} Desk", Role.COORDINATOR, programme=programme) for name in ("Dee", "Dot")]
    now = timezone.now()
    for line, user in enumerate(desk, start=1):
        OnCallShift.objects.create(
            programme=programme, person=user.person, line=line, starts_at=now - NEXT_AFTER, ends_at=now + NEXT_AFTER
        )
    with Racers(4) as racers:
        for key in range(5):
            task = Task.objects.create(
                programme=programme,
                kind="not_well_call",
                due_at=now,
                dedupe_key=f"race:{key}",
                urgent_for=Permission.WORK_AT_DESK,
            )
            TaskAlert.objects.create(
                task=task, person=desk[0].person, on_call=True, at=now - NEXT_AFTER - dt.timedelta(seconds=1)
            )
            answers = racers.run([escalate] * 4)
            assert sorted(answers) == [0, 0, 0, 1]
            assert list(task.alerts.order_by("pk").values_list("person__given_name", flat=True)) == ["Dee", "Dot"]
            take_task(task=task, by=desk[1].person)


def test_taking_it_while_the_next_is_told_ends_in_one_owner_and_no_more_telling():
    programme = ProgrammeFactory()
    dee = someone("Dee Desk", Role.COORDINATOR, programme=programme)
    with Racers(2) as racers:
        for key in range(5):
            task = Task.objects.create(
                programme=programme,
                kind="not_well_call",
                due_at=timezone.now(),
                dedupe_key=f"race:{key}",
                urgent_for=Permission.WORK_AT_DESK,
            )
            answers = racers.run([escalate, lambda task=task: take_task(task=task, by=dee.person)])
            assert not [answer for answer in answers if isinstance(answer, Exception)]
            task.refresh_from_db()
            assert task.owner == dee.person
            assert escalate() == 0
