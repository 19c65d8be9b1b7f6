from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import AccessLog
from accounts.permissions import Role
from classes.models import Booking, BookingSource, ClassType, Mode, Session
from classes.places.booking import book_place, cancel_booking
from frontend.acting import SESSION_KEY
from frontend.wording import short_day
from messaging.models import Message
from participants.models import ClearanceState, Participant
from participants.support import end_support
from tests.factories.accounts import someone
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.participants import ClearanceFactory, ParticipantFactory, SupporterFactory

pytestmark = pytest.mark.django_db
COPY = "Send a copy to me as well"


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def session(pat: Participant) -> Session:
    return SessionFactory(programme=pat.programme, capacity=1)


@pytest.fixture
def as_pat(pat: Participant, sign_in: Any) -> Client:
    return sign_in(pat.person.user)


def hidden(page: Any) -> dict[str, str]:
    """The hidden fields of the booking form, as the browser would send them."""
    return {
        name: re.search(rf'name="{name}"(?: value="([^"]*)")?', page.content.decode()).group(1) or ""  # type: ignore[union-attr]
        for name in ("request_key", "person", "wait")
    }


def book_url(session: Session) -> str:
    return f"/me/classes/{session.pk}/book/"


def press_book(client: Client, session: Session, **more: str) -> Any:
    return client.post(book_url(session), hidden(client.get(book_url(session))) | more)


def fill(session: Session) -> Booking:
    other = ParticipantFactory(programme=session.programme)
    return book_place(participant=other, session=session, by=other.person, source=BookingSource.SELF)


def test_the_whole_way_from_the_list_to_the_confirmation(as_pat: Client, session: Session) -> None:
    assert f'href="/classes/{session.pk}/"' in text(as_pat.get("/me/classes/"))
    assert f'href="{book_url(session)}"' in text(as_pat.get(f"/classes/{session.pk}/"))
    answer = press_book(as_pat, session)
    booking = Booking.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/me/bookings/{booking.pk}/booked/")
    page = text(as_pat.get(answer["Location"]))
    assert "Booking confirmed" in page
    assert session.class_type.name in page
    assert "You have a place in this class" in text(as_pat.get(f"/classes/{session.pk}/"))
    assert "Booked" in text(as_pat.get("/me/classes/"))
    assert f"/me/bookings/{booking.pk}/" in text(as_pat.get("/me/bookings/"))


def test_opening_pages_changes_nothing(as_pat: Client, session: Session) -> None:
    for _ in range(2):
        as_pat.get(book_url(session))
    assert not Booking.objects.exists()


