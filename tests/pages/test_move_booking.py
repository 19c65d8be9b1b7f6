"""Move a place to another date, on pages and in the API: kept until the new one is held."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from classes.judging.refusals import TryAgain
from classes.models import Booking, BookingSource, Session
from classes.places.booking import book_place, cancel_booking
from frontend.wording import short_day
from messaging.models import Message
from participants.models import Participant, Phase, SupporterScope
from tests.factories.classes import SessionFactory, weekly_dates
from tests.factories.participants import ClearanceFactory, ParticipantFactory
from tests.pages.test_booking import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def dates(pat: Participant) -> list[Session]:
    return weekly_dates(pat.programme)


def one(participant: Participant, session: Session, **rest: Any) -> Booking:
    return book_place(
        participant=participant, session=session, by=participant.person, source=BookingSource.SELF, **rest
    )


@pytest.fixture
def held(pat: Participant, dates: list[Session]) -> Booking:
    return one(pat, dates[0])


@pytest.fixture
def as_pat(pat: Participant, sign_in: Any) -> Client:
    return sign_in(pat.person.user)  # type: ignore[no-any-return]


def act_for(browser: Client, pat: Participant) -> Client:
    session = browser.session
    session["acting_for"] = pat.pk
    session.save()
    return browser


def fill(session: Session) -> Booking:
    return one(ParticipantFactory(programme=session.programme), session)


def url(booking: Booking) -> str:
    return f"/me/bookings/{booking.pk}/move/"


def key_on(page: Any) -> str:
    found = re.search(r'name="request_key" value="([^"]*)"', page.content.decode())
    assert found
    return found.group(1)


def press(client: Client, booking: Booking, to: Session, **more: str) -> Any:
    sent = {"request_key": key_on(client.get(url(booking))), "to": str(to.pk)}
    return client.post(url(booking), sent | more)


def states() -> list[tuple[int, str]]:
    return list(Booking.objects.order_by("pk").values_list("session_id", "state"))


def test_the_whole_way_from_the_old_place_to_the_new_one(as_pat: Client, held: Booking, dates: list[Session]) -> None:
    assert f'href="{url(held)}"' in text(as_pat.get(f"/me/bookings/{held.pk}/"))
    page = text(as_pat.get(url(held)))
    assert page.count('name="to"') == 2 and "This place is kept until the new one is booked" in page
    answer = press(as_pat, held, dates[2])
    assert answer.status_code == 302
    done = text(as_pat.get(answer["Location"]))
    assert "Booking confirmed" in done
    assert f"Moved. The place on {short_day(dates[0].starts_at)} is given back." in done
    assert states() == [(dates[0].pk, "cancelled"), (dates[2].pk, "booked")]
    assert as_pat.get(url(held))["Location"] == f"/me/bookings/{held.pk}/"


def test_a_second_press_moves_nothing_twice(as_pat: Client, held: Booking, dates: list[Session]) -> None:  # pitfalls 33
    sent = {"request_key": key_on(as_pat.get(url(held))), "to": str(dates[1].pk)}
    first, second = (as_pat.post(url(held), sent) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert states() == [(dates[0].pk, "cancelled"), (dates[1].pk, "booked")]
    other = as_pat.post(url(held), {"request_key": "another", "to": str(dates[2].pk)})
    assert other.status_code == 409
    assert "given back or moved before" in text(other)
    assert as_pat.post(url(held), sent | {"to": str(dates[2].pk)}).status_code == 422


def test_a_full_date_is_waited_for_and_the_place_kept(as_pat: Client, held: Booking, dates: list[Session]) -> None:
    fill(dates[1])
    page = text(as_pat.get(url(held)))
    assert page.count('name="to"') == 1
    assert f'<a href="/me/classes/{dates[1].pk}/book/">Wait for {short_day(dates[1].starts_at)}' in page


def test_the_last_place_gone_meanwhile_keeps_the_old_one_and_another_date_can_be_chosen(
    as_pat: Client, held: Booking, dates: list[Session]
) -> None:
    key = key_on(as_pat.get(url(held)))
    fill(dates[1])
    answer = as_pat.post(url(held), {"request_key": key, "to": str(dates[1].pk)})
    assert answer.status_code == 409
    assert "The last place on that date has just gone" in text(answer)
    held.refresh_from_db()
    assert held.state == "booked"
    chosen = {"request_key": key_on(answer), "to": str(dates[2].pk)}
    assert as_pat.post(url(held), chosen).status_code == 302


def test_no_date_chosen_is_said(as_pat: Client, held: Booking) -> None:
    answer = as_pat.post(url(held), {"request_key": "k"})
    assert answer.status_code == 422 and "Select the date to move to" in text(answer)


def test_a_class_that_stands_alone_moves_to_one_like_it_or_says_that_there_is_none(
    as_pat: Client, pat: Participant
) -> None:
    booking = one(pat, SessionFactory(programme=pat.programme))
    assert "There is no other date with a place at the moment" in text(as_pat.get(url(booking)))
    like = SessionFactory(
        programme=pat.programme,
        class_type=booking.session.class_type,
        starts_at=booking.session.starts_at + dt.timedelta(days=1),
    )
    assert press(as_pat, booking, like).status_code == 302


def test_why_the_person_may_not_come_then_is_said(
    as_pat: Client, pat: Participant, held: Booking, dates: list[Session]
) -> None:
    key = key_on(as_pat.get(url(held)))
    a_day_later = timezone.localdate(dates[0].starts_at) + dt.timedelta(days=1)  # two hours later may be tomorrow
    ClearanceFactory(participant=pat, valid_until=a_day_later)
    answer = as_pat.post(url(held), {"request_key": key, "to": str(dates[1].pk)})
    assert answer.status_code == 409 and "We need to check your health answers again" in text(answer)
    busy = one(pat, SessionFactory(programme=pat.programme, starts_at=dates[0].starts_at + dt.timedelta(hours=2)))
    other = as_pat.post(url(held), {"request_key": "k2", "to": str(busy.session_id)})
    assert other.status_code == 409 and "another class at that time" in text(other)


def test_many_people_at_once_change_nothing(
    as_pat: Client, held: Booking, dates: list[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(**rest: Any) -> None:
        raise TryAgain

    monkeypatch.setattr("frontend.views.me.moving.move_booking", busy)
    assert press(as_pat, held, dates[1]).status_code == 409


def test_the_desk_moves_past_the_limit_of_a_week_with_a_reason(
    pat: Participant, dee: User, sign_in: Any, held: Booking, dates: list[Session]
) -> None:
    one(pat, SessionFactory(programme=pat.programme, starts_at=dates[1].starts_at + dt.timedelta(hours=3)))
    Phase.objects.create(
        programme=pat.programme, order=1, name="One", weeks=40, contacts_least=1, contacts_most=1, most_a_week=1
    )
    as_dee = act_for(sign_in(dee), pat)
    asked = press(as_dee, held, dates[1])
    assert asked.status_code == 409
    assert "Pat can have 1 class a week" in text(asked) and 'name="despite_limit"' in text(asked)
    sent = {"request_key": key_on(asked), "to": str(dates[1].pk)}
    assert as_dee.post(url(held), sent | {"despite_limit": ""}).status_code == 422
    assert as_dee.post(url(held), sent | {"despite_limit": "agreed"}).status_code == 302


def test_a_supporter_moves_with_a_copy(
    pat: Participant, sam: User, sign_in: Any, held: Booking, dates: list[Session]
) -> None:
    pat.supporters.update(scopes=[SupporterScope.BOOK, SupporterScope.SEE_MESSAGES])
    as_sam = act_for(sign_in(sam), pat)
    assert press(as_sam, held, dates[1], copy="yes").status_code == 302
    assert Message.objects.filter(person=sam.person, kind="booking_moved").count() == 1


def test_a_date_on_which_a_place_is_offered_can_be_chosen_and_that_place_is_taken(
    as_pat: Client, pat: Participant, held: Booking, dates: list[Session]
) -> None:
    theirs = fill(dates[1])
    turn = one(pat, dates[1], or_wait=True)
    cancel_booking(booking=theirs, by=theirs.participant.person)
    assert "A place is kept here already" in text(as_pat.get(url(held)))
    assert press(as_pat, held, dates[1])["Location"] == f"/me/bookings/{turn.pk}/booked/"
    assert dict(states()) == {dates[0].pk: "cancelled", dates[1].pk: "booked"}


def test_an_offer_for_another_number_of_people_is_named(as_pat: Client, pat: Participant) -> None:
    dates = weekly_dates(pat.programme, capacity=2)
    theirs = one(ParticipantFactory(programme=pat.programme), dates[1], party=2)
    one(pat, dates[1], or_wait=True)
    cancel_booking(booking=theirs, by=theirs.participant.person)
    refused = press(as_pat, one(pat, dates[0], party=2), dates[1])
    assert refused.status_code == 409 and "Answer that offer first" in text(refused)
