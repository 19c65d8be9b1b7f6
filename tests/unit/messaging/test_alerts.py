"""What cannot wait: told at once, then to the next, until somebody has it."""

import datetime as dt

import pytest
from django.core import mail
from django.db import ProgrammingError, transaction
from django.utils import timezone

from accounts.models import Channel, ContactPoint
from accounts.permissions import Permission, Role
from messaging import alerts, on_call
from messaging.alerts import NEXT_AFTER, escalate, tell_on_call, told_so_far
from messaging.delivery import claim, deliver_due
from messaging.models import Message, MessageState, Task, TaskAlert
from messaging.neutral import telling_words
from messaging.senders import SENDERS
from messaging.work_numbers import keep_work_number, work_number_of
from messaging.worklist import close_task, give_back_task, raise_task, record_attempt, take_task
from participants import notices
from tests.factories.accounts import someone
from tests.factories.participants import ParticipantFactory
from tests.unit.messaging.conftest import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon", "right_clock")]
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


@pytest.fixture
def rota(programme, dee, clare):
    """Dee first, Clare second, for a day and a night."""
    for user, line in ((dee, on_call.FIRST), (clare, on_call.SECOND)):
        on_call.add_shifts(
            programme=programme, person=user.person, line=line, starts_at=NOON, ends_at=NOON + DAY, by=dee.person
        )


@pytest.fixture
def dot(programme):
    return someone("Dot Desk", Role.COORDINATOR, programme=programme)


@pytest.fixture
def urgent(programme, pat):
    def urgent(key="not_well:1", permission=Permission.WORK_AT_DESK):
        task = raise_task(
            programme=programme,
            kind="not_well_call",
            about=pat.person,
            due_at=timezone.now(),
            dedupe_key=key,
            urgent_for=permission,
            by=pat.person,
        )
        tell_on_call(task=task, by=pat.person)
        return task

    return urgent


def told(task=None):
    alerts = TaskAlert.objects.filter(task=task) if task else TaskAlert.objects.all()
    return [alert.person.given_name for alert in alerts.order_by("at", "pk")]


def later(noon, minutes):
    noon.move_to(timezone.now() + minutes * MINUTE)
    return escalate()


def test_whoever_is_on_call_is_told_in_the_transaction_that_raised_it(rota, urgent, dee):
    with transaction.atomic():
        task = urgent()
        assert told() == ["Dee"]
        message = Message.objects.get(kind="alert")
        assert (message.person, message.subject_id, message.due_at) == (dee.person, task.pk, NOON)
        transaction.set_rollback(True)
    assert not Task.objects.exists() and not Message.objects.exists() and told() == []


def test_the_next_name_every_quarter_of_an_hour_then_everybody_then_round_again(rota, urgent, noon, dot):
    urgent()
    assert later(noon, 14) == 0
    assert later(noon, 1) == 1 and told() == ["Dee", "Clare"]
    assert later(noon, 15) == 1 and told() == ["Dee", "Clare", "Dot"]
    assert later(noon, 15) == 1 and told()[-1] == "Dee"
    assert later(noon, 15) == 1 and told()[-1] == "Clare"
    assert list(TaskAlert.objects.filter(on_call=False).values_list("person__given_name", flat=True)) == ["Dot"]


def test_nobody_on_call_means_that_everybody_at_the_desk_is_told_at_once(urgent, dee, clare, noon, ines):
    task = urgent()
    assert sorted(told()) == ["Clare", "Dee"]
    assert later(noon, 15) == 2
    take_task(task=task, by=clare.person)
    assert later(noon, 15) == 0


def test_with_nobody_at_all_it_still_stands_and_is_told_to_whoever_comes(programme, urgent, noon):
    task = urgent()
    assert told() == []
    someone("Dot Desk", Role.COORDINATOR, programme=programme)
    assert escalate() == 1 and told(task) == ["Dot"]


@pytest.mark.parametrize("act", ["take", "try", "close"])
def test_once_somebody_has_it_nobody_else_is_told(rota, urgent, noon, clare, act):
    task = urgent()
    acts = {
        "take": lambda: take_task(task=task, by=clare.person),
        "try": lambda: record_attempt(task=task, outcome="no_answer", by=clare.person),
        "close": lambda: close_task(task=task, outcome="has_help", by=clare.person),
    }
    acts[act]()
    assert later(noon, 59) == 0 and told() == ["Dee"]


