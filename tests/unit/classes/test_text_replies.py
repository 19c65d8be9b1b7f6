"""Answers to a reminder by text message."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import ContactPoint
from classes import text_replies
from classes.judging.refusals import TooLate
from classes.models import Booking, BookingState
from classes.text_answers import Answer, Meaning, meaning_of
from classes.text_replies import receive_text
from messaging.inbound import keep_text
from messaging.models import Message, MessageState, ReceivedText, Task
from tests.factories.accounts import ContactPointFactory, ProgrammeFactory
from tests.factories.classes import BookingFactory, SessionFactory

pytestmark = pytest.mark.django_db
NUMBER = "+447700900111"
COMING, CANNOT = Answer.COMING, Answer.CANNOT


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("Yes", Meaning(COMING, plain=False)),
        (" YES!! thank you x", Meaning(COMING, plain=False)),
        ("Hello, yes please", Meaning(COMING, plain=False)),
        ("I’m coming.", Meaning(COMING, plain=True)),
        ("yes, i'll be there", Meaning(COMING, plain=True)),
        ("no", Meaning(CANNOT, plain=False)),
        ("Cancel", Meaning(CANNOT, plain=True)),
        ("Sorry, can't come", Meaning(CANNOT, plain=True)),
        ("No, I cannot come. Thanks", Meaning(CANNOT, plain=True)),
        ("STOP", None),
        ("", None),
        ("Yes but my chest hurts", None),
        ("no problem, see you there", None),
        ("Do not cancel", None),
        ("can I come on Thursday instead?", None),
        ("cancel my husband's place", None),
        ("👍", None),
    ],
)
def test_only_a_whole_short_answer_is_understood(text, meaning):
    assert meaning_of(text) == meaning


@pytest.fixture
def place(pat):
    """Pat's place in two days, of which a text has reminded her."""
    ContactPointFactory(person=pat.person, channel="text", value=NUMBER, preferred=False)
    return reminded(a_place(pat))


def a_place(pat, days=2):
    starts_at = timezone.now() + dt.timedelta(days=days)
    return BookingFactory(
        session=SessionFactory(programme=pat.programme, starts_at=starts_at, places_taken=1), participant=pat
    )


def reminded(booking, kind="class_reminder", **changes):
    told = {"channel": "text", "state": MessageState.DELIVERED, "finished_at": timezone.now(), **changes}
    Message.objects.create(
        programme=booking.participant.programme,
        person=booking.participant.person,
        kind=kind,
        subject_id=booking.pk,
        dedupe_key=f"{kind}:{booking.pk}",
        **told,
    )
    return booking


def text(words, number=NUMBER, name="1"):
    return receive_text(carrier_id=name, number=number, words=words)


def fresh(booking):
    return Booking.objects.get(pk=booking.pk)


def test_yes_says_that_they_are_coming(place):  # pitfalls 44
    assert text("Yes, coming!").became == "coming"
    assert fresh(place).said_coming_at is not None
    assert not Task.objects.exists()


def test_cannot_gives_the_place_back_as_themselves_and_they_are_told(place):  # pitfalls 44
    assert text("cannot come").became == "cannot"
    ended = fresh(place)
    assert ended.state == BookingState.CANCELLED and ended.ended_by == place.participant.person
    assert Message.objects.filter(kind="booking_cancelled", subject_id=place.pk).exists()
    assert not Task.objects.exists()


def test_the_same_text_told_twice_is_done_once(place):
    text("cancel"), text("cancel")
    assert ReceivedText.objects.count() == 1
    assert Message.objects.filter(kind="booking_cancelled").count() == 1


def test_a_text_whose_telling_was_cut_short_is_taken_up_when_it_is_told_again(place):
    keep_text(carrier_id="1", number=NUMBER, words="cancel")
    assert text("cancel").became == "cannot"


@pytest.mark.parametrize("words", ["STOP", "Can I bring my sister?", "Yes but my chest hurts", ""])
def test_everything_else_is_read_at_the_desk_within_the_hour(place, words):  # pitfalls 44
    kept = text(words)
    assert kept.became == "desk" and kept.words == words
    task = Task.objects.get()
    assert (task.kind, task.about, task.subject_id) == ("text_received", place.participant.person, kept.pk)
    assert task.context == {}
    assert fresh(place).state == BookingState.BOOKED and fresh(place).said_coming_at is None


def other_place(place):
    reminded(a_place(place.participant, days=1))


def offered_too(place):
    reminded(a_place(place.participant, days=1), kind="place_offered")


def another_message(place):
    reminded(place, kind="questionnaire_due")


def not_reminded(place):
    Message.objects.update(kind="booking_confirmed")


def long_ago(place):
    Message.objects.update(finished_at=timezone.now() - dt.timedelta(days=4))


def by_email(place):
    Message.objects.update(channel="email")


def class_changed_since(place):
    """The change was told by email, or waits for the morning: a yes is about the time that stood in the text."""
    person, programme = place.participant.person, place.participant.programme
    Message.objects.create(programme=programme, person=person, kind="class_changed", dedupe_key="changed")


def given_up_already(place):
    Booking.objects.update(state=BookingState.CANCELLED, ended_at=timezone.now())


@pytest.mark.parametrize(
    "meanwhile",
    [
        other_place,
        offered_too,
        another_message,
        not_reminded,
        long_ago,
        by_email,
        class_changed_since,
        given_up_already,
    ],
)
def test_where_not_exactly_one_place_is_meant_a_person_reads_it(place, meanwhile):
    meanwhile(place)
    before = fresh(place).state
    assert text("cancel").became == "desk"
    assert fresh(place).state == before


def test_a_bare_no_may_answer_the_safety_check_and_is_read_but_cancel_says_what_it_means(place):
    reminded(place, kind="same_day_check")
    assert text("no").became == "desk"
    assert text("cancel", name="2").became == "cannot"


def test_a_number_that_two_people_share_is_nobodys(place, quinn):
    ContactPointFactory(person=quinn.person, channel="text", value=NUMBER, preferred=False)
    assert text("cancel").became == "desk"
    assert Task.objects.get().about is None and ReceivedText.objects.get().person is None
    assert fresh(place).state == BookingState.BOOKED


def test_an_earlier_number_and_a_strangers_are_nobodys_and_read_at_the_oldest_desk(place):
    ContactPoint.objects.filter(value=NUMBER).update(ended_at=timezone.now())
    ProgrammeFactory()
    for name, number in (("1", NUMBER), ("2", "+447700900999"), ("3", "GOVUK")):
        kept = text("cancel", number, name)
        assert (kept.person, kept.became, kept.programme) == (None, "desk", place.participant.programme)
    assert Task.objects.count() == 3


def test_somebody_known_who_was_never_written_to_is_read_about_too(pat):
    ContactPointFactory(person=pat.person, channel="phone", value=NUMBER, preferred=False)
    kept = text("yes")
    assert (kept.person, kept.became) == (pat.person, "desk")


def test_what_can_no_longer_be_done_is_read_by_a_person(place, monkeypatch):
    def too_late(**_):
        raise TooLate

    monkeypatch.setattr(text_replies, "cancel_booking", too_late)
    assert text("cancel").became == "desk"


def test_what_they_wrote_is_encrypted_at_rest(place):
    text("I feel dizzy")
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM messaging_receivedtext")
        assert "dizzy" not in cursor.fetchone()[0]
