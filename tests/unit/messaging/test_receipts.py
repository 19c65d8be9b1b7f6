import datetime as dt

import pytest
import structlog
from django.utils import timezone

from messaging import receipts
from messaging.choices import choose_topics
from messaging.delivery import MOST_ATTEMPTS, WAITS, deliver_due
from messaging.kinds import Content
from messaging.models import Message, MessageState, Task, Topic
from messaging.notify import Notify
from messaging.outgoing import Became
from messaging.patience import next_ask, waits_until
from messaging.receipts import ask_about_texts, settle
from messaging.senders import SENDERS, name_of
from messaging.ways import Point
from tests.notify import BROKEN, KEY, TEMPLATE, notify_server
from tests.unit.messaging.conftest import NOON, reachable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon", "right_clock")]

MOBILE = ("text", "+447700900111")
MAIL = ("email", "una@example.org")
HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)


@pytest.fixture
def notify(settings, monkeypatch):
    with notify_server() as server:
        settings.NOTIFY_URL, settings.NOTIFY_KEY, settings.NOTIFY_TEMPLATE = server.url, KEY, TEMPLATE
        settings.TEXT_GATEWAY = "messaging.notify.Notify"
        monkeypatch.setitem(SENDERS, "text", Notify().send)
        yield server


@pytest.fixture
def text(queue, notify):
    """`text(*ways)`: a text message that Notify has taken."""

    def send(*ways):
        message = queue(reachable(*(ways or (MOBILE,))))
        deliver_due()
        return message

    return send


def reread(message):
    message.refresh_from_db()
    return message


def test_a_text_is_sent_and_known_by_the_name_that_notify_gave_it(text, notify):
    message = reread(text())
    assert (message.state, message.channel, message.sent_as) == (MessageState.SENT, "text", next(iter(notify.texts)))
    assert message.point.value == MOBILE[1]
    assert message.ask_at == NOON + MINUTE


def test_an_email_is_nobodys_to_ask_about(queue, notify):
    message = queue()
    deliver_due()
    # Its name is there for a mail server that writes back about it.
    assert (reread(message).sent_as, message.ask_at, message.point.value) == (
        name_of(message.dedupe_key),
        None,
        MAIL[1],
    )


def test_a_text_that_arrived_is_known_to_have_arrived_and_not_asked_about_again(text, notify, noon):
    message = text()
    assert ask_about_texts() == 0
    notify.becomes("delivered")
    noon.shift(MINUTE)
    assert ask_about_texts() == 1
    assert (reread(message).state, message.ask_at, message.finished_at) == (
        MessageState.DELIVERED,
        None,
        NOON + MINUTE,
    )
    noon.shift(HOUR)
    assert ask_about_texts() == 0


# pitfalls 62
@pytest.mark.parametrize("status", ["permanent-failure", "temporary-failure", "technical-failure"])
def test_a_text_that_came_back_goes_by_the_persons_next_method(text, notify, noon, mailoutbox, status):
    message = text(MOBILE, MAIL)
    notify.becomes(status)
    noon.shift(MINUTE)
    ask_about_texts()
    assert (reread(message).state, message.sent_as) == (MessageState.QUEUED, "")
    deliver_due()
    assert [sent.to for sent in mailoutbox] == [[MAIL[1]]]
    assert (reread(message).state, message.channel, message.attempts) == (MessageState.SENT, "email", 2)
    assert not Task.objects.exists()


def test_what_comes_back_from_an_address_that_ended_is_nobodys_work(queue, news):
    news(lambda message: Content({}, earlier=Point("email", "left@example.org")))
    message = queue(reachable(MAIL, MOBILE))
    deliver_due()
    assert settle(sent_as=reread(message).sent_as, became=Became.NEVER)
    assert (reread(message).state, Task.objects.count()) == (MessageState.FAILED, 0)


# pitfalls 62
@pytest.mark.parametrize("ways", [(MOBILE,), (MOBILE, ("phone", "+441632960222"))])
def test_a_text_that_came_back_to_somebody_with_no_other_written_method_is_the_desks_within_the_hour(
    text, notify, noon, ways
):
    message = text(*ways)
    notify.becomes("permanent-failure")
    noon.shift(MINUTE)
    ask_about_texts()
    assert (reread(message).state, message.last_error) == (MessageState.FAILED, "it leads to nobody")
    task = Task.objects.get()
    assert (task.kind, task.subject_id, task.about) == ("not_reached", message.pk, message.person)
    assert task.due_at - NOON < 2 * HOUR


def test_after_the_last_try_what_came_back_is_the_desks(text, notify, noon):
    message = text(MOBILE, MAIL)
    Message.objects.update(attempts=MOST_ATTEMPTS)
    settle(sent_as=reread(message).sent_as, became=Became.NOT_NOW)
    assert reread(message).state == MessageState.FAILED
    assert Task.objects.get().kind == "not_reached"


def test_silence_is_no_failure_for_a_day_and_is_asked_about_seldom(text, notify, noon):
    message, asked = text(), 0
    while (ask_at := reread(message).ask_at) < NOON + 24 * HOUR:
        noon.move_to(ask_at)
        asked += ask_about_texts()
    assert reread(message).state == MessageState.SENT
    assert asked < 40
    noon.move_to(message.ask_at)
    ask_about_texts()
    assert (reread(message).state, message.last_error) == (MessageState.FAILED, "no word of it")
    assert Task.objects.get().kind == "not_reached"


