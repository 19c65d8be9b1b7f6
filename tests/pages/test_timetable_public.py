from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from classes.models import BookingSource, ClassType, Session, Venue
from classes.places.booking import book_place
from frontend.class_words import VENUE_WORDS
from participants.models import Participant
from tests.factories.classes import ClassTypeFactory, SessionFactory, VenueFactory
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db

NEXT_FEBRUARY = dt.datetime(2027, 2, 2, 18, 30, tzinfo=dt.UTC)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def gentle(pat: Participant) -> ClassType:
    return ClassTypeFactory(programme=pat.programme, name="Gentle circuit")


@pytest.fixture
def hall(pat: Participant) -> Venue:
    return VenueFactory(programme=pat.programme, name="St Mary's Hall", step_free="yes", parking="unknown")


@pytest.fixture
def session(pat: Participant, gentle: ClassType, hall: Venue) -> Session:
    return SessionFactory(programme=pat.programme, class_type=gentle, venue=hall, starts_at=NEXT_FEBRUARY)


def test_the_list_needs_no_sign_in_and_each_link_says_all_there_is_to_know(
    session: Session,
) -> None:  # pitfalls 60, 61
    page = text(Client().get("/classes/"))
    assert "<table" not in page and 'role="grid"' not in page
    assert (
        f'<a class="sf-day__title" href="/classes/{session.pk}/">Gentle circuit'
        '<span class="nhsuk-u-visually-hidden">, Tuesday 2 February at 6:30pm, St Mary&#39;s Hall, Poole, '
        "places available</span></a>"
    ) in page


def test_no_exact_number_of_places_is_public(session: Session) -> None:
    Session.objects.filter(pk=session.pk).update(capacity=17, places_taken=16)
    for address in ("/classes/", f"/classes/{session.pk}/"):
        page = text(Client().get(address))
        assert "Few places left" in page
        assert "1 place" not in page
        assert "17" not in page


@pytest.mark.parametrize(
    ("capacity", "taken", "words"),
    [
        (4, 1, "Places available"),
        (4, 2, "Few places left"),
        (20, 15, "Places available"),
        (20, 16, "Few places left"),
        (20, 20, "Full"),
    ],
)
def test_few_is_two_places_or_a_fifth(session: Session, capacity: int, taken: int, words: str) -> None:
    Session.objects.filter(pk=session.pk).update(capacity=capacity, places_taken=taken)
    assert words in text(Client().get("/classes/"))


def test_a_cancelled_class_stays_and_says_so_but_not_why(session: Session) -> None:
    Session.objects.filter(pk=session.pk).update(
        status="cancelled", cancelled_at=timezone.now(), cancel_reason="Ines broke her arm"
    )
    for address in ("/classes/", f"/classes/{session.pk}/"):
        page = text(Client().get(address))
        assert "Class cancelled" in page
        assert "Ines" not in page


def test_drafts_and_past_classes_are_not_listed(session: Session) -> None:
    SessionFactory(programme=session.programme, class_type=session.class_type, status="draft")
    SessionFactory(
        programme=session.programme, class_type=session.class_type, starts_at=timezone.now() - dt.timedelta(days=1)
    )
    assert text(Client().get("/classes/")).count("sf-day__title") == 1


def test_filters_narrow_the_list_and_an_empty_one_says_what_to_do(session: Session) -> None:
    online = SessionFactory(programme=session.programme, mode="remote", class_type=session.class_type)
    page = text(Client().get("/classes/", {"mode": "remote", "area": "", "place_has": []}))
    assert f"/classes/{online.pk}/" in page
    assert f"/classes/{session.pk}/" not in page
    assert "No classes fit what you chose" in text(Client().get("/classes/", {"area": "Hampshire"}))
    assert f"/classes/{session.pk}/" in text(Client().get("/classes/", {"place_has": "step_free", "weekday": "2"}))


@pytest.mark.parametrize("fact", VENUE_WORDS)
def test_a_place_that_must_have_something_has_it_for_certain(fact: str, pat: Participant) -> None:
    halls = {known: VenueFactory(programme=pat.programme, **{fact: known}) for known in ("yes", "no", "unknown")}
    rows = {known: SessionFactory(programme=pat.programme, venue=hall) for known, hall in halls.items()}
    SessionFactory(programme=pat.programme, mode="remote")
    page = text(Client().get("/classes/", {"place_has": fact}))
    assert re.findall(r'href="/classes/(\d+)/"', page) == [str(rows["yes"].pk)]
    assert "Where we do not know, the class is left out" in page


