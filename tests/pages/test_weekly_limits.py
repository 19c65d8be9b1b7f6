"""The limit of a week on pages and in the API: said with its number, never a dead end, and the desk may go past it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.models import User
from classes.models import Booking, BookingSource, BookingState, Session
from classes.places.booking import book_place, cancel_booking
from participants.models import Participant, Phase
from tests.factories.classes import SessionFactory
from tests.factories.participants import ParticipantFactory
from tests.pages.test_booking import book_url, hidden, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def monday(pat: Participant) -> Any:
    """10 in the morning of the Monday after next, with one place a week in Pat's phase."""
    Phase.objects.create(
        programme=pat.programme, order=1, name="First", weeks=40, contacts_least=1, contacts_most=1, most_a_week=1
    )
    now = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0)
    return now + timezone.timedelta(days=14 - now.weekday())


@pytest.fixture
def held(pat: Participant, monday: Any) -> Booking:
    session = SessionFactory(programme=pat.programme, starts_at=monday)
    return book_place(participant=pat, session=session, by=pat.person, source=BookingSource.SELF)


@pytest.fixture
def friday(pat: Participant, monday: Any) -> Session:
    return SessionFactory(programme=pat.programme, starts_at=monday + timezone.timedelta(days=4), capacity=1)


def test_the_page_of_a_class_names_the_limit_and_the_next_step(
    pat: Participant, sign_in: Any, held: Booking, friday: Session
) -> None:
    page = text(sign_in(pat.person.user).get(f"/classes/{friday.pk}/"))
    assert "you can have 1 class a week, Monday to Sunday" in page
    assert "Choose a class in another week, or cancel the other one first" in page
    assert book_url(friday) not in page


def test_who_reaches_the_limit_on_another_page_reads_it_after_pressing(
    pat: Participant, sign_in: Any, friday: Session, monday: Any
) -> None:
    as_pat = sign_in(pat.person.user)
    fields = hidden(as_pat.get(book_url(friday)))
    other = SessionFactory(programme=pat.programme, starts_at=monday)
    book_place(participant=pat, session=other, by=pat.person, source=BookingSource.SELF)
    answer = as_pat.post(book_url(friday), fields)
    assert answer.status_code == 409
    assert "you can have 1 class a week" in text(answer)
    assert as_pat.get(book_url(friday)).status_code == 302


def test_a_supporter_reads_it_with_the_name(
    pat: Participant, sam: User, sign_in: Any, held: Booking, friday: Any
) -> None:
    as_sam = sign_in(sam)
    session = as_sam.session
    session["acting_for"] = pat.pk
    session.save()
    page = text(as_sam.get(f"/classes/{friday.pk}/"))
    assert "Pat can have 1 class a week" in page
    assert "all the same" not in page


@pytest.fixture
def as_dee(pat: Participant, dee: User, sign_in: Any) -> Client:
    browser: Client = sign_in(dee)
    session = browser.session
    session["acting_for"] = pat.pk
    session.save()
    return browser


def test_the_desk_books_past_it_with_a_reason(as_dee: Client, held: Booking, friday: Session) -> None:
    assert "Book it all the same, with a reason" in text(as_dee.get(f"/classes/{friday.pk}/"))
    fields = hidden(as_dee.get(book_url(friday)))
    nameless = as_dee.post(book_url(friday), fields | {"despite_limit": " "})
    assert nameless.status_code == 422
    assert "Enter why one more class in this week is right" in text(nameless)
    assert as_dee.post(book_url(friday), fields | {"despite_limit": "agreed"}).status_code == 302
    booking = Booking.objects.get(session=friday)
    assert booking.events.first().pgh_context["reason"] == "agreed"  # type: ignore[attr-defined]


def test_the_desk_gives_a_waiting_place_past_it_with_a_reason(
    as_dee: Client, pat: Participant, held: Booking, friday: Session
) -> None:
    other = ParticipantFactory(programme=pat.programme)
    theirs = book_place(participant=other, session=friday, by=other.person, source=BookingSource.SELF)
    turn = book_place(participant=pat, session=friday, by=pat.person, source=BookingSource.SELF, or_wait=True)
    assert cancel_booking(booking=theirs, by=other.person).ended_at
    give = f"/desk/timetable/{friday.pk}/waiting/{turn.pk}/give/"
    assert "as many classes in that week as their phase allows" in text(
        as_dee.get(f"/desk/timetable/{friday.pk}/waiting/")
    )
    asked = as_dee.post(give)
    assert asked.status_code == 409
    assert "Pat can have 1 class a week" in text(asked)
    assert f'action="{give}"' in text(asked)
    assert as_dee.post(give, {"despite_limit": ""}).status_code == 422
    assert as_dee.post(give, {"despite_limit": "agreed"}).status_code == 302
    turn.refresh_from_db()
    assert turn.state == BookingState.BOOKED


def test_a_turn_that_the_limit_passes_by_says_so(
    pat: Participant, sign_in: Any, held: Booking, friday: Session
) -> None:
    other = ParticipantFactory(programme=pat.programme)
    book_place(participant=other, session=friday, by=other.person, source=BookingSource.SELF)
    turn = book_place(participant=pat, session=friday, by=pat.person, source=BookingSource.SELF, or_wait=True)
    page = text(sign_in(pat.person.user).get(f"/me/bookings/{turn.pk}/"))
    assert "A place that comes free cannot be yours at the moment" in page
    assert "you can have 1 class a week" in page
    cancel_booking(booking=held, by=pat.person)
    assert "cannot be yours" not in text(sign_in(pat.person.user).get(f"/me/bookings/{turn.pk}/"))


def test_the_api_tells_the_limit_and_the_week(pat: Participant, sign_in: Any, held: Booking, friday: Session) -> None:
    body = {"session": friday.pk}
    answer = sign_in(pat.person.user).post("/api/v1/bookings/", body, content_type="application/json")
    assert answer.status_code == 409
    told = answer.json()
    assert (told["code"], told["reasons"], told["most_a_week"]) == ("not_eligible", ["weekly_limit"], 1)
    assert told["week_from"] == timezone.localdate(held.session.starts_at).isoformat()


@pytest.mark.parametrize(("most", "kept"), [("2", 2), ("none", None)])
def test_a_command_sets_the_limit_of_a_phase(
    pat: Participant, monday: Any, most: str, kept: int | None, capsys: Any
) -> None:
    call_command("limit_week", pat.programme.slug, "1", most, "--one-to-ones-apart")
    phase = Phase.objects.get()
    assert (phase.most_a_week, phase.one_to_ones_apart) == (kept, True)
    assert re.match(r"First: (at most 2|as many)", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("phase", "most", "words"), [("1", "0", "not a limit"), ("1", "x", "not a"), ("9", "1", "no phase")]
)
def test_a_command_with_nonsense_says_what_is_wrong(
    pat: Participant, monday: Any, phase: str, most: str, words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("limit_week", pat.programme.slug, phase, most)
