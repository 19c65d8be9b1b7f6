"""Whoever leads a class is told, in time and once, that somebody must talk with them; and never whom, or why."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Channel, User
from classes.models import Booking, LeaderRole, Session, SessionLeader
from classes.places.booking import cancel_booking
from classes.telling.notices import TALK_WANTED
from classes.telling.talk_wanted import talk_is_wanted
from classes.timetable import cancel_session
from instructors.models import Instructor
from messaging.delivery import deliver_due
from messaging.models import Message, MessageState, Task
from participants.models import Participant
from tests.factories.classes import GuestFactory
from tests.factories.symptoms import class_today
from tests.unit.classes.symptom_check.checking import aloud, answer, booked, talk

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def reached(monkeypatch: pytest.MonkeyPatch, noon: Any, ines: Instructor) -> None:
    """Ines reads email; the clock of the test is right."""
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    ines.person.contact_points.update(value="ines@example.org")


def wanted() -> list[Message]:
    return list(Message.objects.filter(kind=TALK_WANTED).order_by("pk"))


def sent_to_ines() -> list[Any]:
    deliver_due()
    return [message for message in mail.outbox if message.to == ["ines@example.org"]]


def wide(ines: Instructor, **more: Any) -> Session:
    """A class of Ines today with room for several."""
    return class_today(programme=ines.programme, leader=ines, **more)


@pytest.fixture
def session(noon: Any, ines: Instructor) -> Session:
    return wide(ines)


@pytest.mark.parametrize(("yes", "told"), [(("f",), 1), (("h",), 1), ((), 0), (("a",), 0), (("b", "f"), 0)])
def test_whoever_leads_is_told_when_a_check_comes_to_talk_first_and_for_nothing_else(
    place: Booking, ines: Instructor, yes: tuple[str, ...], told: int
) -> None:
    answer(place, *yes)
    assert [message.person for message in wanted()] == [ines.person] * told


def test_the_message_names_nobody_and_nothing_and_leads_to_the_register(place: Booking) -> None:
    answer(place, "h")
    (message,) = sent_to_ines()
    assert message.subject == "Before your SafeFit class at 2pm on Tuesday 6 July"
    assert "Somebody in your class needs a word with you before it starts." in message.body
    assert f"/teach/classes/{place.session_id}/register/" in message.body
    for telling in (place.participant.person.given_name, place.participant.person.family_name, "fall", "check"):
        assert telling not in message.body + message.subject, telling


def test_for_an_online_class_it_says_that_the_class_stays_shut_until_then(ines: Instructor, pat: Participant) -> None:
    answer(booked(pat, wide(ines, online=True)), "h")
    assert "The class opens for them when you have noted there that you spoke." in sent_to_ines()[0].body


def test_everybody_who_leads_is_told_and_nobody_who_did(place: Booking, ivor: Instructor, ines: Instructor) -> None:
    during = ines.leading.get().during
    assisting = SessionLeader.objects.create(
        session=place.session, instructor=ivor, role=LeaderRole.SECOND, during=during
    )
    answer(place, "h")
    assert {message.person for message in wanted()} == {ines.person, ivor.person}
    assisting.active = False
    assisting.save()
    told = {message.person: talk_is_wanted(message) for message in wanted()}
    assert told[ines.person] is not None and told[ivor.person] is None


def test_who_asked_aloud_has_heard_it(place: Booking, ines: Instructor) -> None:
    aloud(place, ines, "h")
    assert wanted() == []


def test_however_many_must_talk_it_is_one_message_until_it_was_sent(
    session: Session, place: Booking, quinn: Participant
) -> None:
    answer(place, "h")
    answer(booked(quinn, session), "f")
    assert len(wanted()) == len(sent_to_ines()) == 1


def test_somebody_else_after_it_was_sent_is_another_message_and_the_same_person_is_not(
    session: Session, place: Booking, quinn: Participant
) -> None:
    answer(place, "h")
    assert len(sent_to_ines()) == 1
    answer(place, "f")
    assert len(sent_to_ines()) == 1
    answer(booked(quinn, session), "f")
    assert len(sent_to_ines()) == 2


def test_who_was_let_in_and_answers_so_once_more_is_told_of_again(place: Booking, ines: Instructor) -> None:
    talk(answer(place, "h"), ines.person)
    answer(place, "f")
    assert [message.state for message in wanted()] == [MessageState.NOT_WANTED, MessageState.QUEUED]


def test_a_talk_takes_the_message_back_when_nobody_else_must(
    session: Session, place: Booking, quinn: Participant, ines: Instructor
) -> None:
    first, second = answer(place, "h"), answer(booked(quinn, session), "f")
    talk(first, ines.person)
    assert [message.state for message in wanted()] == [MessageState.QUEUED]
    talk(second, ines.person, "not_today")
    assert [message.state for message in wanted()] == [MessageState.NOT_WANTED]
    assert sent_to_ines() == []


def test_it_is_decided_again_when_it_is_sent(place: Booking, ines: Instructor, noon: Any) -> None:
    answer(place, "h")
    (message,) = wanted()
    assert talk_is_wanted(message) is not None
    noon.move_to(place.session.starts_at - dt.timedelta(seconds=1))
    assert talk_is_wanted(message) is not None
    noon.move_to(place.session.starts_at)
    assert talk_is_wanted(message) is None
    message.subject_id = None
    assert talk_is_wanted(message) is None


def test_a_place_that_was_given_up_needs_no_talk(place: Booking) -> None:
    answer(place, "h")
    cancel_booking(booking=place, by=place.participant.person)
    assert sent_to_ines() == [] and wanted()[0].state == MessageState.NOT_WANTED


def test_answering_anew_that_all_is_well_needs_none(place: Booking) -> None:
    answer(place, "h")
    answer(place)
    assert sent_to_ines() == []


def test_a_class_that_is_off_takes_it_back(place: Booking, dee: User) -> None:
    answer(place, "h")
    cancel_session(session=place.session, reason="No heating", by=dee.person)
    assert [message.state for message in wanted()] == [MessageState.NOT_WANTED]
    assert talk_is_wanted(wanted()[0]) is None


def test_somebody_at_the_door_without_a_place_counts_too(
    session: Session, quinn: Participant, ivor: Instructor
) -> None:
    guest = GuestFactory(session=session, participant=quinn)
    SessionLeader.objects.create(
        session=session, instructor=ivor, role=LeaderRole.SECOND, during=session.leaders.get().during
    )
    ines = session.leaders.get(role=LeaderRole.LEAD).instructor
    aloud(guest, ines, "h")
    (message,) = wanted()
    assert message.person == ivor.person and talk_is_wanted(message) is not None


@pytest.mark.parametrize(
    ("answered", "starts", "held"),
    [
        ((22, 0), (9, 30), True),  # the morning leaves an hour and a half
        ((22, 0), (9, 29), False),
        ((6, 0), (9, 29), False),
        ((6, 0), (12, 0), True),
        ((20, 30), (21, 0), False),
        ((12, 0), (14, 0), False),  # the day itself is not quiet
    ],
)
def test_it_waits_for_the_morning_only_where_the_morning_leaves_time(
    ines: Instructor, pat: Participant, noon: Any, answered: tuple[int, int], starts: tuple[int, int], held: bool
) -> None:
    """UK time, in July."""
    today = timezone.localdate()
    at = timezone.make_aware(dt.datetime.combine(today, dt.time(*answered)))
    start = timezone.make_aware(dt.datetime.combine(today, dt.time(*starts)))
    start += dt.timedelta(days=1) if start < at else dt.timedelta()
    noon.move_to(at)
    answer(booked(pat, wide(ines, hours=(start - at) / HOUR)), "h")
    assert len(sent_to_ines()) == (0 if held else 1)
    if held:
        assert timezone.localtime(wanted()[0].due_at).time() == dt.time(8)


def test_an_instructor_who_is_not_reached_by_writing_is_called_before_the_class(
    place: Booking, ines: Instructor
) -> None:
    ines.person.contact_points.update(channel=Channel.PHONE, value="01632 960111")
    answer(place, "h")
    deliver_due()
    call = Task.objects.to_do().get()
    assert (call.kind, call.about, call.due_at) == ("call", ines.person, place.session.starts_at)
    assert call.context == {"message": TALK_WANTED}
