import datetime as dt
import smtplib
import threading

import pytest
import structlog
from django.core import mail
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from accounts.history import System
from accounts.models import ContactPoint, Person
from messaging import delivery, limits
from messaging.clock import ClockIsWrong
from messaging.delivery import MOST_ATTEMPTS, WAITS, claim, deliver, deliver_due
from messaging.kinds import Attachment, Content
from messaging.models import Message, MessageState, Task, TaskState
from messaging.outbox import cancel
from messaging.senders import SENDERS
from messaging.ways import Limits
from messaging.worklist import GAVE_UP, IN_FORMAT, LEFT_MESSAGE, POSTED, REACHED, close_task
from tests.factories.accounts import PersonFactory
from tests.unit.messaging.conftest import NOON, reachable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon", "right_clock")]


def reread(message):
    message.refresh_from_db()
    return message


@pytest.fixture
def refusing(monkeypatch):
    """A mail server that refuses; `refusing.error` is how, and None lets mail through."""

    class Server:
        error: Exception | None = smtplib.SMTPRecipientsRefused({"una@example.org": (550, b"una@example.org unknown")})
        tries = 0

    real = SENDERS["email"]

    def send(outgoing):
        Server.tries += 1
        if Server.error is not None:
            raise Server.error
        return real(outgoing)

    monkeypatch.setitem(SENDERS, "email", send)
    return Server


def until_given_up(clock):
    """The worker's looks into the outbox, one at each moment at which something may be due."""
    for wait in (*WAITS, dt.timedelta(minutes=2)):
        deliver_due()
        clock.shift(wait)
    deliver_due()


# --- sent --------------------------------------------------------------------


def test_a_due_message_is_sent_once_to_one_person(queue):
    message = queue()
    assert deliver_due() == 1
    assert deliver_due() == 0
    assert [sent.recipients() for sent in mail.outbox] == [["una@example.org"]]
    assert mail.outbox[0].body == "Hello Una\n"
    message = reread(message)
    assert (message.state, message.channel, message.attempts) == (MessageState.SENT, "email", 1)
    assert message.finished_at == NOON


def test_nothing_is_sent_before_it_is_due(queue):
    queue(due_at=NOON + dt.timedelta(minutes=1))
    assert deliver_due() == 0
    assert not mail.outbox


def test_every_due_message_is_sent_although_few_are_claimed_at_a_time(queue):
    for number in range(delivery.BATCH * 2 + 1):
        queue(key=f"news:{number}")
    assert deliver_due() == delivery.BATCH * 2 + 1
    assert len(mail.outbox) == delivery.BATCH * 2 + 1


def test_files_go_along(queue, news):
    news(lambda message: Content({}, attachments=(Attachment("a.ics", "BEGIN", "text/calendar; method=REQUEST"),)))
    queue()
    deliver_due()
    assert mail.outbox[0].attachments[0].get_param("method") == "REQUEST"


# --- decided at the moment of sending ----------------------------------------


def test_what_is_no_longer_wanted_is_not_sent(queue, news):
    message = queue()
    news(lambda message: None)
    deliver_due()
    assert not mail.outbox
    assert reread(message).state == MessageState.NOT_WANTED


def test_nothing_goes_to_somebody_whose_contact_was_stopped_and_nobody_is_asked(queue, news):
    message = queue()
    news(lambda message: pytest.fail("the owner was asked about somebody who has died"))
    message.person.contact_stopped_at = timezone.now()
    message.person.save()
    deliver_due()
    assert not mail.outbox and not Task.objects.exists()
    assert reread(message).state == MessageState.NOT_WANTED


@pytest.fixture
def slow(monkeypatch):
    """`slow(meanwhile)`: the first mail of a batch takes so long that `meanwhile` happens while it is sent."""
    real = SENDERS["email"]

    def set_up(meanwhile):
        things = [meanwhile]

        def send(outgoing):
            while things:
                things.pop()()
            return real(outgoing)

        monkeypatch.setitem(SENDERS, "email", send)

    return set_up


def test_a_death_recorded_while_the_batch_is_being_sent_stops_the_rest_of_it(queue, slow):
    queue(key="first")
    person = reachable(("email", "ulla@example.org"))
    message = queue(person, key="second")

    def dies():
        Person.objects.filter(pk=person.pk).update(contact_stopped_at=timezone.now())

    slow(dies)
    deliver_due()
    assert [sent.to for sent in mail.outbox] == [["una@example.org"]]
    assert reread(message).state == MessageState.NOT_WANTED