def test_what_was_taken_and_not_tried_for_an_hour_is_told_to_others_until_it_is(rota, urgent, noon, dee):
    task = take_task(task=urgent(), by=dee.person)
    assert later(noon, 60) == 1 and told() == ["Dee", "Clare"]
    record_attempt(task=task, outcome="no_answer", by=dee.person)
    assert later(noon, 59) == 0
    assert later(noon, 1) == 1  # one try is not the end of it


def test_an_owner_who_has_no_role_at_the_desk_any_more_is_no_owner(rota, urgent, noon, dee):
    take_task(task=urgent(), by=dee.person)
    dee.is_active = False
    dee.save()
    assert later(noon, 15) == 1 and told() == ["Dee", "Clare"]


def test_whom_nothing_reaches_takes_up_nobodys_quarter_of_an_hour(rota, urgent, dee):
    ContactPoint.objects.filter(person=dee.person).delete()
    urgent()
    assert told() == ["Clare"]


def test_what_cannot_wait_is_sent_before_what_waited_longer(rota, urgent, noon, programme, pat):
    for _ in range(6):
        notices.resumed(participant=ParticipantFactory(programme=programme))
    noon.move_to(NOON + MINUTE)
    urgent()
    assert claim(timezone.now())[0].kind == "alert"


def test_what_is_given_back_goes_on_to_the_next_at_once(rota, urgent, noon, dee):
    task = take_task(task=urgent(), by=dee.person)
    later(noon, 30)
    give_back_task(task=task, by=dee.person)
    assert escalate() == 1 and told() == ["Dee", "Clare"]


def test_a_task_whose_telling_was_forgotten_is_found(rota, programme, pat):
    raise_task(
        programme=programme, kind="not_well_call", due_at=NOON, dedupe_key="forgotten",
        urgent_for=Permission.WORK_AT_DESK, by=pat.person,
    )  # fmt: skip
    assert escalate() == 1 and told() == ["Dee"]


def test_what_can_wait_is_told_to_nobody(rota, programme, pat, noon):
    raise_task(programme=programme, kind="call", due_at=NOON - DAY, dedupe_key="waits", by=pat.person)
    assert later(noon, 60) == 0 and told() == []


def test_asking_again_for_the_same_tells_nobody_twice(rota, urgent):
    assert urgent() == urgent()
    assert told() == ["Dee"]


def test_each_thing_that_cannot_wait_is_told_for_itself(rota, urgent):
    urgent("a")
    urgent("b")
    assert told() == ["Dee", "Dee"] and Message.objects.filter(kind="alert").count() == 2


def test_only_those_are_told_who_may_do_it(rota, urgent):
    urgent(permission=Permission.DECIDE_CLEARANCE)
    assert told() == ["Clare"]


def test_the_message_names_nobody_and_goes_out_at_night(rota, urgent, noon, settings):
    noon.move_to(NOON + 14 * 60 * MINUTE)  # two in the morning
    task = urgent()
    deliver_due()
    (sent,) = mail.outbox
    assert sent.to == ["dee@example.org"]
    assert f"{settings.PUBLIC_URL}/desk/tasks/{task.pk}/" in sent.body
    assert "You are on call." in sent.body and "Any questions?" not in sent.body
    assert "Pat" not in sent.body + sent.subject and telling_words(sent.body + sent.subject) == []


def test_a_message_that_is_overtaken_is_not_sent(rota, urgent, dee):
    take_task(task=urgent(), by=dee.person)
    deliver_due()
    assert mail.outbox == []
    assert Message.objects.get(kind="alert").state == MessageState.NOT_WANTED


def test_who_is_not_on_call_reads_why_they_are_told(urgent, dee):
    urgent()
    deliver_due()
    assert "Nobody who is on call has answered." in mail.outbox[0].body


