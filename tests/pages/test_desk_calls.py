"""Who is on the line, and what the desk's pages then show: on the page of a person, and on the sheet of a call."""

import datetime as dt
from html.parser import HTMLParser

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Channel, ContactPoint
from classes.telling import notices
from messaging.calls import LASTS
from messaging.delivery import deliver_due
from messaging.models import Call, CallEnd, Task
from messaging.worklist import raise_task
from participants.callers import NoLongerHelps
from participants.models import Supporter, SupporterScope
from participants.needs import record_needs
from participants.rules.application import Need
from participants.support import change_scopes, end_support
from tests.factories.classes import BookingFactory, SessionFactory

pytestmark = pytest.mark.django_db
BOTH = {"who": "self", "right": ["born", "reference"]}


class Eyes(HTMLParser):
    """What is seen before anything is opened."""

    def __init__(self):
        super().__init__()
        self.folded, self.in_summary, self.words = 0, False, []

    def handle_starttag(self, tag, attrs):
        self.folded += tag == "details"
        self.in_summary = self.in_summary or tag == "summary"

    def handle_endtag(self, tag):
        self.folded -= tag == "details"
        self.in_summary = self.in_summary and tag != "summary"

    def handle_data(self, data):
        if not self.folded or (self.in_summary and self.folded == 1):
            self.words.append(data.strip())


