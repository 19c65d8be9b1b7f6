"""Sending the same-day check: a second tab, an old form, the same page twice, answers left out, a busy class."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest

from accounts.content import kind_of, start_version, write_version
from classes.judging.refusals import TryAgain
from classes.models import Booking, SymptomCheck
from classes.same_day.symptom_content import SYMPTOM_CHECK
from tests.factories.symptoms import LETTERS, VERSION, by_the_table
from tests.pages.safety_check.browsing import checked, filled, heading, mine, sent, stands, text, title

pytestmark = pytest.mark.django_db
HEADINGS = {
    "ready": "You are ready for your class",
    "talk_first": "Talk to your instructor first",
    "cancer_line": "Call the 24-hour line on your alert card now",
    "emergency": "Call 999 now",
}


def test_in_a_second_tab_the_later_answer_counts(place: Booking, sign_in: Any) -> None:
    browser = sign_in(place.participant.person.user)
    first, second = filled("f"), filled()
    sent(browser, mine(place), first)
    sent(browser, mine(place), second)
    assert stands(place) == "ready"
    sent(browser, mine(place), filled("h"))
    assert stands(place) == "talk_first"


@pytest.mark.parametrize("stop", ["a", "b"])
@pytest.mark.parametrize("yes", [(), ("f",)])
def test_a_second_tab_that_was_open_before_a_stop_changes_nothing(
    place: Booking, sign_in: Any, stop: str, yes: tuple[str, ...]
) -> None:
    browser = sign_in(place.participant.person.user)
    sent(browser, mine(place), filled(stop))
    answer = browser.post(mine(place), filled(*yes))
    assert answer.status_code == 409
    assert heading(answer) == HEADINGS[by_the_table(stop)] and "they still stand" in text(answer)
    assert SymptomCheck.objects.count() == 1
    assert browser.get(mine(place))["Location"] == f"{mine(place)}result/"


def test_a_second_tab_may_still_make_it_worse(place: Booking, sign_in: Any) -> None:
    browser = sign_in(place.participant.person.user)
    sent(browser, mine(place), filled("a"))
    assert heading(sent(browser, mine(place), filled("b"))) == "Call 999 now"


def test_the_same_page_sent_twice_is_one_answer(place: Booking, sign_in: Any) -> None:
    browser, form = sign_in(place.participant.person.user), filled("f")
    assert text(sent(browser, mine(place), form)) == text(sent(browser, mine(place), form))
    assert SymptomCheck.objects.count() == 1


def test_a_page_sent_again_after_a_newer_answer_asks_whether_it_is_meant(place: Booking, sign_in: Any) -> None:
    browser, form = sign_in(place.participant.person.user), filled("f")
    sent(browser, mine(place), form)
    sent(browser, mine(place), filled())
    for again in (form, {**form, "fall": "yes"}):
        answer = browser.post(mine(place), again)
        assert answer.status_code == 409 and "send them again" in text(answer)
        assert checked(answer)["treatment"] == "yes" and checked(answer)["client_id"] != form["client_id"]
    assert stands(place) == "ready"
    sent(browser, mine(place), {**form, "client_id": checked(answer)["client_id"]})
    assert stands(place) == "talk_first"


def test_a_page_without_a_readable_id_still_counts(place: Booking, sign_in: Any) -> None:
    sent(sign_in(place.participant.person.user), mine(place), filled("f", client_id="nonsense"))
    assert stands(place) == "talk_first"


@pytest.fixture
def newer(clare: Any) -> str:
    """The name of another version, asked from now on: one question reads differently."""
    kind, by = kind_of(SYMPTOM_CHECK), clare.person
    written = write_version(kind=kind, based_on=VERSION, values={("question", 0, "ask"): "New?"}, why="x", by=by)
    start_version(kind=kind, version=written.version, by=by)
    return written.version


@pytest.mark.parametrize("yes", [(), ("f",), ("a",)])
def test_answers_on_an_old_form_are_refused_and_asked_again_with_what_can_be_kept(
    place: Booking, sign_in: Any, newer: str, yes: tuple[str, ...]
) -> None:
    browser, form = sign_in(place.participant.person.user), filled(*yes)
    answer = browser.post(mine(place), form)
    assert answer.status_code == 409 and title(answer).startswith("Error: ")
    assert "The questions have changed" in text(answer) and "New?" in text(answer)
    kept = checked(answer)
    assert "chest" not in kept and kept["version"] == newer
    assert {name: kept[name] for name in LETTERS.values() if name != "chest"} == {
        name: form[name] for name in LETTERS.values() if name != "chest"
    }
    assert not SymptomCheck.objects.exists()
    sent(browser, mine(place), {**kept, "chest": "no"})
    assert SymptomCheck.objects.get().version == newer


@pytest.mark.usefixtures("newer")
def test_an_old_form_that_means_999_says_so_although_it_is_refused(place: Booking, sign_in: Any) -> None:
    answer = sign_in(place.participant.person.user).post(mine(place), filled("b"))
    assert answer.status_code == 409 and "Call 999 now" in text(answer) and "tel:999" in answer.content.decode()
    place.refresh_from_db()
    assert place.state == "booked"


def test_a_form_of_a_version_that_never_was_is_read_by_todays(place: Booking, sign_in: Any) -> None:
    answer = sign_in(place.participant.person.user).post(mine(place), filled("b", version="nonsense"))
    assert answer.status_code == 409 and "Call 999 now" in text(answer)


def test_what_is_left_out_is_named_in_the_summary_and_nothing_is_lost(place: Booking, sign_in: Any) -> None:
    form = filled("f")
    del form["fall"], form["back"]
    answer = sign_in(place.participant.person.user).post(mine(place), form)
    assert answer.status_code == 422 and title(answer).startswith("Error: ")
    html = answer.content.decode()
    assert re.findall(r'<a href="#(id_[^"]+)"', html[html.index("nhsuk-error-summary") :]) == ["id_back", "id_fall"]
    assert "Answer yes or no: a fall" in text(answer)
    assert checked(answer)["treatment"] == "yes"
    assert not SymptomCheck.objects.exists()


@pytest.mark.parametrize(
    ("letter", "said"), [("b", "Call 999 now"), ("a", "Call the 24-hour line on your alert card now")]
)
def test_a_yes_that_cannot_wait_does_not_wait_for_the_rest(
    place: Booking, sign_in: Any, letter: str, said: str
) -> None:
    form = {"version": VERSION, "client_id": str(uuid.uuid4()), LETTERS[letter]: "yes"}
    answer = sign_in(place.participant.person.user).post(mine(place), form)
    assert answer.status_code == 422 and text(answer).count(said) >= 2, "above the page, and first in the summary"
    html = answer.content.decode()
    assert html.index("tel:") and html.index(said) < html.index("There is a problem") < html.index("Answer yes or no")
    assert said not in text(sign_in(place.participant.person.user).post(mine(place), {**form, LETTERS[letter]: "no"}))


def test_a_busy_class_keeps_the_answers_on_the_page_and_says_what_cannot_wait(
    place: Booking, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(**given: Any) -> None:
        raise TryAgain

    monkeypatch.setattr("frontend.safety_check.answer_check", busy)
    answer = sign_in(place.participant.person.user).post(mine(place), filled("b"))
    assert answer.status_code == 409 and checked(answer)["chest"] == "yes"
    assert "not saved yet" in text(answer) and "Call 999 now" in text(answer)