def test_silence_about_what_cannot_wait_is_the_next_methods_within_the_hour(text, news, notify, noon):
    news(lambda message: Content({}, urgent=True))
    message = text(MOBILE, MAIL)
    while reread(message).ask_at:
        noon.move_to(message.ask_at)
        ask_about_texts()
    deliver_due()
    assert (reread(message).state, message.channel) == (MessageState.SENT, "email")
    assert message.finished_at - NOON < HOUR


@pytest.mark.parametrize(("became", "state"), [(Became.NOT_NOW, MessageState.FAILED), (Became.UNDERWAY, "sent")])
def test_what_is_not_needed_any_more_is_nobodys_work_when_it_came_back(text, news, noon, became, state):
    message = text()
    news(lambda message: None)
    noon.shift(25 * HOUR)
    settle(sent_as=reread(message).sent_as, became=became)
    assert (reread(message).state, message.ask_at) == (state, None)
    assert not Task.objects.exists()


def test_nobody_is_asked_to_call_somebody_whose_contact_was_stopped(text):
    message = text()
    message.person.contact_stopped_at = timezone.now()
    message.person.save()
    settle(sent_as=reread(message).sent_as, became=Became.NEVER)
    assert reread(message).state == MessageState.FAILED
    assert not Task.objects.exists()


def test_what_somebody_does_without_is_nobodys_work_when_it_came_back(text, monkeypatch, dee):
    message = text()
    monkeypatch.setattr("messaging.kinds._topics", {message.kind: Topic.QUESTIONS})
    choose_topics(person=message.person, wanted=[], by=dee.person)
    settle(sent_as=reread(message).sent_as, became=Became.NOT_NOW)
    assert not Task.objects.exists()


def test_when_its_owner_cannot_say_whether_it_is_needed_the_desk_hears_of_it(text, news):
    message = text()

    def cannot_say(message):
        raise KeyError("una")

    news(cannot_say)
    with structlog.testing.capture_logs() as logs:
        settle(sent_as=reread(message).sent_as, became=Became.NOT_NOW)
    assert Task.objects.get().kind == "not_reached"
    assert logs[0]["error"] == "KeyError" and "una" not in str(logs[0]).lower()


def test_notify_that_cannot_be_asked_holds_up_nothing_and_is_asked_again(text, notify, noon):
    message = text()
    notify.trouble = BROKEN
    noon.shift(MINUTE)
    ask_about_texts()
    assert reread(message).state == MessageState.SENT
    notify.trouble = None
    notify.becomes("delivered")
    noon.move_to(message.ask_at)
    ask_about_texts()
    assert reread(message).state == MessageState.DELIVERED


def test_word_of_what_is_not_open_changes_nothing(text):
    message = text()
    sent_as = reread(message).sent_as
    assert settle(sent_as=sent_as, became=Became.ARRIVED)
    assert not settle(sent_as=sent_as, became=Became.NEVER)
    assert not settle(sent_as="", became=Became.NEVER)
    assert not settle(sent_as="unheard of", became=Became.NEVER)
    assert reread(message).state == MessageState.DELIVERED


def test_word_that_comes_twice_at_once_counts_once(text, monkeypatch):
    message = text()
    sent_as, reaching = reread(message).sent_as, receipts.reaching

    def meanwhile(person):
        Message.objects.update(state=MessageState.DELIVERED)
        return reaching(person)

    monkeypatch.setattr(receipts, "reaching", meanwhile)
    assert not settle(sent_as=sent_as, became=Became.NEVER)
    assert reread(message).state == MessageState.DELIVERED


def test_without_a_carrier_nobody_is_asked(text, settings, noon):
    text()
    settings.TEXT_GATEWAY = ""
    noon.shift(HOUR)
    assert ask_about_texts() == 0


def test_a_text_that_notify_refuses_is_tried_again_like_any_message(queue, notify, noon):
    notify.trouble = BROKEN
    message = queue(reachable(MOBILE))
    deliver_due()
    assert (reread(message).state, message.last_error) == (MessageState.QUEUED, "NotifyRefused 500")
    notify.trouble = None
    noon.shift(WAITS[0])
    deliver_due()
    assert reread(message).state == MessageState.SENT
    assert len(notify.texts) == 1


# --- patience ----------------------------------------------------------------


def test_questions_become_rarer():
    asks, at = [], NOON
    while at < NOON + dt.timedelta(hours=24):
        at = next_ask(NOON, at)
        asks.append(at - NOON)
    assert asks[:3] == [MINUTE, 2 * MINUTE, 3 * MINUTE]
    assert asks[-1] - asks[-2] == HOUR


@pytest.mark.parametrize(
    ("urgent", "needed_in", "waits"),
    [
        (False, None, 24 * HOUR),
        (True, None, 30 * MINUTE),
        (False, 48 * HOUR, 24 * HOUR),
        (False, 8 * HOUR, 6 * HOUR),
        (False, HOUR, 30 * MINUTE),
        (True, 8 * HOUR, 30 * MINUTE),
    ],
)
def test_one_waits_for_word_as_long_as_another_way_is_still_of_use(urgent, needed_in, waits):
    needed_by = needed_in and NOON + needed_in
    assert waits_until(NOON, urgent=urgent, needed_by=needed_by) == NOON + waits
