"""The life of a message, step by step; and one that failed, sent once more by hand."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, transaction
from django.utils import timezone

from accounts.models import ContactPoint
from messaging import again, limits
from messaging.again import CannotSendAgain, leaves_at, send_again, ways_again
from messaging.choices import choose_topics
from messaging.delivery import MOST_ATTEMPTS, deliver_due, give_up
from messaging.kinds import Content, register_kind
from messaging.models import Message, MessageState, MessageStep, Step, Task, TaskState, Topic, WhyNot
from messaging.outbox import cancel, stop_contact
from messaging.outgoing import Became, NoSuchAddress
from messaging.receipts import settle
from messaging.senders import SENDERS
from messaging.steps import note_step
from messaging.ways import Limits, Point
from messaging.worklist import TaskIsClosed
from tests.unit.messaging.conftest import KIND, NOON, reachable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon", "right_clock")]
MAIL, MOBILE, PHONE = ("email", "una@example.org"), ("text", "+447700900111"), ("phone", "+441632960222")


def reread(message):
    message.refresh_from_db()
    return message


def steps_of(message):
    return list(message.steps.order_by("id").values_list("what", "channel", "reason"))


@pytest.fixture
def texts(monkeypatch):
    """`texts.broken` refuses; otherwise every text is taken."""

    class Texts:
        broken = False

        def send(self, outgoing):
            if self.broken:
                raise NoSuchAddress
            return "text-1"

    texts = Texts()
    monkeypatch.setitem(SENDERS, "text", texts.send)
    return texts


def test_each_try_is_kept_with_its_way_and_what_came_of_it(queue, texts, noon, mailoutbox):
    texts.broken = True
    message = queue(reachable(MOBILE, MAIL))
    deliver_due()
    noon.shift(dt.timedelta(minutes=2))
    deliver_due()
    assert steps_of(message) == [("failed", "text", "NoSuchAddress"), ("sent", "email", "")]
    assert [step.at for step in message.steps.order_by("id")] == [NOON, NOON + dt.timedelta(minutes=2)]


@pytest.mark.parametrize(
    ("became", "step"),
    [
        (Became.ARRIVED, ("arrived", "text", "")),
        (Became.NOT_NOW, ("came_back", "text", "came back")),
        (Became.NEVER, ("came_back", "text", "it leads to nobody")),
    ],
)
def test_what_came_back_is_kept(queue, texts, became, step):
    message = queue(reachable(MOBILE))
    deliver_due()
    settle(sent_as="text-1", became=became)
    assert steps_of(message) == [("sent", "text", ""), step]


def test_silence_is_a_step_once_it_has_lasted_too_long(queue, texts, noon):
    message = queue(reachable(MOBILE))
    deliver_due()
    settle(sent_as="text-1", became=Became.UNDERWAY)
    assert len(steps_of(message)) == 1
    noon.shift(dt.timedelta(hours=25))
    settle(sent_as="text-1", became=Became.UNDERWAY)
    assert steps_of(message)[-1] == ("no_word", "text", "no word of it")


@pytest.mark.parametrize("unmet", [{}, {"post": ("braille",)}])
def test_that_the_desk_has_it_is_a_step(queue, monkeypatch, unmet):
    monkeypatch.setattr(limits, "_registered", [lambda person: Limits(unmet=unmet)])
    message = queue(reachable(("post", "1 Made Up Street")))
    deliver_due()
    assert steps_of(message) == [("to_desk", "post", "")]


def test_nothing_sent_says_why(queue, news, dee):
    stopped, taken_back, declined, over, silent = (queue(reachable(), key=key) for key in "abcde")
    stop_contact(person=stopped.person, by=dee.person)
    cancel(kinds=[KIND], subject_id=0)
    Message.objects.filter(pk=taken_back.pk).update(subject_id=7)
    cancel(kinds=[KIND], subject_id=7)
    news(lambda message: None if message.pk == over.pk else Content({}))
    register_kind(KIND, lambda message: None if message.pk == over.pk else Content({}), topic=Topic.QUESTIONS)
    choose_topics(person=declined.person, wanted=[], by=dee.person)
    ContactPoint.objects.filter(person=silent.person).update(ended_at=NOON)
    deliver_due()
    reasons = {message.pk: steps_of(message)[-1] for message in (stopped, taken_back, declined, over, silent)}
    assert [reasons[message.pk] for message in (stopped, taken_back, declined, over)] == [
        ("not_wanted", "", why) for why in (WhyNot.STOPPED, WhyNot.TAKEN_BACK, WhyNot.DECLINED, WhyNot.OVER)
    ]
    assert reasons[silent.pk] == ("failed", "", "no way to reach the person")


def test_contact_that_ended_while_a_message_was_on_its_way_out_is_why_it_is_not_sent(queue, monkeypatch):
    message = queue()
    type(message.person).objects.filter(pk=message.person_id).update(contact_stopped_at=NOON)
    deliver_due()
    assert steps_of(message) == [("not_wanted", "", WhyNot.STOPPED)]


def test_a_last_try_that_was_cut_short_is_kept(queue):
    message = queue()
    Message.objects.update(attempts=MOST_ATTEMPTS)
    deliver_due()
    assert steps_of(message) == [("failed", "", "the last try was cut short")]


def test_an_earlier_address_that_fails_is_kept(queue, news, monkeypatch):
    def broken(outgoing):
        raise ConnectionRefusedError

    monkeypatch.setitem(SENDERS, "email", broken)
    news(lambda message: Content({}, earlier=Point("email", "old@example.org")))
    message = queue()
    Message.objects.update(attempts=MOST_ATTEMPTS - 1)
    deliver_due()
    assert steps_of(message) == [("failed", "email", "ConnectionRefusedError")]


def test_a_step_that_cannot_be_kept_changes_nothing_of_what_was_sent(queue, monkeypatch, mailoutbox):
    def broken(**_):
        raise OperationalError

    message = queue()
    monkeypatch.setattr(MessageStep.objects, "create", broken)
    note_step(message, Step.SENT)
    deliver_due()
    assert reread(message).state == MessageState.SENT and len(mailoutbox) == 1 and not message.steps.exists()


def test_a_step_is_never_changed_and_never_taken_away(queue):
    note_step(queue(), Step.SENT)
    for change in (lambda rows: rows.update(reason="x"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            change(MessageStep.objects.all())


# --- once more, by hand ------------------------------------------------------


@pytest.fixture
def failed(queue, texts):
    """Una's text failed for good; she has a mailbox too, of which we heard later."""
    texts.broken = True
    message = queue(reachable(MOBILE, PHONE))
    message.refresh_from_db()
    Message.objects.filter(pk=message.pk).update(attempts=MOST_ATTEMPTS)
    note_step(message, Step.FAILED, channel="text", why="NoSuchAddress")
    give_up(reread(message), error="NoSuchAddress")
    ContactPoint.objects.create(person=message.person, channel="email", value=MAIL[1])
    return reread(message)


