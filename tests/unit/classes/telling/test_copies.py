from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts.models import Person, User
from classes.models import Booking, BookingSource, BookingState, Offer, Session
from classes.places.booking import book_place, cancel_booking
from classes.telling.copies import offer_copy_is_wanted, send_copy
from classes.waiting_list.answering import accept_offer, decline_offer
from messaging.delivery import deliver_due
from messaging.models import Message, MessageState, Task
from participants.models import AccessNeed, Participant, SupporterScope
from participants.support import change_scopes, end_support
from tests.factories.classes import SessionFactory
from tests.factories.participants import ClearanceFactory, ParticipantFactory, SupporterFactory

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2027, 2, 3, 12, 0, tzinfo=dt.UTC)
TO_PAT, TO_SAM = ["pat@example.org"], ["sam@example.org"]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def session(noon: Any, pat: Participant) -> Session:
    return SessionFactory(programme=pat.programme, starts_at=NOON + dt.timedelta(days=2), capacity=1)


@pytest.fixture
def sees(sam: User, pat: Participant) -> Any:
    """Sam's support of Pat, with the messages in it."""
    support = pat.supporters.get()
    change_scopes(supporter=support, scopes=[SupporterScope.BOOK, SupporterScope.SEE_MESSAGES], by=pat.person)
    return support


def book(pat: Participant, session: Session, by: Person, *, copy: bool = True) -> Booking:
    return book_place(participant=pat, session=session, by=by, source=BookingSource.SUPPORTER, or_wait=True, copy=copy)


def sent_to(whom: list[str]) -> list[str]:
    return [message.subject for message in mail.outbox if message.recipients() == whom]


def test_participant_and_supporter_are_both_told(pat: Participant, sam: User, sees: Any, session: Session) -> None:
    book(pat, session, sam.person)
    deliver_due()
    assert sent_to(TO_PAT) == ["Your SafeFit class on Friday 5 February"]
    assert sent_to(TO_SAM) == ["A place for Pat: SafeFit class on Friday 5 February"]
    (copy,) = [message for message in mail.outbox if message.recipients() == TO_SAM]
    for words in ("Hello Sam", "booked a place in this class for Pat", "noon to 1pm, Friday 5 February 2027", "Water"):
        assert words in copy.body
    assert not copy.attachments


def test_without_the_tick_only_the_participant_is_told(
    pat: Participant, sam: User, sees: Any, session: Session
) -> None:
    booking = book(pat, session, sam.person, copy=False)
    cancel_booking(booking=booking, by=sam.person)
    deliver_due()
    assert sent_to(TO_PAT) and not sent_to(TO_SAM)


def test_a_wait_and_its_end_are_copied_in_their_own_words(
    pat: Participant, sam: User, sees: Any, session: Session
) -> None:
    other = ParticipantFactory(programme=pat.programme)
    book(other, session, other.person, copy=False)
    booking = book(pat, session, sam.person)
    deliver_due()
    assert sent_to(TO_SAM) == ["Pat is on the waiting list for Friday 5 February"]
    cancel_booking(booking=booking, by=sam.person, copy=True)
    deliver_due()
    assert sent_to(TO_SAM)[1:] == ["Pat has left the waiting list for Friday 5 February"]


def test_a_cancelled_place_is_copied_and_the_copy_of_the_booking_taken_back(
    pat: Participant, sam: User, sees: Any, session: Session
) -> None:
    cancel_booking(booking=book(pat, session, sam.person), by=sam.person, copy=True)
    deliver_due()
    assert sent_to(TO_SAM) == ["Cancelled for Pat: SafeFit class on Friday 5 February"]


def test_who_may_book_but_not_see_messages_gets_no_copy(pat: Participant, sam: User, session: Session) -> None:
    book(pat, session, sam.person)
    assert [message.person for message in Message.objects.all()] == [pat.person]


@pytest.mark.parametrize("end", ["support", "scope", "contact"])
def test_what_ended_before_the_copy_is_sent_sends_none(
    end: str, pat: Participant, sam: User, sees: Any, session: Session
) -> None:
    book(pat, session, sam.person)
    if end == "support":
        end_support(supporter=sees, by=pat.person)
    elif end == "scope":
        change_scopes(supporter=sees, scopes=[SupporterScope.BOOK], by=pat.person)
    else:
        Person.objects.filter(pk=pat.person_id).update(contact_stopped_at=timezone.now())
    deliver_due()
    assert not sent_to(TO_SAM)
    assert Message.objects.get(person=sam.person).state == MessageState.NOT_WANTED


def test_a_copy_of_what_is_no_longer_so_is_not_sent(pat: Participant, sam: User, sees: Any, session: Session) -> None:
    cancel_booking(booking=book(pat, session, sam.person), by=pat.person)
    deliver_due()
    assert not sent_to(TO_SAM)


def test_a_copy_about_a_booking_that_is_gone_is_not_sent(
    pat: Participant, sam: User, sees: Any, session: Session
) -> None:
    book(pat, session, sam.person)
    Message.objects.filter(person=sam.person).update(subject_id=0)
    deliver_due()
    assert not sent_to(TO_SAM)


def test_support_of_somebody_else_is_no_reason(pat: Participant, sam: User, quinn: Participant) -> None:
    SupporterFactory(participant=quinn, person=sam.person, scopes=[SupporterScope.SEE_MESSAGES])
    session = SessionFactory(programme=pat.programme, starts_at=NOON + dt.timedelta(days=2))
    book(pat, session, sam.person)
    assert not Message.objects.filter(person=sam.person).exists()