def test_what_is_taken_back_while_the_batch_is_being_sent_is_not_sent(queue, slow):
    queue(key="first")
    message = queue(key="second", subject_id=7)
    slow(lambda: cancel(kinds=[message.kind], subject_id=7))
    deliver_due()
    assert len(mail.outbox) == 1
    assert reread(message).state == MessageState.NOT_WANTED


def test_what_another_worker_has_claimed_meanwhile_is_left_to_it(queue, slow):
    queue(key="first")
    message = queue(key="second")
    slow(lambda: Message.objects.filter(pk=message.pk).update(attempts=2, due_at=NOON + WAITS[1]))
    deliver_due()
    assert len(mail.outbox) == 1
    assert reread(message).state == MessageState.QUEUED


def test_at_night_a_message_waits_for_the_morning_without_losing_a_try(queue, noon):
    noon.move_to(dt.datetime(2027, 2, 3, 21, 0, tzinfo=dt.UTC))
    message = queue()
    deliver_due()
    message = reread(message)
    assert not mail.outbox
    assert (message.state, message.attempts) == (MessageState.QUEUED, 0)
    assert message.due_at == dt.datetime(2027, 2, 4, 8, 0, tzinfo=dt.UTC)
    noon.move_to(message.due_at)
    deliver_due()
    assert len(mail.outbox) == 1


def test_what_is_urgent_goes_out_at_night(queue, news, noon):
    noon.move_to(dt.datetime(2027, 2, 3, 21, 0, tzinfo=dt.UTC))
    news(lambda message: Content({}, urgent=True))
    queue()
    deliver_due()
    assert len(mail.outbox) == 1


def test_what_is_cancelled_while_it_is_being_sent_keeps_the_word_of_the_canceller(queue, monkeypatch):
    message = queue()

    def cancelled_meanwhile(outgoing):
        Message.objects.update(state=MessageState.NOT_WANTED)
        return ""

    monkeypatch.setitem(SENDERS, "email", cancelled_meanwhile)
    deliver_due()
    assert reread(message).state == MessageState.NOT_WANTED


# --- by hand -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("way", "kind"), [(("phone", "+441632960222"), "call"), (("post", "1 Made Up Street"), "letter")]
)
def test_who_prefers_it_is_called_or_written_to_by_the_desk(queue, way, kind):
    message = queue(reachable(way, ("email", "una@example.org")))
    deliver_due()
    task = Task.objects.get()
    assert (task.kind, task.about, task.subject_id) == (kind, message.person, message.pk)
    assert task.due_at == NOON + delivery.NEXT_DAY
    message = reread(message)
    assert (message.state, message.channel, message.finished_at) == (MessageState.WITH_DESK, way[0], None)
    assert not mail.outbox
    assert deliver_due() == 0


def test_an_urgent_call_is_due_within_the_hour(queue, news):
    news(lambda message: Content({}, urgent=True))
    queue(reachable(("phone", "+441632960222")))
    deliver_due()
    assert Task.objects.get().due_at == NOON + delivery.SOON


def test_what_no_way_of_ours_meets_becomes_a_task_and_nothing_is_sent(queue, monkeypatch):
    monkeypatch.setattr(limits, "_registered", [lambda person: Limits(unmet={"email": ("braille",)})])
    message = queue(reachable(("email", "una@example.org"), ("phone", "+441632960222")))
    deliver_due()
    assert not mail.outbox
    task = Task.objects.get()
    assert (task.kind, task.due_at) == ("format_wanted", NOON + delivery.NEXT_DAY)
    message = reread(message)
    assert (message.state, message.channel) == (MessageState.WITH_DESK, "email")
    close_task(task=task, outcome=IN_FORMAT, by=message.person)
    assert reread(message).state == MessageState.DELIVERED


