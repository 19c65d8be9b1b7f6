"""The desk's queue, the call sheet of one task, and the life of a message."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AccessLog, Channel, ContactPoint
from accounts.permissions import Permission
from classes.models import Booking, BookingState, Session
from classes.telling import notices
from messaging.alerts import tell_on_call
from messaging.delivery import deliver_due
from messaging.models import Message, MessageState, MessageStep, Task, TaskAlert, TaskState
from messaging.worklist import close_task, raise_task, take_task
from participants.models import AccessNeed, Supporter
from tests.factories.accounts import ProgrammeFactory
from tests.factories.classes import BookingFactory, SessionFactory

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2027, 2, 3, 12, 0, tzinfo=dt.UTC)


@pytest.fixture
def noon(monkeypatch):
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def desk(noon, dee, sign_in):
    return sign_in(dee)


@pytest.fixture
def ask(programme, dee):
    def ask(key="review:1", **changes):
        fields = {"programme": programme, "kind": "place_in_doubt", "due_at": timezone.now(), "by": dee.person}
        return raise_task(dedupe_key=key, **{**fields, **changes})

    return ask


@pytest.fixture
def call(noon, programme, pat):
    """The task to tell Pat, who is reached by phone, of a place."""
    ContactPoint.objects.filter(person=pat.person).update(channel=Channel.PHONE, value="+441632960222")
    session = SessionFactory(programme=programme, starts_at=NOON + dt.timedelta(days=2))
    notices.booking_confirmed(BookingFactory(session=session, participant=pat), pat.person)
    deliver_due()
    return Task.objects.get()


def page(answer):
    return " ".join(answer.content.decode().split())


# --- the queue ---------------------------------------------------------------


def test_an_empty_queue_says_what_to_do_next(desk):
    answer = desk.get("/desk/")
    assert answer.status_code == 200
    assert "Nothing to do." in page(answer) and "/desk/people/" in page(answer)
    assert 'href="#others"' in page(answer) and 'id="others"' in page(answer)  # past a long list in one step


def test_the_task_due_first_stands_on_top_and_an_overdue_one_says_so(desk, ask, pat, quinn):
    ask("later", about=quinn.person, due_at=timezone.now() + dt.timedelta(days=1))
    ask("late", about=pat.person, due_at=timezone.now() - dt.timedelta(hours=1))
    shown = page(desk.get("/desk/"))
    assert shown.index("Pat Example") < shown.index("Quinn Sample")
    assert shown.count("Overdue by 1 hour") == 1 and "Nobody has it yet" in shown and "tries" not in shown


def test_whose_task_it_is_is_told_and_can_be_chosen(desk, ask, dee, clare, pat, quinn):
    take_task(task=ask("a", about=pat.person, due_at=timezone.now() + dt.timedelta(days=1)), by=dee.person)
    take_task(task=ask("b", about=quinn.person), by=clare.person)
    ask("c", kind="mark_without_place")
    everything = page(desk.get("/desk/"))
    assert "You have it" in everything and "Clare Clinic has it" in everything and "Mine" in everything
    own, free = page(desk.get("/desk/?show=own")), page(desk.get("/desk/?show=free"))
    assert "Pat Example" in own and "Quinn Sample" not in own
    assert "Came without a place" in free and "Pat Example" not in free
    assert "Quinn Sample" in page(desk.get("/desk/?show=nonsense"))


def test_the_queue_is_narrowed_to_what_is_overdue_and_to_a_kind(desk, ask, pat, quinn):
    ask("late", about=pat.person, due_at=timezone.now() - dt.timedelta(hours=1))
    ask("soon", about=quinn.person, due_at=timezone.now() + dt.timedelta(hours=1))
    ask("other", kind="mark_without_place", about=quinn.person)
    assert "Place in doubt (2)" in page(desk.get("/desk/")) and "Came without a place (1)" in page(desk.get("/desk/"))
    late = page(desk.get("/desk/?show=overdue"))
    assert "Place in doubt: Pat Example" in late and "Quinn Sample" not in late
    kind = page(desk.get("/desk/?kind=mark_without_place"))
    assert "Came without a place: Quinn Sample" in kind and "Place in doubt: " not in kind
    both = page(desk.get("/desk/?kind=mark_without_place&show=overdue"))
    assert "Nothing here." in both
    assert "Pat Example" in page(desk.get("/desk/?kind=nonsense"))


def test_a_kind_whose_last_task_was_done_still_says_so(desk, ask):
    assert "Nothing here." in page(desk.get("/desk/?kind=waiting_call"))


def test_a_date_that_could_not_be_published_is_told_apart_from_the_next(desk, ask):
    for on in ("2027-03-02", "2027-03-09"):
        ask(on, kind="date_not_published", context={"class": "Chair yoga", "on": on})
    shown = page(desk.get("/desk/"))
    assert "A date could not be published: Chair yoga, Tuesday 2 March 2027" in shown
    assert "A date could not be published: Chair yoga, Tuesday 9 March 2027" in shown


def test_what_cannot_wait_stands_on_top_and_on_every_other_page_until_somebody_has_it(desk, ask, dee, clare, pat):
    ask("late", about=pat.person, due_at=timezone.now() - dt.timedelta(days=3))
    urgent = ask("urgent", kind="not_well_call", about=pat.person, urgent_for=Permission.WORK_AT_DESK)
    tell_on_call(task=urgent, by=pat.person)
    shown = page(desk.get("/desk/"))
    assert shown.index("Call: not well on the day: Pat Example") < shown.index("Place in doubt: Pat Example")
    assert "Cannot wait" in shown and "Written to: Clare Clinic at noon and Dee Desk at noon" in shown
    assert f'Something cannot wait, and nobody is seeing to it.</span> <a href="/desk/tasks/{urgent.pk}/">' in page(
        desk.get("/desk/people/")
    )
    sheet = page(desk.get(f"/desk/tasks/{urgent.pk}/"))
    assert "Until somebody sees to it, the next is told every 15 minutes." in sheet and "is seeing to it." not in sheet
    again = ask("urgent too", kind="not_well_call", urgent_for=Permission.WORK_AT_DESK)
    assert "Some things cannot wait" in page(desk.get("/desk/people/"))
    desk.post(f"/desk/tasks/{again.pk}/take/")
    desk.post(f"/desk/tasks/{urgent.pk}/take/")
    assert "cannot wait" not in page(desk.get("/desk/people/")) and "Cannot wait" not in page(desk.get("/desk/"))
    assert "Nobody else is told while somebody sees to it." in page(desk.get(f"/desk/tasks/{urgent.pk}/"))


def test_the_call_sheet_names_whom_the_person_lets_us_call_instead(desk, ask, pat, sam):
    task = ask("welfare", kind="welfare_call", about=pat.person)
    sheet = f"/desk/tasks/{task.pk}/"
    assert "If you do not reach them" not in page(desk.get(sheet))
    Supporter.objects.filter(person=sam.person).update(scopes=["be_contacted"])
    ContactPoint.objects.create(person=sam.person, channel="phone", value="+441632960777")
    shown = page(desk.get(sheet))
    assert "Pat lets us call or write to:" in shown and "Sam Helper" in shown and "01632 960777" in shown
    ContactPoint.objects.filter(person=sam.person).delete()
    assert "No way to reach them is noted." in page(desk.get(sheet))


def test_who_tries_what_cannot_wait_has_it(desk, ask, dee, pat):
    urgent = ask("urgent", kind="not_well_call", about=pat.person, urgent_for=Permission.WORK_AT_DESK)
    desk.post(f"/desk/tasks/{urgent.pk}/", {"outcome": "no_answer"})
    urgent.refresh_from_db()
    assert urgent.owner == dee.person


def test_what_one_cannot_do_is_given_back_and_only_by_whoever_has_it(desk, ask, dee, clare, sign_in):
    task = take_task(task=ask(), by=dee.person)
    other = sign_in(clare)
    assert "give it back" not in page(other.get(f"/desk/tasks/{task.pk}/"))
    assert "not yours to give back" in page(other.post(f"/desk/tasks/{task.pk}/give-back/", follow=True))
    assert "Given back" in page(desk.post(f"/desk/tasks/{task.pk}/give-back/", follow=True))
    task.refresh_from_db()
    assert task.owner is None
    close_task(task=task, outcome="done", by=clare.person)
    assert "closed before" in page(desk.post(f"/desk/tasks/{task.pk}/give-back/", follow=True))


def test_a_long_night_stays_one_line(desk, ask, dee, pat, noon):
    urgent = ask("urgent", kind="not_well_call", about=pat.person, urgent_for=Permission.WORK_AT_DESK)
    assert "Nobody could be written to yet" in page(desk.get("/desk/"))
    for hour in range(6):
        noon.move_to(NOON + dt.timedelta(hours=hour))
        TaskAlert.objects.create(task=urgent, person=dee.person, on_call=True)
    assert "at 5pm, and 2 times before" in page(desk.get("/desk/"))


def test_a_narrowed_queue_without_tasks_leads_back_to_all(desk, ask):
    ask()
    assert "Show everything to do" in page(desk.get("/desk/?show=own"))


def test_the_queue_costs_the_same_for_any_number_of_tasks(desk, ask, pat, quinn):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            desk.get("/desk/")
        return len(queries)

    take_task(task=ask("first", about=pat.person), by=pat.person)
    one = cost()
    for number in range(20):
        take_task(task=ask(f"more:{number}", about=quinn.person), by=quinn.person)
    assert cost() == one


def test_closed_tasks_are_not_in_the_queue(desk, ask, dee, pat):
    close_task(task=ask(about=pat.person), outcome="done", by=dee.person)
    assert "Nothing to do." in page(desk.get("/desk/"))


def test_the_call_sheet_of_a_welfare_call_says_what_to_say(desk, ask, pat):
    task = ask("welfare", kind="welfare_call", about=pat.person)
    sheet = page(desk.get(f"/desk/tasks/{task.pk}/"))
    assert "What to say" in sheet and "We have missed you in class" in sheet and "never held against" in sheet
    desk.post(f"/desk/tasks/{task.pk}/", {"outcome": "left_word"})
    task.refresh_from_db()
    assert task.state == TaskState.OPEN
    desk.post(f"/desk/tasks/{task.pk}/", {"outcome": "heard", "note": "Would like mornings"})
    task.refresh_from_db()
    assert (task.state, task.outcome) == (TaskState.DONE, "heard")


def test_the_call_sheet_about_fewer_contacts_says_what_was_counted_and_tells_no_number_to_the_person(desk, ask, pat):
    facts = {"came": 0, "planned": 4, "weeks": 4}
    task = ask(kind="fewer_contacts", about=pat.person, subject_id=pat.pk, context=facts)
    assert "Came less often than planned: Pat Example" in page(desk.get("/desk/"))
    sheet = page(desk.get(f"/desk/tasks/{task.pk}/"))
    assert "In the 4 weeks that were counted they came not once, and the plan is 4 times or more." in sheet
    assert f'<a href="/desk/people/{pat.pk}/">Look at their page</a>' in sheet and "Say no numbers" in sheet


# --- who may -----------------------------------------------------------------


@pytest.mark.parametrize("who", ["pat", "ines", "omar", "ada", "nell", "sam"])
def test_nobody_but_the_desk_sees_tasks_or_messages(call, sign_in, request, who):
    someone_else = request.getfixturevalue(who)
    browser = sign_in(getattr(someone_else, "person", someone_else).user if who in ("pat", "ines") else someone_else)
    message = Message.objects.get()
    assert browser.get("/desk/").status_code == browser.get("/desk/messages/").status_code == 403
    assert browser.get(f"/desk/tasks/{call.pk}/").status_code == 404
    assert browser.get(f"/desk/messages/{message.pk}/").status_code == 404


# --- the call sheet ----------------------------------------------------------


def test_the_call_sheet_has_access_needs_before_everything_and_the_words_to_say(desk, call, pat):
    AccessNeed.objects.create(
        person=pat.person, kind="slow_speech", recorded_by=pat.person, review_on=dt.date(2028, 1, 1)
    )
    shown = page(desk.get(f"/desk/tasks/{call.pk}/"))
    assert "Call with a message: Pat Example" in shown
    main = shown[shown.index("<h1") :]
    assert main.index("Slow, clear speech") < main.index("01632 960222") < main.index("Your place is booked.")
    assert "dial 18002 then 01632 960222" in main and "Never refuse a relay call" in main
    assert "Do not leave a message" in main
    assert "Ask whether you speak with Pat Example" in main


def test_opening_a_call_sheet_is_logged(desk, call, pat, dee):
    desk.get(f"/desk/tasks/{call.pk}/")
    read = AccessLog.objects.get(what="call sheet")
    assert (read.by, read.target) == (dee.person, pat.person)


def test_looking_changes_nothing(desk, call):
    before = list(Task.objects.values()), list(Message.objects.values())
    desk.get(f"/desk/tasks/{call.pk}/")
    desk.get("/desk/")
    desk.get("/desk/messages/")
    assert (list(Task.objects.values()), list(Message.objects.values())) == before


def test_telling_the_person_closes_the_task_and_delivers_the_message(desk, call, dee):
    answer = desk.post(f"/desk/tasks/{call.pk}/", {"outcome": "reached", "note": "Will come"}, follow=True)
    assert answer.redirect_chain == [("/desk/", 302)]
    call.refresh_from_db()
    assert (call.state, call.outcome) == (TaskState.DONE, "reached")
    assert Message.objects.get().state == MessageState.DELIVERED
    closed = page(desk.get(f"/desk/tasks/{call.pk}/"))
    assert "This task is closed: “I told them”" in closed
    assert "Will come" in closed and "What came of it" not in closed


def test_no_answer_is_one_more_try_and_the_task_stays(desk, call, dee):
    answer = desk.post(f"/desk/tasks/{call.pk}/", {"outcome": "no_answer"}, follow=True)
    assert "Dee Desk: No answer" in page(answer)
    assert "1 try" in page(desk.get("/desk/"))
    call.refresh_from_db()
    assert call.state == TaskState.OPEN


@pytest.mark.parametrize("sent", [{}, {"outcome": "nonsense"}, {"outcome": "no_answer", "note": "x" * 501}])
def test_what_cannot_be_kept_is_named_and_nothing_is_lost(desk, call, sent):
    answer = desk.post(f"/desk/tasks/{call.pk}/", sent)
    assert answer.status_code == 422
    assert "<title>Error: " in page(answer)
    assert sent.get("note", "") in page(answer)
    assert not call.attempts.exists()


def test_a_task_that_somebody_closed_meanwhile_is_a_conflict_that_says_so(desk, call, clare):
    close_task(task=call, outcome="reached", by=clare.person)
    answer = desk.post(f"/desk/tasks/{call.pk}/", {"outcome": "no_answer"})
    assert answer.status_code == 409
    assert "closed before: “I told them”" in page(answer)
    assert call.attempts.count() == 1


def test_words_that_are_no_longer_needed_are_not_shown(desk, call):
    Booking.objects.update(state=BookingState.CANCELLED, ended_at=NOON)
    shown = page(desk.get(f"/desk/tasks/{call.pk}/"))
    assert "no longer needed" in shown and "Your place is booked." not in shown


def test_a_person_without_any_way_to_be_reached_is_said_to_have_none(desk, ask, pat):
    ContactPoint.objects.update(ended_at=timezone.now())
    assert "No way to reach them is noted." in page(desk.get(f"/desk/tasks/{ask(about=pat.person).pk}/"))


def test_a_task_about_nobody_and_of_an_unknown_kind_can_be_read_and_closed(desk, ask):
    task = ask(kind="mend_the_door")
    assert "Mend the door" in page(desk.get(f"/desk/tasks/{task.pk}/"))
    assert desk.post(f"/desk/tasks/{task.pk}/", {"outcome": "done"}).status_code == 302
    task.refresh_from_db()
    assert task.state == TaskState.DONE


def test_health_answers_are_decided_on_their_own_page_by_who_may(desk, ask, clare, sign_in, pat):
    task = ask(kind="review_clearance", subject_id=pat.pk, about=pat.person)
    address = f'href="/desk/people/{pat.pk}/clearance/"'
    assert address in page(sign_in(clare).get(f"/desk/tasks/{task.pk}/"))
    assert address not in page(desk.get(f"/desk/tasks/{task.pk}/"))


# --- taking ------------------------------------------------------------------


def test_a_task_is_taken_with_one_button(desk, ask, dee):
    task = ask()
    assert "I will do it" in page(desk.get(f"/desk/tasks/{task.pk}/"))
    answer = desk.post(f"/desk/tasks/{task.pk}/take/", follow=True)
    assert "This task is yours now." in page(answer) and "I will do it" not in page(answer)
    task.refresh_from_db()
    assert task.owner == dee.person


def test_a_task_is_taken_over_from_the_person_the_page_named_only(desk, ask, dee, clare, ada):
    task = take_task(task=ask(), by=clare.person)
    assert "Take it over from Clare Clinic" in page(desk.get(f"/desk/tasks/{task.pk}/"))
    lost = desk.post(f"/desk/tasks/{task.pk}/take/", follow=True)
    assert "Clare Clinic has just taken this task." in page(lost)
    desk.post(f"/desk/tasks/{task.pk}/take/", {"instead_of": clare.person.pk})
    task.refresh_from_db()
    assert task.owner == dee.person


def test_a_closed_task_is_not_taken(desk, ask, clare):
    task = close_task(task=ask(), outcome="done", by=clare.person)
    assert "This task was closed before." in page(desk.post(f"/desk/tasks/{task.pk}/take/", follow=True))


def test_taking_needs_a_post(desk, ask):
    task = ask()
    assert desk.get(f"/desk/tasks/{task.pk}/take/").status_code == 405


# --- waiting for a place -----------------------------------------------------


@pytest.fixture
def offer(programme, pat, ask):
    """A place is free, and Pat waits for it."""
    session = SessionFactory(programme=programme, capacity=1)
    booking = BookingFactory(session=session, participant=pat, state=BookingState.WAITING)
    return booking, ask(f"waiting_call:{booking.pk}", kind="waiting_call", subject_id=booking.pk, about=pat.person)


def test_the_sheet_of_an_offer_names_the_class(desk, offer):
    booking, task = offer
    shown = page(desk.get(f"/desk/tasks/{task.pk}/"))
    assert booking.session.class_type.name in shown and "They take the place" in shown


def test_taking_the_place_by_phone_books_it(desk, offer):
    booking, task = offer
    assert desk.post(f"/desk/tasks/{task.pk}/", {"outcome": "takes_place"}).status_code == 302
    booking.refresh_from_db()
    task.refresh_from_db()
    assert booking.state == BookingState.BOOKED
    assert task.state != TaskState.OPEN and task.attempts.get().outcome == "takes_place"


def test_not_wanting_the_place_leaves_the_list(desk, offer):
    booking, task = offer
    desk.post(f"/desk/tasks/{task.pk}/", {"outcome": "declines"})
    booking.refresh_from_db()
    assert booking.state == BookingState.CANCELLED


def test_who_cannot_be_reached_keeps_the_turn_and_the_next_is_asked(desk, offer, quinn):
    booking, task = offer
    BookingFactory(session=booking.session, participant=quinn, state=BookingState.WAITING)
    desk.post(f"/desk/tasks/{task.pk}/", {"outcome": "pass_by"})
    booking.refresh_from_db()
    assert booking.state == BookingState.WAITING
    assert not Task.objects.to_do().exists()
    assert quinn.bookings.get().state == BookingState.OFFERED, "Quinn reads email"


def test_a_place_that_has_gone_meanwhile_is_a_conflict_in_words_and_the_call_is_kept(desk, offer):
    booking, task = offer
    Session.objects.update(places_taken=1)
    answer = desk.post(f"/desk/tasks/{task.pk}/", {"outcome": "takes_place", "note": "Asked for Tuesday"})
    assert answer.status_code == 409
    assert "The free place has just gone." in page(answer) and "Asked for Tuesday" in page(answer)
    booking.refresh_from_db()
    assert booking.state == BookingState.WAITING and task.attempts.count() == 1


def test_an_offer_about_a_booking_that_is_gone_says_so(desk, ask, pat):
    task = ask(kind="waiting_call", subject_id=0, about=pat.person)
    answer = desk.post(f"/desk/tasks/{task.pk}/", {"outcome": "takes_place"})
    assert answer.status_code == 409 and "This booking is gone." in page(answer)


# --- messages ----------------------------------------------------------------


def test_an_empty_list_of_messages_says_when_some_appear(desk):
    assert "They appear as soon as" in page(desk.get("/desk/messages/"))


def test_the_life_of_a_message_can_be_followed(desk, call):
    message = Message.objects.get()
    listed = page(desk.get("/desk/messages/"))
    assert "Place booked: Pat Example" in listed and "To call or write" in listed
    life = page(desk.get(f"/desk/messages/{message.pk}/"))
    assert "By phone" in life and "1 try" in life and f"/desk/tasks/{call.pk}/" in life
    desk.post(f"/desk/tasks/{call.pk}/", {"outcome": "reached"})
    assert "The person knows" in page(desk.get(f"/desk/messages/{message.pk}/"))


def test_the_life_of_a_message_names_each_step_and_what_follows(desk, call):
    life = page(desk.get(f"/desk/messages/{Message.objects.get().pk}/"))
    assert "Given to the desk, by phone" in life and "Everything about Pat Example" in life
    assert "What happened to it" in life and "Send it again" not in life


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("contact_stopped", "all contact with this person has ended"),
        ("declined", "this person does without messages of this kind"),
        ("over", "what it would say was no longer so"),
        ("taken_back", "something else happened first"),
    ],
)
def test_why_nothing_was_sent_is_said(desk, call, why, words):
    message = Message.objects.get()
    Message.objects.update(state="not_wanted")
    MessageStep.objects.create(message=message, what="not_wanted", reason=why)
    life = page(desk.get(f"/desk/messages/{message.pk}/"))
    assert life.count(words) == 2 and f"Nothing is sent: {words}" in life


def test_what_was_decided_before_steps_were_kept_gives_no_reason(desk, call):
    message = Message.objects.create(
        programme=call.programme, person=call.about, kind="registered", state="not_wanted", dedupe_key="old"
    )
    life = page(desk.get(f"/desk/messages/{message.pk}/"))
    assert "The steps of this message were not kept." in life and "Nothing is sent" not in life


@pytest.fixture
def failed(desk, call):
    """Pat's letter of confirmation could not be sent; there is a mailbox, too."""
    Message.objects.update(state="failed", attempts=4, channel="text", last_error="NotifyRefused 400")
    ContactPoint.objects.filter(person=call.about).update(channel="email", value="pat@example.org")
    return Message.objects.get()