def seen(answer):
    eyes = Eyes()
    eyes.feed(answer.content.decode())
    return " ".join(word for word in eyes.words if word)


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(dt.datetime(2027, 2, 3, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def desk(_noon, dee, sign_in):
    return sign_in(dee)


@pytest.fixture
def page(pat):
    return f"/desk/people/{pat.pk}/"


@pytest.fixture
def ask(desk, page):
    """Post who is on the line, and look at the page of the person then."""

    def ask(**sent):
        answer = desk.post(f"{page}caller/", sent)
        assert answer.status_code == 302, answer.content.decode()
        return seen(desk.get(answer["Location"]))

    return ask


# --- the page of a person ----------------------------------------------------


def test_before_anybody_is_known_the_page_says_how_to_speak_and_asks_who_is_there(desk, pat, page):
    record_needs(person=pat.person, needs=[Need("slow_speech")], shared=(), by=pat.person)
    shown = seen(desk.get(page))
    assert shown.index("Slow, clear speech") < shown.index("Who is on the line?")
    assert "Not identified yet: what is kept about Pat" in shown
    for kept in ("Safe to take part?", "What they agreed to", "How to reach them", "Book a class for them"):
        assert kept not in shown
    assert "They have died" in shown  # whoever calls to say so is nearly always somebody else
    assert not Call.objects.exists()


def test_two_facts_open_the_page_and_what_was_asked_is_kept(desk, dee, pat, page, ask):
    shown = ask(**BOTH)
    assert "Pat Example is on the line, known by date of birth and reference." in shown
    assert "Book a class for them" in shown and "Safe to take part?" in shown and "Who is on the line?" not in shown
    call = Call.objects.get()
    assert (call.about, call.by, call.caller, call.checked) == (pat.person, dee.person, "self", ["born", "reference"])


def test_who_has_lost_every_message_gives_their_place_back_by_telephone(desk, pat, page, ask):  # pitfalls 45
    session = SessionFactory(programme=pat.programme, places_taken=1)
    place = BookingFactory(session=session, participant=pat)
    assert page in desk.post("/desk/people/", {"said": "Example"}).content.decode()
    ask(who="self", right=["born", "emergency"])
    places = desk.post(f"{page}book/", {"to": "places"}, follow=True).content.decode()
    booking = desk.get(f"/me/bookings/{place.pk}/").content.decode()
    assert f"/me/bookings/{place.pk}/cancel/" in booking and "Was this page helpful?" not in booking
    assert f"/me/bookings/{place.pk}/" in places
    desk.post(f"/me/bookings/{place.pk}/cancel/", {"reason": "not_well"})
    place.refresh_from_db()
    assert (place.state, place.end_reason) == ("cancelled", "not_well")


def test_one_fact_is_not_enough_and_the_page_says_to_say_nothing(desk, page, ask):
    shown = ask(who="self", right=["born"])
    assert "Not identified. Say nothing about Pat Example" in shown and "Book a class for them" not in shown
    assert not Call.objects.get().identified
    assert "Book a class for them" in ask(**BOTH)


def test_a_stranger_who_knows_everything_hears_nothing(desk, page, ask):
    shown = ask(who="other", right=["born", "reference", "email"])
    assert "Not identified. Say nothing" in shown and "Book a class for them" not in shown


def test_a_helper_hears_what_they_may_and_the_page_says_so(desk, sam, page, ask):
    row = Supporter.objects.get(person=sam.person)
    shown = ask(who=f"helper-{row.pk}", right=["born", "reference"])
    assert "Sam Helper is on the line" in shown and "Sam Helper may book and cancel classes." in shown
    assert "Book a class for them" in shown and "Wellbeing checks" not in shown
    assert "Only for Pat Example: do not say any of it to Sam Helper" in shown and "Safe to take part?" not in shown
    assert (Call.objects.get().helper, Call.objects.get().scopes) == (sam.person, ["book"])


def test_help_that_is_taken_back_during_the_call_ends_what_may_be_said(desk, sam, pat, page, ask):
    row = Supporter.objects.get(person=sam.person)
    ask(who=f"helper-{row.pk}", right=["born", "reference"])
    change_scopes(supporter=row, scopes=[SupporterScope.SCRIBE], by=pat.person)
    shown = seen(desk.get(page))
    assert "Book a class for them" not in shown and "Wellbeing checks" not in shown  # neither then nor now
    end_support(supporter=row, by=pat.person)
    assert "Not identified. Say nothing" in seen(desk.get(page))


def test_a_helper_who_was_let_go_while_the_form_stood_open_is_refused(desk, sam, pat, page, monkeypatch):
    row = Supporter.objects.get(person=sam.person)
    assert desk.post(f"{page}caller/", {"who": f"helper-{row.pk + 99}"}).status_code == 422
    monkeypatch.setattr("frontend.views.desk.caller_form.callers.note_caller", _let_go)
    answer = desk.post(f"{page}caller/", {"who": f"helper-{row.pk}", "right": ["born"]})
    assert answer.status_code == 422 and "does not help them any more" in seen(answer)
    assert not Call.objects.exists()


def _let_go(**given):
    raise NoLongerHelps


def test_nothing_chosen_is_asked_again_on_a_page_of_its_own(desk, page):
    answer = desk.post(f"{page}caller/", {"right": ["born"]})
    assert answer.status_code == 422 and "Select who is on the line" in seen(answer)
    assert 'value="born" checked' in " ".join(answer.content.decode().split())
    assert desk.get(f"{page}caller/").status_code == 200 and not Call.objects.exists()


def test_a_call_ends_with_one_button_and_the_page_is_closed_again(desk, page, ask):
    ask(**BOTH)
    assert "On the phone with Pat Example" in seen(desk.get("/desk/"))
    answer = desk.post("/desk/call/end/", follow=True)
    assert answer.redirect_chain[-1][0] == page
    assert "Who is on the line?" in seen(answer) and "On the phone" not in seen(answer)
    assert CallEnd.objects.count() == 1
    again = desk.post("/desk/call/end/")
    assert again["Location"] == "/desk/people/"


def test_a_call_holds_for_half_an_hour_and_for_one_person(desk, quinn, page, ask):
    ask(**BOTH)
    assert "Who is on the line?" in seen(desk.get(f"/desk/people/{quinn.pk}/"))
    with time_machine.travel(timezone.now() + LASTS + dt.timedelta(seconds=1)):
        assert "Who is on the line?" in seen(desk.get(page))
    assert "on_the_phone" not in desk.session


def test_the_call_of_one_is_not_that_of_a_colleague(desk, clare, sign_in, page, ask):
    ask(**BOTH)
    assert "Who is on the line?" in seen(sign_in(clare).get(page))


def test_looking_at_a_page_notes_no_call(desk, page):
    for address in (page, f"{page}caller/"):
        desk.get(address)
    assert desk.get("/desk/call/end/").status_code == 405
    assert not Call.objects.exists()


# --- the sheet of a call -----------------------------------------------------


@pytest.fixture
def sheet(programme, pat, desk, monkeypatch):
    """The task to tell Pat, who is reached by phone, of a place."""
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    ContactPoint.objects.filter(person=pat.person).update(channel=Channel.PHONE, value="+441632960222")
    session = SessionFactory(programme=programme, starts_at=timezone.now() + dt.timedelta(days=2))
    notices.booking_confirmed(BookingFactory(session=session, participant=pat), pat.person)
    deliver_due()
    return f"/desk/tasks/{Task.objects.get().pk}/"


def test_whoever_answers_is_asked_before_the_message_is_read_out(desk, pat, sheet):
    shown = seen(desk.get(sheet))
    assert "01632 960222" in shown and "Not identified yet: what the call is about" in shown
    assert "Your place is booked." not in shown and "What came of it?" in shown
    answer = desk.post(f"{sheet}caller/", {"who": "self", "right": ["born"]})
    assert answer["Location"] == sheet
    assert "Your place is booked." in seen(desk.get(sheet))
    assert Call.objects.get().checked == ["born", "dialled"]


def test_whoever_else_answers_hears_nothing(desk, sheet):
    desk.post(f"{sheet}caller/", {"who": "other", "right": ["born"]})
    shown = seen(desk.get(sheet))
    assert "Not identified. Say nothing about Pat Example" in shown and "Your place is booked." not in shown


def test_a_helper_who_answers_hears_a_message_only_if_they_may_see_messages(desk, sam, pat, sheet):
    row = Supporter.objects.get(person=sam.person)
    desk.post(f"{sheet}caller/", {"who": f"helper-{row.pk}", "right": ["born"]})
    assert "Your place is booked." not in seen(desk.get(sheet))
    change_scopes(supporter=row, scopes=[SupporterScope.SEE_MESSAGES], by=pat.person)
    desk.post(f"{sheet}caller/", {"who": f"helper-{row.pk}", "right": ["born"]})
    assert "Your place is booked." in seen(desk.get(sheet))


def test_a_letter_and_a_closed_task_ask_nobody(desk, dee, pat, programme, sheet):
    letter = raise_task(
        programme=programme, kind="letter", about=pat.person, due_at=timezone.now(), dedupe_key="l", by=dee.person
    )
    assert "Who is on the line?" not in seen(desk.get(f"/desk/tasks/{letter.pk}/"))
    desk.post(sheet, {"outcome": "reached"})
    assert "Who is on the line?" not in seen(desk.get(sheet))
    assert desk.post(f"{sheet}caller/", {"who": "self"}).status_code == 404


def test_a_task_about_nobody_of_the_programme_has_nobody_to_ask(desk, dee, sam, programme):
    task = raise_task(
        programme=programme, kind="call", about=sam.person, due_at=timezone.now(), dedupe_key="s", by=dee.person
    )
    assert desk.post(f"/desk/tasks/{task.pk}/caller/", {"who": "self"}).status_code == 404
    assert "ask for their name" in seen(desk.get(f"/desk/tasks/{task.pk}/"))
