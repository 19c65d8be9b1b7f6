"""A worker whose clock is wrong sends nothing and says why; set right, it goes on by itself."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from messaging.models import Message, MessageState
from tests.deployed.mailbox import Mailbox
from tests.deployed.programs import look_for_messages, this_database, until, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.usefixtures("emptied_queue")]


@pytest.mark.parametrize("minutes", [5, -5])
def test_minutes_ahead_or_behind_it_sends_nothing_until_it_is_set(
    message: Message, mailbox: Mailbox, tmp_path: Path, minutes: int
) -> None:
    log = tmp_path / "worker.log"
    look_for_messages()
    with worker(this_database(), log, wrong_by=minutes, SAFEFIT_EMAIL_URL=mailbox.url) as process:
        until(lambda: "seconds apart, so nothing is sent" in log.read_text(), "the worker says what is wrong")
        message.refresh_from_db()
        assert (message.state, message.attempts, mailbox.received) == (MessageState.QUEUED, 0, [])
        process.send_signal(signal.SIGUSR1)
        look_for_messages()
        until(lambda: Message.objects.get(pk=message.pk).state == MessageState.SENT, "it sends by a right clock")
    assert len(mailbox.received) == 1
