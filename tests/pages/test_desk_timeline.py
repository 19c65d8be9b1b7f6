"""What happened to a person, as the desk reads it."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.history import System
from accounts.models import AccessLog
from classes.models import AttendanceState, Booking, BookingSource, BookingState
from classes.places.booking import book_place, cancel_booking
from classes.waiting_list.answering import give_place
from frontend.views.desk.timeline_words import PLAIN
from messaging.calls import note_call
from messaging.models import Caller, Message, MessageState, Task
from messaging.worklist import NO_ANSWER, cancel_tasks, raise_task, record_attempt
from participants import capacity, consents, details, health, needs, support
from participants.content import install
from participants.models import DecidesBy, StopKind, Supporter, SupporterScope
from participants.rules.application import Need
from participants.taking_part import life, stops
from tests.factories.accounts import ProgrammeFactory
from tests.factories.classes import AttendanceFactory, BookingFactory, SessionFactory
from tests.factories.outcomes import AssessmentFactory, answers_of, sent_form
from tests.factories.participants import on_the_line
from tests.factories.registering import HEALTH
from tests.factories.symptoms import SymptomCheckFactory, SymptomTalkFactory, answers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(programme):
    with time_machine.travel(dt.datetime(2027, 2, 3, 12, tzinfo=dt.UTC), tick=True) as clock:
        install(programme, System.COMMAND)
        yield clock


@pytest.fixture
def desk(clock, dee, sign_in):
    return sign_in(dee)


@pytest.fixture
def read(desk, pat):
    def read(query=""):
        return " ".join(desk.get(f"/desk/people/{pat.pk}/timeline/{query}").content.decode().split())

    return read


@pytest.fixture
def session(programme):
    return SessionFactory(
        programme=programme, class_type__name="Seated strength", starts_at=dt.datetime(2027, 2, 9, 10, tzinfo=dt.UTC)
    )


def test_places_say_which_class_and_who_booked_for_whom(read, pat, sam, dee, session):
    booking = book_place(participant=pat, session=session, by=sam.person, source=BookingSource.SUPPORTER)
    assert "Place booked: Seated strength, 9 February 2027 at 10am" in read() and "Sam Helper for Pat" in read()
    cancel_booking(booking=booking, by=pat.person, reason="not_well")
    shown = read()
    assert shown.index("Place given back: Seated strength") < shown.index("Place booked: Seated strength")
    assert "not_well" not in shown and "not well" not in shown


def test_a_place_from_the_waiting_list_is_two_lines_and_a_doubt_is_none(read, pat, dee, session):
    waiting = BookingFactory(session=session, participant=pat, state=BookingState.WAITING)
    give_place(booking=waiting, by=dee.person)
    Booking.objects.update(in_doubt_since=timezone.now())
    shown = read()
    assert (shown.count("Joined the waiting list"), shown.count("Place booked:")) == (1, 1)
    assert "Dee Desk for Pat" in shown


def test_who_came_is_told(read, pat, session, ines):
    AttendanceFactory(booking=BookingFactory(session=session, participant=pat), state=AttendanceState.ATTENDED)
    assert "Came to class: Seated strength" in read()


def test_health_is_answered_and_decided_and_no_answer_is_repeated(read, pat, dee):
    answers = HEALTH | {"bones": ["thin_bones"]}
    health.update_health(participant=pat, answers=answers, note="My back hurts", mode="desk", by=dee.person)
    shown = read()
    assert "Health questions answered" in shown and "Safe to take part: Waits for a review" in shown
    assert "bones" not in shown and "back hurts" not in shown


def test_that_a_check_was_answered_and_a_talk_noted_is_told_and_nothing_of_either(read, pat, dee, ines, session):
    place = BookingFactory(session=session, participant=pat)
    check = SymptomCheckFactory(booking=place, result="talk_first", answers=answers("f"), mode="phone", by=dee.person)
    SymptomTalkFactory(check_of=check, by=ines.person, note="Chemotherapy on Monday")
    shown = read()
    answered = "Same-day check answered, on the telephone with the desk: Seated strength, 9 February 2027 at 10am"
    assert answered in shown and "Dee Desk for Pat" in shown
    assert "Talk before the class noted: Seated strength" in shown and "Ines Teacher" in shown
    for kept in ("Chemo", "Talk first", "talk_first", "may_exercise", "treatment"):
        assert kept not in shown


def test_who_decides_is_told_without_their_name(read, pat, dee):
    capacity.record_decision_maker(
        participant=pat, name="Nan Decider", relationship="daughter", phone="+441632960555",
        ground=DecidesBy.LASTING_POWER, seen_by=dee.person, seen_on=timezone.localdate(), by=dee.person,
    )  # fmt: skip
    assert "Somebody else decides for them" in read() and "Decides for themselves again" not in read()
    capacity.end_decision_maker(participant=pat, by=dee.person)
    shown = read()
    assert shown.index("Decides for themselves again") < shown.index("Somebody else decides for them")
    assert "Nan Decider" not in shown and shown.count("Somebody else decides for them") == 1


def test_life_in_the_programme_is_told(read, pat, dee):
    pat.registered_at = timezone.now() - dt.timedelta(days=900)
    pat.save()
    life.pause(participant=pat, reason="treatment", by=dee.person)
    life.resume(participant=pat, by=pat.person)
    life.withdraw(participant=pat, reason="moved", by=dee.person)
    shown = read()
    assert (
        shown.index("Left the programme")
        < shown.index("Takes part again")
        < shown.index("A break began")
        < shown.index("Registered")
    )
    assert shown.count("A break began") == 1 and "Dee Desk for Pat" in shown


def test_a_stop_and_its_mistake_are_told(read, pat, dee):
    notice = stops.Notice(StopKind.NO_CONTACT, None, None)
    (stop,) = stops.stop_everything(participant=pat, notice=notice, by=dee.person)
    assert "All contact ended: wants no more contact" in read()
    stops.undo_stop(stop=stop, by=dee.person)
    assert "was a mistake, and taken back" in read()


def test_consents_helpers_and_details_are_told(read, pat, dee, nell):
    for text in consents.current_texts(pat.programme):
        consents.give_consent(participant=pat, text=text, by=pat.person)
    consents.withdraw_consent(participant=pat, kind="research", mode="desk", by=dee.person)
    on_the_line(pat, by=dee)
    helper = support.add_verified_supporter(
        participant=pat, given_name="Hal", family_name="Helper", relationship="son", scopes=[SupporterScope.BOOK],
        by=dee.person,
    )  # fmt: skip
    support.end_support(supporter=helper, by=pat.person)
    invited = support.invite_supporter(
        participant=pat, given_name="Sid", family_name="Son", email="sid@example.org", relationship="son",
        scopes=[SupporterScope.BOOK], by=pat.person,
    )  # fmt: skip
    support.accept_invitation(supporter=invited, by=nell.person)
    needs.record_needs(person=pat.person, needs=[Need("lip_reads"), Need("braille")], shared=(), by=pat.person)
    details.change_contact(
        person=pat.person, contacts={"email": "n@example.org", "phone": "+441632960777"}, preferred="", by=dee.person,
        may_leave_message=False,
    )  # fmt: skip
    shown = read()
    assert "Said no: " in shown and "Helps from now on: Hal Helper" in shown
    assert "Does not help any more: Hal Helper" in shown
    assert "Invited to help: Sid Son" in shown and "Helps from now on: Nell Norole" in shown
    assert (shown.count("Access needs changed"), shown.count("How to reach them changed")) == (1, 1)
    assert "n@example.org" not in shown


def test_what_was_agreed_to_while_registering_is_one_line_with_it(read, pat):
    pat.registered_at = timezone.now()
    pat.save()
    for text in consents.current_texts(pat.programme):
        consents.give_consent(participant=pat, text=text, by=pat.person)
    shown = read()
    assert "Registered, by the person" in shown and "Agreed: " not in shown


@pytest.mark.parametrize(
    ("state", "channel", "words"),
    [
        (MessageState.SENT, "email", "Message sent: “Place booked”, by email"),
        (MessageState.FAILED, "text", "Message not delivered: “Place booked”, by text message"),
        (MessageState.NOT_WANTED, "email", "Message not needed any more: “Place booked”<"),
        (MessageState.QUEUED, "", "Message waits to be sent: “Place booked”<"),
    ],
)
def test_messages_say_what_became_of_them(read, pat, state, channel, words):
    Message.objects.create(
        programme=pat.programme, person=pat.person, kind="booking_confirmed", state=state, channel=channel,
        dedupe_key="m",
    )  # fmt: skip
    assert words in read()


def test_tasks_tries_and_calls_are_told_without_their_notes(read, pat, sam, dee):
    task = raise_task(
        programme=pat.programme, kind="welfare_call", about=pat.person, due_at=timezone.now(), subject_id=pat.pk,
        dedupe_key="w", by=System.WORKER,
    )  # fmt: skip
    record_attempt(task=task, outcome=NO_ANSWER, note="Coughed a lot", by=dee.person)
    cancel_tasks(kinds=["welfare_call"], subject_id=pat.pk, by=dee.person)
    shown = read()
    assert "To do: Call and ask how they are" in shown and "Call and ask how they are: No answer" in shown
    assert "Not needed any more: Call and ask how they are" in shown and "Coughed" not in shown
    assert f'href="/desk/tasks/{task.pk}/"' in shown
    about = {"programme": pat.programme, "about": pat.person, "by": dee.person}
    note_call(caller=Caller.HELPER, helper=sam.person, checked=["born", "reference"], **about)
    note_call(caller=Caller.OTHER, checked=[], **about)
    note_call(caller=Caller.SELF, checked=["born"], **about)
    shown = read()
    assert "On the phone for them, identified: Sam Helper" in shown and "Somebody else was on the phone" in shown
    assert "said that it was them, and was not identified" in shown


def test_a_wellbeing_check_that_was_sent_is_told(read, pat):
    sent = AssessmentFactory(participant=pat)
    sent_form(sent, answers_of(3), on=timezone.localdate())
    assert "Wellbeing check answered: " in read()


def test_what_happened_long_ago_is_on_the_next_page_and_nothing_is_lost_between(read, pat, dee):
    pat.registered_at = timezone.now() - dt.timedelta(days=900)
    pat.save()
    for number in range(40):
        raise_task(
            programme=pat.programme, kind="mark_without_place", about=pat.person, due_at=timezone.now(),
            dedupe_key=f"t{number}", by=dee.person,
        )  # fmt: skip
    first, second = read(), read("?page=2")
    assert "Page 1 of 2" in first and "Registered" not in first and "Registered" in second
    assert first.count("To do: ") + second.count("To do: ") == Task.objects.count() == 40


def test_a_long_timeline_costs_as_much_as_a_short_one(desk, read, pat, dee):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            read()
        return len(queries)

    before = cost()
    for number in range(5):
        starts_at = timezone.now() + dt.timedelta(days=3 + number)
        session = SessionFactory(programme=pat.programme, starts_at=starts_at)
        book_place(participant=pat, session=session, by=dee.person, source=BookingSource.DESK)
    assert cost() == before + 2  # the classes, and who booked them: there were none before
    assert AccessLog.objects.filter(what="timeline", target=pat.person, by=dee.person).exists()


def test_another_programmes_tasks_and_messages_are_not_told(read, pat, dee):
    other = ProgrammeFactory()
    Message.objects.create(programme=other, person=pat.person, kind="booking_confirmed", dedupe_key="o")
    raise_task(
        programme=other, kind="welfare_call", about=pat.person, due_at=timezone.now(), dedupe_key="o", by=dee.person
    )
    assert "Place booked" not in read() and "Call and ask" not in read()


def test_a_change_of_helpers_that_has_no_words_is_still_told(read, pat, sam):
    Supporter.objects.update(relationship="niece")
    assert "Helper changed: " in read()
    assert "helper" in PLAIN
