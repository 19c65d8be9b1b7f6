"""A place that comes free too near the class for an offer: whoever waits and reads what we write hears of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import time_machine
from django.core import mail

from accounts.models import Person, User
from classes.models import Booking, Mode, Session
from classes.telling.place_open import place_is_still_open
from classes.waiting_list.answering import accept_offer
from classes.waiting_list.running_out import end_calls_in_vain
from messaging.delivery import deliver_due
from messaging.models import Message, MessageState
from participants.models import Participant, SupporterScope
from participants.support import change_scopes
from tests.factories.classes import SessionFactory
from tests.undoing import undone
from tests.unit.classes.waiting_list.conftest import HOUR, MINUTE, NOON, book, give_up
from tests.unit.classes.waiting_list.test_offers import calls, loses_clearance

pytestmark = pytest.mark.django_db
OPEN = "place_open"


@pytest.fixture
def hall(clock: time_machine.Traveller, pat: Participant) -> Session:
    """In a hall, tomorrow at one: at half past twelve there is no time left for an offer."""
    return SessionFactory(programme=pat.programme, mode=Mode.IN_PERSON, starts_at=NOON + 25 * HOUR, capacity=1)


@pytest.fixture
def has_it(hall: Session, anna: Participant) -> Booking:
    return book(anna, hall)


@pytest.fixture
def turn(has_it: Booking, hall: Session, pat: Participant) -> Booking:
    return book(pat, hall, or_wait=True)


def told() -> list[tuple[Person, str]]:
    rows = Message.objects.filter(kind=OPEN).order_by("id").select_related("person")
    return [(row.person, row.state) for row in rows]


def letters() -> list[str]:
    return [letter.body for letter in mail.outbox if letter.subject.startswith("A place is free")]


def test_whoever_waits_is_written_to_each_time_a_place_comes_free_and_takes_it_by_the_link(
    hall: Session, has_it: Booking, turn: Booking, pat: Participant, bert: Participant, phil: Participant
) -> None:
    by_phone = book(phil, hall, or_wait=True)
    give_up(has_it)
    assert calls() == [turn.pk, by_phone.pk]
    assert told() == [(pat.person, MessageState.QUEUED)]
    deliver_due()
    (words,) = letters()
    assert f"/me/bookings/{turn.pk}/" in words and "it may be gone when you read this" in words
    assert "You keep your turn" in words and "one person more" not in words

    quick = book(bert, hall)  # a stranger was first; nothing is said of that, and nothing more is told meanwhile
    end_calls_in_vain()
    assert [person for person, _ in told()] == [pat.person]
    give_up(quick)
    deliver_due()
    assert told() == [(pat.person, MessageState.SENT)] * 2
    assert accept_offer(booking=turn, by=pat.person).state == "booked"


def test_it_is_decided_again_when_it_is_sent(
    clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
    has_it: Booking,
    turn: Booking,
    pat: Participant,
    bert: Participant,
    hall: Session,
) -> None:
    give_up(has_it)
    message = Message.objects.get(kind=OPEN)
    meanwhile: dict[str, Callable[[], object]] = {
        "gone": lambda: book(bert, hall),
        "too near": lambda: clock.move_to(hall.starts_at - 2 * HOUR),
        "not cleared": lambda: loses_clearance(pat),
        "left": lambda: give_up(turn),
        "only by phone": lambda: pat.person.contact_points.update(channel="phone", value="+441632960222"),
    }
    for what, happens in meanwhile.items():
        assert place_is_still_open(message) is not None, f"before {what}"
        with undone():
            happens()
            assert place_is_still_open(message) is None, what
        clock.move_to(NOON)
    monkeypatch.setattr("classes.telling.place_open.beyond_limit", lambda *_: "one too many")
    assert place_is_still_open(message) is None


def test_for_an_online_class_it_is_told_up_to_half_an_hour_before(
    clock: time_machine.Traveller, hall: Session, has_it: Booking, turn: Booking
) -> None:
    Session.objects.filter(pk=hall.pk).update(mode=Mode.REMOTE, venue=None, room=None)
    clock.move_to(hall.starts_at - HOUR)
    give_up(has_it)
    message = Message.objects.get(kind=OPEN)
    clock.move_to(hall.starts_at - 30 * MINUTE - MINUTE)
    assert place_is_still_open(message) is not None
    clock.move_to(hall.starts_at - 30 * MINUTE)
    assert place_is_still_open(message) is None


def test_who_hears_of_offers_for_them_is_told_in_words_of_their_own(
    has_it: Booking, turn: Booking, pat: Participant, sam: User
) -> None:
    support = pat.supporters.get()
    change_scopes(supporter=support, scopes=[SupporterScope.BOOK, SupporterScope.HEAR_OFFERS], by=pat.person)
    pat.person.contact_points.update(channel="phone", value="+441632960222")
    give_up(has_it)
    assert told() == [(sam.person, MessageState.QUEUED)]  # Pat is called
    deliver_due()
    (words,) = letters()
    assert "the class for which Pat waits" in words and "You may answer for Pat" in words
    assert f"/bookings/{turn.pk}/" not in words
    message = Message.objects.get(kind=OPEN)
    Person.objects.filter(pk=pat.person_id).update(contact_stopped_at=NOON)
    assert place_is_still_open(message) is None
    Person.objects.filter(pk=pat.person_id).update(contact_stopped_at=None)
    assert place_is_still_open(message) is not None
    change_scopes(supporter=support, scopes=[SupporterScope.BOOK], by=pat.person)
    assert place_is_still_open(message) is None
