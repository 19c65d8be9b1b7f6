import datetime as dt
import smtplib

import pytest
from django.db import OperationalError

from accounts.history import System
from accounts.models import ContactPoint
from messaging.bounces import note_bounce, refused_for_good
from messaging.delivery import MOST_ATTEMPTS, deliver_due, points_of
from messaging.models import Bounce, Message, MessageState, Task, TaskState
from messaging.outgoing import Became, NoSuchAddress
from messaging.receipts import settle
from messaging.senders import SENDERS
from participants.details import change_contact
from tests.unit.messaging.conftest import NOON, reachable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon", "right_clock")]

MAIL, MOBILE, PHONE = ("email", "una@example.org"), ("text", "+447700900111"), ("phone", "+441632960222")


def refused(code, said=b"no"):
    return smtplib.SMTPRecipientsRefused({"una@example.org": (code, said)})


@pytest.mark.parametrize(
    ("error", "leads_to_nobody"),
    [
        (refused(550, b"5.1.1 nobody of that name"), True),
        (refused(550, b"5.1.2 no such domain"), True),
        (refused(551, b"5.1.6 has moved"), True),
        (refused(553, b"5.1.3 not an address"), True),
        (refused(550, b"5.1.10 takes no mail"), True),
        (refused(550, b"No such user here"), True),
        (refused(550, b"Unknown recipient"), True),
        (refused(550, b"The account that you tried to reach does not exist"), True),
        (refused(550, b"<una@example.org>: User unknown in virtual table"), True),
        (NoSuchAddress(), True),
        (refused(550), False),
        (refused(550, b"Requested action not taken: mailbox unavailable"), False),
        (refused(550, b"Message rejected: listed by a list of spammers"), False),
        (refused(551), False),
        (refused(553, b"sender is not allowed to relay"), False),
        (refused(550, b"5.1.0 sender rejected"), False),
        (refused(550, b"5.1.8 sender's domain not found"), False),
        (refused(550, b"5.7.1 user unknown to us may not send"), False),
        (refused(550, b"5.7.1 you may not send here"), False),
        (refused(550, b"5.2.1 mailbox is off"), False),
        (refused(552), False),
        (refused(450), False),
        (smtplib.SMTPDataError(554, b"spam"), False),
        (ConnectionRefusedError(), False),
    ],
)
def test_only_what_is_said_of_the_address_counts_against_it(error, leads_to_nobody):
    assert refused_for_good(error) is leads_to_nobody


@pytest.fixture
def nobody_there(monkeypatch):
    """A mail server that knows of nobody."""

    def send(outgoing):
        raise refused(550, b"5.1.1 nobody of that name")

    monkeypatch.setitem(SENDERS, "email", send)


def mailbox(person):
    return ContactPoint.objects.get(person=person, channel="email")


@pytest.fixture
def set_aside(queue, nobody_there):
    """Una, two of whose emails came back; she has a telephone too."""
    person = reachable(MAIL, PHONE)
    queue(person, key="first")
    queue(person, key="second")
    deliver_due()
    return person


def test_one_message_that_comes_back_counts_once_however_often_it_is_tried(queue, nobody_there, noon):
    person = reachable(MAIL)
    queue(person)
    for _ in range(MOST_ATTEMPTS):
        deliver_due()
        noon.shift(dt.timedelta(minutes=25))
    assert Message.objects.get().state == MessageState.FAILED
    assert Bounce.objects.count() == 1
    assert mailbox(person).failed_at is None


def test_after_two_messages_nothing_is_sent_there_and_the_desk_asks_by_another_way(set_aside, noon):
    assert mailbox(set_aside).failed_at == NOON
    assert [point.channel for point in points_of(set_aside)] == ["phone"]
    task = Task.objects.get(kind="way_failed")
    assert (task.about, task.subject_id, task.context) == (set_aside, mailbox(set_aside).pk, {"channel": "email"})
    assert NOON < task.due_at < NOON + dt.timedelta(days=1)
    noon.shift(dt.timedelta(minutes=2))
    deliver_due()
    assert set(Task.objects.exclude(pk=task.pk).values_list("kind", flat=True)) == {"call"}


