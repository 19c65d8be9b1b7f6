"""An alert raised while mail and worker are down, by a web server that is killed right after, is not lost."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import Role
from classes.models import Incident
from messaging import on_call
from messaging.alerts import escalate
from messaging.models import Message, MessageState, Task, TaskAlert
from tests.conftest import SignedIn
from tests.deployed.programs import kill, this_database, web_process
from tests.deployed.requests import post
from tests.factories.accounts import ProgrammeFactory, someone
from tests.factories.classes import SessionFactory
from tests.factories.instructors import InstructorFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
NOBODY_LISTENS = "smtp://127.0.0.1:9"
QUARTER = dt.timedelta(minutes=15)
STAFF = (("Dee Desk", Role.COORDINATOR), ("Clare Clinic", Role.CLINICAL_LEAD))


def written() -> dict[str, object]:
    return {
        "id": str(uuid4()),
        "kind": "incident",
        "harm": "severe",
        "happened_at": timezone.now().isoformat(),
        "what_happened": "Fell, and cannot get up.",
        "called_999": True,
    }


def told() -> list[str]:
    return [alert.person.given_name for alert in TaskAlert.objects.select_related("person").order_by("at", "id")]


def test_an_alert_survives_a_killed_server_with_mail_and_worker_down_and_goes_on_when_the_worker_is_back(
    tmp_path: Path,
) -> None:
    programme = ProgrammeFactory()
    dee, clare = (someone(name, role, programme=programme) for name, role in STAFF)
    teacher = someone("Ines Teacher", Role.INSTRUCTOR, programme=programme)
    leader = InstructorFactory(person=teacher.person, programme=programme)
    session = SessionFactory(programme=programme, leader=leader, starts_at=timezone.now() - dt.timedelta(minutes=5))
    for line, user in ((on_call.FIRST, dee), (on_call.SECOND, clare)):
        now = timezone.now()
        on_call.add_shifts(
            programme=programme,
            person=user.person,
            line=line,
            starts_at=now,
            ends_at=now + dt.timedelta(days=1),
            by=dee.person,
        )
    cookie = SignedIn(teacher).cookies["sessionid"].value
    address = f"/api/v1/sessions/{session.pk}/incidents/"

    database, log = this_database(), tmp_path / "web.log"
    with web_process(database, log, SAFEFIT_EMAIL_URL=NOBODY_LISTENS) as (server, port):
        sent = [post(port, address, written(), cookie) for _ in range(2)]
        kill(server)

    assert [answer.status for answer in sent] == [201, 201]
    assert Incident.objects.count() == 2 and Task.objects.count() == 2, "two alike are never taken for one"
    assert told() == ["Dee", "Dee"] and Message.objects.filter(state=MessageState.QUEUED).count() == 2
    page = SignedIn(dee).get(reverse("desk:worklist")).content.decode()
    assert page.count("Cannot wait") == 2, "on the page of whoever is on call, without mail or worker"

    with time_machine.travel(
        timezone.now() + QUARTER
    ):  # nobody came; now the worker is back, and does its minute's work
        assert escalate() == 2
    assert told() == ["Dee", "Dee", "Clare", "Clare"]