def mailbox(message):
    return message.person.contact_points.get(channel="email")


def test_a_message_that_failed_goes_once_more_by_the_way_that_the_desk_chose(failed, dee, mailoutbox):
    assert [way.channel for way in ways_again(failed)] == ["email"]
    send_again(message=failed, point=mailbox(failed).pk, by=dee.person)
    task = Task.objects.get()
    assert (task.state, task.outcome, task.attempts.get().by) == (TaskState.DONE, again.SENT_AGAIN, dee.person)
    deliver_due()
    assert [sent.to for sent in mailoutbox] == [[MAIL[1]]]
    assert reread(failed).state == MessageState.SENT
    assert steps_of(failed)[1:] == [("again", "email", ""), ("sent", "email", "")]
    assert failed.steps.get(what=Step.AGAIN).by == dee.person


def test_the_chosen_way_goes_before_the_one_whose_turn_it_would_be(failed, texts, dee, mailoutbox):
    note_step(failed, Step.FAILED, channel="email")
    texts.broken = False
    [way] = ways_again(reread(failed))
    send_again(message=failed, point=way.pk, by=dee.person)
    deliver_due()
    assert (reread(failed).state, failed.channel, mailoutbox) == (MessageState.SENT, "text", [])


def test_when_it_fails_again_the_desk_has_a_new_task_and_there_is_no_third_time(failed, dee, monkeypatch):
    def broken(outgoing):
        raise ConnectionRefusedError

    monkeypatch.setitem(SENDERS, "email", broken)
    send_again(message=failed, point=mailbox(failed).pk, by=dee.person)
    deliver_due()
    assert reread(failed).state == MessageState.FAILED
    assert [task.state for task in Task.objects.order_by("id")] == [TaskState.DONE, TaskState.OPEN]
    assert ways_again(failed) == []
    with pytest.raises(CannotSendAgain):
        send_again(message=failed, point=mailbox(failed).pk, by=dee.person)
    with pytest.raises(IntegrityError), transaction.atomic():
        MessageStep.objects.create(message=failed, what=Step.AGAIN)


def test_kept_for_the_morning_it_still_goes_by_the_way_that_was_chosen(failed, dee, noon, mailoutbox):
    noon.move_to(NOON + dt.timedelta(hours=10))
    send_again(message=failed, point=mailbox(failed).pk, by=dee.person)
    deliver_due()
    assert not mailoutbox
    noon.move_to(NOON + dt.timedelta(hours=20))
    deliver_due()
    assert len(mailoutbox) == 1


def test_a_chosen_way_that_has_ended_meanwhile_gives_room_to_the_next(failed, texts, dee, mailoutbox):
    send_again(message=failed, point=mailbox(failed).pk, by=dee.person)
    texts.broken = False
    ContactPoint.objects.filter(pk=mailbox(failed).pk).update(ended_at=NOON)
    deliver_due()
    assert (reread(failed).state, failed.channel, mailoutbox) == (MessageState.SENT, "text", [])


