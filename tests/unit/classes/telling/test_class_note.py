"""A word to everybody of one date: whom it reaches, once, and only while it is still for them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from accounts.models import ContactPoint
from classes.judging.refusals import KeyReused
from classes.models import About, BookingState, ClassNote, Session, SessionStatus
from classes.places.booking import cancel_booking
from classes.telling import class_note
from classes.telling.class_note import (
    ClassIsOver,
    NobodyToTell,
    NotToBeSaid,
    bookings_told,
    by_way,
    leaves_at,
    look_at,
    note_is_wanted,
    notes_for,
    send_note,
    told_of,
)
from classes.telling.in_time import news_by
from classes.telling.notices import leave_link
from messaging.delivery import deliver_due
from messaging.models import Message, MessageState, Task
from messaging.senders import SENDERS
from messaging.words import words_now
from participants.models import AccessNeed
from tests.factories.accounts import ContactPointFactory
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db
TO_ALL = "A message to everybody in this class:"
NOON = dt.datetime(2027, 2, 3, 12, tzinfo=dt.UTC)
OFF: dict[str, Any] = {"status": SessionStatus.CANCELLED, "cancelled_at": NOON, "cancel_reason": "The weather"}
WORDS = "The car park is closed.\nPlease use the one in Church Lane."


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def session(programme: Any, ines: Any) -> Session:
    return SessionFactory(programme=programme, leader=ines, starts_at=NOON + dt.timedelta(days=20), capacity=9)


def place(session: Session, way: str = "email", value: str = "", **more: Any) -> Any:
    booking = BookingFactory(session=session, participant=ParticipantFactory(programme=session.programme), **more)
    person = booking.participant.person
    value = value or f"p{person.pk}@example.org"
    ContactPointFactory(person=person, channel=way, value=value, preferred=True)
    return booking


def note(session: Session, by: Any, words: str = WORDS, key: str = "key-1", **more: Any) -> ClassNote:
    return send_note(session=session, about=About.GETTING_THERE, words=words, request_key=key, by=by, **more)


def test_everybody_with_a_place_is_told_once_in_the_words_that_were_written(session, dee):
    first, second = place(session), place(session)
    gone, waits = place(session, state=BookingState.CANCELLED, ended_at=NOON), place(session, state="waiting")
    sent = note(session, dee.person)
    assert note(session, dee.person) == sent
    deliver_due()
    told = {message.to[0] for message in mail.outbox}
    assert told == {b.participant.person.contact_points.get().value for b in (first, second)}
    assert len(mail.outbox) == 2 and gone.pk != waits.pk
    assert mail.outbox[0].subject == "Getting to your SafeFit class on Tuesday 23 February"
    assert WORDS in mail.outbox[0].body and not mail.outbox[0].attachments
    assert sent.events.get().pgh_context["by"] == f"person:{dee.person.pk}"  # type: ignore[attr-defined]


def test_who_waits_is_told_only_when_that_was_chosen(session, dee):
    place(session), place(session, state="waiting")
    note(session, dee.person, waiting_too=True)
    note(session, dee.person, key="key-2")
    assert Message.objects.count() == 3
    deliver_due()
    assert len(mail.outbox) == 3


def test_who_is_offered_a_place_reads_so_and_how_to_answer(session, dee, monkeypatch):
    texts: list[str] = []
    monkeypatch.setitem(SENDERS, "text", lambda outgoing: texts.append(outgoing.words.body) or "")
    place(session)
    asked = place(session, state="offered"), place(session, "text", "+447700900222", state="offered")
    note(session, dee.person, words="Bring a coat.", waiting_too=True)
    deliver_due()
    [letter] = [sent.body for sent in mail.outbox if f"/bookings/{asked[0].pk}/" in sent.body]
    [text] = texts
    for words, booking in ((letter, asked[0]), (text, asked[1])):
        assert words.index("A place in this class is offered to you") < words.index("Bring a coat.")
        assert reverse("me:booking", args=[booking.pk]) in words and leave_link(booking) not in words
        assert "waiting for" not in words and "do not have a place" not in words


def test_who_waits_reads_that_they_still_wait_and_how_to_leave_the_list(session, dee, monkeypatch):
    texts: list[str] = []
    monkeypatch.setitem(SENDERS, "text", lambda outgoing: texts.append(outgoing.words.body) or "")
    place(session), place(session, "text", "+447700900111")
    turns = place(session, state="waiting"), place(session, "text", "+447700900222", state="waiting")
    note(session, dee.person, words="Bring a coat.", waiting_too=True)
    deliver_due()
    bodies = {sent.to[0]: sent.body for sent in mail.outbox}
    to_who_waits = bodies.pop(turns[0].participant.person.contact_points.get().value)
    [to_who_has_a_place] = bodies.values()
    [text] = [one for one in texts if leave_link(turns[1]) in one]
    [other] = [one for one in texts if one != text]
    for words in (to_who_waits, text):
        assert "You are still waiting for a place in this class" in words and "Bring a coat." in words
        assert words.index("still waiting") < words.index("Bring a coat.")
    assert leave_link(turns[0]) in to_who_waits and "If you cannot come" not in to_who_waits
    for words in (to_who_has_a_place, other):
        assert "waiting" not in words and "/cancel" not in words


def test_a_key_that_came_with_another_message_is_refused(session, dee, ines):
    place(session)
    sent = note(session, dee.person)
    elsewhere = SessionFactory(programme=session.programme, starts_at=NOON + dt.timedelta(days=21))
    place(elsewhere)
    for other in (
        {"words": "Something else."},
        {"about": About.BRING},
        {"waiting_too": True},
        {"by": ines.person},
        {"session": elsewhere},
    ):
        asked: dict[str, Any] = {"session": session, "about": sent.about, "words": WORDS, "by": dee.person, **other}
        with pytest.raises(KeyReused), transaction.atomic():
            send_note(request_key="key-1", **asked)
    assert note(session, dee.person) == sent and Message.objects.count() == 1


def test_a_key_that_comes_with_another_class_at_the_same_moment_is_refused(session, dee, monkeypatch):
    place(session)
    elsewhere = SessionFactory(programme=session.programme, starts_at=NOON + dt.timedelta(days=21))
    place(elsewhere)

    def meanwhile(asked, words):
        """After the key was looked for, and before it is kept."""
        if asked == session:
            note(elsewhere, dee.person)
        return look_at(asked, words)

    monkeypatch.setattr(class_note, "look_at", meanwhile)
    with pytest.raises(KeyReused), transaction.atomic():
        note(session, dee.person)
    assert not ClassNote.objects.filter(session=session).exists()


def test_what_else_the_database_refuses_is_no_reused_key(session, dee):
    place(session)
    with pytest.raises(IntegrityError), transaction.atomic():
        note(session, dee.person, words="x" * 601)


def test_what_leads_into_the_class_is_refused(session, dee):
    place(session)
    Session.objects.filter(pk=session.pk).update(dial_in="020 7946 0018")
    with pytest.raises(NotToBeSaid):
        note(session, dee.person, words="Ring 02079460018.")


def test_it_goes_at_once_by_day_and_in_the_morning_by_night(session):
    night = NOON.replace(hour=22)
    assert leaves_at(session, NOON) is None
    assert leaves_at(session, night) == NOON.replace(hour=8) + dt.timedelta(days=1)
    soon = SessionFactory(programme=session.programme, starts_at=night + dt.timedelta(hours=11))
    assert leaves_at(soon, night) is None


def test_whoever_has_a_place_reads_all_that_was_said_of_the_date_whenever_they_got_it(session, dee):
    early, left = place(session), place(session)
    note(session, dee.person)
    note(session, dee.person, key="key-2", words="For all.", waiting_too=True)
    type(left).objects.filter(pk=left.pk).update(state=BookingState.CANCELLED, ended_at=NOON)
    left.refresh_from_db()
    late, waits, offered = (place(session, state=state) for state in ("booked", "waiting", "offered"))
    gone = place(session, state=BookingState.CANCELLED, ended_at=NOON)
    read = [{one.words for one in notes_for(booking)} for booking in (early, late, left, waits, offered, gone)]
    assert read == [{WORDS, "For all."}] * 3 + [{"For all."}] * 2 + [set()]


def test_who_has_a_place_now_is_known_and_why_somebody_was_not_told(session, dee):
    stays, goes = place(session), place(session)
    sent = note(session, dee.person)
    Session.objects.filter(pk=session.pk).update(places_taken=2)
    with transaction.atomic():
        cancel_booking(booking=goes, by=goes.participant.person, reason="other_plans")
    told = {one.message.subject_id: (one.has_place, one.why_not) for one in told_of(sent)}
    assert told == {stays.pk: (True, ""), goes.pk: (False, "taken_back")}


def test_a_place_that_was_given_up_meanwhile_is_told_nothing(session, dee):
    stays, goes = place(session), place(session)
    note(session, dee.person)
    Session.objects.filter(pk=session.pk).update(places_taken=2)
    with transaction.atomic():
        cancel_booking(booking=goes, by=goes.participant.person, reason="other_plans")
    states = dict(Message.objects.filter(kind="class_note").values_list("subject_id", "state"))
    assert states == {stays.pk: MessageState.QUEUED, goes.pk: MessageState.NOT_WANTED}


@pytest.mark.parametrize("change", ["nothing", "closed", "cancelled", "over", "no note", "no place"])
def test_what_is_not_for_them_any_more_is_not_sent(session, dee, noon, change):
    booking = place(session)
    sent = note(session, dee.person)
    message = Message.objects.get()
    if change == "closed":
        type(booking).objects.filter(pk=booking.pk).update(state=BookingState.CLOSED, ended_at=NOON)
    elif change == "cancelled":
        Session.objects.filter(pk=session.pk).update(**OFF)
    elif change == "over":
        noon.move_to(session.ends_at)
    elif change == "no note":
        message.context = {"note": sent.pk + 1}
    elif change == "no place":
        message.subject_id = 0
    assert (note_is_wanted(message) is not None) == (change == "nothing")


@pytest.mark.parametrize(
    ("hours", "at", "urgent"),
    [
        (20 * 24, 12, False),  # far away
        (6, 12, True),  # today
        (36, 12, False),  # the day after tomorrow begins at midnight
        (11, 22, True),  # tomorrow at nine, written at ten at night: nobody would read it in time
        (14, 22, False),  # tomorrow at noon: eight o'clock is early enough
    ],
)
def test_the_quiet_hours_are_kept_unless_the_class_is_too_soon(session, dee, noon, hours, at, urgent):
    noon.move_to(NOON.replace(hour=at))
    session = SessionFactory(programme=session.programme, starts_at=NOON.replace(hour=at) + dt.timedelta(hours=hours))
    place(session)
    note(session, dee.person)
    content = note_is_wanted(Message.objects.get())
    assert content is not None and content.urgent == urgent


def test_who_cannot_be_written_to_in_time_is_called_by_then(session, dee):
    soon = SessionFactory(programme=session.programme, starts_at=NOON + dt.timedelta(hours=30))
    place(soon, "post", "1 Made Up Street"), place(session, "post", "1 Made Up Street")
    assert by_way(session, waiting_too=False) == {"post": 1}
    assert by_way(soon, waiting_too=False) == {"no_way": 1}
    place(soon, "phone", "+441632960222")
    note(soon, dee.person)
    deliver_due()
    assert Task.objects.get(kind="call").due_at == news_by(soon.starts_at, NOON)


def test_the_count_by_way_is_what_sending_does(session, dee):
    place(session), place(session, "phone", "+441632960222"), place(session, "post", "1 Made Up Street")
    braille = place(session)
    AccessNeed.objects.create(
        person=braille.participant.person, kind="braille", recorded_by=dee.person, review_on="2028-01-01"
    )
    nobody = place(session)
    ContactPoint.objects.filter(person=nobody.participant.person).update(ended_at=NOON)
    ways = by_way(session, waiting_too=False)
    assert ways == {"email": 1, "phone": 1, "post": 1, "format": 1, "no_way": 1}
    note(session, dee.person)
    deliver_due()
    kinds = list(Task.objects.order_by("kind").values_list("kind", flat=True))
    assert (len(mail.outbox), kinds) == (1, ["call", "format_wanted", "letter", "not_reached"])


def test_a_message_that_is_too_long_for_a_text_leads_to_its_page(session, dee, monkeypatch):
    texts: list[str] = []
    monkeypatch.setitem(SENDERS, "text", lambda outgoing: texts.append(outgoing.words.body) or "")
    booking = place(session, "text", "+447700900111")
    note(session, dee.person, words="Bring a coat.")
    note(session, dee.person, words="Bring a warm coat. " * 30, key="key-2")
    deliver_due()
    short, long = texts
    assert "Bring a coat." in short and "Read it" not in short
    assert f"/me/bookings/{booking.pk}/" in long and "Bring a warm coat" not in long


def test_words_that_tell_why_people_come_are_refused_and_so_are_links(session, dee):
    place(session)
    for words in ("The cancer group meets in room 2.", "Join at https://zoom.example/j/1"):
        with pytest.raises(NotToBeSaid) as refused:
            note(session, dee.person, words=words)
        assert refused.value.findings.refused and str(refused.value) in words
    assert not Message.objects.exists()


def test_the_name_of_anybody_in_the_class_is_noticed(session):
    waits = place(session, state="waiting")
    person = waits.participant.person
    type(person).objects.filter(pk=person.pk).update(given_name="Zanzibella")
    assert look_at(session, "Zanzibella has the key").names == ("Zanzibella",)


def test_nobody_is_told_of_a_class_that_is_over_or_that_nobody_comes_to(session, dee, noon):
    with pytest.raises(NobodyToTell):
        note(session, dee.person)
    place(session)
    off = SessionFactory(programme=session.programme, starts_at=session.starts_at, **OFF)
    place(off)
    with pytest.raises(ClassIsOver):
        note(off, dee.person)
    noon.move_to(session.ends_at)
    with pytest.raises(ClassIsOver):
        note(session, dee.person)
    assert not ClassNote.objects.exists()


def test_who_wants_no_contact_is_nobody_to_tell(session):
    booking = place(session)
    type(booking.participant.person).objects.filter(pk=booking.participant.person_id).update(contact_stopped_at=NOON)
    assert not bookings_told(session, waiting_too=True).exists()


def test_what_became_of_it_is_read_for_each_person_and_the_note_from_their_place(session, dee):
    one, other = place(session), place(session)
    sent = note(session, dee.person)
    note(session, dee.person, key="key-2", words="Something else.")
    elsewhere = SessionFactory(programme=session.programme, starts_at=NOON + dt.timedelta(days=21))
    place(elsewhere)
    note(elsewhere, dee.person, key="key-3", words="Elsewhere.")
    assert {told.message.subject_id for told in told_of(sent)} == {one.pk, other.pk}
    assert {found.words for found in notes_for(one)} == {WORDS, "Something else."}


def test_the_database_keeps_a_note_short_known_and_unchanged(session, dee):
    place(session)
    sent = note(session, dee.person)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        ClassNote.objects.filter(pk=sent.pk).update(words="x")
    for wrong in ({"words": "x" * 601}, {"words": ""}, {"about": "illness"}):
        fields = {"session": session, "by": dee.person, "about": "bring", "words": "x", "request_key": "other", **wrong}
        with pytest.raises(IntegrityError), transaction.atomic():
            ClassNote.objects.create(**fields)


def words_of(kind, booking):
    message = Message(person=booking.participant.person, programme=booking.participant.programme, kind=kind,
                      subject_id=booking.pk, context={"by_oneself": True})  # fmt: skip
    read = words_now(message)
    assert read is not None
    return read.body


def test_whoever_gets_a_place_later_reads_it_with_their_confirmation_while_it_holds(session, dee):
    place(session)
    note(session, dee.person, words="Please use the side door.")
    note(session, dee.person, key="key-2", words="Bring a coat.")
    late = place(session)
    for kind in ("booking_confirmed", "placed_from_waiting"):
        assert f"{TO_ALL} Please use the side door.\n{TO_ALL} Bring a coat." in words_of(kind, late)
    elsewhere = place(SessionFactory(programme=session.programme, starts_at=NOON + dt.timedelta(days=9)))
    assert TO_ALL not in words_of("booking_confirmed", elsewhere)
    Session.objects.filter(pk=session.pk).update(ics_sequence=1)  # it has moved since
    assert TO_ALL not in words_of("booking_confirmed", late)
    note(session, dee.person, key="key-3", words="The lift is broken.")
    assert "A message to everybody in this class: The lift is broken." in words_of("booking_confirmed", late)


def test_dates_booked_together_and_a_date_that_was_moved_to_tell_it_too(session, dee):
    held = place(session)
    note(session, dee.person, words="Please use the side door.")
    other = place(SessionFactory(programme=session.programme, starts_at=NOON + dt.timedelta(days=9)))
    type(other).objects.filter(pk=other.pk).update(participant=held.participant)
    for kind in ("dates_booked", "booking_moved"):
        context = {"bookings": [other.pk, held.pk], "refused": [], "by_oneself": True}
        read = words_now(Message(person=held.participant.person, kind=kind, subject_id=held.participant.pk,
                                 programme=session.programme, context=context))  # fmt: skip
        assert read is not None and read.body.count("in this class: Please use the side door.") == 1
