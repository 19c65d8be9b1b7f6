"""The worker as it runs: its jobs, its way of stopping, and what it does without a database."""

import datetime as dt
import gc
import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

from messaging import jobs, tasks
from messaging.clock import ClockIsWrong
from messaging.management.commands import work
from tests.deployed.programs import this_database


@pytest.fixture
def right_clock(monkeypatch):
    """A job first gives back its connection, and with it that of a test: nothing can be asked of the database."""
    monkeypatch.setattr(jobs, "require_a_right_clock", lambda: None)


@pytest.mark.django_db  # a job first gives back a connection that an earlier test may have left open
def test_messages_are_looked_for_every_five_seconds_and_at_most_one_look_waits(monkeypatch, right_clock):
    task = app.periodic_registry.periodic_tasks[(tasks.DELIVERY, tasks.DELIVERY)]
    assert task.cron == "* * * * * */5"
    assert task.task.queueing_lock == tasks.DELIVERY
    looked = []
    monkeypatch.setattr(tasks, "deliver_due", lambda: looked.append(1))
    task.task.func(timestamp=0)
    assert looked == [1]


@pytest.fixture
def registered(monkeypatch):
    """What a job registers with the queue, and its function as the worker calls it."""
    found = {}

    class Queue:
        def periodic(self, **options):
            found.update(options)
            return lambda task: task

        def task(self, **options):
            found.update(options)
            return lambda function: found.setdefault("function", function)

    monkeypatch.setattr(jobs, "app", Queue())
    return found


@pytest.mark.django_db  # a job first gives back a connection that an earlier test may have left open
def test_a_job_by_the_clock_is_named_after_its_function(registered, right_clock):
    ran = []

    def sweep():
        ran.append(1)

    assert jobs.every("0 3 * * *")(sweep) is sweep
    registered["function"](timestamp=1)
    assert registered["cron"] == "0 3 * * *" and registered["name"].endswith("sweep") and ran == [1]


@pytest.mark.django_db  # a job first gives back a connection that an earlier test may have left open
def test_by_a_wrong_clock_no_work_of_the_clock_is_done(registered, monkeypatch):
    def wrong():
        raise ClockIsWrong(dt.timedelta(minutes=5))

    ran = []
    monkeypatch.setattr(jobs, "require_a_right_clock", wrong)
    jobs.every("0 3 * * *")(lambda: ran.append(1))
    with pytest.raises(ClockIsWrong, match="300 seconds apart"):
        registered["function"](timestamp=1)
    assert not ran


class Manager:
    """The part of procrastinate's job manager that the tasks use, with one stalled job."""

    def __init__(self, error=None):
        self.error, self.done = error, []

    async def get_stalled_jobs(self, seconds_since_heartbeat):
        return ["stalled"]

    async def retry_job(self, job):
        if self.error:
            raise self.error
        self.done.append("retried")

    async def finish_job(self, job, status, delete_job):
        self.done.append("dropped")

    async def delete_old_jobs(self, nb_hours, include_failed):
        self.done.append(("forgotten", nb_hours, include_failed))


@pytest.mark.parametrize(("waits_already", "done"), [(False, ["retried"]), (True, ["dropped"])])
def test_jobs_of_a_killed_worker_are_taken_up_unless_the_same_work_waits(monkeypatch, waits_already, done):
    error = tasks.UniqueViolation(constraint_name="x", queueing_lock="x") if waits_already else None
    manager = Manager(error)
    monkeypatch.setattr(tasks.app, "job_manager", manager, raising=False)
    monkeypatch.setattr(tasks, "app", type("App", (), {"job_manager": manager}))
    work.asyncio.run(tasks.retry_stalled.func(timestamp=0))
    assert manager.done == done


def test_jobs_that_failed_are_forgotten_after_two_weeks(monkeypatch):
    manager = Manager()
    monkeypatch.setattr(tasks, "app", type("App", (), {"job_manager": manager}))
    work.asyncio.run(tasks.forget_old_jobs.func(timestamp=0))
    assert manager.done == [("forgotten", 24 * 14, True)]


def test_a_worker_waits_for_a_database_that_is_away(monkeypatch):
    tries = []

    async def serve(*, once):
        tries.append(once)
        if len(tries) < 3:
            raise ConnectorException

    monkeypatch.setattr(work, "_serve", serve)
    monkeypatch.setattr(work, "AGAIN_AFTER", 0)
    call_command("work")
    assert tries == [False] * 3


def test_a_single_round_does_not_wait_for_a_database_that_is_away(monkeypatch):
    async def serve(*, once):
        raise ConnectorException

    monkeypatch.setattr(work, "_serve", serve)
    with pytest.raises(ConnectorException):
        call_command("work", "--once")


# The threads of a worker inside this process end with their connections open; a real worker's end with it.
@pytest.mark.filterwarnings("ignore:.*was deleted while still open:ResourceWarning")
@pytest.mark.django_db(transaction=True)
def test_a_single_round_does_what_waits_and_stops(monkeypatch):
    looked = []
    monkeypatch.setattr(tasks, "deliver_due", lambda: looked.append(1))
    app.configure_task(tasks.DELIVERY).defer(timestamp=0)
    call_command("work", "--once")
    gc.collect()  # here, where it is expected
    assert looked
    assert not _signs_of_life()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_worker_process_shows_signs_of_life_and_stops_when_told():
    environment = {**os.environ, "DATABASE_URL": this_database()}
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "work"], cwd=settings.BASE_DIR, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 30
        while not _signs_of_life() and time.monotonic() < deadline:
            time.sleep(0.2)
        assert _signs_of_life()
    finally:
        worker.send_signal(signal.SIGTERM)
        status = worker.wait(timeout=20)
    assert status == 0
    assert not _signs_of_life()


def _signs_of_life():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers")
        return cursor.fetchone()[0]
