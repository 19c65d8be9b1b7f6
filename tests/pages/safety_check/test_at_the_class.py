"""The same-day check at the class: the talk, walk-ins, and what the register shows."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from accounts.models import AccessLog, ContactPoint
from classes.judging.refusals import TryAgain
from classes.models import Booking, Session, SymptomTalk
from instructors.models import Instructor
from participants.models import ConsentEvent, ConsentKind, ConsentText, Participant
from tests.factories.classes import BookingFactory, GuestFactory
from tests.factories.symptoms import SymptomCheckFactory
from tests.pages.safety_check.browsing import NOON, aloud, filled, heading, mine, sent, talk_url, text

pytestmark = pytest.mark.django_db


def test_a_talk_is_written_down_and_lifts_it(place: Booking, ines: Instructor, sign_in: Any) -> None:
    browser, register = sign_in(ines.person.user), f"/teach/classes/{place.session_id}/register/"
    sent(browser, aloud(place), filled("h"))
    assert talk_url(place) in browser.get(register).content.decode()
    empty = browser.post(talk_url(place), {"client_id": str(uuid.uuid4())})
    assert empty.status_code == 422
    assert "Select what came of the talk" in text(empty) and "Write in a few words" in text(empty)
    form = {"client_id": str(uuid.uuid4()), "outcome": "may_exercise", "note": "Slipped on ice."}
    for _ in range(2):
        assert browser.post(talk_url(place), form)["Location"] == register
    assert SymptomTalk.objects.get().note == "Slipped on ice."
    page = text(browser.get(register))
    assert "you talked, may take part" in page and "at noon" in page


def test_not_today_ends_the_place_and_leaves_nothing_to_talk_about(
    place: Booking, ines: Instructor, sign_in: Any
) -> None:
    browser = sign_in(ines.person.user)
    sent(browser, aloud(place), filled("f"))
    form = {"outcome": "not_today", "note": "Too soon.", "asks_new_health_answers": "yes"}
    assert browser.post(talk_url(place), form).status_code == 302
    place.refresh_from_db()
    assert place.state == "cancelled"
    again = browser.get(talk_url(place), follow=True)
    assert "nothing to write down about Pat now" in text(again) and "Safety check: stopped" in text(again)
    own = sign_in(place.participant.person.user).get(f"{mine(place)}result/")
    assert heading(own) == "Rest today" and "This place has ended" in text(own)


def test_the_person_reads_that_the_talk_let_them_in(place: Booking, ines: Instructor, sign_in: Any) -> None:
    browser = sign_in(ines.person.user)
    sent(browser, aloud(place), filled("f"))
    browser.post(talk_url(place), {"outcome": "may_exercise", "note": "Fine."})
    own = sign_in(place.participant.person.user).get(f"{mine(place)}result/")
    assert heading(own) == "You can take part today"


def test_a_talk_that_is_overtaken_is_refused_in_words(
    place: Booking, ines: Instructor, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(**given: Any) -> None:
        raise TryAgain

    browser = sign_in(ines.person.user)
    sent(browser, aloud(place), filled("f"))
    monkeypatch.setattr("frontend.views.teach.safety_check.record_talk", busy)
    answer = browser.post(talk_url(place), {"outcome": "may_exercise", "note": "Fine."})
    assert answer.status_code == 409 and "Nothing is saved yet" in text(answer)


def test_the_talk_page_has_the_number_to_ring(place: Booking, ines: Instructor, sign_in: Any) -> None:
    browser = sign_in(ines.person.user)
    ContactPoint.objects.create(person=place.participant.person, channel="phone", value="01632960123")
    SymptomCheckFactory(booking=place, result="talk_first")
    assert "01632 960123" in text(browser.get(talk_url(place)))
    assert AccessLog.objects.filter(by=ines.person, what="contact").exists()


def test_a_walk_in_who_is_known_is_asked_and_a_bare_name_is_not(
    session: Session, quinn: Participant, ines: Instructor, sign_in: Any
) -> None:
    known, name = GuestFactory(session=session, participant=quinn, name=""), GuestFactory(session=session)
    browser, url = sign_in(ines.person.user), f"/teach/classes/{session.pk}/check/g{known.pk}/"
    register = browser.get(f"/teach/classes/{session.pk}/register/").content.decode()
    assert url in register and f"check/g{name.pk}/" not in register
    assert heading(sent(browser, url, filled("b"))) == "999 now for Quinn"
    assert browser.get(f"/teach/classes/{session.pk}/check/g{name.pk}/").status_code == 404


@pytest.mark.parametrize("line", ["b0", "g0", "x1", "b", "b99999999999999999999", "7"])
def test_a_line_that_is_not_on_the_register_is_not_there(
    session: Session, ines: Instructor, sign_in: Any, line: str
) -> None:
    browser = sign_in(ines.person.user)
    assert browser.get(f"/teach/classes/{session.pk}/check/{line}/").status_code == 404


def test_somebody_who_only_waits_or_has_given_up_is_not_on_it(session: Session, ines: Instructor, sign_in: Any) -> None:
    browser = sign_in(ines.person.user)
    for state, ended in (("waiting", None), ("cancelled", NOON)):
        other = BookingFactory(session=session, state=state, ended_at=ended)
        assert browser.get(aloud(other)).status_code == 404


def test_a_stop_at_the_class_shows_where_help_must_come(place: Booking, ines: Instructor, sign_in: Any) -> None:
    words = text(sent(sign_in(ines.person.user), aloud(place), filled("b")))
    assert "1 Made Up Street" in words and "Nearest defibrillator" in words and "Emer Madeup" in words


def test_what_to_talk_about_is_on_the_register_with_consent_alone(
    place: Booking, ines: Instructor, sign_in: Any
) -> None:
    browser, register = sign_in(ines.person.user), f"/teach/classes/{place.session_id}/register/"
    sent(browser, aloud(place), filled("h"))
    assert "About: a fall." not in text(browser.get(register))
    words = ConsentText.objects.create(
        programme=place.participant.programme, kind=ConsentKind.INSTRUCTORS, version=1, title="t", body="b"
    )
    ConsentEvent.objects.create(participant=place.participant, text=words, given=True, by=place.participant.person)
    assert "About: a fall." in text(browser.get(register))
