import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from accounts.history import System, acting
from messaging.delivery import deliver_due
from messaging.kinds import UnknownKind, kinds
from messaging.models import Message, MessageState, Task, TaskState
from messaging.outbox import allow_contact, cancel, enqueue, stop_contact, unsent_to
from messaging.worklist import record_attempt
from tests.unit.messaging.conftest import KIND, NOON, reachable

pytestmark = pytest.mark.django_db


def test_a_message_is_due_at_once_unless_a_time_is_named(queue):
    message = queue(subject_id=7, context={"by_oneself": True})
    assert message.state == MessageState.QUEUED and message.due_at <= timezone.now()
    assert (message.subject_id, message.context) == (7, {"by_oneself": True})
    later = timezone.now() + dt.timedelta(days=1)
    assert queue(key="news:2", due_at=later).due_at == later


def test_the_same_key_again_changes_nothing_and_gives_the_message_that_is_there(queue):
    first = queue(subject_id=1)
    assert queue(subject_id=2) == first
    assert Message.objects.get().subject_id == 1


def test_a_kind_that_nobody_registered_is_refused_at_once(programme):
    with pytest.raises(UnknownKind, match="AppConfig.ready"):
        enqueue(programme=programme, person=reachable(), kind="nobody_knows", dedupe_key="x")
    assert not Message.objects.exists()


def test_the_kinds_of_the_apps_are_registered():
    assert {"booking_confirmed", "session_cancelled"} <= set(kinds())


def test_an_action_that_is_undone_leaves_no_message(queue):
    with pytest.raises(ZeroDivisionError), acting(System.WORKER, "tests.undone"):
        queue()
        raise ZeroDivisionError
    assert not Message.objects.exists()


def test_cancel_takes_back_what_is_queued_about_that_row_only(queue):
    mine, other = queue(subject_id=1), queue(key="news:2", subject_id=2)
    assert cancel(kinds=[KIND], subject_id=1) == 1
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.state, other.state) == (MessageState.NOT_WANTED, MessageState.QUEUED)
    assert mine.finished_at is not None
    assert cancel(kinds=[KIND], subject_id=1) == 0


def test_cancel_leaves_what_was_sent_as_it_was(queue, noon, right_clock):
    message = queue(subject_id=1)
    deliver_due()
    assert cancel(kinds=[KIND], subject_id=1) == 0
    message.refresh_from_db()
    assert message.state == MessageState.SENT


def test_cancel_takes_back_the_call_that_carries_the_message(queue, noon, right_clock):
    message = queue(reachable(("phone", "+441632960222")), subject_id=1)
    deliver_due()
    assert Task.objects.get().state == TaskState.OPEN
    assert cancel(kinds=[KIND], subject_id=1) == 1
    message.refresh_from_db()
    assert (message.state, Task.objects.get().state) == (MessageState.NOT_WANTED, TaskState.CANCELLED)


def test_no_more_contact_takes_back_messages_calls_and_letters_of_that_person(queue, noon, right_clock, dee):
    una, other = reachable(("phone", "+441632960222")), reachable()
    queue(una, subject_id=1)
    deliver_due()
    queue(una, key="news:2", subject_id=2)
    kept = queue(other, key="news:3", subject_id=3)
    assert unsent_to(una) == 2
    assert stop_contact(person=una, by=dee.person) == 2
    assert una.contact_stopped_at == NOON and unsent_to(una) == 0
    assert set(Message.objects.filter(person=una).values_list("state", flat=True)) == {MessageState.NOT_WANTED}
    assert Task.objects.get().state == TaskState.CANCELLED
    kept.refresh_from_db()
    assert kept.state == MessageState.QUEUED


def test_stopping_contact_twice_takes_back_what_came_between_and_keeps_the_first_moment(queue, noon, dee):
    una = reachable()
    stop_contact(person=una, by=dee.person)
    queue(una)
    noon.shift(dt.timedelta(minutes=1))
    assert stop_contact(person=una, by=dee.person) == 1
    assert una.contact_stopped_at == NOON


def test_where_contact_is_allowed_again_nothing_is_sent_a_second_time(queue, noon, right_clock, dee):
    una = reachable()
    queue(una)
    stop_contact(person=una, by=dee.person)
    allow_contact(person=una, by=dee.person)
    assert deliver_due() == 0 and not mail.outbox
    queue(una, key="news:2")
    assert deliver_due() == 1 and len(mail.outbox) == 1


def test_rows_name_themselves_without_naming_anybody(queue, noon, right_clock, dee):
    message = queue(reachable(("phone", "+441632960222")))
    deliver_due()
    task = Task.objects.get()
    attempt = record_attempt(task=task, outcome="no_answer", by=dee.person)
    assert str(message) == f"test_news to person {message.person_id}"
    assert str(task) == "call, due 2027-02-04"
    assert str(attempt) == "no_answer at 2027-02-03 12:00"


def test_the_desk_sees_the_messages_of_its_programmes(queue, dee, nell):
    message = queue()
    assert list(Message.objects.visible_to(dee)) == [message]
    assert not Message.objects.visible_to(nell).exists()