def test_a_double_click_is_harmless(as_pat: Client, session: Session) -> None:  # pitfalls 24
    fields = hidden(as_pat.get(book_url(session)))
    first, second = (as_pat.post(book_url(session), fields) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Booking.objects.count() == 1


def test_a_page_sent_again_for_another_class_books_nothing(as_pat: Client, pat: Participant, session: Session) -> None:
    other = SessionFactory(programme=pat.programme, starts_at=session.ends_at)
    fields = hidden(as_pat.get(book_url(session)))
    as_pat.post(book_url(session), fields)
    answer = as_pat.post(book_url(other), fields)
    assert answer.status_code == 422
    assert "This page was used before" in text(answer)
    assert Booking.objects.count() == 1
    assert as_pat.post(book_url(other), hidden(answer)).status_code == 302


def test_a_form_without_its_key_is_422_and_shows_the_button_again(as_pat: Client, session: Session) -> None:
    answer = as_pat.post(book_url(session), {})
    assert answer.status_code == 422
    assert as_pat.post(book_url(session), hidden(answer)).status_code == 302


def test_a_class_that_does_not_suit_is_said_before_booking_and_can_be_booked(
    as_pat: Client, pat: Participant, session: Session
) -> None:
    ClassType.objects.filter(pk=session.class_type_id).update(positions=["standing", "floor"], effort="vigorous")
    assert "adapt it for" not in text(as_pat.get(book_url(session)))
    ClearanceFactory(participant=pat, state="cleared_adapted", adaptations=["seated_only", "no_impact"])
    page = text(as_pat.get(book_url(session)))
    words = "This class is standing or on the floor. It is hard work. Your instructor will adapt it for you."
    assert words in page and "seated only" not in page
    assert press_book(as_pat, session).status_code == 302
    assert Booking.objects.get().state == "booked"


def test_the_desk_reads_what_does_not_suit_and_a_supporter_does_not(
    dee: Any, sam: Any, pat: Participant, session: Session, sign_in: Any
) -> None:
    ClassType.objects.filter(pk=session.class_type_id).update(positions=["standing"])
    ClearanceFactory(participant=pat, state="cleared_adapted", adaptations=["seated_only"])
    as_dee, as_sam = acting(sign_in(dee), pat), acting(sign_in(sam), pat)
    assert "This class is standing. The instructor will adapt it for Pat." in text(as_dee.get(book_url(session)))
    assert AccessLog.objects.filter(by=dee.person, target=pat.person, what="adaptations").exists()
    assert "adapt it for" not in text(as_sam.get(book_url(session)))
    assert not AccessLog.objects.filter(by=sam.person).exists()


def test_the_lost_race_keeps_the_way_open(  # pitfalls 13
    as_pat: Client, pat: Participant, session: Session
) -> None:
    similar = SessionFactory(programme=pat.programme, class_type=session.class_type, starts_at=session.ends_at)
    fields = hidden(as_pat.get(book_url(session)))
    fill(session)
    answer = as_pat.post(book_url(session), fields)
    assert answer.status_code == 409
    page = text(answer)
    assert "<title>Error: The last place has just gone" in page
    assert "Join the waiting list" in page
    assert f'href="/classes/{similar.pk}/"' in page
    waits = as_pat.post(book_url(session), hidden(answer) | {"book_automatically": "yes"})
    booking = Booking.objects.get(participant=pat)
    assert (booking.state, booking.book_automatically) == ("waiting", True)
    assert "You are 1st in the list" in text(as_pat.get(waits["Location"]))


def test_the_lost_race_of_an_online_class_offers_other_online_ones(as_pat: Client, pat: Participant) -> None:
    online = {"programme": pat.programme, "mode": Mode.REMOTE}
    session = SessionFactory(**online, capacity=1)
    alike = SessionFactory(**online, class_type=session.class_type, starts_at=session.ends_at)
    SessionFactory(**online, starts_at=session.ends_at)  # another kind of class
    fields = hidden(as_pat.get(book_url(session)))
    fill(session)
    page = text(as_pat.post(book_url(session), fields))
    assert re.findall(r'href="/classes/(\d+)/"', page.split("<main")[1]) == [str(alike.pk)]


def test_the_waiting_list_says_the_turn_everywhere(as_pat: Client, pat: Participant, session: Session) -> None:
    fill(session)
    first = ParticipantFactory(programme=pat.programme)
    book_place(participant=first, session=session, by=first.person, source=BookingSource.SELF, or_wait=True)
    press_book(as_pat, session)
    booking = Booking.objects.get(participant=pat)
    for address in (f"/classes/{session.pk}/", "/me/bookings/", f"/me/bookings/{booking.pk}/"):
        page = text(as_pat.get(address))
        assert "2nd in the" in page
        assert first.person.given_name not in page


def test_who_waits_and_may_not_come_reads_why_and_keeps_the_turn(  # pitfalls 14
    as_pat: Client, pat: Participant, session: Session
) -> None:
    fill(session)
    press_book(as_pat, session)
    address = f"/me/bookings/{Booking.objects.get(participant=pat).pk}/"
    assert "cannot be yours at the moment" not in text(as_pat.get(address))
    ClearanceFactory(participant=pat, state=ClearanceState.NEEDS_REVIEW, valid_until=None)
    page = text(as_pat.get(address))
    assert "cannot be yours at the moment. You keep your turn." in page
    assert "We are checking that exercise is safe for you" in page


def test_automatic_booking_is_not_offered_within_a_day_of_the_start(as_pat: Client, session: Session) -> None:
    fill(session)
    assert "Book me in at once" in text(as_pat.get(book_url(session)))
    soon = timezone.now() + dt.timedelta(hours=23)
    Session.objects.filter(pk=session.pk).update(starts_at=soon, ends_at=soon + dt.timedelta(hours=1))
    assert "Book me in at once" not in text(as_pat.get(book_url(session)))


def test_who_is_being_checked_reads_what_happens_next(as_pat: Client, pat: Participant, session: Session) -> None:
    fields = hidden(as_pat.get(book_url(session)))
    ClearanceFactory(participant=pat, state=ClearanceState.NEEDS_REVIEW, valid_until=None)
    page = text(as_pat.get(f"/classes/{session.pk}/"))
    assert "Somebody from our team will call you" in page
    assert "Book this class" not in page
    assert as_pat.get(book_url(session))["Location"] == f"/classes/{session.pk}/"
    answer = as_pat.post(book_url(session), fields)
    assert answer.status_code == 409
    assert "Somebody from our team will call you" in text(answer)


def test_an_overlap_leads_to_the_other_place(as_pat: Client, pat: Participant, session: Session) -> None:
    press_book(as_pat, session)
    other = SessionFactory(programme=pat.programme, starts_at=session.starts_at)
    answer = press_book(as_pat, other)
    assert answer.status_code == 409
    assert f"/me/bookings/{Booking.objects.get().pk}/" in text(answer)


def test_a_class_that_started_meanwhile_is_409(as_pat: Client, session: Session) -> None:
    fields = hidden(as_pat.get(book_url(session)))
    with time_machine.travel(session.starts_at, tick=False):
        answer = as_pat.post(book_url(session), fields)
    assert answer.status_code == 409
    assert "This class has started" in text(answer)


def test_too_many_at_once_asks_to_press_again(
    as_pat: Client, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    from classes.places import booking, booking_once

    with monkeypatch.context() as patched:
        patched.setattr(booking_once, "_in_one_statement", lambda *asked: None)
        patched.setattr(booking, "_take", lambda wish, version: None)
        answer = press_book(as_pat, session)
    assert answer.status_code == 409
    assert "press the button again" in text(answer)
    assert as_pat.post(book_url(session), hidden(answer)).status_code == 302


def test_a_class_of_another_programme_cannot_be_booked(as_pat: Client) -> None:
    other = SessionFactory()
    assert "belongs to another programme" in text(as_pat.get(f"/classes/{other.pk}/"))
    assert f"/classes/{other.pk}/" not in text(as_pat.get("/me/classes/"))


# --- giving it back ----------------------------------------------------------


def test_a_place_is_given_back_on_a_page_with_one_button(as_pat: Client, session: Session) -> None:
    press_book(as_pat, session)
    booking = Booking.objects.get()
    url = f"/me/bookings/{booking.pk}/cancel/"
    page = text(as_pat.get(url))
    assert page.index("I am not well enough") < page.index("I have other plans")
    answer = as_pat.post(url, {"reason": "not_well"}, follow=True)
    assert "You have cancelled" in text(answer)
    booking.refresh_from_db()
    assert (booking.state, booking.end_reason) == ("cancelled", "not_well")
    assert as_pat.get(url)["Location"] == f"/me/bookings/{booking.pk}/"
    assert as_pat.get(f"/me/bookings/{booking.pk}/booked/")["Location"] == f"/me/bookings/{booking.pk}/"
    assert "Cancelled" in text(as_pat.get(f"/me/bookings/{booking.pk}/"))


def test_a_reason_is_not_needed_and_a_made_up_one_is_422(as_pat: Client, session: Session) -> None:
    press_book(as_pat, session)
    url = f"/me/bookings/{Booking.objects.get().pk}/cancel/"
    assert as_pat.post(url, {"reason": "because"}).status_code == 422
    assert as_pat.post(url, {}).status_code == 302


def test_a_place_cannot_be_given_back_after_the_start(as_pat: Client, session: Session) -> None:
    press_book(as_pat, session)
    url = f"/me/bookings/{Booking.objects.get().pk}/cancel/"
    with time_machine.travel(session.starts_at, tick=False):
        answer = as_pat.post(url, {})
        assert answer.status_code == 409
        assert "The class has started" in text(answer)
        assert "Cancel my place" not in text(as_pat.get(f"/me/bookings/{Booking.objects.get().pk}/"))


def test_leaving_the_waiting_list_says_so(as_pat: Client, pat: Participant, session: Session) -> None:
    fill(session)
    press_book(as_pat, session)
    url = f"/me/bookings/{Booking.objects.get(participant=pat).pk}/cancel/"
    assert "Leave the waiting list" in text(as_pat.get(url))
    assert "You have left the waiting list" in text(as_pat.post(url, {}, follow=True))


def test_past_classes_stay_to_be_seen(as_pat: Client, session: Session) -> None:
    press_book(as_pat, session)
    with time_machine.travel(session.ends_at + dt.timedelta(days=1)):
        page = text(as_pat.get("/me/bookings/"))
    assert "You have no classes booked" in page
    assert session.class_type.name in page


def test_the_calendar_file_is_a_calendar_file(as_pat: Client, session: Session) -> None:
    press_book(as_pat, session)
    answer = as_pat.get(f"/me/bookings/{Booking.objects.get().pk}/calendar/")
    assert answer["Content-Type"].startswith("text/calendar")
    assert b"BEGIN:VEVENT" in answer.content and b"METHOD:PUBLISH" in answer.content
    assert b"ATTENDEE" not in answer.content, "it goes into any calendar, with an email address or without"
    assert session.class_type.name.encode() not in answer.content


# --- whose -------------------------------------------------------------------


def test_the_bookings_of_others_are_not_there(
    as_pat: Client, quinn: Participant, session: Session, sign_in: Any
) -> None:
    press_book(as_pat, session)
    pk = Booking.objects.get().pk
    as_quinn = sign_in(quinn.person.user)
    for page in ("", "booked/", "cancel/", "calendar/"):
        assert as_quinn.get(f"/me/bookings/{pk}/{page}").status_code == 404
    assert as_quinn.post(f"/me/bookings/{pk}/cancel/").status_code == 404
    assert Booking.objects.get().state == "booked"


def test_nobody_books_without_signing_in(session: Session) -> None:
    for answer in (Client().get(book_url(session)), Client().post(book_url(session)), Client().get("/me/bookings/")):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/sign-in/")


def acting(client: Client, participant: Participant) -> Client:
    stored = client.session
    stored[SESSION_KEY] = participant.pk
    stored.save()
    return client


def test_a_supporter_books_under_a_banner(sam: Any, pat: Participant, session: Session, sign_in: Any) -> None:
    as_sam = acting(sign_in(sam), pat)
    assert "You are booking for <strong>Pat</strong>" in text(as_sam.get(f"/classes/{session.pk}/"))
    press_book(as_sam, session)
    booking = Booking.objects.get()
    assert (booking.participant, booking.source, booking.made_by) == (pat, "supporter", sam.person)
    assert "You are booking for <strong>Pat</strong>" in text(as_sam.get(f"/me/bookings/{booking.pk}/booked/"))


def test_a_page_that_was_drawn_for_somebody_else_books_for_nobody_and_names_who_it_is_now(
    dee: Any, pat: Participant, quinn: Participant, session: Session, sign_in: Any
) -> None:
    at_desk = acting(sign_in(dee), pat)
    drawn_for_pat = hidden(at_desk.get(book_url(session)))
    at_desk.post(f"/desk/people/{quinn.pk}/book/")  # the next caller, in another tab
    answer = at_desk.post(book_url(session), drawn_for_pat)
    assert answer.status_code == 409
    assert "You are booking for somebody else now" in text(answer) and "now about Quinn" in text(answer)
    assert not Booking.objects.exists()
    assert at_desk.post(book_url(session), hidden(answer)).status_code == 302
    assert Booking.objects.get().participant == quinn


def test_a_supporter_whose_support_ended_books_nothing_for_themselves_by_sending_again(
    pat: Participant, quinn: Participant, session: Session, sign_in: Any
) -> None:
    support = SupporterFactory(participant=pat, person=quinn.person)
    as_quinn = acting(sign_in(quinn.person.user), pat)
    drawn_for_pat = hidden(as_quinn.get(book_url(session)))
    end_support(supporter=support, by=pat.person)
    assert as_quinn.post(book_url(session), drawn_for_pat).status_code == 404
    assert as_quinn.post(book_url(session), drawn_for_pat).status_code == 409
    assert not Booking.objects.exists()


def test_a_supporter_who_may_see_messages_is_offered_a_copy_and_gets_one_only_by_ticking(
    sam: Any, pat: Participant, session: Session, sign_in: Any
) -> None:
    as_sam, told = acting(sign_in(sam), pat), Message.objects.filter(person=sam.person, kind="booking_copy")
    assert COPY not in text(as_sam.get(book_url(session)))
    pat.supporters.update(scopes=["book", "see_messages"])
    page = text(as_sam.get(book_url(session)))
    assert COPY in page and not re.search(r'name="copy"[^>]*checked', page)
    press_book(as_sam, session)
    cancel = f"/me/bookings/{Booking.objects.get().pk}/cancel/"
    assert COPY in text(as_sam.get(cancel))
    as_sam.post(cancel, {})
    assert not told.exists()
    press_book(as_sam, session, copy="yes")
    as_sam.post(f"/me/bookings/{Booking.objects.live().get().pk}/cancel/", {"copy": "yes"})  # type: ignore[attr-defined]
    assert [row.context["of"] for row in told.order_by("id")] == ["booked", "cancelled"]


def test_neither_the_person_nor_the_desk_is_offered_a_copy(
    as_pat: Client, dee: Any, pat: Participant, session: Session, sign_in: Any
) -> None:
    for browser in (as_pat, acting(sign_in(dee), pat)):
        assert COPY not in text(browser.get(book_url(session)))
    press_book(as_pat, session, copy="yes")
    as_pat.post(f"/me/bookings/{Booking.objects.get().pk}/cancel/", {"copy": "yes"})
    assert not Message.objects.filter(kind="booking_copy").exists()


def test_a_supporter_who_has_not_chosen_is_asked_for_whom(sam: Any, session: Session, sign_in: Any) -> None:
    as_sam = sign_in(sam)
    assert "First choose who you want to book for" in text(as_sam.get("/me/bookings/"))
    assert "Book this class" not in text(as_sam.get(f"/classes/{session.pk}/"))
    assert as_sam.get(book_url(session)).status_code == 404


def test_the_desk_is_asked_for_whom_too(dee: Any, sign_in: Any) -> None:
    assert 'href="/desk/people/"' in text(sign_in(dee).get("/me/bookings/"))


def test_a_support_that_has_ended_ends_at_once(sam: Any, pat: Participant, session: Session, sign_in: Any) -> None:
    as_sam = acting(sign_in(sam), pat)
    fields = hidden(as_sam.get(book_url(session)))
    pat.supporters.update(status="ended")
    assert as_sam.post(book_url(session), fields).status_code == 404
    assert not Booking.objects.exists()


def test_the_desk_books_for_a_person_and_reads_why_not(
    dee: Any, pat: Participant, session: Session, sign_in: Any
) -> None:
    as_dee = acting(sign_in(dee), pat)
    press_book(as_dee, session)
    booking = Booking.objects.get()
    assert (booking.source, booking.made_by) == ("desk", dee.person)
    cancel_booking(booking=booking, by=dee.person)
    ClearanceFactory(participant=pat, state=ClearanceState.NEEDS_REVIEW, valid_until=None)
    assert "Pat is waiting for a review of clearance" in text(as_dee.get(f"/classes/{session.pk}/"))
    assert AccessLog.objects.filter(by=dee.person, target=pat.person, what="clearance").exists()


# --- the desk's waiting list -------------------------------------------------


@pytest.fixture
def called(pat: Participant, quinn: Participant, session: Session) -> list[Booking]:
    """Pat and Quinn wait, in this order, for the place that has just come free."""
    held = fill(session)
    waiting = [
        book_place(participant=p, session=session, by=p.person, source=BookingSource.SELF, or_wait=True)
        for p in (pat, quinn)
    ]
    cancel_booking(booking=held, by=held.participant.person)
    return waiting


def test_the_desk_gives_the_place_in_order(dee: Any, called: list[Booking], session: Session, sign_in: Any) -> None:
    as_dee, url = sign_in(dee), f"/desk/timetable/{session.pk}/waiting/"
    page = text(as_dee.get(url))
    assert "no free places, 1 person waiting, 1 person is asked at the moment" in page
    assert page.index("Pat Example") < page.index("Kept until") < page.index("1st: Quinn Sample")
    answer = as_dee.post(f"{url}{called[0].pk}/give/", follow=True)
    assert "Pat Example now has a place" in text(answer)
    assert "Give the place" not in text(answer)
    refused = as_dee.post(f"{url}{called[1].pk}/give/")
    assert refused.status_code == 409
    assert "No place is free" in text(refused)
    assert as_dee.post(f"{url}{called[0].pk}/give/").status_code == 409


def test_the_second_of_two_who_give_a_place_reads_who_was_first_and_when(  # pitfalls 21
    dee: Any, called: list[Booking], session: Session, sign_in: Any, programme: Any
) -> None:
    give = f"/desk/timetable/{session.pk}/waiting/{called[0].pk}/give/"
    other = sign_in(someone("Cora Second", Role.COORDINATOR, programme=programme))
    assert other.post(give).status_code == 302
    late = sign_in(dee).post(give)
    assert late.status_code == 409
    assert "They are not on the waiting list any more. Place booked by Cora Second:" in text(late)
    assert short_day(timezone.now()) in text(late)
    assert Booking.objects.filter(session=session, state="booked").count() == 1


def test_little_time_between_two_halls_is_said_before_booking_and_stops_nobody(  # pitfalls 25
    as_pat: Client, pat: Participant, session: Session
) -> None:
    later = SessionFactory(programme=pat.programme, starts_at=session.ends_at + dt.timedelta(minutes=30))
    assert "time to get from one" not in text(as_pat.get(book_url(later)))
    press_book(as_pat, session)
    page = text(as_pat.get(book_url(later)))
    assert f"You have {session.class_type.name} at {session.venue} until" in page
    assert "Please check that there is time to get from one to the other." in page
    earlier = SessionFactory(programme=pat.programme, starts_at=session.starts_at - dt.timedelta(minutes=90))
    assert f"at {session.venue} from" in text(as_pat.get(book_url(earlier)))
    assert press_book(as_pat, later).status_code == 302


def test_the_desk_passes_by_who_cannot_be_reached(
    dee: Any, called: list[Booking], session: Session, sign_in: Any
) -> None:
    as_dee, url = sign_in(dee), f"/desk/timetable/{session.pk}/waiting/"
    answer = as_dee.post(f"{url}{called[0].pk}/pass-by/", follow=True)
    assert "this person could not be reached" in text(answer)
    assert AccessLog.objects.filter(by=dee.person, target=called[0].participant.person).exists()


def test_the_desk_reads_why_somebody_may_not_have_the_place(
    dee: Any, called: list[Booking], session: Session, sign_in: Any
) -> None:
    ClearanceFactory(participant=called[0].participant, state=ClearanceState.PAUSED, valid_until=None)
    answer = sign_in(dee).post(f"/desk/timetable/{session.pk}/waiting/{called[0].pk}/give/")
    assert answer.status_code == 409
    assert "has a paused clearance" in text(answer)


def test_the_waiting_list_of_another_programme_is_not_there(dee: Any, sign_in: Any) -> None:
    assert sign_in(dee).get(f"/desk/timetable/{SessionFactory().pk}/waiting/").status_code == 404


def test_nobody_waiting_says_so(dee: Any, session: Session, sign_in: Any) -> None:
    assert "Nobody is waiting" in text(sign_in(dee).get(f"/desk/timetable/{session.pk}/waiting/"))


# --- how much it costs -------------------------------------------------------


def test_my_classes_cost_the_same_however_many(
    as_pat: Client, pat: Participant, django_assert_max_num_queries: Any
) -> None:
    start = timezone.now() + dt.timedelta(days=2)
    for number in range(10):
        session = SessionFactory(
            programme=pat.programme, capacity=number % 2, starts_at=start + dt.timedelta(hours=number)
        )
        book_place(participant=pat, session=session, by=pat.person, source=BookingSource.SELF, or_wait=True)
    as_pat.get("/me/bookings/")
    with django_assert_max_num_queries(12):
        as_pat.get("/me/bookings/")
    with django_assert_max_num_queries(10):
        as_pat.get("/me/classes/")


def test_who_has_a_place_is_asked_whether_another_wait_of_that_day_is_still_right(pat, sign_in):  # pitfalls 18
    start = timezone.localtime().replace(hour=9, minute=0) + dt.timedelta(days=3)
    held, wait, earlier = (
        BookingFactory(session=SessionFactory(programme=pat.programme, starts_at=at), participant=pat, state=state)
        for at, state in (
            (start, "booked"),
            (start + dt.timedelta(hours=5), "waiting"),
            (start - dt.timedelta(days=1), "waiting"),
        )
    )
    browser = sign_in(pat.person.user)
    for page in ("", "booked/"):
        answer = browser.get(f"/me/bookings/{held.pk}/{page}").content.decode()
        assert "You also wait for a place in" in answer
        assert f"/me/bookings/{wait.pk}/cancel/" in answer and f"/me/bookings/{earlier.pk}/cancel/" not in answer
    assert "You also wait" not in browser.get(f"/me/bookings/{wait.pk}/").content.decode()
