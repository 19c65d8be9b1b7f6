import pytest

from accounts.models import ContactPoint
from messaging import kinds
from messaging.choices import choose_ways, ways_chosen_by
from messaging.delivery import deliver_due, points_of, written_by_itself
from messaging.kinds import kinds as every_kind
from messaging.kinds import matter_of
from messaging.models import ChosenWay, Matter, Message, MessageState, Task
from messaging.senders import SENDERS
from tests.unit.messaging.conftest import KIND, reachable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon", "right_clock")]

MAIL, MOBILE, PHONE = ("email", "una@example.org"), ("text", "+447700900111"), ("phone", "+441632960222")


@pytest.fixture
def about_offers(monkeypatch, news):
    monkeypatch.setattr(kinds, "_matters", {KIND: Matter.OFFERS})


def channels(person, kind=KIND):
    return [point.channel for point in points_of(person, kind)]


@pytest.mark.usefixtures("about_offers")
def test_a_matter_goes_by_the_way_that_was_chosen_for_it_and_all_else_by_the_one_liked_best(dee):
    person = reachable(MAIL, MOBILE, PHONE)
    choose_ways(person=person, ways={Matter.OFFERS: "phone"}, by=dee.person)
    assert channels(person) == ["phone", "email", "text"]
    assert channels(person, "registered") == channels(person, "") == ["email", "text", "phone"]
    assert written_by_itself(person) and not written_by_itself(person, KIND)


@pytest.mark.usefixtures("about_offers")
def test_who_wants_to_be_called_about_offers_is_called_about_them(queue, dee, mailoutbox):
    person = reachable(MAIL, PHONE)
    choose_ways(person=person, ways={Matter.OFFERS: "phone"}, by=dee.person)
    message = queue(person)
    deliver_due()
    assert not mailoutbox and Task.objects.get().kind == "call"
    message.refresh_from_db()
    assert (message.state, message.channel) == (MessageState.WITH_DESK, "phone")


@pytest.mark.usefixtures("about_offers")
def test_who_wants_texts_about_offers_gets_a_text_and_after_a_failure_the_next_method(queue, dee, monkeypatch, noon):
    sent = []
    monkeypatch.setitem(SENDERS, "text", lambda outgoing: sent.append(outgoing.to) or "x")
    choose_ways(person=(person := reachable(MAIL, MOBILE)), ways={Matter.OFFERS: "text"}, by=dee.person)
    queue(person)
    deliver_due()
    assert sent == [MOBILE[1]]
    assert Message.objects.get().channel == "text"


@pytest.mark.usefixtures("about_offers")
def test_a_way_that_has_ended_since_gives_room_to_the_one_liked_best(dee):
    person = reachable(MAIL, MOBILE)
    choose_ways(person=person, ways={Matter.OFFERS: "text"}, by=dee.person)
    ContactPoint.objects.filter(channel="text").delete()
    assert channels(person) == ["email"]


def test_one_asks_the_database_once_for_the_ways(dee, django_assert_num_queries):
    person = reachable(MAIL, MOBILE)
    with django_assert_num_queries(1):
        points_of(person, "place_offered")


def test_choices_are_changed_kept_and_taken_back_with_who_did_it_in_the_history(dee):
    person = reachable(MAIL, MOBILE, PHONE)
    choose_ways(person=person, ways={Matter.OFFERS: "phone", Matter.CHANGES: "text"}, by=dee.person)
    kept = ChosenWay.objects.get(matter=Matter.CHANGES)
    choose_ways(person=person, ways={Matter.OFFERS: "text", Matter.CHANGES: "text"}, by=dee.person)
    assert ways_chosen_by(person) == {Matter.OFFERS: "text", Matter.CHANGES: "text"}
    assert ChosenWay.objects.get(matter=Matter.CHANGES) == kept
    choose_ways(person=person, ways={}, by=dee.person)
    assert ways_chosen_by(person) == {}
    assert kept.events.model.objects.latest("pgh_id").pgh_context["by"] == f"person:{dee.person.pk}"


@pytest.mark.parametrize(
    ("kind", "matter"),
    [
        ("class_reminder", Matter.REMINDERS),
        ("class_soon", Matter.REMINDERS),
        ("same_day_check", Matter.REMINDERS),
        ("place_offered", Matter.OFFERS),
        ("placed_from_waiting", Matter.OFFERS),
        ("session_cancelled", Matter.CHANGES),
        ("class_changed", Matter.CHANGES),
        ("questionnaire_due", Matter.QUESTIONS),
        ("booking_confirmed", None),
        ("registered", None),
    ],
)
def test_each_kind_is_about_its_matter(kind, matter):
    assert matter_of(kind) is matter


def test_every_matter_that_can_be_chosen_for_has_a_message():
    assert {matter_of(kind) for kind in every_kind()} - {None} == set(Matter)
