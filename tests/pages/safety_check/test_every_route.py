"""Each route of the same-day check × each result: by oneself, as a scribe, on the telephone, aloud at the class."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from classes.models import Booking, BookingSource, SymptomCheck
from classes.places.booking import book_place
from classes.same_day.symptom_questions import shipped_questions
from instructors.models import Instructor
from messaging.models import Task
from participants.models import ClearanceState, Participant
from tests.factories.classes import BookingFactory
from tests.factories.participants import ClearanceFactory
from tests.factories.symptoms import ONE_OF_EACH, by_the_table, class_today
from tests.pages.safety_check.browsing import aloud, by_phone, filled, heading, mine, sent, stands, text, title

pytestmark = pytest.mark.django_db
HEADINGS = {
    "ready": "You are ready for your class",
    "talk_first": "Talk to your instructor first",
    "cancer_line": "Call the 24-hour line on your alert card now",
    "emergency": "Call 999 now",
}


@pytest.mark.parametrize("yes", ONE_OF_EACH, ids=lambda yes: "".join(yes) or "none")
def test_by_oneself_the_result_says_first_what_to_do(place: Booking, sign_in: Any, yes: tuple[str, ...]) -> None:
    answer = sent(sign_in(place.participant.person.user), mine(place), filled(*yes))
    result = by_the_table(*yes)
    assert heading(answer) == HEADINGS[result] and title(answer).startswith(HEADINGS[result])
    no_place_left(place) if result in ("cancer_line", "emergency") else place_kept(place)
    check = SymptomCheck.objects.get()
    assert (check.result, check.mode, check.by, check.booking) == (result, "self", place.participant.person, place)


@pytest.mark.parametrize("yes", ONE_OF_EACH, ids=lambda yes: "".join(yes) or "none")
def test_a_supporter_types_as_a_scribe(place: Booking, scribe: User, sign_in: Any, yes: tuple[str, ...]) -> None:
    browser = sign_in(scribe)
    assert "You are typing for Pat" in text(browser.get(mine(place)))
    answer = sent(browser, mine(place), filled(*yes))
    result = by_the_table(*yes)
    assert "Pat" in heading(answer) and ("999" in heading(answer)) == (result == "emergency")
    no_place_left(place) if result in ("cancer_line", "emergency") else place_kept(place)
    check = SymptomCheck.objects.get()
    assert (check.result, check.mode, check.by) == (result, "scribe", scribe.person)
    if result == "emergency":
        history = place.events.latest("pgh_id").pgh_context  # type: ignore[attr-defined]
        assert history["by"] == f"person:{scribe.person.pk}"
        assert history["on_behalf_of"] == f"person:{place.participant.person.pk}"


@pytest.mark.parametrize("yes", ONE_OF_EACH, ids=lambda yes: "".join(yes) or "none")
def test_on_the_telephone_the_desk_reads_the_exact_words(
    place: Booking, dee: User, sign_in: Any, yes: tuple[str, ...]
) -> None:
    browser, asked = sign_in(dee), shipped_questions()
    page = text(browser.get(by_phone(place)))
    assert all(question.ask in page for question in asked) and "in exactly these words" in page
    answer = sent(browser, by_phone(place), filled(*yes))
    result = by_the_table(*yes)
    assert asked.advice[result].aloud in text(answer)  # type: ignore[index]
    assert ("999 now for Pat" == heading(answer)) == (result == "emergency")
    no_place_left(place) if result in ("cancer_line", "emergency") else place_kept(place)
    assert SymptomCheck.objects.get().mode == "phone"


@pytest.mark.parametrize("yes", ONE_OF_EACH, ids=lambda yes: "".join(yes) or "none")
def test_the_instructor_asks_aloud_from_the_register(
    place: Booking, ines: Instructor, sign_in: Any, yes: tuple[str, ...]
) -> None:
    browser = sign_in(ines.person.user)
    register = browser.get(f"/teach/classes/{place.session_id}/register/")
    assert aloud(place) in register.content.decode() and "Safety check: not answered" in text(register)
    answer = sent(browser, aloud(place), filled(*yes))
    result = by_the_table(*yes)
    assert ("999 now for Pat" == heading(answer)) == (result == "emergency")
    advice = shipped_questions().advice[result]  # type: ignore[index]
    assert advice.aloud_here in text(answer) and advice.aloud not in text(answer)
    no_place_left(place) if result in ("cancer_line", "emergency") else place_kept(place)
    check = SymptomCheck.objects.get()
    assert (check.result, check.mode, check.by) == (result, "aloud", ines.person)
    after = text(browser.get(f"/teach/classes/{place.session_id}/register/"))
    assert ("Safety check: ready" in after) == (result == "ready")
    assert ("does not exercise today" in after) == (result in ("cancer_line", "emergency"))
    assert ("Talk with Pat before Pat starts." in after) == (result == "talk_first")


def no_place_left(place: Booking) -> None:
    place.refresh_from_db()
    assert (place.state, stands(place)) == ("cancelled", "stopped")
    assert Task.objects.to_do().filter(kind="not_well_call").count() == 1


def place_kept(place: Booking) -> None:
    place.refresh_from_db()
    assert place.state == "booked" and stands(place) in ("ready", "talk_first")
    assert not Task.objects.exists()


def test_999_comes_first_then_what_to_say_then_the_place(place: Booking, sign_in: Any) -> None:
    answer = sent(sign_in(place.participant.person.user), mine(place), filled("b"))
    html, words = answer.content.decode(), text(answer)
    assert 'href="tel:999"' in html and "dial 18000" in words
    order = ["Call 999 now", 'href="tel:999"', "Say what you feel", "Say where you are", "What happened to your place"]
    main = html[html.index("<main") :]
    assert [main.index(part) for part in order] == sorted(main.index(part) for part in order)
    assert "Gentle circuit, Tuesday 6 July 2027 at 2pm" in words and "It is not held against you." in words
    assert "no-store" in answer["Cache-Control"]


def test_the_24_hour_line_comes_with_111_and_relay(place: Booking, sign_in: Any) -> None:
    answer = sent(sign_in(place.participant.person.user), mine(place), filled("a"))
    assert 'href="tel:111"' in answer.content.decode() and "dial 18001 111" in text(answer)
    assert "Please do not exercise today." in text(answer)


def test_every_place_that_ended_is_named(place: Booking, pat: Participant, sign_in: Any) -> None:
    later = class_today(programme=pat.programme, hours=6, class_type__name="Evening stretch")
    book_place(participant=pat, session=later, by=pat.person, source=BookingSource.SELF)
    words = text(sent(sign_in(pat.person.user), mine(place), filled("a")))
    assert "These places have ended" in words and "Evening stretch, Tuesday 6 July 2027 at 6pm" in words


def test_ready_says_where_and_when_and_talk_first_that_the_place_is_kept(place: Booking, sign_in: Any) -> None:
    browser = sign_in(place.participant.person.user)
    ready = text(sent(browser, mine(place), filled()))
    assert "2pm to 3pm" in ready and place.session.venue.name in ready  # type: ignore[union-attr]
    assert "Your place is kept" in text(sent(browser, mine(place), filled("h")))


def test_ready_is_no_promise_to_somebody_whose_clearance_has_gone(place: Booking, sign_in: Any) -> None:
    ClearanceFactory(participant=place.participant, state=ClearanceState.NEEDS_REVIEW, valid_until=None)
    words = text(sent(sign_in(place.participant.person.user), mine(place), filled()))
    assert "needs to talk with you before this class" in words


def test_online_the_result_leads_to_the_class_and_talk_first_says_who_rings(
    pat: Participant, ines: Instructor, sign_in: Any
) -> None:
    place = BookingFactory(session=class_today(programme=pat.programme, leader=ines, online=True), participant=pat)
    browser = sign_in(pat.person.user)
    answer = sent(browser, mine(place), filled())
    assert f"/me/bookings/{place.pk}/join/" in answer.content.decode() and "secret" not in answer.content.decode()
    talk = text(sent(browser, mine(place), filled("f")))
    assert "The instructor rings you" in talk and "01632 960 000" in talk