def test_mail_that_is_down_stops_neither_the_task_nor_the_next_name(rota, urgent, noon, monkeypatch):
    def down(outgoing):
        raise OSError("no route to host")

    monkeypatch.setattr("messaging.delivery.SENDERS", {"email": down})
    task = urgent()
    deliver_due()
    assert Task.objects.unanswered().get() == task
    assert later(noon, 15) == 1 and told() == ["Dee", "Clare"]


def test_who_was_told_is_read_for_many_tasks_in_one_query(rota, urgent, django_assert_num_queries, noon):
    first, second = urgent("a"), urgent("b")
    later(noon, 15)
    with django_assert_num_queries(1):
        found = told_so_far([first, second])
        assert [alert.person.given_name for alert in found[first.pk]] == ["Dee", "Clare"]


def test_what_an_alert_says_is_never_changed(rota, urgent):
    urgent()
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        TaskAlert.objects.update(at=NOON - NEXT_AFTER)


def test_the_rest_of_the_desk_is_read_only_when_its_turn_has_come(rota, urgent, noon, monkeypatch):
    def read(*_):
        raise AssertionError("the whole desk was read while a name of the rota was left")

    with monkeypatch.context() as patch:
        patch.setattr("messaging.alerts.holders_of", read)
        urgent()
        assert later(noon, 15) == 1
    later(noon, 15)
    assert told() == ["Dee", "Clare", "Dee"]  # nobody else works there


# --- by text message too ---------------------------------------------------------------


@pytest.fixture
def texts(monkeypatch):
    sent = []
    monkeypatch.setitem(SENDERS, "text", lambda outgoing: sent.append((outgoing.to, outgoing.words.body)) or "carried")
    return sent


NUMBERS = ("+447700900982", "+447700900983")


def test_an_alert_goes_by_email_and_by_text_each_a_message_of_its_own(rota, urgent, dee, texts, programme, monkeypatch):
    for number in NUMBERS:
        keep_work_number(person=dee.person, programme=programme, number=number, by=dee.person)
    deliver_due()
    assert [to for to, _ in texts] == [NUMBERS[1]], "the number that was replaced is not tried"
    assert work_number_of(dee.person).value == NUMBERS[1]

    def down(outgoing):
        raise OSError("no mail server")

    monkeypatch.setitem(SENDERS, "email", down)
    urgent()
    deliver_due()
    to, words = texts[-1]
    assert (to, telling_words(words)) == (NUMBERS[1], []) and "cannot wait" in words
    states = dict(Message.objects.filter(kind="alert").values_list("context__by", "state"))
    assert states == {None: MessageState.QUEUED, "text": MessageState.SENT}, "mail is down, and holds nothing up"
    assert told() == ["Dee"]


def test_without_a_number_there_is_one_message_and_no_text_for_one_that_was_taken_out(
    rota, urgent, dee, texts, programme
):
    keep_work_number(person=dee.person, programme=programme, number=NUMBERS[0], by=dee.person)
    urgent("not_well:1")
    keep_work_number(person=dee.person, programme=programme, number="", by=dee.person)
    urgent("not_well:2")
    deliver_due()
    assert texts == [] and work_number_of(dee.person) is None and len(mail.outbox) == 2
    assert Message.objects.filter(kind__in=("alert", "number_try")).count() == 4
    assert not ContactPoint.objects.current().filter(channel=Channel.TEXT).exists()


def test_where_nobody_carries_texts_an_alert_goes_by_email_alone(rota, urgent, dee, programme, monkeypatch):
    monkeypatch.delitem(SENDERS, "text", raising=False)
    keep_work_number(person=dee.person, programme=programme, number=NUMBERS[0], by=dee.person)
    urgent()
    assert Message.objects.filter(kind="alert").count() == 1


def test_a_task_of_which_nobody_can_be_told_silences_no_other(rota, urgent, noon, monkeypatch):
    first, second = urgent("not_well:1"), urgent("not_well:2")
    tell = alerts._tell_next

    def faulty(task, now):
        if task == first:
            raise ValueError
        return tell(task, now)

    monkeypatch.setattr(alerts, "_tell_next", faulty)
    with pytest.raises(ExceptionGroup):
        later(noon, 15)
    assert (told(first), told(second)) == (["Dee"], ["Dee", "Clare"])