def test_the_same_news_is_copied_once(pat: Participant, sam: User, sees: Any, session: Session) -> None:
    booking = book(pat, session, sam.person)
    send_copy(booking=booking, to=sam.person)
    assert Message.objects.filter(person=sam.person).count() == 1


def test_a_copy_holds_nothing_about_the_health_of_the_person(
    pat: Participant, sam: User, sees: Any, session: Session
) -> None:
    ClearanceFactory(participant=pat, state="cleared_adapted", adaptations=["stoma", "seated_only"])
    book(pat, session, sam.person)
    deliver_due()
    (copy,) = [message for message in mail.outbox if message.recipients() == TO_SAM]
    assert not {word for word in ("stoma", "seated", "cleared", "safe to") if word in copy.body.lower()}


def test_a_supporter_whom_writing_does_not_reach_is_the_desks_whatever_reaches_the_person(
    pat: Participant, sam: User, sees: Any, session: Session
) -> None:
    AccessNeed.objects.create(person=sam.person, kind="audio", recorded_by=sam.person, review_on=timezone.localdate())
    book(pat, session, sam.person)
    deliver_due()
    assert sent_to(TO_PAT) and not sent_to(TO_SAM)
    assert Message.objects.get(person=sam.person).state == MessageState.WITH_DESK
    task = Task.objects.get()
    assert (task.about, task.kind) == (sam.person, "format_wanted")


# --- a place that is offered -------------------------------------------------

HEARS = [SupporterScope.BOOK, SupporterScope.HEAR_OFFERS]


@pytest.fixture
def turn(pat: Participant, sam: User, session: Session) -> Booking:
    """Pat waits for the place that somebody else has; Sam is to hear of offers."""
    change_scopes(supporter=pat.supporters.get(), scopes=HEARS, by=pat.person)
    other = ParticipantFactory(programme=pat.programme)
    book(other, session, other.person, copy=False)
    return book(pat, session, pat.person, copy=False)


def comes_free(session: Session) -> None:
    held = session.bookings.get(state=BookingState.BOOKED)
    cancel_booking(booking=held, by=held.participant.person)


def test_a_supporter_who_may_answer_hears_of_an_offer_where_the_person_chose_so_and_answers(
    turn: Booking, sam: User, session: Session
) -> None:
    comes_free(session)
    deliver_due()
    assert "A place is kept for you on Friday 5 February: please answer" in sent_to(TO_PAT)
    assert sent_to(TO_SAM) == ["A place is kept for Pat on Friday 5 February: please answer"]
    (copy,) = [message for message in mail.outbox if message.recipients() == TO_SAM]
    for words in (
        "Hello Sam",
        "it is the turn of Pat",
        "You may answer for Pat",
        "until Wednesday 3 February 2027 at 4pm",
    ):
        assert words in copy.body
    assert f"/bookings/{turn.pk}/" not in copy.body and not copy.attachments
    assert accept_offer(booking=turn, by=sam.person).state == BookingState.BOOKED


@pytest.mark.parametrize("scopes", [[SupporterScope.BOOK, SupporterScope.SEE_MESSAGES], [SupporterScope.HEAR_OFFERS]])
def test_nobody_hears_of_an_offer_by_default_or_without_being_able_to_answer(
    turn: Booking, pat: Participant, session: Session, scopes: list[SupporterScope]
) -> None:
    change_scopes(supporter=pat.supporters.get(), scopes=scopes, by=pat.person)
    comes_free(session)
    assert not Message.objects.filter(kind="offer_copy").exists()


def test_of_whom_the_person_is_telephoned_the_supporter_hears_all_the_same(
    turn: Booking, pat: Participant, session: Session
) -> None:
    pat.person.contact_points.update(channel="phone", value="+441632960222")
    comes_free(session)
    assert Offer.objects.get().by_phone
    deliver_due()
    assert len(sent_to(TO_SAM)) == 1 and not sent_to(TO_PAT)
    # The time to answer begins with a call that has not been made: none is promised.
    assert "We phone Pat about it. Please answer as soon as you can." in mail.outbox[-1].body
    assert "We keep it until" not in mail.outbox[-1].body


@pytest.mark.parametrize("meanwhile", ["ended", "may not book", "not to hear", "declined", "stopped", "another offer"])
def test_it_is_judged_again_when_it_is_sent(
    turn: Booking, pat: Participant, sam: User, session: Session, meanwhile: str
) -> None:
    comes_free(session)
    message, support = Message.objects.get(kind="offer_copy"), pat.supporters.get()
    if meanwhile == "ended":
        end_support(supporter=support, by=pat.person)
    elif meanwhile == "may not book":
        change_scopes(supporter=support, scopes=[SupporterScope.HEAR_OFFERS], by=pat.person)
    elif meanwhile == "not to hear":
        change_scopes(supporter=support, scopes=[SupporterScope.BOOK], by=pat.person)
    elif meanwhile == "declined":
        decline_offer(booking=turn, by=pat.person)
    elif meanwhile == "stopped":
        Person.objects.filter(pk=pat.person_id).update(contact_stopped_at=NOON)
    else:
        message.context["offer"] += 1
    assert offer_copy_is_wanted(message) is None


def test_what_was_not_sent_is_taken_back_with_the_offer(turn: Booking, pat: Participant, session: Session) -> None:
    comes_free(session)
    accept_offer(booking=turn, by=pat.person)
    assert Message.objects.get(kind="offer_copy").state == MessageState.NOT_WANTED
