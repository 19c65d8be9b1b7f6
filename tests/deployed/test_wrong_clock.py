"""By a wrong clock the worker sends nothing and the web server changes nothing; both say why."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from bench.world import make_world
from classes.models import Booking
from messaging.models import Message, MessageState
from tests.deployed.mailbox import Mailbox
from tests.deployed.programs import look_for_messages, this_database, until, web_process, worker
from tests.deployed.requests import Wish, get

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


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


def test_put_back_by_an_hour_the_web_server_reads_and_changes_nothing(tmp_path: Path) -> None:
    world = make_world(people=1, classes=1)
    with web_process(this_database(), tmp_path / "web.log", wrong_by=-60) as (_, port):
        answer = Wish(world.cookies[0], world.spread[0], "k").send(port)
        assert (answer.status, answer.body["code"]) == (503, "unavailable")
        assert "away from the database" in get(port, "/healthz")[1]
        assert get(port, "/classes/")[0] == 200
    assert not Booking.objects.exists()
