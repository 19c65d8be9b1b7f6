"""About you, on one's own pages and read out at the desk: one question leads to the next, and none is required."""

from __future__ import annotations

import pytest

from accounts.models import AccessLog
from participants import consents
from participants.about import said_about
from participants.content import install
from participants.models import ConsentKind, ParticipantStatus
from participants.taking_part import life

pytestmark = pytest.mark.django_db
ABOUT = "/me/details/about/"


@pytest.fixture(autouse=True)
def _agreed(pat):
    install(pat.programme, pat.person)
    text = next(one for one in consents.current_texts(pat.programme) if one.kind == ConsentKind.HEALTH)
    consents.give_consent(participant=pat, text=text, by=pat.person)


def test_one_question_leads_to_the_next_that_was_not_answered(sign_in, pat):
    browser = sign_in(pat.person.user)
    shown = browser.get(ABOUT).content.decode()
    assert "5 short questions" in shown and f'href="{ABOUT}sex/"' in shown and shown.count("Not answered") == 5
    assert "Select one, or skip this question" in browser.post(f"{ABOUT}sex/").content.decode()
    assert browser.post(f"{ABOUT}gender/", {"answer": "woman"})["Location"] == f"{ABOUT}ethnicity/"
    assert browser.post(f"{ABOUT}sex/", {"answer": "female"})["Location"] == f"{ABOUT}ethnicity/"
    assert browser.post(f"{ABOUT}treatment_stage/", {"answer": "prefer_not"})["Location"] == ABOUT
    shown = browser.get(ABOUT).content.decode()
    assert "Continue" in shown and "Prefer not to say" in shown and shown.count("Not answered") == 2
    assert 'value="female" checked' in browser.get(f"{ABOUT}sex/").content.decode()
    assert browser.post(f"{ABOUT}sex/", {"answer": "lung"}).status_code == 422
    assert browser.get(f"{ABOUT}height/").status_code == 404


def test_a_kind_that_is_not_on_the_list_is_said_in_own_words_by_page_and_at_the_desk(sign_in, dee, pat):
    browser, kind = sign_in(pat.person.user), f"{ABOUT}cancer_type/"
    asked = browser.get(kind).content.decode()
    assert "Blood: myeloma" in asked and "What do you call it?" in asked and "(optional)" in asked
    assert browser.post(kind, {"answer": "other", "words": ""}).status_code == 302
    assert browser.post(kind, {"answer": "other", "words": "Thymoma"}).status_code == 302
    assert "Another kind, or more than one: Thymoma" in browser.get(ABOUT).content.decode()
    assert "Thymoma" in browser.get(kind).content.decode()
    at_desk = sign_in(dee)
    assert "Thymoma" in at_desk.get(f"/desk/people/{pat.pk}/about/").content.decode()
    assert at_desk.post(f"/desk/people/{pat.pk}/about/cancer_type/", {"answer": "womb"}).status_code == 302
    shown = at_desk.get(f"/desk/people/{pat.pk}/about/").content.decode()
    assert "Womb" in shown and "Thymoma" not in shown


def test_what_is_about_health_is_not_asked_without_consent(sign_in, pat):
    browser = sign_in(pat.person.user)
    consents.withdraw_consent(participant=pat, kind=ConsentKind.HEALTH, by=pat.person)
    assert "3 short questions" in browser.get(ABOUT).content.decode()
    assert browser.get(f"{ABOUT}cancer_type/").status_code == 404


def test_what_changed_meanwhile_is_said_and_nothing_is_kept(sign_in, pat, monkeypatch):
    browser = sign_in(pat.person.user)
    consents.withdraw_consent(participant=pat, kind=ConsentKind.HEALTH, by=pat.person)
    monkeypatch.setattr("frontend.about_you.agreed_to_health_facts", lambda participant: True)
    answer = browser.post(f"{ABOUT}cancer_type/", {"answer": "lung"})
    assert answer.status_code == 409 and "was taken back meanwhile" in answer.content.decode()
    life.withdraw(participant=pat, reason="", by=pat.person)
    left = browser.get(ABOUT, follow=True)
    assert "for people who take part" in left.content.decode() and ABOUT not in left.content.decode()
    assert browser.get(f"{ABOUT}sex/")["Location"] == "/me/details/"
    monkeypatch.setattr("frontend.views.me.about_you.MAY_NOTE", tuple(ParticipantStatus))
    answer = browser.post(f"{ABOUT}sex/", {"answer": "male"})
    assert answer.status_code == 409 and "does not take part" in answer.content.decode()
    assert not any(said_about(pat).values())


def test_the_desk_reads_it_out_and_every_look_is_logged(sign_in, dee, pat):
    browser, about = sign_in(dee), f"/desk/people/{pat.pk}/about/"
    assert about in browser.get(f"/desk/people/{pat.pk}/").content.decode()
    assert "Read every answer out" in browser.get(about).content.decode()
    assert browser.post(f"{about}sex/", {"answer": "male"})["Location"] == f"{about}gender/"
    assert said_about(pat)["sex"] == "male"
    assert AccessLog.objects.filter(target=pat.person, what="about themselves", by=dee.person).count() == 2
    pat.status = ParticipantStatus.WITHDRAWN
    pat.save()
    for path in (about, f"{about}sex/"):
        assert browser.get(path)["Location"] == f"/desk/people/{pat.pk}/"