def test_a_place_must_have_all_that_was_ticked_on_every_page_of_the_list(pat: Participant) -> None:
    both = VenueFactory(programme=pat.programme, step_free="yes", hearing_loop="yes")
    for venue in (both, VenueFactory(programme=pat.programme, step_free="yes")):
        for number in range(31):
            SessionFactory(programme=pat.programme, venue=venue, starts_at=NEXT_FEBRUARY + dt.timedelta(days=number))
    first = text(Client().get("/classes/", {"place_has": ["step_free", "hearing_loop"]}))
    assert "Page 1 of 2" in first
    second = re.search(r'rel="next" href="([^"]+)"', first).group(1).replace("&amp;", "&")  # type: ignore[union-attr]
    assert text(Client().get(f"/classes/{second}")).count("sf-day__title") == 1


def test_everything_that_narrows_the_list_folds_into_one_control(session: Session) -> None:
    page = text(Client().get("/classes/"))
    (folded,) = re.findall(r'<form class="sf-filters".*?</form>', page)
    assert folded.count("<details") == 1 and "<details open" not in folded
    fields = re.findall(r'name="(\w+)"', folded.split("<details", 1)[1])
    assert set(fields) == {"area", "mode", "weekday", "effort", "position", "place_has"}


def test_a_filter_that_cannot_be_used_says_so_and_everything_is_shown(session: Session) -> None:
    page = text(Client().get("/classes/", {"effort": "colossal"}))
    assert "Select an answer from the list" in page
    assert f"/classes/{session.pk}/" in page


def test_an_empty_timetable_says_what_to_do(programme: Any) -> None:
    assert "New dates are added every week" in text(Client().get("/classes/"))


def test_the_page_of_a_class_says_what_is_not_known(session: Session) -> None:
    page = text(Client().get(f"/classes/{session.pk}/"))
    assert "6:30pm to 7:30pm, Tuesday 2 February 2027" in page
    assert "Step-free way in</dt> <dd>Yes" in page
    assert "Parking</dt> <dd>Not known. Call us" in page
    assert "Water" in page
    assert f"next=%2Fclasses%2F{session.pk}%2F" in page


def test_the_page_of_a_class_says_for_whom_it_is_made(session: Session) -> None:
    assert "Made for" not in text(Client().get(f"/classes/{session.pk}/"))
    ClassType.objects.update(adaptations_met=["no_impact", "fall_risk"])
    assert "Made for</dt> <dd>no impact and fall risk" in text(Client().get(f"/classes/{session.pk}/"))


def test_an_online_class_shows_no_link_to_join(session: Session) -> None:  # pitfalls 43
    online = SessionFactory(programme=session.programme, mode="remote", join_url="https://video.example/secret")
    page = text(Client().get(f"/classes/{online.pk}/"))
    assert "Coming online" in page
    assert "secret" not in page


def test_a_draft_is_not_there(session: Session) -> None:
    draft = SessionFactory(programme=session.programme, status="draft")
    assert Client().get(f"/classes/{draft.pk}/").status_code == 404


def test_a_started_class_cannot_be_booked_any_more(session: Session) -> None:
    Session.objects.filter(pk=session.pk).update(
        starts_at=timezone.now() - dt.timedelta(minutes=1), ends_at=timezone.now() + dt.timedelta(hours=1)
    )
    assert "has started" in text(Client().get(f"/classes/{session.pk}/"))


def test_a_full_class_promises_no_place_to_a_visitor(session: Session) -> None:
    Session.objects.filter(pk=session.pk).update(places_taken=session.capacity)
    page = text(Client().get(f"/classes/{session.pk}/"))
    assert "Sign in to join the waiting list" in page and "Sign in to book" not in page


def test_a_row_says_from_when_to_when(session: Session) -> None:
    assert '<span class="sf-day__time">6:30pm to 7:30pm</span>' in text(Client().get("/classes/"))


def test_nobody_elses_name_stands_on_a_public_page(session: Session) -> None:
    other = ParticipantFactory(programme=session.programme, person__given_name="Canary")
    book_place(participant=other, session=session, by=other.person, source=BookingSource.SELF)
    for address in ("/classes/", f"/classes/{session.pk}/"):
        assert "Canary" not in text(Client().get(address))


def test_the_list_costs_the_same_however_long(session: Session, django_assert_num_queries: Any) -> None:
    for number in range(12):
        SessionFactory(programme=session.programme, starts_at=NEXT_FEBRUARY + dt.timedelta(days=number))
    Client().get("/classes/")
    with django_assert_num_queries(3):  # areas, count, rows
        assert text(Client().get("/classes/")).count("sf-day__title") == 13
