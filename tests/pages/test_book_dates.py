"""Several dates on pages and in the API: tick, press once, read what came of each."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AccessLog, User
from classes.models import Booking, BookingSource, Session, SessionKind
from classes.places.booking import book_place
from messaging.models import Message
from participants.models import Participant, Phase, SupporterScope
from tests.factories.classes import SessionFactory, weekly_dates
from tests.factories.participants import ClearanceFactory, ParticipantFactory
from tests.pages.test_booking import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def dates(pat: Participant) -> list[Session]:
    return weekly_dates(pat.programme)


@pytest.fixture
def as_pat(pat: Participant, sign_in: Any) -> Client:
    return sign_in(pat.person.user)  # type: ignore[no-any-return]


def act_for(browser: Client, pat: Participant) -> Client:
    session = browser.session
    session["acting_for"] = pat.pk
    session.save()
    return browser


def one(participant: Participant, session: Session) -> Booking:
    return book_place(participant=participant, session=session, by=participant.person, source=BookingSource.SELF)


def fill(session: Session) -> Booking:
    return one(ParticipantFactory(programme=session.programme), session)


def url(session: Session) -> str:
    return f"/me/classes/{session.pk}/dates/"


def hidden(page: Any) -> dict[str, str]:
    found = {n: re.search(rf'name="{n}" value="([^"]*)"', page.content.decode()) for n in ("request_key", "person")}
    return {name: match.group(1) for name, match in found.items() if match}


def tick(client: Client, sessions: list[Session], **more: str) -> Any:
    fields = hidden(client.get(url(sessions[0])))
    return client.post(url(sessions[0]), {**fields, "dates": [str(s.pk) for s in sessions], **more})


def test_a_form_whose_key_no_page_drew_books_nothing_and_says_what_to_do(
    as_pat: Client, pat: Participant, dates: list[Session]
) -> None:
    answer = tick(as_pat, dates, request_key="-1,")
    assert answer.status_code == 422 and "Open this page again, and then press once more" in text(answer)
    assert not pat.bookings.exists()


def test_the_whole_way_from_the_class_to_what_came_of_each_date(
    as_pat: Client, pat: Participant, dates: list[Session]
) -> None:
    fill(dates[1])
    assert f'href="{url(dates[0])}"' in text(as_pat.get(f"/classes/{dates[0].pk}/"))
    page = text(as_pat.get(url(dates[0])))
    assert page.count('name="dates"') == 3
    assert page.count("Full: you wait for a place") == 1
    answer = tick(as_pat, dates)
    assert answer.status_code == 302
    done = text(as_pat.get(answer["Location"]))
    assert "2 classes booked" in done and "Waiting for a place" in done and "Not booked" not in done
    assert Message.objects.filter(person=pat.person).count() == 1
    again = text(as_pat.get(url(dates[0])))
    assert 'name="dates"' not in again and "Dates that cannot be chosen here" in again


def test_a_double_click_is_harmless(as_pat: Client, pat: Participant, dates: list[Session]) -> None:  # pitfalls 24
    fields = {**hidden(as_pat.get(url(dates[0]))), "dates": [str(s.pk) for s in dates[:2]]}
    first, second = (as_pat.post(url(dates[0]), fields) for _ in range(2))
    assert (first.status_code, first["Location"]) == (302, second["Location"])
    assert Booking.objects.count() == 2 and Message.objects.count() == 1
    other = as_pat.post(url(dates[0]), fields | {"dates": [str(dates[2].pk)]})
    assert other.status_code == 422
    assert "Nothing was booked" in text(other)


def test_nothing_ticked_is_said_and_the_ticks_stay(as_pat: Client, dates: list[Session]) -> None:
    answer = as_pat.post(url(dates[0]), hidden(as_pat.get(url(dates[0]))))
    assert answer.status_code == 422
    assert "Select the dates that you would like" in text(answer)


def test_a_date_that_was_lost_meanwhile_is_told_with_its_reason(
    as_pat: Client, pat: Participant, dates: list[Session]
) -> None:
    fields = hidden(as_pat.get(url(dates[0])))
    other = one(pat, SessionFactory(programme=pat.programme, starts_at=dates[2].starts_at))
    answer = as_pat.post(url(dates[0]), {**fields, "dates": [str(dates[0].pk), str(dates[2].pk)]})
    done = text(as_pat.get(answer["Location"]))
    assert "1 class booked" in done and "There is a place in another class at that time" in done
    assert f'href="/me/bookings/{other.pk}/"' in done


def test_dates_to_which_somebody_may_not_come_have_no_tick_and_say_why(
    as_pat: Client, pat: Participant, dates: list[Session]
) -> None:
    ClearanceFactory(participant=pat, valid_until=timezone.localdate(dates[0].starts_at))
    page = text(as_pat.get(url(dates[0])))
    assert page.count('name="dates"') == 1
    assert page.count("We need to check your health answers again before the day of this class") == 2
    ticked = as_pat.post(url(dates[0]), {**hidden(as_pat.get(url(dates[0]))), "dates": [str(dates[1].pk)]})
    done = text(as_pat.get(ticked["Location"]))
    assert "Nothing was booked" in done and "check your health answers again" in done
    assert not Message.objects.exists()


def test_one_reason_is_said_once_over_all_the_dates_that_it_stands_against(
    as_pat: Client, pat: Participant, dates: list[Session]
) -> None:
    fields = {**hidden(as_pat.get(url(dates[0]))), "dates": [str(s.pk) for s in dates]}
    ClearanceFactory(participant=pat, valid_until=timezone.localdate(dates[0].starts_at))
    done = text(as_pat.get(as_pat.post(url(dates[0]), fields)["Location"]))
    assert "1 class booked" in done
    assert done.count("check your health answers again") == 1


def test_nobody_comes_along_to_a_one_to_one(as_pat: Client, dates: list[Session]) -> None:
    Session.objects.update(kind=SessionKind.ONE_TO_ONE)
    assert "Somebody comes with me" not in text(as_pat.get(url(dates[0])))
    assert tick(as_pat, dates[:2]).status_code == 302


def test_waiting_alone_is_no_good_news(as_pat: Client, dates: list[Session]) -> None:
    fill(dates[0])
    answer = tick(as_pat, dates[:1], book_automatically="yes", companion="")
    done = text(as_pat.get(answer["Location"]))
    assert "You are on 1 waiting list" in done and "There is no place yet" in done
    assert Booking.objects.get(state="waiting").book_automatically


def test_a_companion_comes_each_time_where_there_is_room(as_pat: Client, dates: list[Session]) -> None:
    Session.objects.update(capacity=3)
    answer = tick(as_pat, dates[:2], companion="yes")
    assert "Each for two" in text(as_pat.get(answer["Location"]))
    assert set(Booking.objects.values_list("party", flat=True)) == {2}


def test_too_many_dates_and_many_people_book_nothing(
    as_pat: Client, dates: list[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("classes.places.blocks.MOST_DATES", 2)
    answer = tick(as_pat, dates)
    assert answer.status_code == 409
    assert "Please choose fewer dates" in text(answer)
    assert not Booking.objects.exists()


def test_a_supporter_books_for_the_person_named_on_the_page(
    pat: Participant, sam: User, sign_in: Any, dates: list[Session]
) -> None:
    pat.supporters.update(scopes=[SupporterScope.BOOK, SupporterScope.SEE_MESSAGES])
    as_sam = act_for(sign_in(sam), pat)
    page = text(as_sam.get(url(dates[0])))
    assert "for Pat" in page and "Somebody comes with Pat each time" in page
    answer = tick(as_sam, dates[:2], copy="yes")
    assert "2 classes booked" in text(as_sam.get(answer["Location"]))
    assert set(Booking.objects.values_list("source", flat=True)) == {"supporter"}
    assert Message.objects.filter(person=sam.person).count() == 1


def test_whoever_books_for_somebody_else_since_books_nothing(as_pat: Client, dates: list[Session]) -> None:
    fields = hidden(as_pat.get(url(dates[0])))
    answer = as_pat.post(url(dates[0]), {**fields, "person": "1", "dates": [str(dates[0].pk)]})
    assert answer.status_code == 409
    assert "you have changed who you book for" in text(answer)


def test_the_desk_books_and_reads_the_reason_once_for_all_dates(
    pat: Participant, dee: User, sign_in: Any, dates: list[Session]
) -> None:
    ClearanceFactory(participant=pat, valid_until=timezone.localdate(dates[0].starts_at))
    as_dee = act_for(sign_in(dee), pat)
    assert text(as_dee.get(url(dates[0]))).count("a clearance that runs out before that day") == 2
    assert AccessLog.objects.filter(what="clearance").count() == 1
    assert tick(as_dee, dates[:1]).status_code == 302
    assert Booking.objects.get().source == "desk"


def test_what_somebody_else_pressed_is_nobodys_page(
    as_pat: Client, quinn: Participant, sign_in: Any, dates: list[Session]
) -> None:
    done = tick(as_pat, dates[:1])["Location"]
    assert as_pat.get(done).status_code == 200
    assert sign_in(quinn.person.user).get(done).status_code == 404
    assert as_pat.get(url(dates[0]) + "nonsense/").status_code == 404
    alone = SessionFactory(programme=dates[0].programme)
    assert as_pat.get(url(alone)).status_code == 404


def test_the_desk_gives_one_reason_for_all_dates_past_the_limit(
    pat: Participant, dee: User, sign_in: Any, as_pat: Client
) -> None:
    same_week = weekly_dates(pat.programme, number=2, capacity=5)
    monday = timezone.localtime().replace(hour=10, minute=0) + dt.timedelta(days=14 - timezone.localdate().weekday())
    for days, session in enumerate(same_week):
        start = monday + dt.timedelta(days=days)
        Session.objects.filter(pk=session.pk).update(starts_at=start, ends_at=start + dt.timedelta(hours=1))
    browser, asks = act_for(sign_in(dee), pat), "more than their phase allows"
    assert asks not in text(browser.get(url(same_week[0])))
    Phase.objects.create(
        programme=pat.programme, order=1, name="One", weeks=40, contacts_least=1, contacts_most=1, most_a_week=1
    )
    assert asks not in text(as_pat.get(url(same_week[0])))
    page = browser.get(url(same_week[0]))
    assert asks in text(page)
    sent = {"dates": [str(one.pk) for one in same_week], "person": str(pat.pk), "request_key": "k1"}
    page = text(browser.post(url(same_week[0]), sent, follow=True))
    assert "1 class booked" in page and "1 class a week" in page
    Booking.objects.all().delete()
    Session.objects.update(places_taken=0)
    page = text(browser.post(url(same_week[0]), sent | {"request_key": "k2", "despite_limit": "agreed"}, follow=True))
    assert "2 classes booked" in page
