"""The worker is killed while it sends: no message is lost, and one that goes twice is known as the same one."""

from __future__ import annotations

import os
import subprocess
import threading
from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone

from messaging.models import Message, MessageState
from tests.deployed.mailbox import Mailbox
from tests.deployed.programs import ask_for, kill, look_for_messages, this_database, until, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

MARKS = """
    SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'UPDATE "messaging_message"%'
       AND datname = current_database()
"""
OF_THE_DEAD = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"


AGAIN = pytest.mark.parametrize("time", range(int(os.environ.get("SAFEFIT_ROUNDS", 1))))  # ./run campaign kill


class Moment:
    """Where one side stops until the other has done what it came for."""

    def __init__(self) -> None:
        self.reached, self.passed = threading.Event(), threading.Event()

    def stop(self) -> None:
        self.reached.set()
        assert self.passed.wait(60)

    def wait(self) -> None:
        assert self.reached.wait(60), "the worker has sent nothing"


@AGAIN
def test_killed_before_it_sends_the_worker_leaves_a_message_that_is_sent_once(
    time: int, message: Message, mailbox: Mailbox, tmp_path: Path
) -> None:
    moment = Moment()
    mailbox.met = moment.stop
    look_for_messages()
    with worker(this_database(), tmp_path / "worker.log", SAFEFIT_EMAIL_URL=mailbox.url) as first:
        moment.wait()
        kill(first)
        moment.passed.set()
    message.refresh_from_db()
    assert (message.state, message.attempts, len(mailbox.received)) == (MessageState.QUEUED, 1, 0)
    the_next_worker_sends(message, mailbox, tmp_path)
    assert len(mailbox.received) == 1


@AGAIN
def test_killed_after_it_sent_the_worker_leaves_a_message_that_goes_once_more_under_the_same_id(
    time: int, message: Message, mailbox: Mailbox, tmp_path: Path
) -> None:
    moment = Moment()
    mailbox.taken = moment.stop
    look_for_messages()
    with worker(this_database(), tmp_path / "worker.log", SAFEFIT_EMAIL_URL=mailbox.url) as first:
        moment.wait()
        killed_before_the_mark(message, first, moment)
    message.refresh_from_db()
    assert (message.state, len(mailbox.received)) == (MessageState.QUEUED, 1)
    the_next_worker_sends(message, mailbox, tmp_path)
    assert len(mailbox.received) == 2
    assert len({one["Message-ID"] for one in mailbox.received}) == 1


def killed_before_the_mark(message: Message, first: subprocess.Popen[str], moment: Moment) -> None:
    """The mail server says that it has the message; the worker wants to note that, and dies before it is noted.

    Its last statement dies with it: the database would do what it was asked, even for somebody who is gone.
    """
    with transaction.atomic():
        Message.objects.select_for_update().get(pk=message.pk)
        moment.passed.set()
        until(lambda: asked(MARKS), "the worker marks the message")
        kill(first)
        asked(f"SELECT pg_terminate_backend(pid) FROM ({MARKS}) AS the_mark")
        until(lambda: not asked(MARKS), "its last statement is gone")


def the_next_worker_sends(message: Message, mailbox: Mailbox, tmp_path: Path) -> None:
    """Once it is due again and the dead one is known to be dead; both would take minutes of waiting."""
    mailbox.met = mailbox.taken = lambda: None
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '5 minutes'")
    assert asked(OF_THE_DEAD) != [(0,)]
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now())
    ask_for("messaging.tasks.retry_stalled")
    look_for_messages()
    with worker(this_database(), tmp_path / "next.log", once=True, SAFEFIT_EMAIL_URL=mailbox.url) as next_one:
        assert next_one.wait(60) == 0
    assert Message.objects.get(pk=message.pk).state == MessageState.SENT
    assert asked(OF_THE_DEAD) == [(0,)], "jobs of the dead worker are taken up"


def asked(sql: str) -> list[tuple[object, ...]]:
    """On a connection of its own: within a transaction the view of what others do stands still."""
    with psycopg.connect(this_database()) as database:
        return database.execute(sql).fetchall()