def test_nothing_is_sent_while_nobody_has_said_who_keeps_what_people_need(queue, monkeypatch):
    monkeypatch.setattr(limits, "_registered", [])
    message = queue(reachable())
    deliver_due()
    assert not mail.outbox
    assert reread(message).last_error == "NobodyKnows"


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (REACHED, MessageState.DELIVERED),
        (LEFT_MESSAGE, MessageState.DELIVERED),
        (POSTED, MessageState.DELIVERED),
        (GAVE_UP, MessageState.FAILED),
    ],
)
def test_only_closing_the_call_says_whether_the_message_arrived(queue, dee, outcome, state):
    message = queue(reachable(("phone", "+441632960222")))
    deliver_due()
    close_task(task=Task.objects.get(), outcome=outcome, by=dee.person)
    assert reread(message).state == state
    assert message.finished_at is not None


def test_a_call_is_not_raised_for_what_was_cancelled_meanwhile(queue, news):
    def cancelled_meanwhile(message):
        Message.objects.update(state=MessageState.NOT_WANTED)
        return Content({})

    news(cancelled_meanwhile)
    queue(reachable(("phone", "+441632960222")))
    deliver_due()
    assert not Task.objects.exists()


# --- failures ----------------------------------------------------------------


def test_a_failure_is_tried_again_later_and_then_becomes_a_task_within_the_hour(queue, refusing, noon):
    message = queue()
    until_given_up(noon)
    assert refusing.tries == MOST_ATTEMPTS
    message = reread(message)
    assert (message.state, message.last_error) == (MessageState.FAILED, "SMTPRecipientsRefused 550")
    task = Task.objects.get()
    assert (task.kind, task.about, task.state) == ("not_reached", message.person, TaskState.OPEN)
    assert task.created_at is not None and task.due_at - NOON < dt.timedelta(hours=2)
    assert sum(WAITS, dt.timedelta()) < dt.timedelta(hours=1)


def test_a_failed_message_stays_failed_when_the_desk_has_told_the_person(queue, refusing, noon, dee):
    message = queue()
    until_given_up(noon)
    close_task(task=Task.objects.get(), outcome=REACHED, by=dee.person)
    assert reread(message).state == MessageState.FAILED


def test_a_server_that_comes_back_is_used_at_the_next_try(queue, refusing, noon):
    message = queue()
    deliver_due()
    assert reread(message).state == MessageState.QUEUED
    refusing.error = None
    noon.shift(WAITS[0])
    deliver_due()
    assert reread(message).state == MessageState.SENT
    assert len(mail.outbox) == 1


def test_after_a_failure_the_next_of_the_persons_methods_is_tried(queue, refusing, noon, monkeypatch):
    texts = []
    monkeypatch.setitem(SENDERS, "text", lambda outgoing: texts.append(outgoing) or "")
    message = queue(reachable(("email", "una@example.org"), ("text", "+447700900111")))
    deliver_due()
    noon.shift(WAITS[0])
    deliver_due()
    assert [text.to for text in texts] == ["+447700900111"]
    assert (reread(message).state, message.channel) == (MessageState.SENT, "text")


def test_somebody_who_cannot_be_reached_at_all_is_the_desks_at_once(queue):
    person = reachable()
    ContactPoint.objects.filter(person=person).update(ended_at=timezone.now())
    message = queue(person)
    deliver_due()
    assert reread(message).state == MessageState.FAILED
    assert message.last_error == "no way to reach the person"
    assert Task.objects.get().kind == "not_reached"


def test_a_worker_that_died_at_the_last_try_leaves_a_task_and_not_silence(queue, noon):
    message = queue()
    for wait in (*WAITS, delivery.MARGIN):
        assert claim(timezone.now())  # and dies
        noon.shift(wait)
    deliver_due()
    assert not mail.outbox
    assert reread(message).state == MessageState.FAILED
    assert Task.objects.get().kind == "not_reached"


