"""Contact is stopped while a worker is sending: what was on its way has left before the commit, nothing after it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from accounts.models import Person
from messaging import suppression
from messaging.delivery import claim, deliver
from messaging.models import Message, MessageState
from messaging.outbox import stop_contact
from messaging.senders import SENDERS
from messaging.suppression import BeingWrittenTo, hold_everything_to, reaching
from tests.factories.accounts import PersonFactory
from tests.unit.messaging.conftest import news, noon, queue, reachable, right_clock

__all__ = ["news", "noon", "queue", "right_clock"]  # fixtures of the tests of messaging
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon", "right_clock")]
PATIENCE = 20


class Post:
    """A mail server that holds each message until it is let go, and keeps the order of what happened."""

    def __init__(self) -> None:
        self.happened: list[str] = []
        self.at_the_door, self.let_go = threading.Event(), threading.Event()

    def send(self, outgoing: Any) -> str:
        self.at_the_door.set()
        assert self.let_go.wait(PATIENCE)
        self.happened.append("sent")
        return ""


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    post = Post()
    monkeypatch.setitem(SENDERS, "email", post.send)
    return post


@contextmanager
def meanwhile(*works: Callable[[], Any]) -> Iterator[list[threading.Thread]]:
    """Each of `works` on a connection of its own; all have ended when the block has."""

    def on_its_own(work: Callable[[], Any]) -> None:
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=on_its_own, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    yield threads
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()


def stopped(person: Person, post: Post, by: Person) -> None:
    stop_contact(person=Person.objects.get(pk=person.pk), by=by)
    post.happened.append("stopped")


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND classid = %s"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
            [suppression._NAMESPACE],
        )
        return bool(cursor.fetchone()[0])


def until(true: Callable[[], bool]) -> None:
    done = threading.Event()
    for _ in range(PATIENCE * 100):
        if true():
            return
        done.wait(0.01)
    raise AssertionError("it never came to that")


def race(post: Post, message: Message, by: Person, *, seen: Callable[[], bool]) -> None:
    """The desk stops contact while `message` is at the mail server's door; it is let go when `seen`."""
    (claimed,) = claim(timezone.now())
    with meanwhile(lambda: deliver(claimed)):
        assert post.at_the_door.wait(PATIENCE)
        with meanwhile(lambda: stopped(message.person, post, by)):
            until(seen)
            post.let_go.set()


def test_what_is_being_sent_has_left_before_contact_is_stopped(queue, post, programme):
    message, by = queue(), PersonFactory()
    race(post, message, by, seen=waits_for_a_lock)
    assert post.happened == ["sent", "stopped"]
    message.refresh_from_db()
    assert message.state == MessageState.SENT


def test_without_the_lock_the_same_race_sends_after_contact_was_stopped(queue, post, monkeypatch):
    monkeypatch.setattr("messaging.outbox.hold_everything_to", lambda person: None)
    message, by = queue(), PersonFactory()
    race(post, message, by, seen=lambda: "stopped" in post.happened)
    assert post.happened == ["stopped", "sent"], "the lock is what keeps the order"


def test_a_message_that_was_claimed_before_contact_was_stopped_is_not_sent(queue, post):
    message, by = queue(), PersonFactory()
    (claimed,) = claim(timezone.now())
    with meanwhile(lambda: stopped(message.person, post, by)):
        pass
    post.let_go.set()
    deliver(claimed)
    assert post.happened == ["stopped"]
    message.refresh_from_db()
    assert message.state == MessageState.NOT_WANTED


def test_a_worker_that_comes_while_contact_is_being_stopped_waits_and_then_sends_nothing(queue, post, dee):
    message = queue()
    (claimed,) = claim(timezone.now())
    post.let_go.set()
    with meanwhile() as threads:
        with transaction.atomic():
            stop_contact(person=message.person, by=dee.person)
            threads.append(threading.Thread(target=lambda: (deliver(claimed), connection.close())))
            threads[-1].start()
            until(waits_for_a_lock)
    assert post.happened == []


def test_two_workers_write_to_one_person_at_once_and_to_another_while_one_is_stopped(queue, dee):
    both, una, other = threading.Barrier(2, timeout=PATIENCE), reachable(), reachable()

    def reach(person: Person) -> None:
        with reaching(person.pk) as may:
            assert may
            both.wait()

    with meanwhile(lambda: reach(una), lambda: reach(una)):
        pass
    with transaction.atomic():
        hold_everything_to(other)
        with meanwhile(lambda: reach(una), lambda: reach(una)):
            pass


@pytest.fixture
def being_written_to(queue, post) -> Iterator[Message]:
    message = queue()
    (claimed,) = claim(timezone.now())
    with meanwhile(lambda: deliver(claimed)):
        assert post.at_the_door.wait(PATIENCE)
        yield message
        post.let_go.set()


def test_whoever_has_waited_too_long_is_told_so_and_has_changed_nothing(being_written_to, monkeypatch, dee):
    monkeypatch.setattr(suppression, "LONGEST_WAIT", "50ms")
    with pytest.raises(BeingWrittenTo):
        stop_contact(person=being_written_to.person, by=dee.person)
    being_written_to.person.refresh_from_db()
    assert being_written_to.person.contact_stopped_at is None


def test_other_trouble_of_the_database_is_not_taken_for_a_busy_mail_server(being_written_to):
    with pytest.raises(OperationalError), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '50ms'")
        hold_everything_to(being_written_to.person)


def test_a_failure_while_sending_gives_the_lock_back(queue):
    una = reachable()
    with pytest.raises(ZeroDivisionError), reaching(una.pk):
        raise ZeroDivisionError
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone()[0] == 0
