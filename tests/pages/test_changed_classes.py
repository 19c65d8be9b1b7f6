"""Can you still come? Opening the page changes nothing, and one button gives a place back without any mark."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from classes.models import Booking, BookingState, Mode, Session
from classes.telling.change_notices import Told, classes_changed
from messaging.models import Message
from tests.factories.classes import BookingFactory, SessionFactory, VenueFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(pat: Any, sign_in: Any) -> Any:
    return sign_in(pat.person.user)


def changed(
    pat: Any, count: int = 1, *, given_up: bool = False, waits: bool = False, **changes: Any
) -> tuple[Message, list[Booking]]:
    """A message about `count` classes that were moved by an hour, as the action would have put it there."""
    told = []
    for n in range(count):
        hall = VenueFactory(programme=pat.programme, name=f"Old hall {n}")
        starts = timezone.now() + dt.timedelta(days=2 + n)
        was = SessionFactory(programme=pat.programme, venue=hall, starts_at=starts, places_taken=1)
        state = BookingState.WAITING if waits else BookingState.BOOKED
        booking = BookingFactory(session=was, participant=pat, state=state)
        told.append(Told(booking, was, given_up))
        hour = dt.timedelta(hours=1)
        moved = {"starts_at": was.starts_at + hour, "ends_at": was.ends_at + hour, **changes}
        Session.objects.filter(pk=was.pk).update(**moved)
    classes_changed(told)
    return Message.objects.get(), [one.booking for one in told]


def test_it_says_old_and_new_and_opening_it_twice_changes_nothing(me: Any, pat: Any) -> None:  # pitfalls 42
    hall = VenueFactory(programme=pat.programme, name="New hall")
    message, (booking,) = changed(pat, venue=hall)
    for _ in range(2):
        page = me.get(f"/me/bookings/changes/{message.pk}/").content.decode()
    assert "Before, it was" in page and "New hall" in page and "Old hall" in page
    assert "I cannot come: give back the place" in page
    booking.refresh_from_db()
    assert booking.state == BookingState.BOOKED


def test_one_button_gives_the_place_back_without_any_mark(me: Any, pat: Any) -> None:  # pitfalls 39
    message, (booking,) = changed(pat)
    answer = me.post(f"/me/bookings/changes/{message.pk}/", {"cannot": str(booking.pk)})
    assert answer["Location"] == "/me/bookings/"
    booking.refresh_from_db()
    assert (booking.state, booking.end_reason) == (BookingState.CANCELLED, "class_changed")
    page = me.get(f"/me/bookings/changes/{message.pk}/").content.decode()
    assert "Nothing here needs an answer any more" in page


def test_who_waits_leaves_the_list(me: Any, pat: Any) -> None:
    message, (booking,) = changed(pat, waits=True)
    address = f"/me/bookings/changes/{message.pk}/"
    assert "I cannot come: leave the waiting list" in me.get(address).content.decode()
    answer = me.post(address, {"cannot": str(booking.pk)}, follow=True)
    assert "You have left the waiting list. Thank you" in answer.content.decode()
    booking.refresh_from_db()
    assert booking.state == BookingState.CANCELLED


def test_of_several_dates_only_those_that_are_ticked_are_given_back(me: Any, pat: Any) -> None:
    message, (first, second) = changed(pat, 2)
    address = f"/me/bookings/changes/{message.pk}/"
    assert me.post(address, {}).status_code == 422
    assert me.post(address, {"cannot": "999"}).status_code == 422
    me.post(address, {"cannot": [str(second.pk)]})
    states = dict(Booking.objects.values_list("pk", "state"))
    assert states == {first.pk: BookingState.BOOKED, second.pk: BookingState.CANCELLED}


def test_a_class_that_begins_while_the_page_is_open_refuses_in_words(
    me: Any, pat: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    message, (booking,) = changed(pat)
    monkeypatch.setattr("classes.locks.Session.has_started", lambda self, at: True)
    monkeypatch.setattr("frontend.views.me.changed_classes._begun", lambda one: False)
    answer = me.post(f"/me/bookings/changes/{message.pk}/", {"cannot": str(booking.pk)})
    assert answer.status_code == 409 and "The class has started" in answer.content.decode()


def test_a_place_that_was_given_to_somebody_else_is_said_and_not_asked_about(me: Any, pat: Any) -> None:
    message, _ = changed(pat, given_up=True)
    page = me.get(f"/me/bookings/changes/{message.pk}/").content.decode()
    assert "was given to somebody else" in page and "<form" not in page[page.index("<main") : page.index("</main")]
    assert me.post(f"/me/bookings/changes/{message.pk}/", {"cannot": "1"}).status_code == 200


def test_an_online_class_says_that_the_way_to_join_is_new_and_never_the_link(me: Any, pat: Any) -> None:
    message, _ = changed(pat, mode=Mode.REMOTE, venue=None, join_url="https://video.example/secret")
    page = me.get(f"/me/bookings/changes/{message.pk}/").content.decode()
    assert "The way to join is new" in page and "video.example" not in page


def test_a_helper_reads_the_name_of_the_person_they_help(sam: Any, pat: Any, sign_in: Any) -> None:
    message, (booking, _) = changed(pat, 2)
    helper = sign_in(sam)
    assert helper.get(f"/me/bookings/changes/{message.pk}/").status_code == 404
    helper.post(f"/me/act-for/{pat.pk}/")
    page = helper.get(f"/me/bookings/changes/{message.pk}/").content.decode()
    assert "Can Pat still come?" in page and "never held against Pat" in page
    helper.post(f"/me/bookings/changes/{message.pk}/", {"cannot": [str(booking.pk)]})
    booking.refresh_from_db()
    assert booking.state == BookingState.CANCELLED


def test_nobody_reads_what_was_told_to_somebody_else(quinn: Any, pat: Any, sign_in: Any) -> None:  # pitfalls 41
    message, _ = changed(pat)
    assert sign_in(quinn.person.user).get(f"/me/bookings/changes/{message.pk}/").status_code == 404
