"""What would be a call of its own is read out to whoever is on the phone, and nobody calls about it again."""

import datetime as dt

import pytest
import time_machine

from accounts.models import Channel
from messaging import told_in_call
from messaging.calls import note_call
from messaging.delivery import deliver_due
from messaging.kinds import Content
from messaging.models import Caller, Message, MessageState, Task, TaskState
from messaging.told_in_call import NotOnTheLine, tell_in_call, to_read_out
from messaging.ways import Point
from messaging.words import Words
from tests.factories.accounts import ContactPointFactory
from tests.unit.messaging.conftest import reachable

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2027, 2, 3, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    monkeypatch.setattr("messaging.told_in_call.draw", lambda kind, names: Words("News", f"Hello {names['name']}\n"))
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def una():
    """Reached by a landline alone."""
    return reachable(("phone", "+441632960222"))


@pytest.fixture
def queue(una, queue):
    return lambda **changes: queue(una, **changes)


@pytest.fixture
def call(una, programme, dee):
    def call(caller=Caller.SELF, checked=("born", "reference")):
        return note_call(programme=programme, about=una, caller=caller, checked=checked, by=dee.person)

    return call


def read(una):
    return [one.message.pk for one in to_read_out(Message.objects.filter(person=una))]


def told(call, dee, **which):
    return tell_in_call(messages=Message.objects.filter(**which), call=call, by=dee.person)


@pytest.mark.parametrize("asked", [False, True], ids=["before its turn", "after the desk was asked to call"])
def test_what_is_read_out_is_known_and_nobody_calls(una, queue, call, dee, asked):
    message = queue()
    if asked:
        deliver_due()
    assert [one.words.body for one in to_read_out(Message.objects.all())] == ["Hello Una\n"]
    assert told(call(), dee) == 1
    deliver_due()
    message.refresh_from_db()
    assert (message.state, message.channel, message.finished_at) == (MessageState.DELIVERED, Channel.PHONE, NOON)
    task = Task.objects.get()
    assert (task.state, task.outcome, task.attempts.get().by) == (TaskState.DONE, "told_in_call", dee.person)
    assert (read(una), told(call(), dee)) == ([], 0)


def test_whoever_reads_email_is_written_to_all_the_same(una, queue):
    una.contact_points.filter(channel=Channel.PHONE).update(preferred=False)
    ContactPointFactory(person=una, channel=Channel.EMAIL, value="una@example.org", preferred=True)
    queue()
    assert read(una) == []


def test_what_is_of_no_use_any_more_and_what_comes_later_is_not_read_out(una, queue, news, clock):
    later = queue(due_at=NOON + dt.timedelta(hours=9))
    assert read(una) == []
    clock.move_to(NOON + dt.timedelta(hours=8, minutes=30))  # at night: what waits for the morning is read out
    assert read(una) == [later.pk]
    news(lambda message: Content({}) if message.state == MessageState.WITH_DESK else 1 / 0)  # looking sends nothing
    assert read(una) == [later.pk]
    news(lambda message: None)
    assert read(una) == []
    news(lambda message: Content({}, earlier=Point("email", "old@example.org")))
    assert read(una) == []
    news(lambda message: Content({}, by="email"))
    assert read(una) == []
    news(lambda message: 1 / 0)
    assert read(una) == []


@pytest.mark.parametrize(("caller", "checked"), [("other", ["born", "reference"]), ("self", ["born"])])
def test_nothing_is_told_to_whoever_is_not_known_to_be_the_person(una, queue, call, dee, caller, checked):
    queue()
    with pytest.raises(NotOnTheLine):
        told(call(Caller(caller), checked), dee)
    assert not Task.objects.exists()


def test_a_call_about_somebody_else_tells_this_person_nothing(una, queue, pat, programme, dee):
    queue()
    other = note_call(programme=programme, about=pat.person, caller=Caller.SELF, checked=["a", "b"], by=dee.person)
    assert told(other, dee) == 0
    assert Message.objects.get().state == MessageState.QUEUED


def test_what_somebody_else_has_just_told_or_taken_is_passed_over(una, queue, call, dee, monkeypatch):
    queue()
    with monkeypatch.context() as taken:
        taken.setattr("messaging.told_in_call.hand_over", lambda *given, **also: None)  # the worker has, this instant
        assert told(call(), dee) == 0
    deliver_due()
    real = told_in_call.close_task

    def closed_meanwhile(*, task, **rest):
        real(task=task, outcome="reached", by=dee.person)
        return real(task=task, **rest)

    monkeypatch.setattr("messaging.told_in_call.close_task", closed_meanwhile)
    assert (told(call(), dee), Task.objects.get().outcome) == (0, "reached")