def test_what_is_sent_again_at_night_is_said_to_go_in_the_morning(desk, failed, monkeypatch):
    monkeypatch.setattr("messaging.again.quiet_until", lambda at: NOON.replace(hour=8))
    point = ContactPoint.objects.get(person=failed.person)
    sent = desk.post(f"/desk/messages/{failed.pk}/", {"point": point.pk}, follow=True)
    assert "It goes at 8am." in page(sent) and "leaves now" not in page(sent)


def test_a_message_that_failed_is_sent_again_once_from_its_page(desk, failed, dee, mailoutbox):
    address = f"/desk/messages/{failed.pk}/"
    assert "By email to pat@example.org" in page(desk.get(address))
    assert desk.post(address, {}).status_code == 422
    point = ContactPoint.objects.get(person=failed.person)
    assert "It leaves now." in page(desk.post(address, {"point": point.pk}, follow=True))
    deliver_due()
    assert [sent.to for sent in mailoutbox] == [["pat@example.org"]]
    life = page(desk.get(address))
    assert f"To be sent again, by hand, by email ({dee.person.full_name})" in life and "Send it again" not in life
    assert desk.post(address, {"point": point.pk}).status_code == 409
    assert AccessLog.objects.filter(what="message", target=failed.person, by=dee.person).exists()


