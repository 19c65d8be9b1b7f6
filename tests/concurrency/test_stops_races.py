"""A death is recorded while others act for the person: a worker that sends, somebody who books, a second desk."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Person
from accounts.permissions import Role
from classes.judging.refusals import NotEligible
from classes.models import Booking, BookingSource, Session
from classes.places.booking import book_place
from messaging.delivery import claim, deliver
from messaging.models import Message, MessageState, Task
from messaging.senders import SENDERS
from participants import health
from participants.models import ContactStop, HealthProfile, Participant, ParticipantStatus, StopKind
from participants.refusals import NotPossibleNow
from participants.taking_part.stops import AlreadyStopped, Notice, stop_everything
from tests.concurrency.racers import Racers
from tests.concurrency.test_stopping_contact import PATIENCE, meanwhile, until, waits_for_a_lock
from tests.factories.accounts import ProgrammeFactory, someone
from tests.factories.classes import SessionFactory
from tests.factories.participants import ParticipantFactory
from tests.factories.registering import HEALTH

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def somebody() -> Participant:
    programme = ProgrammeFactory()
    user = someone("Pat Example", Role.PARTICIPANT, programme=programme)
    return ParticipantFactory(person=user.person, programme=programme)


@pytest.fixture
def desk(somebody: Participant) -> Person:
    return someone("Dee Desk", Role.COORDINATOR, programme=somebody.programme).person


def died(participant: Participant, by: Person) -> Callable[[], Any]:
    fresh = Participant.objects.select_related("person", "programme").get(pk=participant.pk)
    return lambda: stop_everything(participant=fresh, notice=Notice(StopKind.DIED), by=by)


def book(participant: Participant, session: Session) -> Callable[[], Any]:
    fresh = Participant.objects.select_related("person", "programme").get(pk=participant.pk)
    return lambda: book_place(
        participant=fresh, session=Session.objects.get(pk=session.pk), by=fresh.person, source=BookingSource.SELF
    )


def test_what_the_worker_was_sending_has_left_before_and_the_rest_never_leaves(
    somebody: Participant, desk: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messaging.delivery.quiet_until", lambda at: None)
    for number in (1, 2, 3):
        starts_at = timezone.now() + dt.timedelta(days=number)
        book(somebody, SessionFactory(programme=somebody.programme, starts_at=starts_at))()
    happened: list[str] = []
    at_the_door, let_go = threading.Event(), threading.Event()

    def send(outgoing: Any) -> str:
        at_the_door.set()
        assert let_go.wait(PATIENCE)
        happened.append("sent")
        return ""

    monkeypatch.setitem(SENDERS, "email", send)
    claimed = claim(timezone.now())
    assert len(claimed) == 3

    def work() -> None:
        try:
            for message in claimed:
                deliver(message)
        finally:
            connection.close()

    def record() -> None:
        try:
            died(somebody, desk)()
            happened.append("recorded")
        finally:
            connection.close()

    worker, recording = threading.Thread(target=work), threading.Thread(target=record)
    worker.start()
    assert at_the_door.wait(PATIENCE)
    recording.start()
    until(waits_for_a_lock)
    let_go.set()
    for thread in (worker, recording):
        thread.join(PATIENCE)
    assert happened == ["sent", "recorded"]
    sent, *others = Message.objects.filter(person=somebody.person).order_by("id")
    assert sent.state == MessageState.SENT
    assert {message.state for message in others} == {MessageState.NOT_WANTED}
    assert len(others) == 5, "the two that were claimed, and what giving three places back would have told"


def test_nobody_holds_a_place_after_a_death_however_it_is_booked_at_that_moment(
    somebody: Participant, desk: Person
) -> None:
    with Racers(4) as racers:
        sessions = [
            SessionFactory(programme=somebody.programme, starts_at=timezone.now() + dt.timedelta(days=n))
            for n in (1, 2, 3)
        ]
        answers = racers.run([died(somebody, desk), *(book(somebody, session) for session in sessions)])
    assert [a for a in answers if isinstance(a, Exception) and not isinstance(a, NotEligible)] == []
    assert not Booking.objects.live().exists()
    assert set(Session.objects.values_list("places_taken", flat=True)) == {0}
    assert not Message.objects.filter(state=MessageState.QUEUED).exists()


def somebody_waits_for_me() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])


def test_answers_sent_while_a_death_is_recorded_are_not_kept(somebody: Participant, desk: Person) -> None:
    fresh = Participant.objects.select_related("person", "programme").get(pk=somebody.pk)
    heard: list[str] = []

    def answer() -> None:
        try:
            health.update_health(participant=fresh, answers=HEALTH | {"surgery": "yes"}, by=fresh.person)
        except NotPossibleNow as refused:
            heard.append(refused.status)

    with ExitStack() as others:
        with transaction.atomic():
            died(somebody, desk)()
            others.enter_context(meanwhile(answer))
            until(somebody_waits_for_me)
    assert heard == [ParticipantStatus.DIED]
    assert not HealthProfile.objects.exists()
    assert not Task.objects.filter(kind=health.REVIEW_CLEARANCE).exists()


def test_of_two_who_record_it_at_once_one_does_and_the_other_hears_who_it_was(
    somebody: Participant, desk: Person
) -> None:
    other = someone("Dora Desk", Role.COORDINATOR, programme=somebody.programme).person
    with Racers(2) as racers:
        answers = racers.run([died(somebody, desk), died(somebody, other)])
    (late,) = [answer for answer in answers if isinstance(answer, AlreadyStopped)]
    (stop,) = ContactStop.objects.all()
    assert late.stop == stop
