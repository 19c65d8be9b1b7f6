"""A name or a date of birth that is wrong, put right by telephone; found alike, found again, and known by it."""

import datetime as dt

import pytest

from accounts.happenings import in_history
from accounts.models import AccessLog, Person
from messaging.calls import end_call
from participants.callers import Fact, facts_on_record
from participants.models import EligibilityDecision, StopKind
from participants.taking_part.stops import Notice, stop_everything

pytestmark = pytest.mark.django_db
SAID = {
    "given_name": " Patricia", "family_name": "O’Example", "born-day": "4", "born-month": "3", "born-year": "1958",
    "why": "written_wrongly",
}  # fmt: skip


@pytest.fixture
def desk(dee, sign_in):
    return sign_in(dee)


@pytest.fixture
def page(pat):
    return f"/desk/people/{pat.pk}/identity/"


def text_of(answer):
    return " ".join(answer.content.decode().split())


def pick_up(desk, pat, who="self"):
    sent = {"who": who, "right": ["email", "reference"]}
    assert desk.post(f"/desk/people/{pat.pk}/caller/", sent).status_code == 302


def test_the_person_on_the_line_has_name_and_birth_put_right_and_is_known_by_them_from_then_on(desk, dee, pat, page):
    assert f'href="{page}"' in text_of(desk.get(f"/desk/people/{pat.pk}/"))
    pick_up(desk, pat)
    assert 'value="Pat"' in text_of(desk.get(page))
    assert "Say it back" in text_of(desk.post(page, SAID, follow=True))
    pat.person.refresh_from_db()
    assert (pat.person.full_name, pat.person.date_of_birth) == ("Patricia O’Example", dt.date(1958, 3, 4))
    assert facts_on_record(pat)[Fact.BORN] == ["1958-03-04"]
    decided = EligibilityDecision.objects.get(participant=pat)
    assert (decided.eligible, decided.answers, decided.decided_by) == (True, {"born": "1958-03-04"}, dee.person)
    written = in_history(Person).filter(pgh_obj_id=pat.person_id, acted="participants.correct_identity").get()
    assert written.pgh_context["reason"] == "written_wrongly" and written.actor == f"person:{dee.person.pk}"
    assert "Name or date of birth put right" in text_of(desk.get(f"/desk/people/{pat.pk}/timeline/"))
    assert AccessLog.objects.filter(what="details", by=dee.person, target=pat.person).exists()


def test_a_new_name_alone_is_no_new_decision(desk, pat, page):
    pick_up(desk, pat)
    desk.post(page, SAID | {"born-day": "14", "why": "new_name"})
    pat.person.refresh_from_db()
    assert pat.person.family_name == "O’Example" and not EligibilityDecision.objects.filter(participant=pat).exists()


def test_nothing_is_changed_for_who_is_not_identified_or_has_hung_up(desk, dee, pat, sam, page):
    for before in (lambda: None, lambda: pick_up(desk, pat, f"helper-{pat.supporters.get().pk}")):
        before()
        shown = text_of(desk.get(page))
        assert "Say who is on the line" in shown and 'name="family_name"' not in shown
        refused = desk.post(page, SAID)
        assert refused.status_code == 409 and "Nothing was changed" in text_of(refused)
    pick_up(desk, pat)
    end_call(by=dee.person)
    assert desk.post(page, SAID).status_code == 409
    pat.person.refresh_from_db()
    assert pat.person.full_name == "Pat Example"


def test_a_date_that_makes_them_too_young_is_asked_for_once_more(desk, pat, page):
    pick_up(desk, pat)
    refused = desk.post(page, SAID | {"born-year": "2020"})
    assert refused.status_code == 422 and "not yet 18 years old" in text_of(refused)
    pat.person.refresh_from_db()
    assert pat.person.date_of_birth == dt.date(1958, 3, 14)


def test_once_all_contact_has_ended_nothing_is_changed(desk, dee, pat, page):
    stop_everything(participant=pat, notice=Notice(StopKind.NO_CONTACT), by=dee.person)
    assert f'href="{page}"' not in text_of(desk.get(f"/desk/people/{pat.pk}/"))
    assert "All contact with them has ended" in text_of(desk.post(page, SAID, follow=True))
