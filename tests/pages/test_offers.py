"""A place that is kept for somebody who waits, on their pages and on the desk's; companions; leaving the list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import AccessLog
from classes.judging.refusals import OfferOver, TryAgain
from classes.models import Booking, BookingSource, BookingState, Offer, Session, SessionKind
from classes.places.booking import book_place, cancel_booking
from classes.timetable import cancel_session
from classes.waiting_list.answering import accept_offer
from classes.waiting_list.running_out import expire_offers
from frontend.views.desk.offer_words import offered_words
from messaging.delivery import deliver_due
from messaging.models import Message, MessageState, Task, TaskState
from participants.models import ClearanceState, Participant, Phase
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.participants import ClearanceFactory, ParticipantFactory, TreatmentDaysFactory
from tests.pages.test_booking import acting, book_url, fill, hidden, press_book, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(pat: Participant) -> Session:
    return SessionFactory(programme=pat.programme, capacity=1, starts_at=timezone.now() + dt.timedelta(days=4))


@pytest.fixture
def as_pat(pat: Participant, sign_in: Any) -> Client:
    return sign_in(pat.person.user)


def waits(participant: Participant, session: Session, **rest: Any) -> Booking:
    return book_place(
        participant=participant,
        session=session,
        by=participant.person,
        source=BookingSource.SELF,
        or_wait=True,
        **rest,
    )


@pytest.fixture
def offered(pat: Participant, session: Session) -> Booking:
    """A place came free, and it is kept for Pat."""
    held = fill(session)
    turn = waits(pat, session)
    cancel_booking(booking=held, by=held.participant.person)
    turn.refresh_from_db()
    return turn


def page_of(booking: Booking, word: str = "") -> str:
    return f"/me/bookings/{booking.pk}/offer/{word}"


# --- the person --------------------------------------------------------------


def test_the_offer_stands_on_every_page_that_one_comes_by_and_looking_changes_nothing(
    as_pat: Client, offered: Booking, session: Session
) -> None:
    assert as_pat.get(f"/me/bookings/{offered.pk}/")["Location"] == page_of(offered)
    for address in ("/me/", "/me/bookings/", f"/classes/{session.pk}/"):
        shown = text(as_pat.get(address))
        assert "is kept for you" in shown and page_of(offered) in shown, address
    page = text(as_pat.get(page_of(offered)))
    assert "Please answer by" in page and "Take the place" in page and "No, thank you" in page
    for button in ("accept/", "decline/"):
        assert as_pat.get(page_of(offered, button)).status_code == 405
    offered.refresh_from_db()
    assert offered.state == "offered"


def test_one_button_takes_the_place(as_pat: Client, offered: Booking) -> None:
    answer = as_pat.post(page_of(offered, "accept/"), follow=True)
    assert "Booking confirmed" in text(answer)
    assert as_pat.get(page_of(offered))["Location"] == f"/me/bookings/{offered.pk}/"
    assert "Booking confirmed" in text(as_pat.post(page_of(offered, "accept/"), follow=True))


def test_one_button_says_no_and_the_way_back_says_so(as_pat: Client, offered: Booking) -> None:
    answer = as_pat.post(page_of(offered, "decline/"), follow=True)
    assert "goes to somebody else" in text(answer)
    for again in (as_pat.get(page_of(offered)), as_pat.post(page_of(offered, "accept/"), follow=True)):
        assert "This offer has been answered" in text(again)


def test_the_link_of_a_place_that_was_taken_and_given_up_says_that_it_has_been_used(  # pitfalls 1
    as_pat: Client, offered: Booking, session: Session, quinn: Participant
) -> None:
    turn = waits(quinn, session)
    as_pat.post(page_of(offered, "accept/"))
    as_pat.post(f"/me/bookings/{offered.pk}/cancel/", {})
    for again in (as_pat.get(page_of(offered)), as_pat.post(page_of(offered, "accept/"), follow=True)):
        assert "This offer has been used" in text(again)
    turn.refresh_from_db()
    assert turn.state == "offered"


def test_an_offer_that_ran_out_says_so_a_moment_before_and_after_it_is_written_down(
    as_pat: Client, offered: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messaging.delivery.quiet_until", lambda at: None)  # told at once, at any hour of this test
    end = Offer.objects.get().expires_at
    deliver_due()
    with time_machine.travel(end, tick=False):
        for _ in range(2):
            page = text(as_pat.get(page_of(offered)))
            assert "The time to answer is over" in page and "Look at this class again" in page
            expire_offers()
        assert "The time to answer is over" in text(as_pat.post(page_of(offered, "accept/"), follow=True))


def test_the_offer_of_a_class_that_is_cancelled_says_that(
    as_pat: Client, offered: Booking, session: Session, dee: Any
) -> None:
    cancel_session(session=session, reason="Snow", by=dee.person)
    page = text(as_pat.get(page_of(offered)))
    assert "This class is cancelled" in page and "Look at this class again" not in page


def test_who_gave_the_offer_up_with_everything_else_reads_that_it_is_not_kept(as_pat: Client, offered: Booking) -> None:
    cancel_booking(booking=offered, by=offered.participant.person)
    assert "This place is no longer kept" in text(as_pat.get(page_of(offered)))


def test_who_only_waits_or_has_a_place_is_led_to_it(as_pat: Client, pat: Participant, session: Session) -> None:
    turn = BookingFactory(session=session, participant=pat, state=BookingState.WAITING)
    assert as_pat.get(page_of(turn))["Location"] == f"/me/bookings/{turn.pk}/"
    assert as_pat.post(page_of(turn, "accept/"))["Location"] == page_of(turn)


def test_who_may_not_come_now_reads_why_and_can_only_say_no(as_pat: Client, offered: Booking, pat: Participant) -> None:
    ClearanceFactory(participant=pat, state=ClearanceState.PAUSED, valid_until=None)
    refused = as_pat.post(page_of(offered, "accept/"))
    assert refused.status_code == 409
    for page in (text(refused), text(as_pat.get(page_of(offered)))):
        assert "Exercise is on hold for you for now" in page
        assert "Take the place" not in page and "No, thank you" in page


def test_too_many_at_once_asks_to_press_again(
    as_pat: Client, offered: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(**about: Any) -> Booking:
        raise TryAgain

    monkeypatch.setattr("frontend.views.me.offers.accept_offer", busy)
    answer = as_pat.post(page_of(offered, "accept/"))
    assert answer.status_code == 409 and "Press the button again" in text(answer)


def test_the_offer_of_somebody_else_is_not_there_and_a_supporter_answers_it(
    offered: Booking, quinn: Participant, sam: Any, pat: Participant, sign_in: Any
) -> None:
    assert sign_in(quinn.person.user).get(page_of(offered)).status_code == 404
    as_sam = acting(sign_in(sam), pat)
    assert "A place is kept for Pat" in text(as_sam.get(page_of(offered)))
    as_sam.post(page_of(offered, "accept/"))
    offered.refresh_from_db()
    assert offered.state == "booked"


# --- a companion, and leaving -------------------------------------------------


def test_somebody_comes_along_and_two_places_are_booked(as_pat: Client, session: Session) -> None:
    Session.objects.filter(pk=session.pk).update(capacity=2)
    answer = press_book(as_pat, session, companion="yes")
    booking = Booking.objects.get()
    assert (booking.state, booking.party) == ("booked", 2)
    assert "you and one person who comes along" in text(as_pat.get(answer["Location"]))
    assert "you and one person who comes along" in text(as_pat.get(f"/me/bookings/{booking.pk}/"))


def test_where_one_place_is_left_two_can_wait_or_one_can_come(as_pat: Client, session: Session) -> None:  # pitfalls 13
    refused = press_book(as_pat, session, companion="yes")
    assert refused.status_code == 409
    page = text(refused)
    assert "There are not two places left" in page and 'name="companion" type="checkbox" value="yes" checked' in page
    fields = hidden(refused)
    assert as_pat.post(book_url(session), {**fields, "companion": "yes"}).status_code == 302
    pair = Booking.objects.get()
    assert (pair.state, pair.party) == ("waiting", 2)
    cancel_booking(booking=pair, by=pair.participant.person)
    again = hidden(press_book(as_pat, session, companion="yes"))
    as_pat.post(book_url(session), again)
    assert Booking.objects.latest("id").state == "booked"


def test_nobody_comes_along_to_a_class_for_one(as_pat: Client, session: Session) -> None:
    Session.objects.filter(pk=session.pk).update(kind=SessionKind.ONE_TO_ONE)
    assert "Somebody comes with me" not in text(as_pat.get(book_url(session)))


def test_leaving_the_list_is_one_button_and_harmless_when_it_is_done(  # pitfalls 2
    as_pat: Client, pat: Participant, session: Session
) -> None:
    fill(session)
    turn = waits(pat, session)
    url = f"/me/bookings/{turn.pk}/cancel/"
    page = text(as_pat.get(url))
    assert "Leave the waiting list" in page and "Why can you not come" not in page
    assert "You have left the waiting list" in text(as_pat.post(url, {}, follow=True))
    assert "that was over before" in text(as_pat.post(url, {}, follow=True))
    turn.refresh_from_db()
    assert turn.state == "cancelled"


# --- the desk ----------------------------------------------------------------


@pytest.fixture
def at_desk(dee: Any, sign_in: Any) -> Client:
    return sign_in(dee)


def list_of(session: Session) -> str:
    return f"/desk/timetable/{session.pk}/waiting/"


@pytest.mark.parametrize(
    ("state", "offer", "words"),
    [
        ("offered", {"made_at": dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC)}, "Offered in writing on"),
        ("offered", {"by_phone": True}, "To be called: we reach them only by telephone"),
        ("offered", {"by_phone": True, "tried_at": timezone.now()}, "Called and not reached on"),
        ("offered", {"by_phone": True, "heard_at": timezone.now()}, "Told on the telephone on"),
        ("waiting", {"state": "withdrawn", "ended_at": timezone.now()}, "which was taken back on"),
        ("declined", {"state": "declined", "ended_at": timezone.now()}, "Said no on"),
        ("expired", {"state": "expired", "ended_at": timezone.now()}, "did not answer by"),
        ("booked", {"state": "accepted", "ended_at": timezone.now()}, "Took the place on"),
        ("cancelled", {"state": "accepted", "ended_at": timezone.now()}, "Gave it up on"),
        ("cancelled", {"state": "withdrawn", "ended_at": timezone.now()}, "which was taken back on"),
    ],
)
def test_the_desk_reads_of_each_why_they_were_asked_or_not(  # pitfalls 5
    at_desk: Client, session: Session, quinn: Participant, state: str, offer: dict[str, Any], words: str
) -> None:
    ended = None if state in ("offered", "waiting", "booked") else timezone.now()
    given = {f"offer__{name}": value for name, value in offer.items()} if state == "offered" else {}
    booking = BookingFactory(session=session, participant=quinn, state=state, ended_at=ended, **given)
    if state != "offered":
        Offer.objects.create(
            booking=booking, kind="waiting_list", expires_at=timezone.now() + dt.timedelta(hours=1), **offer
        )
    page = text(at_desk.get(list_of(session)))
    assert words in page and "Quinn Sample" in page


def test_the_desk_reads_who_got_a_free_place_at_once_and_gave_it_up(
    at_desk: Client, session: Session, quinn: Participant, pat: Participant
) -> None:
    held = fill(session)
    waits(quinn, session, book_automatically=True)
    cancel_booking(booking=held, by=held.participant.person)
    assert "Quinn Sample: Got a place that came free." in text(at_desk.get(list_of(session)))
    shown = at_desk.get(f"/api/v1/sessions/{session.pk}/waiting-list/").json()["people"]
    assert [(one["name"], one["state"], one["last_offer"]) for one in shown] == [("Quinn Sample", "booked", None)]
    cancel_booking(booking=Booking.objects.get(participant=quinn), by=quinn.person)
    assert "Quinn Sample: Got a place that came free. Gave it up on" in text(at_desk.get(list_of(session)))


def test_whoever_is_offered_a_place_at_night_hears_of_it_in_the_morning() -> None:
    night = dt.datetime(2027, 1, 11, 21, 30, tzinfo=dt.UTC)
    offer = Offer(made_at=night, expires_at=night + dt.timedelta(hours=14, minutes=30))
    assert offered_words(offer) == (
        "Came free on Monday 11 January 2027 at 9:30pm, and nobody is written to at night: they hear of it on "
        "Tuesday 12 January 2027 at 8am. Kept until Tuesday 12 January 2027 at noon."
    )


def test_the_desk_lets_somebody_come_first_with_a_reason_that_only_staff_read(
    at_desk: Client, as_pat: Client, pat: Participant, quinn: Participant, session: Session, sign_in: Any
) -> None:
    held = fill(session)
    mine, theirs = waits(pat, session), waits(quinn, session)
    url = f"{list_of(session)}{theirs.pk}/first/"
    without = text(at_desk.get(url))
    assert "Let Quinn Sample come first" in without and "noted days" not in without
    assert not AccessLog.objects.filter(target=quinn.person, what="treatment days").exists()
    for first, times in (("2026-01-05", 1), ((timezone.localdate() + dt.timedelta(days=21)).isoformat(), 1)):
        TreatmentDaysFactory(participant=quinn, said={"first": first, "every_weeks": 3, "times": times})
    shown = at_desk.get(url).content.decode()
    assert "Quinn noted days of treatment, or of an operation" in shown and shown.count("<ul><li>") == 1
    assert AccessLog.objects.filter(target=quinn.person, what="treatment days").count() == 1
    assert at_desk.post(url, {"reason": ""}).status_code == 422
    answer = at_desk.post(url, {"reason": "Operation in three weeks"}, follow=True)
    page = text(answer)
    assert "Quinn Sample comes first now" in page and "Comes first: Operation in three weeks" in page
    assert page.index("1st: Quinn Sample") < page.index("2nd: Pat Example")
    for client, booking in ((as_pat, mine), (sign_in(quinn.person.user), theirs)):
        for address in (f"/me/bookings/{booking.pk}/", "/me/bookings/", f"/api/v1/bookings/{booking.pk}/"):
            assert "Operation" not in text(client.get(address))
    again = at_desk.post(f"{list_of(session)}{theirs.pk}/in-turn/", follow=True)
    assert "in the order of joining again" in text(again)
    cancel_booking(booking=held, by=held.participant.person)
    mine.refresh_from_db()
    assert mine.state == "offered"


def test_who_waits_no_more_cannot_come_first(at_desk: Client, quinn: Participant, session: Session) -> None:
    fill(session)
    turn = waits(quinn, session)
    cancel_booking(booking=turn, by=quinn.person)
    answer = at_desk.post(f"{list_of(session)}{turn.pk}/first/", {"reason": "Operation"})
    assert answer.status_code == 409 and "not on the waiting list any more" in text(answer)


@pytest.fixture
def called(programme: Any, session: Session) -> Booking:
    """Somebody with only a telephone is to be called about the place."""
    held = fill(session)
    turn = waits(ParticipantFactory(programme=programme), session)
    cancel_booking(booking=held, by=held.participant.person)
    turn.refresh_from_db()
    return turn


@pytest.mark.parametrize(
    ("outcome", "state", "clock_runs", "stays_open"),
    [
        ("thinks", "offered", True, True),
        ("no_answer", "offered", True, True),
        ("wrong_details", "offered", True, True),
        ("takes_place", "booked", False, False),
        ("declines", "declined", False, False),
        ("pass_by", "waiting", False, False),
    ],
)
def test_what_came_of_the_call_starts_the_clock_or_settles_it(
    at_desk: Client, called: Booking, outcome: str, state: str, clock_runs: bool, stays_open: bool
) -> None:
    noon = dt.datetime.combine(timezone.localdate() + dt.timedelta(days=1), dt.time(12), tzinfo=dt.UTC)
    with time_machine.travel(noon, tick=False):
        task = Task.objects.get(kind="waiting_call")
        assert "Kept for them until" in text(at_desk.get(f"/desk/tasks/{task.pk}/"))
        assert at_desk.post(f"/desk/tasks/{task.pk}/", {"outcome": outcome}).status_code == 302
    called.refresh_from_db()
    task.refresh_from_db()
    assert called.state == state
    assert (called.offers.get().expires_at == noon + dt.timedelta(hours=4)) is clock_runs
    assert (task.state == TaskState.OPEN) is stays_open


def test_whoever_says_no_on_the_telephone_is_not_called_again_to_hear_of_it(
    at_desk: Client, called: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    noon = dt.datetime.combine(timezone.localdate() + dt.timedelta(days=1), dt.time(12), tzinfo=dt.UTC)
    with time_machine.travel(noon, tick=False):
        at_desk.post(f"/desk/tasks/{Task.objects.get(kind='waiting_call').pk}/", {"outcome": "declines"})
        deliver_due()
    told = Message.objects.get(kind="booking_cancelled", subject_id=called.pk)
    assert told.state == MessageState.NOT_WANTED
    assert not Task.objects.to_do().filter(kind="call", subject_id=told.pk).exists()


def test_a_call_that_comes_too_late_says_so(at_desk: Client, called: Booking) -> None:
    task = Task.objects.get(kind="waiting_call")
    with time_machine.travel(Offer.objects.get().expires_at, tick=False):
        answer = at_desk.post(f"/desk/tasks/{task.pk}/", {"outcome": "takes_place"})
    assert answer.status_code == 409 and "The time to answer is over" in text(answer)


def test_whoever_has_their_classes_of_that_week_by_the_call_is_given_one_more_from_the_waiting_list(
    at_desk: Client, pat: Participant
) -> None:
    wednesday = timezone.localdate() + dt.timedelta(days=9 - timezone.localdate().weekday())  # of next week
    noon = dt.datetime.combine(wednesday, dt.time(12), tzinfo=dt.UTC)
    session = SessionFactory(programme=pat.programme, capacity=1, starts_at=noon)
    held, turn = fill(session), waits(pat, session)
    with time_machine.travel(session.starts_at - dt.timedelta(hours=3), tick=False):
        cancel_booking(booking=held, by=held.participant.person)  # too late for an offer: the place is everybody's
        another = SessionFactory(programme=pat.programme, starts_at=session.starts_at + dt.timedelta(hours=2))
        book_place(participant=pat, session=another, by=pat.person, source=BookingSource.SELF)
        Phase.objects.create(
            programme=pat.programme, order=1, name="First", weeks=40, contacts_least=1, contacts_most=1, most_a_week=1
        )
        task = f"/desk/tasks/{Task.objects.get(kind='waiting_call').pk}/"
        answer = at_desk.post(task, {"outcome": "takes_place"})
    assert answer.status_code == 409 and "as many classes in that week as their phase allows" in text(answer)
    assert list_of(session) in answer.content.decode(), "the way to give it all the same"
    turn.refresh_from_db()
    assert turn.state == BookingState.WAITING


def test_who_says_no_to_a_public_place_leaves_the_list(at_desk: Client, session: Session, pat: Participant) -> None:
    held = fill(session)
    turn = waits(pat, session)
    with time_machine.travel(session.starts_at - dt.timedelta(hours=3), tick=False):
        cancel_booking(booking=held, by=held.participant.person)
        task = Task.objects.get(kind="waiting_call")
        at_desk.post(f"/desk/tasks/{task.pk}/", {"outcome": "declines"})
    turn.refresh_from_db()
    assert (turn.state, turn.end_reason) == ("cancelled", "declined_by_phone")


# --- a place that anybody could book, for those who wait ---------------------


@pytest.fixture
def near(session: Session, pat: Participant) -> Iterator[Booking]:
    """Three hours before the class, too late for an offer, the place comes free for which Pat waits."""
    held, turn = fill(session), waits(pat, session)
    with time_machine.travel(session.starts_at - dt.timedelta(hours=3), tick=False):
        cancel_booking(booking=held, by=held.participant.person)
        yield turn


def test_whoever_waits_takes_a_place_that_anybody_could_book(as_pat: Client, near: Booking) -> None:
    assert "A place is free now: take it, or leave" in text(as_pat.get(f"/classes/{near.session_id}/"))
    page = text(as_pat.get(f"/me/bookings/{near.pk}/"))
    assert "A place is free now" in page and "we keep it for you" not in page
    assert "A place is free now. It goes to whoever takes it first" in text(as_pat.get("/me/bookings/"))
    for _ in range(2):
        taken = as_pat.post(page_of(near, "accept/"))
    near.refresh_from_db()
    assert (near.state, taken.status_code) == (BookingState.BOOKED, 302)
    again = as_pat.post(f"/api/v1/bookings/{near.pk}/accept/", {}, content_type="application/json")
    assert (again.status_code, again.json()["state"]) == (200, "booked")
    assert not Task.objects.to_do().filter(kind="waiting_call").exists(), "nobody calls about it any more"


def test_where_it_has_just_gone_the_turn_is_kept_and_that_is_said(
    as_pat: Client, near: Booking, quinn: Participant
) -> None:
    book_place(participant=quinn, session=near.session, by=quinn.person, source=BookingSource.SELF)
    for address in ("/me/bookings/", f"/me/bookings/{near.pk}/"):
        assert "A place is free now" not in text(as_pat.get(address))
    page = text(as_pat.post(page_of(near, "accept/"), follow=True))
    assert "The free place has just gone. The turn in the waiting list is kept." in page
    assert "1st in the waiting list" in page


def test_no_page_calls_a_place_free_that_is_somebody_elses_turn(
    as_pat: Client, near: Booking, quinn: Participant
) -> None:
    BookingFactory(session=near.session, participant=quinn, state=BookingState.WAITING)
    for page in (f"/classes/{near.session_id}/", f"/me/bookings/{near.pk}/"):
        assert "A place is free now" not in text(as_pat.get(page))


def test_nobody_takes_a_place_past_those_whose_turn_is_first(session: Session, pat: Participant, quinn: Any) -> None:
    fill(session)
    first, second = waits(pat, session), waits(quinn, session)
    Session.objects.filter(pk=session.pk).update(capacity=2)  # free, and not yet offered to anybody
    for turn in (first, second):
        with pytest.raises(OfferOver):
            accept_offer(booking=turn, by=turn.participant.person)


def test_a_class_at_that_time_or_what_makes_it_unsafe_is_in_the_way_and_said(
    as_pat: Client, near: Booking, pat: Participant
) -> None:
    there = SessionFactory(programme=pat.programme, starts_at=near.session.starts_at)
    other = book_place(participant=pat, session=there, by=pat.person, source=BookingSource.SELF)
    Booking.objects.filter(pk=near.pk).update(state=BookingState.WAITING, ended_at=None)
    refused = text(as_pat.post(page_of(near, "accept/"), follow=True))
    assert "cancel that one first" in refused and "The turn in the waiting list is kept" in refused
    cancel_booking(booking=other, by=pat.person)
    ClearanceFactory(participant=pat, state=ClearanceState.NOT_SUITABLE)
    assert "not the right thing for you" in text(as_pat.post(page_of(near, "accept/"), follow=True))
    near.refresh_from_db()
    assert near.state == BookingState.WAITING