def test_a_worker_that_died_after_sending_sends_once_more_under_the_same_id(queue, noon, monkeypatch):
    queue()
    with monkeypatch.context() as dying:
        dying.setattr(delivery, "_mark", lambda *args, **kwargs: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            deliver_due()
    noon.shift(WAITS[0])
    deliver_due()
    assert len({sent.extra_headers["Message-ID"] for sent in mail.outbox}) == 1
    assert len(mail.outbox) == 2


def test_one_message_that_cannot_be_drawn_does_not_hold_up_the_next(queue, news):
    bad = queue(key="bad")
    good = queue(key="good")

    def wanted(message):
        if message.pk == bad.pk:
            raise KeyError("una@example.org")
        return Content({})

    news(wanted)
    deliver_due()
    assert reread(good).state == MessageState.SENT
    assert (reread(bad).state, bad.last_error) == (MessageState.QUEUED, "KeyError")


def test_a_failure_that_cannot_be_kept_leaves_its_message_due_again_and_sends_the_next(
    queue, refusing, noon, monkeypatch
):
    queue(key="first"), queue(key="second")

    def broken(*_, **__):
        raise OperationalError

    with monkeypatch.context() as gone, structlog.testing.capture_logs() as logs:
        gone.setattr(delivery, "_describe", broken)
        assert deliver_due() == 2
    assert [entry["event"] for entry in logs] == ["message_left_as_it_is"] * 2
    assert set(Message.objects.values_list("state", "attempts")) == {(MessageState.QUEUED, 1)}
    noon.shift(WAITS[0])
    assert deliver_due() == 2


def test_the_log_names_the_failure_and_never_the_person(queue, refusing):
    queue()
    with structlog.testing.capture_logs() as logs:
        deliver_due()
    assert logs[0]["event"] == "message_not_sent" and logs[0]["error"] == "SMTPRecipientsRefused 550"
    assert "una" not in str(logs).lower()


def test_a_refusal_by_code_is_kept_by_its_code(queue, refusing):
    refusing.error = smtplib.SMTPDataError(451, b"una@example.org is greylisted")
    message = queue()
    deliver_due()
    assert reread(message).last_error == "SMTPDataError 451"


def test_giving_up_names_the_worker_in_the_history_of_the_task(queue, refusing, noon):
    queue()
    until_given_up(noon)
    assert Task.objects.get().events.latest("pgh_id").pgh_context["by"] == str(System.WORKER)


def test_what_is_cancelled_while_no_way_is_found_makes_no_task(queue, news):
    def cancelled_meanwhile(message):
        Message.objects.update(state=MessageState.NOT_WANTED)
        return Content({})

    news(cancelled_meanwhile)
    message = queue(PersonFactory())
    deliver_due()
    assert reread(message).state == MessageState.NOT_WANTED
    assert not Task.objects.exists()


def test_what_was_cancelled_before_giving_up_makes_no_task(queue, refusing, noon):
    message = queue()
    for wait in WAITS:
        deliver_due()
        noon.shift(wait)
    (claimed,) = claim(timezone.now())
    Message.objects.update(state=MessageState.NOT_WANTED)
    deliver(claimed)
    assert reread(message).state == MessageState.NOT_WANTED
    assert not Task.objects.exists()


# --- clocks and workers ------------------------------------------------------


def test_a_worker_with_a_wrong_clock_sends_nothing(queue, monkeypatch):
    def wrong():
        raise ClockIsWrong(dt.timedelta(seconds=31))

    monkeypatch.setattr(delivery, "require_a_right_clock", wrong)
    message = queue()
    with pytest.raises(ClockIsWrong):
        deliver_due()
    assert not mail.outbox
    assert (reread(message).state, message.attempts) == (MessageState.QUEUED, 0)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_message_once(queue, monkeypatch):
    keys = [f"news:{number}" for number in range(20)]
    for key in keys:
        queue(key=key)
    sent, both = [], threading.Barrier(2)
    monkeypatch.setitem(SENDERS, "email", lambda outgoing: sent.append(outgoing.key) or "")

    def work():
        try:
            both.wait(timeout=10)
            deliver_due()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=30)
    assert sorted(sent) == sorted(keys)
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.SENT}


@pytest.mark.django_db(transaction=True)
def test_rows_in_another_workers_hands_are_passed_over_not_waited_for(queue):
    queue()
    held, checked, claimed = threading.Event(), threading.Event(), []

    def hold():
        try:
            with transaction.atomic():
                list(Message.objects.select_for_update())
                held.set()
                checked.wait(timeout=10)
        finally:
            connection.close()

    other = threading.Thread(target=hold)
    other.start()
    assert held.wait(timeout=10)
    claimed = claim(timezone.now())
    checked.set()
    other.join(timeout=10)
    assert claimed == []
    assert len(claim(timezone.now())) == 1


@pytest.mark.django_db(transaction=True)
def test_mail_is_handed_over_outside_of_any_transaction(queue, monkeypatch):
    inside = []
    monkeypatch.setitem(SENDERS, "email", lambda outgoing: inside.append(connection.in_atomic_block) or "")
    queue()
    deliver_due()
    assert inside == [False]