def test_no_page_of_a_message_holds_its_words_or_links(desk, failed):
    life = page(desk.get(f"/desk/messages/{failed.pk}/"))
    assert "Hello Pat" not in life and "If you cannot come" not in life


def test_a_text_on_somebodys_phone_has_not_been_read_for_that(desk, call):
    Message.objects.update(state="delivered", channel="text", sent_as="n1")
    life = page(desk.get(f"/desk/messages/{Message.objects.get().pk}/"))
    assert "On their phone" in life and "By text message (SMS)" in life
    assert "The person knows" not in life
    assert "On their phone" in page(desk.get("/desk/messages/"))
    Message.objects.update(sent_as="")  # somebody told them, who would have had a text
    assert "The person knows" in page(desk.get(f"/desk/messages/{Message.objects.get().pk}/"))


def test_messages_are_narrowed_by_what_became_of_them(desk, call):
    assert "Pat Example" in page(desk.get("/desk/messages/?state=with_desk"))
    assert "Pat Example" not in page(desk.get("/desk/messages/?state=failed"))
    assert "Pat Example" in page(desk.get("/desk/messages/?state=nonsense"))


def test_a_failed_message_says_what_went_wrong_without_the_address(desk, pat, programme):
    message = Message.objects.create(
        programme=programme, person=pat.person, kind="of_old", state="failed", last_error="SMTPDataError 451",
        channel="email", finished_at=timezone.now(), attempts=4, dedupe_key="x",
    )  # fmt: skip
    life = page(desk.get(f"/desk/messages/{message.pk}/"))
    assert "Of old: Pat Example" in life and "SMTPDataError 451" in life and "Not delivered" in life
    assert "pat@example.org" not in life


@pytest.mark.parametrize(("minutes", "said"), [(4, False), (6, True)])
def test_the_desk_reads_that_messages_have_stopped_leaving(desk, pat, minutes, said):  # pitfalls 62
    put = {"programme": pat.programme, "person": pat.person, "kind": "booking_confirmed", "dedupe_key": "x"}
    Message.objects.create(due_at=timezone.now() - dt.timedelta(minutes=minutes), **put)
    assert ("1 message should have left by now and has not." in page(desk.get("/desk/"))) is said


def test_a_desk_hears_nothing_of_the_messages_of_others(desk, pat):
    put = {"programme": ProgrammeFactory(), "person": pat.person, "kind": "booking_confirmed", "dedupe_key": "x"}
    Message.objects.create(due_at=timezone.now() - dt.timedelta(hours=1), **put)
    assert "should have left" not in page(desk.get("/desk/"))
