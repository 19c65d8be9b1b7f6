from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessLog, Programme, User
from accounts.permissions import Role
from outcomes.models import Study, StudyAnswer, StudyInvitation
from outcomes.studies.running import close_study, open_study
from participants.models import ConsentKind, Participant
from tests.factories.accounts import MembershipFactory, ProgrammeFactory
from tests.factories.outcomes import StudyFactory, consents
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db


def _text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def _said(**other: Any) -> dict[str, Any]:
    today = timezone.localdate()
    days = {
        f"{name}-{part}": str(getattr(today, part))
        for name in ("opens_on", "closes_on")
        for part in ("day", "month", "year")
    }
    words = {"title": "Walking", "team": "Made-up University", "description": "Walk.", "contact": "Ring us."}
    return words | {"ethics_reference": "27/X/1", "areas": ["Dorset"], **days} | other


def test_the_desk_writes_a_study_counts_opens_tells_and_closes(programme: Programme, dee: User, sign_in: Any) -> None:
    for _ in range(9):
        consents(ParticipantFactory(programme=programme, area="Dorset"), ConsentKind.STUDIES)
    desk = sign_in(dee)
    assert "No study was added yet" in _text(desk.get(reverse("desk:studies")))
    wrong = desk.post(reverse("desk:new_study"), _said(title="", **{"opens_on-year": "2999"}))
    assert wrong.status_code == 422
    assert "Enter the title" in _text(wrong) and "must not be before the day it opens" in _text(wrong)
    gone = {f"{day}-year": "2020" for day in ("opens_on", "closes_on")}
    assert "must be today or later" in _text(desk.post(reverse("desk:new_study"), _said(**gone)))
    page = desk.post(reverse("desk:new_study"), _said())["Location"]
    study = Study.objects.get()
    assert "Area: Dorset" in _text(desk.get(page)) and "Not counted yet" in _text(desk.get(page))
    change = reverse("desk:change_study", args=[study.pk])
    assert 'value="Walking"' in desk.get(change).content.decode()
    desk.post(change, _said(title="Walking more"))
    desk.post(reverse("desk:count_for_study", args=[study.pk]))
    assert "About 10" in _text(desk.get(page)) and "Walking more" in _text(desk.get(page))
    desk.post(reverse("desk:open_study", args=[study.pk]))
    told = desk.post(reverse("desk:invite_to_study", args=[study.pk]), follow=True)
    assert "The messages are on their way." in _text(told)
    assert "told before" in _text(desk.post(reverse("desk:invite_to_study", args=[study.pk]), follow=True))
    assert "not changed any more" in _text(desk.get(change, follow=True))
    desk.post(reverse("desk:close_study", args=[study.pk]))
    closed = _text(desk.get(page))
    assert "People told About 10" in closed and "People interested Fewer than 8" in closed
    assert "Walking more" in _text(desk.get(reverse("desk:studies")))


def test_what_is_refused_says_why_and_what_to_do(programme: Programme, dee: User, sign_in: Any) -> None:
    desk, study = sign_in(dee), StudyFactory(programme=programme)

    def press(name: str) -> list[str]:
        return [str(one) for one in get_messages(desk.post(reverse(f"desk:{name}", args=[study.pk])).wsgi_request)]

    assert press("invite_to_study")[-1].startswith("Somebody else was first")
    open_study(study=study, by=dee.person)
    assert press("invite_to_study")[-1].startswith("Fewer than 8 people match")
    close_study(study=study, by=dee.person)
    for name in ("open_study", "close_study", "count_for_study"):
        assert press(name)[-1].startswith("Somebody else was first")


def test_a_study_whose_last_day_has_passed_tells_nobody_more_and_says_that_it_is_to_be_closed(
    programme: Programme, dee: User, sign_in: Any
) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    study = StudyFactory(programme=programme, opens_on=yesterday, closes_on=yesterday)
    open_study(study=study, by=dee.person)
    desk = sign_in(dee)
    page = _text(desk.get(reverse("desk:study", args=[study.pk])))
    assert "Its last day has passed" in page and "Tell people who match" not in page
    assert "To be closed" in _text(desk.get(reverse("desk:studies")))


def test_where_somebody_works_for_several_programmes_one_is_chosen_first(
    programme: Programme, dee: User, sign_in: Any
) -> None:
    other = ProgrammeFactory(name="Another programme", areas=["Devon"])
    MembershipFactory(user=dee, role=Role.COORDINATOR.value, programme=other)
    desk, address = sign_in(dee), reverse("desk:new_study")
    assert "Which programme is it about?" in _text(desk.get(address))
    assert "Select a programme" in _text(desk.get(address, {"programme": "0"})) or "Select an answer" in _text(
        desk.get(address, {"programme": "0"})
    )
    chosen = f"{address}?programme={other.pk}"
    assert "Devon" in _text(desk.get(chosen)) and "Dorset" not in _text(desk.get(chosen))
    desk.post(chosen, _said(areas=["Devon"]))
    assert Study.objects.get().programme == other


def test_somebody_reads_about_a_study_and_says_whether_they_are_interested(
    pat: Participant, quinn: Participant, dee: User, sign_in: Any
) -> None:
    study = open_study(study=StudyFactory(programme=pat.programme), by=dee.person)
    invitation = StudyInvitation.objects.create(study=study, participant=pat)
    browser = sign_in(pat.person.user)
    assert study.title in _text(browser.get(reverse("me:studies")))
    page, answer = (reverse(f"me:{name}", args=[invitation.pk]) for name in ("study", "answer_study"))
    assert "01632 960333" not in _text(browser.get(page)), "how to reach the team comes with a yes"
    assert "press one of the buttons" in _text(browser.post(answer, {"answer": "maybe"}, follow=True))
    assert "01632 960333" in _text(browser.post(answer, {"answer": "interested"}, follow=True))
    assert "No thank you" in _text(browser.post(answer, {"answer": "no"}, follow=True))
    desk, spoken = sign_in(dee), reverse("desk:answer_study_for", args=[pat.pk, invitation.pk])
    unwilling = _text(desk.get(reverse("desk:person_studies", args=[pat.pk])))
    assert "01632 960333" not in unwilling
    assert "Do not bring up a study with Pat now" in unwilling and "Read a study aloud" not in unwilling
    consents(pat, ConsentKind.STUDIES)
    willing = _text(desk.post(spoken, {"answer": "interested"}, follow=True))
    assert "01632 960333" in willing, "the same by telephone"
    assert "Read a study aloud" in willing and "Do not bring up" not in willing
    assert AccessLog.objects.filter(target=pat.person, what="studies", by=dee.person).count() == 2
    desk.post(spoken, {"answer": "no"})
    assert desk.post(reverse("desk:answer_study_for", args=[quinn.pk, invitation.pk])).status_code == 404
    assert "told of no study" in _text(desk.get(reverse("desk:person_studies", args=[quinn.pk])))
    assert sign_in(quinn.person.user).get(page).status_code == 404
    assert sign_in(quinn.person.user).post(answer, {"answer": "no"}).status_code == 404
    assert "not told you of any study" in _text(sign_in(quinn.person.user).get(reverse("me:studies")))
    close_study(study=study, by=dee.person)
    assert "nothing was kept" in _text(browser.post(answer, {"answer": "interested"}, follow=True))
    invitation.refresh_from_db()
    assert invitation.answer == StudyAnswer.NO
    other = StudyInvitation.objects.create(study=StudyFactory(programme=pat.programme), participant=pat)
    over = _text(browser.get(reverse("me:study", args=[other.pk])))
    assert "Closed" in over and "Would you like to know more" not in over
