"""The instructor's own classes and their registers, as pages."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import AccessLog, User
from classes.judging.refusals import TryAgain
from classes.models import Attendance, Booking, BookingState, CompanionMark, Session, SessionLeader
from classes.timetable import cancel_session
from frontend import cancelling
from frontend.views.teach.wording import photo_count, photo_words
from instructors.models import Instructor
from instructors.roster import stand_down
from participants.consents import give_consent
from participants.models import AccessNeed, ConsentText, Participant
from tests.factories.classes import AttendanceFactory, BookingFactory, GuestFactory, SessionFactory
from tests.factories.participants import ClearanceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(ines: Instructor) -> Session:
    """Ines's class, which began ten minutes ago."""
    return SessionFactory(
        programme=ines.programme,
        leader=ines,
        class_type__name="Gentle strength",
        starts_at=timezone.now() - dt.timedelta(minutes=10),
    )


@pytest.fixture
def booking(session: Session, pat: Participant) -> Booking:
    ClearanceFactory(
        participant=pat, state="cleared_adapted", adaptations=["seated_only", "stoma"], note="her own words"
    )
    AccessNeed.objects.create(
        person=pat.person,
        kind="hearing_loop",
        share_with_instructors=True,
        recorded_by=pat.person,
        review_on=timezone.localdate(),
    )
    return BookingFactory(session=session, participant=pat, party=2)