def test_setting_it_aside_names_the_worker_in_its_history(set_aside):
    latest = mailbox(set_aside).events.latest("pgh_id")
    assert latest.failed_at == NOON and latest.pgh_context["by"] == str(System.WORKER)


def test_somebody_with_no_other_way_is_the_desks_to_find(queue, nobody_there, noon):
    person = reachable(MAIL)
    queue(person, key="first"), queue(person, key="second")
    deliver_due()
    noon.shift(dt.timedelta(minutes=2))
    deliver_due()
    assert Task.objects.filter(kind="not_reached").count() == 2


def test_who_says_that_it_is_right_is_written_to_again_and_starts_anew(set_aside, queue, noon, dee):
    noon.shift(dt.timedelta(minutes=2))
    change_contact(
        person=set_aside,
        contacts={"email": MAIL[1], "phone": PHONE[1]},
        preferred="email",
        may_leave_message=False,
        by=dee.person,
    )
    box = mailbox(set_aside)
    assert box.failed_at is None and box.confirmed_at is not None
    assert Task.objects.get(kind="way_failed").state == TaskState.CANCELLED
    noon.shift(dt.timedelta(minutes=1))
    queue(set_aside, key="third")
    deliver_due()
    assert mailbox(set_aside).failed_at is None  # one since then


def test_another_address_is_used_at_once_and_nobody_asks_about_the_old_one(set_aside, dee):
    change_contact(
        person=set_aside, contacts={"email": "una@example.net"}, preferred="", may_leave_message=False, by=dee.person
    )
    assert [point.value for point in points_of(set_aside)] == ["una@example.net"]
    assert Task.objects.get(kind="way_failed").state == TaskState.CANCELLED


def test_what_was_right_all_along_is_left_as_it_is(dee):
    person = reachable(MAIL)
    change_contact(
        person=person, contacts={"email": MAIL[1]}, preferred="email", may_leave_message=False, by=dee.person
    )
    assert mailbox(person).confirmed_at is None


def test_a_number_that_leads_to_nobody_is_set_aside_after_two_texts(queue, monkeypatch):
    monkeypatch.setitem(SENDERS, "text", lambda outgoing: outgoing.key)
    person = reachable(MOBILE, MAIL)
    queue(person, key="first"), queue(person, key="second")
    deliver_due()
    for key in ("first", "second"):
        settle(sent_as=key, became=Became.NEVER)
    assert [point.channel for point in points_of(person)] == ["email"]
    assert Task.objects.get().kind == "way_failed"


def test_a_number_that_the_carrier_will_not_have_counts_like_one_that_came_back(queue, monkeypatch):
    def send(outgoing):
        raise NoSuchAddress

    monkeypatch.setitem(SENDERS, "text", send)
    queue(reachable(MOBILE))
    deliver_due()
    assert Bounce.objects.get().point.channel == "text"
    assert Message.objects.get().last_error == "NoSuchAddress"


def test_a_telephone_that_was_off_is_not_set_aside(queue, monkeypatch):
    monkeypatch.setitem(SENDERS, "text", lambda outgoing: outgoing.key)
    queue(reachable(MOBILE, MAIL), key="first")
    deliver_due()
    settle(sent_as="first", became=Became.NOT_NOW)
    assert not Bounce.objects.exists()


def test_what_came_back_from_nowhere_that_is_still_used_counts_for_nothing(queue):
    message = queue()
    note_bounce(message)
    message.point = message.person.contact_points.get()
    ContactPoint.objects.update(ended_at=NOON)
    note_bounce(message)
    assert not Bounce.objects.exists()


def test_a_bounce_that_cannot_be_noted_holds_up_neither_its_message_nor_the_next(queue, nobody_there, monkeypatch):
    def broken(message):
        raise OperationalError

    monkeypatch.setattr("messaging.bounces.count_bounce", broken)
    queue(reachable(MAIL), key="first"), queue(reachable(MAIL), key="second")
    assert deliver_due() == 2
    assert set(Message.objects.values_list("last_error", flat=True)) == {"SMTPRecipientsRefused 550"}
