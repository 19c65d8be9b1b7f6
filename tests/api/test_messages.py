"""The life of a message through the API: for the desk of its programme, without its words."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import AccessLog
from messaging.models import Message, MessageState, Step
from messaging.steps import note_step
from messaging.worklist import close_task, raise_task
from participants.models import Participant
from tests.factories.accounts import ProgrammeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def message(pat: Participant, dee: Any) -> Message:
    """Could not be sent by text, was given to the desk, and told by a call."""
    made = Message.objects.create(
        programme=pat.programme, person=pat.person, kind="booking_confirmed", state=MessageState.WITH_DESK,
        channel="phone", dedupe_key="one",
    )  # fmt: skip
    note_step(made, Step.FAILED, channel="text", why="NotifyRefused 429")
    note_step(made, Step.TO_DESK, channel="phone")
    task = raise_task(
        programme=pat.programme, kind="call", due_at=made.due_at, about=pat.person, subject_id=made.pk,
        dedupe_key="one", by=dee.person,
    )  # fmt: skip
    close_task(task=task, outcome="reached", by=dee.person)
    return made


def test_the_desk_reads_each_step_and_what_came_of_the_call_and_that_is_logged(
    message: Message, dee: Any, pat: Participant, sign_in: Any
) -> None:
    life = sign_in(dee).get(f"/api/v1/messages/{message.pk}/").json()
    assert (life["kind"], life["name"], life["state"]) == ("booking_confirmed", "Pat Example", "delivered")
    assert [(step["what"], step["channel"], step["reason"]) for step in life["steps"]] == [
        ("failed", "text", "NotifyRefused 429"),
        ("to_desk", "phone", ""),
    ]
    assert [(task["kind"], task["outcome"]) for task in life["tasks"]] == [("call", "reached")]
    assert AccessLog.objects.filter(target=pat.person, what="message").count() == 1


def test_a_list_is_narrowed_by_state_and_messages_of_another_programme_are_not_there(
    message: Message, dee: Any, pat: Participant, sign_in: Any
) -> None:
    other = Message.objects.create(programme=ProgrammeFactory(), person=pat.person, kind="registered", dedupe_key="2")
    desk = sign_in(dee)
    assert [row["id"] for row in desk.get("/api/v1/messages/").json()["results"]] == [message.pk]
    assert desk.get("/api/v1/messages/?state=queued").json()["count"] == 0
    assert desk.get("/api/v1/messages/?person=1").status_code == 400
    assert desk.get(f"/api/v1/messages/{other.pk}/").status_code == 404