@pytest.mark.parametrize("change", ["sent", "stopped", "over", "broken", "declined", "earlier", "no such way", "unmet"])
def test_what_cannot_be_sent_again_is_not(failed, dee, news, monkeypatch, change):
    point = mailbox(failed).pk
    if change == "sent":
        Message.objects.update(state=MessageState.QUEUED)
    elif change == "stopped":
        type(failed.person).objects.filter(pk=failed.person_id).update(contact_stopped_at=NOON)
    elif change == "over":
        news(lambda message: None)
    elif change == "broken":
        news(lambda message: message.nothing_of_the_kind)
    elif change == "declined":
        monkeypatch.setattr(again, "is_declined", lambda message: True)
    elif change == "earlier":
        news(lambda message: Content({}, earlier=Point("email", "old@example.org")))
    elif change == "unmet":
        monkeypatch.setattr(limits, "_registered", [lambda person: Limits(unmet={"email": ("braille",)})])
    else:
        point = failed.person.contact_points.get(channel="text").pk
    with pytest.raises(CannotSendAgain):
        send_again(message=failed, point=point, by=dee.person)
    assert not failed.steps.filter(what=Step.AGAIN).exists()


@pytest.mark.parametrize("step", [Step.FAILED, Step.CAME_BACK, Step.NO_WORD])
def test_the_way_that_failed_last_is_not_offered_whatever_was_tried_before(failed, step):
    # The message itself keeps the way of what was handed over, perhaps long before.
    Message.objects.update(point=failed.person.contact_points.get(channel="text"))
    assert [way.channel for way in ways_again(reread(failed))] == ["email"]
    note_step(failed, step, channel="email")
    note_step(failed, Step.TO_DESK, channel="phone")
    assert [way.channel for way in ways_again(reread(failed))] == ["text"]


def test_every_way_is_offered_where_no_step_tells_which_failed(queue, texts):
    message = queue(reachable(MOBILE, MAIL))
    give_up(message, error="x")
    assert {way.channel for way in ways_again(reread(message))} == {"text", "email"}


def test_a_task_that_a_colleague_closes_at_that_moment_stays_as_they_closed_it(failed, dee, monkeypatch):
    def closed(*, task, **_):
        raise TaskIsClosed(task)

    monkeypatch.setattr(again, "close_task", closed)
    with pytest.raises(CannotSendAgain):
        send_again(message=failed, point=mailbox(failed).pk, by=dee.person)
    assert reread(failed).state == MessageState.FAILED and not failed.steps.filter(what=Step.AGAIN).exists()


def test_what_is_sent_again_at_night_leaves_in_the_morning_unless_it_is_urgent_or_not_wanted(failed, news):
    night = NOON + dt.timedelta(hours=10)
    assert leaves_at(failed, NOON) is None
    assert leaves_at(failed, night) == NOON + dt.timedelta(hours=20)
    for answer in (Content({}, urgent=True), None):
        news(lambda message, answer=answer: answer)
        assert leaves_at(failed, night) is None


@pytest.mark.parametrize(
    ("attempts", "before", "asked", "since"),
    [
        (1, [], False, None),
        (2, [], True, None),  # it was cut short
        (2, [("failed", "text")], True, None),
        (2, [("sent", "text")], True, None),  # and could not be marked
        (3, [("failed", "email")], True, None),
        (3, [("sent", "text"), ("came_back", "text"), ("failed", "email")], True, 1),
        (3, [("sent", "text"), ("no_word", "text"), ("failed", "text")], True, 1),  # a lost answer after a return
        (4, [("sent", "text"), ("came_back", "text"), ("sent", "text"), ("no_word", "text")], True, 3),
        (2, [("sent", "email"), ("came_back", "email")], True, None),
    ],
)
def test_the_carrier_is_asked_first_where_an_answer_may_have_been_lost_and_for_what_came_after_a_return(
    queue, monkeypatch, noon, attempts, before, asked, since
):
    sent, times = [], []
    monkeypatch.setitem(SENDERS, "text", lambda outgoing: sent.append((outgoing.again, outgoing.since)) or "text-1")
    message = queue(reachable(MOBILE))
    Message.objects.update(attempts=attempts - 1)
    for what, channel in before:
        noon.shift(60)
        times.append(timezone.now())
        note_step(message, what, channel=channel)
    deliver_due()
    assert sent == [(asked, None if since is None else times[since])]


def test_what_was_taken_back_while_its_owner_was_asked_has_one_reason(queue, news):
    def wanted(message):
        cancel(kinds=[KIND], subject_id=7)

    news(wanted)
    message = queue(subject_id=7)
    deliver_due()
    assert steps_of(message) == [("not_wanted", "", WhyNot.TAKEN_BACK)]