@pytest.fixture
def browser(ines: Instructor, sign_in: Any) -> Client:
    client: Client = sign_in(ines.person.user)
    return client


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def fields_of(answer: Any) -> dict[str, str]:
    """What a browser would send back: hidden fields, texts and chosen radios."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", answer.content.decode()):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if given.get("type") == "radio" and " checked" not in tag:
            continue
        if "name" in given:
            found[given["name"]] = given.get("value", "")
    return found


def register(session: Session) -> str:
    return f"/teach/classes/{session.pk}/register/"


# --- lists -------------------------------------------------------------------


def test_today_this_week_and_unfinished_registers_are_told_apart(
    browser: Client, ines: Instructor, ivor: Instructor, session: Session, booking: Booking
) -> None:
    def at(days: int, name: str, leader: Instructor = ines) -> Session:
        return SessionFactory(
            programme=ines.programme,
            leader=leader,
            class_type__name=name,
            starts_at=timezone.now() + dt.timedelta(days=days),
        )

    at(3, "This week class")
    at(20, "Later class")
    at(3, "Somebody elses class", ivor)
    BookingFactory(session=at(-3, "Unfinished class"))
    AttendanceFactory(booking=BookingFactory(session=at(-4, "Finished class")))
    BookingFactory(session=at(-20, "Too old class"))
    words = text_of(browser.get("/teach/"))
    assert "Registers to finish" in words
    for shown in ("Gentle strength", "This week class", "Unfinished class", "0 of 10 booked"):
        assert shown in words
    finished = words.index("Registers you can still change: 1")
    assert words.index("Unfinished class") < finished < words.index("Finished class ", finished)
    for hidden in ("Later class", "Somebody elses class", "Too old class"):
        assert hidden not in words.replace("Unfinished class", "")
    assert "Later class" in text_of(browser.get("/teach/classes/"))


def test_what_to_think_of_stands_with_the_date_and_tells_of_health_no_earlier_than_the_register(
    browser: Client, ines: Instructor, pat: Participant
) -> None:
    ClearanceFactory(participant=pat, state="cleared_adapted", adaptations=["seated_only"])
    now = timezone.now()
    for hours in (3, 4.5, 48):
        standing = {"class_type__positions": ["standing"], "class_type__name": f"In {hours} hours"}
        at = now + dt.timedelta(hours=hours)
        one = SessionFactory(programme=ines.programme, leader=ines, starts_at=at, **standing)
        BookingFactory(session=one, participant=pat)
    for address in ("/teach/", "/teach/classes/"):
        words = text_of(browser.get(address))
        assert words.count("Note: 1 person with a place exercises in another way than this class.") == 2
        assert words.count("Note: Less than an hour to get to or from In 3 hours,") == 1
        assert "Pat" not in words


def test_a_finished_register_can_be_found_while_it_may_be_changed(browser: Client, ines: Instructor) -> None:
    def over(days: int, name: str) -> Session:
        start = timezone.now() - dt.timedelta(days=days)
        held: Session = SessionFactory(
            programme=ines.programme, leader=ines, class_type__name=name, starts_at=start, ends_at=start
            + dt.timedelta(minutes=45),
        )  # fmt: skip
        return held

    done, older = over(3, "Finished class"), over(15, "Closed register")
    over(4, "Nobody came")
    for session in (done, older):
        AttendanceFactory(booking=BookingFactory(session=session))
    words = text_of(browser.get("/teach/"))
    assert "Registers you can still change: 1" in words
    assert "Finished class" in words
    assert "Closed register" not in words
    assert "Nobody came" not in words
    assert "Registers to finish" not in words


def test_a_class_earlier_today_is_not_forgotten(browser: Client, ines: Instructor) -> None:
    with time_machine.travel(timezone.localtime().replace(hour=15), tick=False):
        start = timezone.now() - dt.timedelta(hours=3)
        over: Session = SessionFactory(
            programme=ines.programme, leader=ines, starts_at=start, ends_at=start + dt.timedelta(hours=1)
        )
        AttendanceFactory(booking=BookingFactory(session=over))
        assert "You have no more classes today." in text_of(browser.get("/teach/"))


def test_a_week_without_classes_says_what_to_do(browser: Client) -> None:
    words = text_of(browser.get("/teach/"))
    assert "You have no class today." in words
    assert "Add a class" in words
    assert "You have no classes to come." in text_of(browser.get("/teach/classes/"))


def test_a_cancelled_class_stays_on_the_list_as_cancelled(browser: Client, ines: Instructor, dee: User) -> None:
    soon = SessionFactory(programme=ines.programme, leader=ines)
    cancel_session(session=soon, reason="The hall is shut", by=dee.person)
    assert "Class cancelled" in text_of(browser.get("/teach/"))
    assert "The hall is shut" in text_of(browser.get(f"/teach/classes/{soon.pk}/"))
    assert browser.get(register(soon)).status_code == 404


@pytest.mark.parametrize("classes", [1, 6])
def test_the_lists_take_the_same_number_of_queries_however_long(
    browser: Client, ines: Instructor, classes: int, django_assert_max_num_queries: Any
) -> None:
    for n in range(classes):
        SessionFactory(programme=ines.programme, leader=ines, starts_at=timezone.now() + dt.timedelta(hours=2 + n * 2))
        BookingFactory(
            session=SessionFactory(
                programme=ines.programme, leader=ines, starts_at=timezone.now() - dt.timedelta(days=1 + n)
            )
        )
    with django_assert_max_num_queries(8):
        assert browser.get("/teach/").status_code == 200
    with django_assert_max_num_queries(7):
        assert browser.get("/teach/classes/").status_code == 200


DOOR = "For people who come without booking 3"


def test_the_class_page_tells_numbers_place_and_link(browser: Client, session: Session, booking: Booking) -> None:
    BookingFactory(session=session, state=BookingState.WAITING)
    beside = {"companions_beside": True, "companions": 1}
    Session.objects.filter(pk=session.pk).update(places_taken=2, reserved=1, walk_in=3, **beside)
    words = text_of(browser.get(f"/teach/classes/{session.pk}/"))
    for told in (
        "Expected in the hall 3 people, 1 of them without a place",
        "Gentle strength",
        "2 of 10",
        "Waiting for a place 1",
        "Kept back 1",
        "Take the register",
        DOOR,
    ):
        assert told in words
    assert "Pat" not in words
    remote = SessionFactory(
        programme=session.programme,
        mode="remote",
        leader=session.leaders.get().instructor,
        join_url="https://meet.example.org/a",
        dial_in="01632 960555",
    )
    words = text_of(browser.get(f"/teach/classes/{remote.pk}/"))
    assert "https://meet.example.org/a" in words
    assert "See who is coming" in words


# --- whose -------------------------------------------------------------------


PAGES = ["", "cancel/", "register/", "register/rest/"]


@pytest.mark.parametrize("page", PAGES)
def test_another_instructors_class_is_not_there(
    session: Session, booking: Booking, ivor: Instructor, sign_in: Any, page: str
) -> None:
    browser = sign_in(ivor.person.user)
    for answer in (
        browser.get(f"/teach/classes/{session.pk}/{page}"),
        browser.post(f"/teach/classes/{session.pk}/{page}"),
    ):
        assert answer.status_code in ((404, 405) if page == "" else (404,))
    assert not AccessLog.objects.exists()


@pytest.mark.parametrize("page", PAGES)
def test_a_participant_finds_nothing(
    session: Session, booking: Booking, pat: Participant, sign_in: Any, page: str
) -> None:
    assert sign_in(pat.person.user).get(f"/teach/classes/{session.pk}/{page}").status_code == 404


def test_who_is_stood_down_or_reassigned_loses_it_on_the_next_request(
    browser: Client, session: Session, booking: Booking, ines: Instructor, dee: User, sign_in: Any
) -> None:
    assert browser.get(register(session)).status_code == 200
    SessionLeader.objects.filter(session=session).update(active=False)
    assert browser.get(register(session)).status_code == 404
    assert browser.post(register(session), {}).status_code == 404
    SessionLeader.objects.filter(session=session).update(active=True)
    assert browser.get(register(session)).status_code == 200
    stand_down(instructor=ines, reason="left", by=dee.person)
    assert browser.get(register(session)).status_code == 302
    assert sign_in(ines.person.user).get(register(session)).status_code == 404


# --- the register ------------------------------------------------------------


def test_needs_and_adaptations_come_first_on_each_card(
    browser: Client, session: Session, booking: Booking, pat: Participant
) -> None:
    answer = browser.get(register(session))
    words = text_of(answer)
    order = ["Hearing loop", "Seated only", "Stoma", "Emergency: Emer Madeup", pat.reference, "Attended"]
    places = [words.index(part) for part in order]
    assert places == sorted(places)
    assert "Comes with a companion" in words
    assert "First class" in words
    assert "Ask Pat before the class: did not agree to share health facts." in words
    assert "her own words" not in words
    assert AccessLog.objects.get().target == pat.person


def test_a_need_in_their_own_words_stands_alone(
    browser: Client, session: Session, booking: Booking, pat: Participant
) -> None:
    about = {"person": pat.person, "share_with_instructors": True, "recorded_by": pat.person}
    for kind, detail in (("other", "the chair by the door"), ("language", "Portuguese")):
        AccessNeed.objects.create(kind=kind, detail=detail, review_on=timezone.localdate(), **about)
    words = text_of(browser.get(register(session)))
    assert "The chair by the door" in words
    assert "Another language: Portuguese" in words
    assert "Something else" not in words


def test_the_page_counts_and_names_the_few_who_are_left(
    browser: Client, session: Session, booking: Booking, quinn: Participant
) -> None:
    assert "Still to mark" not in text_of(browser.get(register(session)))  # everybody is: the list says so
    AttendanceFactory(booking=BookingFactory(session=session, participant=quinn))
    answer = browser.get(register(session))
    words = text_of(answer)
    assert "2 people, 1 without a mark." in words
    assert "1 of 2 marked" in words
    assert f'<a href="#person-b{booking.pk}">Pat Example</a>' in answer.content.decode()
    for _ in range(5):
        BookingFactory(session=session)
    assert "Still to mark" not in text_of(browser.get(register(session)))


def test_who_comes_along_has_a_tick_of_their_own(browser: Client, session: Session, booking: Booking) -> None:
    shown = fields_of(browser.get(register(session)))
    browser.post(register(session), {**shown, f"companion_b{booking.pk}": "not"})
    answer = browser.get(register(session))
    assert "Saved: 1 mark." in text_of(answer) and "Companion did not come" in text_of(answer)
    assert fields_of(answer)[f"companion_b{booking.pk}"] == "not" and not Attendance.objects.exists()
    browser.post(register(session), fields_of(answer))
    assert "Nothing had changed." in text_of(browser.get(register(session)))
    assert CompanionMark.objects.get().came is False


def test_the_fold_is_open_where_a_note_was_kept(browser: Client, session: Session, booking: Booking) -> None:
    assert '<details class="sf-person__more">' in browser.get(register(session)).content.decode()
    AttendanceFactory(booking=booking, note="Sat by the window")
    html = browser.get(register(session)).content.decode()
    assert '<details class="sf-person__more" open>' in html
    assert "Sat by the window" in html


def test_no_mark_is_chosen_in_advance_and_six_are_offered(
    browser: Client, session: Session, booking: Booking
) -> None:  # pitfalls 51
    html = browser.get(register(session)).content.decode()
    radios = re.findall(r"<input[^>]*type=\"radio\" id=\"id_state[^>]*>", html)
    assert len(radios) == 6
    assert not any("checked" in radio for radio in radios)


def test_somebody_not_cleared_is_flagged(browser: Client, session: Session, booking: Booking, pat: Participant) -> None:
    ClearanceFactory(participant=pat, state="needs_review")
    assert "Not cleared for this class: do not start." in text_of(browser.get(register(session)))


@pytest.mark.parametrize(
    ("offset", "shown"),
    [
        (dt.timedelta(hours=-24, seconds=-1), False),
        (dt.timedelta(hours=-24), True),
        (dt.timedelta(hours=49, seconds=-1), True),
        (dt.timedelta(hours=49), False),
    ],
)
def test_health_facts_are_on_the_page_within_the_window_to_the_second(
    browser: Client, session: Session, booking: Booking, offset: dt.timedelta, shown: bool
) -> None:
    with time_machine.travel(session.starts_at + offset, tick=False):
        words = text_of(browser.get(register(session)))
    assert "Pat Example" in words
    for fact in ("Hearing loop", "Seated only", "Emer Madeup", "did not agree to share"):
        assert (fact in words) is shown


def test_marks_are_saved_by_one_form_and_repeating_it_changes_nothing(
    browser: Client, session: Session, booking: Booking
) -> None:
    guest = GuestFactory(session=session)
    sent = fields_of(browser.get(register(session))) | {
        f"state_b{booking.pk}": "attended_in_part",
        f"note_b{booking.pk}": "rested twice",
        f"state_g{guest.pk}": "sent_home",
    }
    answer = browser.post(register(session), sent, follow=True)
    assert answer.redirect_chain == [(register(session), 302)]
    assert "Saved: 2 marks." in text_of(answer)
    assert "2 people, everybody has a mark." in text_of(answer)
    assert set(Attendance.objects.values_list("state", "note")) == {
        ("attended_in_part", "rested twice"),
        ("sent_home", ""),
    }
    before = list(Attendance.objects.order_by("id").values())
    browser.post(register(session), sent)
    assert list(Attendance.objects.order_by("id").values()) == before


def test_saving_again_without_a_change_adds_nothing(browser: Client, session: Session, booking: Booking) -> None:
    AttendanceFactory(booking=booking, note="ok")
    sent = fields_of(browser.get(register(session)))
    assert sent[f"state_b{booking.pk}"] == "attended"
    assert "Nothing had changed." in text_of(browser.post(register(session), sent, follow=True))
    assert Attendance.objects.count() == 1


def test_an_old_page_takes_back_nobody_elses_mark(browser: Client, session: Session, booking: Booking) -> None:
    old_page = fields_of(browser.get(register(session)))
    AttendanceFactory(booking=booking, state="sent_home")
    browser.post(register(session), old_page)
    assert list(Attendance.objects.values_list("state", flat=True)) == ["sent_home"]


def test_a_note_needs_a_mark_and_is_not_lost(browser: Client, session: Session, booking: Booking) -> None:
    sent = fields_of(browser.get(register(session))) | {f"note_b{booking.pk}": "left early"}
    answer = browser.post(register(session), sent)
    assert answer.status_code == 422
    assert "Select a mark for Pat Example, or take the note out" in text_of(answer)
    assert 'value="left early"' in answer.content.decode()
    assert not Attendance.objects.exists()


def test_a_mark_of_somebody_who_left_the_register_meanwhile_is_kept(
    browser: Client, session: Session, booking: Booking
) -> None:
    sent = fields_of(browser.get(register(session))) | {f"state_b{booking.pk}": "attended"}
    Booking.objects.filter(pk=booking.pk).update(state=BookingState.CANCELLED, ended_at=timezone.now())
    browser.post(register(session), sent)
    assert Attendance.objects.get().booking == booking


@pytest.mark.parametrize("key", ["x1", "b", "bx", "b١", "g9999999999999999999"])
def test_names_that_are_nobodys_are_left_out(browser: Client, session: Session, booking: Booking, key: str) -> None:
    browser.post(register(session), {f"state_{key}": "attended", f"state_b{booking.pk}": "flying"})
    browser.post(register(session), {f"state_{key}": "attended"})
    assert not Attendance.objects.exists()


def test_a_mark_of_another_class_is_refused(browser: Client, session: Session, booking: Booking) -> None:
    elsewhere = BookingFactory()
    answer = browser.post(register(session), {f"state_b{elsewhere.pk}": "attended"})
    assert answer.status_code == 409
    assert "1 mark could not be saved" in text_of(answer)
    assert not Attendance.objects.exists()


def test_a_page_without_its_ids_still_counts(browser: Client, session: Session, booking: Booking) -> None:
    browser.post(register(session), {f"state_b{booking.pk}": "attended", f"id_b{booking.pk}": "nonsense"})
    assert Attendance.objects.get().state == "attended"


def test_before_the_start_nothing_can_be_marked(browser: Client, session: Session, booking: Booking) -> None:
    with time_machine.travel(session.starts_at - dt.timedelta(seconds=1), tick=False):
        words = browser.get(register(session))
        assert "You can mark the register from the start" in text_of(words)
        assert 'type="radio"' not in words.content.decode()
        answer = browser.post(register(session), {f"state_b{booking.pk}": "attended"})
    assert answer.status_code == 409
    assert "Nothing was saved" in text_of(answer)


def test_after_fourteen_days_the_register_is_read_only(
    ines: Instructor, session: Session, booking: Booking, sign_in: Any
) -> None:
    AttendanceFactory(booking=booking, note="kept note")
    with time_machine.travel(session.ends_at + dt.timedelta(days=14), tick=False):
        browser = sign_in(ines.person.user)
        assert "Attended" in text_of(browser.get(register(session)))
        assert "This register closed" in text_of(browser.get(register(session)))
        answer = browser.post(register(session), {f"state_b{booking.pk}": "sent_home"})
    assert answer.status_code == 409
    assert "What this phone kept of your marks is sent as marks that come late" in text_of(answer)


def test_marking_the_rest_asks_first_and_marks_only_who_was_named(
    browser: Client, session: Session, booking: Booking, quinn: Participant
) -> None:  # pitfalls 51
    marked = BookingFactory(session=session, participant=quinn)
    sent = fields_of(browser.get(register(session))) | {f"state_b{marked.pk}": "attended", "rest": "yes"}
    asked = browser.post(register(session), sent, follow=True)
    assert asked.redirect_chain[-1][0] == register(session) + "rest/"
    assert "Nothing had changed." not in text_of(browser.post(register(session), {"rest": "yes"}, follow=True))
    assert "Pat Example" in text_of(asked)
    assert "Quinn Sample" not in text_of(asked)
    ids = fields_of(asked)
    empty = browser.post(register(session) + "rest/", ids)
    assert empty.status_code == 422
    late = BookingFactory(session=session)
    for _ in range(2):
        answer = browser.post(register(session) + "rest/", ids | {"state": "absent_untold"})
        assert answer.status_code == 302
    assert set(Attendance.objects.values_list("booking", "state")) == {
        (marked.pk, "attended"),
        (booking.pk, "absent_untold"),
    }
    assert not late.attendances.exists()


def test_marking_the_rest_too_early_is_refused_and_nobody_left_is_said(
    browser: Client, session: Session, booking: Booking
) -> None:
    ids = fields_of(browser.get(register(session) + "rest/"))
    with time_machine.travel(session.starts_at - dt.timedelta(seconds=1), tick=False):
        assert browser.post(register(session) + "rest/", ids | {"state": "attended"}).status_code == 409
    AttendanceFactory(booking=booking)
    assert "Everybody has a mark." in text_of(browser.get(register(session) + "rest/"))


def test_an_empty_register_says_so(browser: Client, session: Session) -> None:
    assert "Nobody has a place in this class yet." in text_of(browser.get(register(session)))


@pytest.mark.parametrize("people", [1, 8])
def test_the_register_page_takes_the_same_number_of_queries_for_everybody(
    browser: Client, session: Session, people: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(people):
        BookingFactory(session=session)
    with django_assert_max_num_queries(14):
        assert browser.get(register(session)).status_code == 200


# --- cancelling --------------------------------------------------------------


def test_a_date_is_cancelled_with_a_reason_and_one_button(browser: Client, session: Session, booking: Booking) -> None:
    address = f"/teach/classes/{session.pk}/cancel/"
    assert "1 person has booked or is waiting." in text_of(browser.get(address))
    session.refresh_from_db()
    assert not session.is_cancelled  # looking at the page changes nothing
    assert browser.post(address, {}).status_code == 422
    assert browser.post(address, {"reason": "other", "words": ""}).status_code == 422
    answer = browser.post(address, {"reason": "other", "words": "A water leak"}, follow=True)
    assert "1 person is being told" in text_of(answer)
    session.refresh_from_db()
    assert (session.is_cancelled, session.cancel_reason) == (True, "A water leak")
    booking.refresh_from_db()
    assert booking.state == BookingState.CLOSED
    assert "already cancelled" in text_of(browser.get(address))
    assert browser.post(address, {"reason": "The weather"}).status_code == 302
    session.refresh_from_db()
    assert session.cancel_reason == "A water leak"


def test_the_page_names_who_has_a_place_and_logs_the_reading(
    browser: Client, session: Session, booking: Booking, quinn: Participant, ines: Instructor
) -> None:
    BookingFactory(session=session, participant=quinn, state=BookingState.WAITING)
    words = text_of(browser.get(f"/teach/classes/{session.pk}/cancel/"))
    assert "2 people have booked or are waiting." in words
    assert "See who has a place, 1 person waits besides" in words
    assert "Pat Example" in words
    assert "Quinn Sample" not in words
    assert [(read.by, read.target) for read in AccessLog.objects.all()] == [(ines.person, booking.participant.person)]


def test_a_started_register_stands_in_the_way_of_cancelling(
    browser: Client, session: Session, booking: Booking
) -> None:
    AttendanceFactory(booking=booking)
    answer = browser.post(f"/teach/classes/{session.pk}/cancel/", {"reason": "The weather"})
    assert answer.status_code == 409
    assert "can no longer be cancelled" in text_of(answer)


def test_a_lost_race_to_cancel_changes_nothing_and_says_so(
    browser: Client, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(**kwargs: Any) -> None:
        raise TryAgain

    monkeypatch.setattr(cancelling, "cancel_session", busy)
    answer = browser.post(f"/teach/classes/{session.pk}/cancel/", {"reason": "The weather"})
    assert answer.status_code == 409
    assert "Nothing was changed. Please try again." in text_of(answer)


def test_two_people_and_nobody_are_counted_in_words(browser: Client, ines: Instructor) -> None:
    empty = SessionFactory(programme=ines.programme, leader=ines)
    address = f"/teach/classes/{empty.pk}/cancel/"
    assert "Nobody has booked or is waiting." in text_of(browser.get(address))
    for _ in range(2):
        BookingFactory(session=empty)
    assert "2 people have booked or are waiting." in text_of(browser.get(address))


# --- on paper ----------------------------------------------------------------


def test_on_paper_everybody_has_boxes_their_companion_a_line_and_it_says_to_shred(
    browser: Client, session: Session, booking: Booking, pat: Participant
) -> None:
    page = browser.get(register(session))
    assert f"{register(session)}paper/" in page.content.decode()
    assert "With those who come along, 2 are expected in the hall." in text_of(page)
    words = text_of(browser.get(f"{register(session)}paper/"))
    assert "1 person and those who come along: 2 expected in the hall." in words
    for expected in ("Pat Example", "Hearing loop. Seated only", "Emer Madeup (sister), 01632 960111", "Home unwell"):
        assert expected in words
    GuestFactory(session=session, name="Wanda Unknown")
    unknown = text_of(browser.get(f"{register(session)}paper/")).partition("Wanda Unknown")[2]
    assert unknown.strip().startswith("Not known to us yet: does not exercise")
    assert "Companion did not come" in words and "then shred it" in words and "her own words" not in words
    assert AccessLog.objects.filter(target=pat.person, what="register with health facts").count() == 3


def test_whoever_leads_reads_of_whom_photos_may_be_made_on_the_class_the_register_and_the_paper(
    browser: Client, session: Session, booking: Booking, pat: Participant
) -> None:
    pages = [f"/teach/classes/{session.pk}/", register(session), f"{register(session)}paper/"]
    for page, words in zip(pages, ["Nobody agreed to them"] + ["nobody here agreed to them"] * 2, strict=True):
        assert words in text_of(browser.get(page))
    text = ConsentText.objects.create(programme=pat.programme, kind="recording", version=1, title="t", body="b")
    give_consent(participant=pat, text=text, by=pat.person)
    GuestFactory(session=session, name="Wanda Unknown")
    for page, words in zip(pages, ["Everybody agreed to them"] + ["only Pat Example agreed"] * 2, strict=True):
        assert words in text_of(browser.get(page))
    assert "only P.E. agreed" in text_of(browser.get(f"{register(session)}paper/?initials=yes"))
    assert photo_words(["Ann", "Bo"], 2) == "Photos and recordings: everybody here agreed to them."
    assert [photo_count(1, 3), photo_count(0, 0)] == ["1 of 3 agreed. The register says who", ""]


def test_a_note_that_is_shown_no_more_is_kept_when_the_mark_is_changed(
    browser: Client, session: Session, booking: Booking
) -> None:
    AttendanceFactory(booking=booking, state="sent_home", note="Chest pain")
    with time_machine.travel(session.ends_at + dt.timedelta(hours=48)):
        page = browser.get(register(session))
        assert "Chest pain" not in page.content.decode() and "was shown until 48 hours" in text_of(page)
        browser.post(register(session), {**fields_of(page), f"state_b{booking.pk}": "attended"})
    latest = Attendance.objects.order_by("received_at").last()
    assert latest is not None and (latest.state, latest.note) == ("attended", "Chest pain")


def test_with_initials_no_name_stands_on_the_paper(
    browser: Client, session: Session, booking: Booking, pat: Participant
) -> None:
    words = text_of(browser.get(f"{register(session)}paper/?initials=yes"))
    assert "P.E." in words and pat.reference in words and "Sister, 01632 960111" in words
    assert "Pat" not in words and "Emer " not in words
