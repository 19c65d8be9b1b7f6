"""The clinical team of a person: named on their own page or by telephone, and read by nobody who only helps."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from accounts.history import System
from accounts.models import AccessLog, User
from participants import clinical_team as team
from participants.content import install
from participants.models import ConsentKind, Participant
from tests.factories.outcomes import consents as answer
from tests.factories.participants import ClinicalContactFactory

pytestmark = pytest.mark.django_db
MINE = "/me/clinical-team/"
GP = {"role": "gp", "organisation": "Made Up Surgery", "way": "post", "address": "1 Surgery Lane\nBH1 1AA"}


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_person_names_changes_and_removes_somebody_and_is_asked_apart_whether_we_may_write(
    pat: Participant, sign_in: Any
) -> None:
    install(pat.programme, System.COMMAND)
    browser: Client = sign_in(pat.person.user)
    assert f'href="{MINE}"' in text_of(browser.get("/me/details/"))
    empty = text_of(browser.get(MINE))
    assert "Nobody yet." in empty and "We write to nobody unless you say yes" in empty and "checked" not in empty
    assert browser.post(MINE, GP)["Location"] == MINE
    answer(pat, ConsentKind.CLINICAL_TEAM)
    page = text_of(browser.get(MINE))
    assert "Made Up Surgery" in page and "1 Surgery Lane, BH1 1AA" in page and "You said yes" in page
    row = team.contacts_of(pat)[0]
    assert "1 Surgery Lane" in text_of(browser.get(f"{MINE}{row.pk}/"))
    assert browser.post(f"{MINE}{row.pk}/", GP | {"way": "phone", "phone": "01632 960333"})["Location"] == MINE
    page = text_of(browser.get(MINE))
    assert "01632 960333" in page and "Surgery Lane" not in page
    row = team.contacts_of(pat)[0]
    assert "01632 960333" in text_of(browser.get(f"{MINE}{row.pk}/"))
    for _ in range(2):
        assert browser.post(f"{MINE}{row.pk}/remove/")["Location"] == MINE
    assert browser.post(f"{MINE}{row.pk + 100}/remove/")["Location"] == MINE
    assert team.contacts_of(pat) == [] and browser.get(f"{MINE}{row.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Select who they are"),
        (GP | {"organisation": " "}, "Enter a name, or the name of the practice or hospital"),
        (GP | {"name": "x" * 201, "organisation": ""}, "200 characters or fewer"),
        (GP | {"way": "email", "email": "nobody"}, "email address"),
        (GP | {"address": ""}, "Enter their postal address"),
    ],
)
def test_what_is_missing_is_said_beside_the_question_and_nothing_is_lost(
    pat: Participant, sign_in: Any, typed: dict[str, str], said: str
) -> None:
    answer = sign_in(pat.person.user).post(MINE, typed)
    assert answer.status_code == 422 and said in text_of(answer) and not team.contacts_of(pat)
    assert escape(typed.get("organisation", "").strip()) in text_of(answer)


def test_what_cannot_be_kept_now_is_refused_in_words(pat: Participant, sign_in: Any) -> None:
    browser: Client = sign_in(pat.person.user)
    rows = [ClinicalContactFactory(participant=pat, name=f"Dr {number}") for number in range(team.MOST_CONTACTS)]
    full = browser.post(MINE, GP)
    assert full.status_code == 409 and "There are 6 already" in text_of(full)
    Participant.objects.filter(pk=pat.pk).update(status="withdrawn")
    left = browser.post(f"{MINE}{rows[0].pk}/", GP)
    assert left.status_code == 409 and "Nothing was changed" in text_of(left)


def test_one_that_was_removed_in_another_tab_is_not_changed(pat: Participant, sign_in: Any, monkeypatch: Any) -> None:
    row = ClinicalContactFactory(participant=pat)
    monkeypatch.setattr("participants.clinical_team.contacts_of", lambda participant: [])
    gone = sign_in(pat.person.user).post(f"{MINE}{row.pk}/", GP)
    assert gone.status_code == 409 and "a moment ago" in text_of(gone)


def test_the_desk_does_it_by_telephone_sees_who_was_named_before_and_each_look_is_logged(
    pat: Participant, dee: User, sign_in: Any
) -> None:
    install(pat.programme, System.COMMAND)
    theirs, desk = f"/desk/people/{pat.pk}/clinical-team/", sign_in(dee)
    assert f'href="{theirs}"' in text_of(desk.get(f"/desk/people/{pat.pk}/"))
    page = text_of(desk.get(theirs))
    assert "no letter is written" in page and "Do not ask about their illness" in page and "Named before" not in page
    assert desk.post(theirs, GP)["Location"] == theirs
    row = team.contacts_of(pat)[0]
    assert "Made Up Surgery" in text_of(desk.get(f"{theirs}{row.pk}/"))
    assert desk.post(f"{theirs}{row.pk}/", GP | {"organisation": "Other Surgery"})["Location"] == theirs
    answer(pat, ConsentKind.CLINICAL_TEAM)
    page = text_of(desk.get(theirs))
    assert "Pat agreed that we write" in page and "ended by Dee Desk" in page and "Other Surgery" in page
    row = team.contacts_of(pat)[0]
    for _ in range(2):
        assert desk.post(f"{theirs}{row.pk}/remove/")["Location"] == theirs
    assert desk.post(f"{theirs}{row.pk + 100}/remove/")["Location"] == theirs
    assert team.contacts_of(pat) == []
    assert AccessLog.objects.filter(target=pat.person, what="clinical team", by=dee.person).count() == 3
    told = text_of(desk.get(f"/desk/people/{pat.pk}/timeline/"))
    assert "Named somebody of their clinical team" in told and "Took somebody out of their clinical team" in told
