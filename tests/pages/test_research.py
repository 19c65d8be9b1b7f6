from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.testing import InMemoryConnector

from accounts.history import System
from accounts.models import Programme, User
from outcomes.extracts.asking import agree, ask_for_change, latest_of, says, standing_of
from outcomes.extracts.building import build_extract
from outcomes.extracts.taking import look_at_expiry
from outcomes.models import Extract, ExtractState, ResearchProject
from participants.models import ConsentKind, Participant
from tests.factories.extracts import agreed, asked, filled, opened, wanted
from tests.factories.outcomes import consents
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def queue(tmp_path: Path, settings: Any) -> Iterator[InMemoryConnector]:
    settings.EXTRACT_KEYS = tmp_path / "keys"
    with app.replace_connector(InMemoryConnector()) as replaced:
        yield replaced.connector


@pytest.fixture
def project(programme: Programme, dee: User, clare: User, ada: User) -> ResearchProject:
    return agreed(programme, dee.person, clare.person, ada.person).project


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_project_is_asked_for_agreed_to_by_two_others_and_built(
    sign_in: type[Client], programme: Programme, dee: User, clare: User, ada: User
) -> None:
    answer = sign_in(dee).post(reverse("desk:ask_for_extracts"), filled())
    project = ResearchProject.objects.get()
    assert answer["Location"] == reverse("desk:research_project", args=[project.pk])
    spec = says(latest_of(project))
    assert [one.name for one in spec.users] == ["Robin Reader", "Kim Lee"]
    assert spec.fields == ("person.sex", "person.age_band", "score.value")
    assert "two people must agree" in text(
        sign_in(dee).post(reverse("desk:build_extract", args=[project.pk]), follow=True)
    )
    own = sign_in(dee).post(
        reverse("desk:say_on_extracts", args=[project.pk]), {"word": "agree", "seen": latest_of(project).sha256}
    )
    assert (own.status_code, "two other people must agree" in text(own)) == (409, True)
    for user in (clare, ada):
        page = sign_in(user).get(reverse("desk:say_on_extracts", args=[project.pk]))
        assert "To learn who keeps coming." in text(page)
        sign_in(user).post(
            reverse("desk:say_on_extracts", args=[project.pk]), {"word": "agree", "seen": latest_of(project).sha256}
        )
    again = sign_in(ada).post(
        reverse("desk:say_on_extracts", args=[project.pk]), {"word": "agree", "seen": latest_of(project).sha256}
    )
    assert "that stands" in text(again)
    built = sign_in(dee).post(reverse("desk:build_extract", args=[project.pk]))
    assert built["Location"] == reverse("desk:extract", args=[Extract.objects.get().pk])


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(
    sign_in: type[Client], programme: Programme, dee: User
) -> None:
    answer = sign_in(dee).post(reverse("desk:ask_for_extracts"), filled(k="4"))
    assert (answer.status_code, "A group must have at least 5 people" in text(answer)) == (422, True)
    assert not ResearchProject.objects.exists()


def test_other_words_are_agreed_to_anew_and_nobody_agrees_to_words_they_have_not_read(
    sign_in: type[Client], project: ResearchProject, clare: User, ada: User, dee: User
) -> None:
    before = latest_of(project)
    page = text(sign_in(clare).get(reverse("desk:change_extracts", args=[project.pk])))
    assert f"Robin Reader, {timezone.localdate() - dt.timedelta(days=30):%d/%m/%Y}" in page
    sign_in(clare).post(reverse("desk:change_extracts", args=[project.pk]), filled())
    assert latest_of(project).version == 2
    stale = sign_in(ada).post(
        reverse("desk:say_on_extracts", args=[project.pk]), {"word": "agree", "seen": before.sha256}, follow=True
    )
    assert "changed while you were reading" in text(stale)
    sign_in(ada).post(
        reverse("desk:say_on_extracts", args=[project.pk]),
        {"word": "refuse", "why": "Too much is asked for.", "seen": latest_of(project).sha256},
    )
    assert "“Too much is asked for.”" in text(sign_in(dee).get(reverse("desk:research_project", args=[project.pk])))
    assert standing_of(latest_of(project), on=timezone.localdate()) == "refused"


def test_who_got_the_role_after_it_was_asked_for_reads_why_their_word_does_not_count(
    sign_in: type[Client], programme: Programme, dee: User, ada: User
) -> None:
    project = asked(programme, dee.person).project
    ada.memberships.update(starts_at=timezone.now())
    answer = sign_in(ada).post(
        reverse("desk:say_on_extracts", args=[project.pk]),
        {"word": "agree", "seen": latest_of(project).sha256},
        follow=True,
    )
    assert "You have had your role only since this was asked for" in text(answer)
    assert standing_of(latest_of(project), on=timezone.localdate()) == "waits"


@pytest.fixture
def extract(project: ResearchProject, dee: User, sign_in: type[Client]) -> Extract:
    sign_in(dee).post(reverse("desk:build_extract", args=[project.pk]))
    return Extract.objects.get()


def test_one_that_is_not_built_says_why_and_is_tried_again(sign_in: type[Client], extract: Extract, dee: User) -> None:
    page = reverse("desk:extract", args=[extract.pk])
    assert "0 of 1 done" in text(sign_in(dee).get(page))
    build_extract(extract=extract, by=System.WORKER)
    assert "Too few people agree to research" in text(sign_in(dee).get(page))
    assert sign_in(dee).post(reverse("desk:try_extract_again", args=[extract.pk]))["Location"] == page
    extract.refresh_from_db()
    assert extract.state == ExtractState.BLOCKED
    assert sign_in(dee).post(reverse("desk:take_extract", args=[extract.pk])).status_code == 409


def test_it_is_taken_once_and_the_people_in_it_can_read_of_it_until_its_end_and_after(
    sign_in: type[Client], extract: Extract, pat: Participant, dee: User, clare: User, ada: User
) -> None:
    for person in (pat, *(ParticipantFactory(programme=pat.programme) for _ in range(4))):
        consents(person, ConsentKind.RESEARCH)
    build_extract(extract=extract, by=System.WORKER)
    page = text(sign_in(dee).get(reverse("desk:extract", args=[extract.pk])))
    assert "5 people who look alike" in page and "person.parquet" in page
    assert "Nobody has got it yet." in text(sign_in(pat.person.user).get(reverse("me:research")))
    take = reverse("desk:take_extract", args=[extract.pk])
    assert sign_in(dee).get(take).status_code == 200
    answer = sign_in(dee).post(take)
    assert answer["Content-Disposition"] == 'attachment; filename="staying-active-after-treatment-1.zip.age"'
    assert "manifest.json" in opened(answer.content)
    late = sign_in(clare).post(take)
    assert (late.status_code, "Dee Desk took it" in text(late)) == (409, True)
    sign_in(dee).post(reverse("desk:build_extract", args=[extract.project_id]))
    again = build_extract(extract=Extract.objects.latest("pk"), by=System.WORKER)
    page = text(sign_in(dee).get(reverse("desk:extract", args=[again.pk])))
    assert "Nobody stands out together with" in page and "<dd>Extract 1</dd>" in page
    other = asked(pat.programme, ada.person, title="Second project").project
    page = text(sign_in(dee).get(reverse("desk:say_on_extracts", args=[other.pk])))
    assert "<li>Staying active after treatment: Wessex University, until" in page
    consents(pat, ConsentKind.RESEARCH, given=False)
    refused = sign_in(dee).post(reverse("desk:take_extract", args=[again.pk]))
    assert refused.status_code == 409 and "has taken back their consent since it was built" in text(refused)
    look_at_expiry(on=timezone.localdate())
    assert "Nobody has it." in text(sign_in(dee).get(reverse("desk:extract", args=[again.pk])))
    mine = text(sign_in(pat.person.user).get(reverse("me:research")))
    assert "Researchers cannot use your answers." in mine
    assert says(extract.specification).purpose in mine and "<dt>Kept until</dt>" in mine
    assert "the scores of their answers; the classes" in mine, "which kind of facts, as the register has it"
    aloud = text(sign_in(dee).get(reverse("desk:person_research", args=[pat.pk])))
    assert "does not agree that researchers use their answers" in aloud and "<dt>Went to</dt>" in aloud
    assert says(extract.specification).purpose in aloud
    readers = text(sign_in(pat.person.user).get(reverse("me:readers")))
    assert "Who has had your answers for research" in readers
    register = text(Client().get(reverse("public:data_uses")))
    assert "at the latest, then destroyed" in register and "the scores of their answers; the classes" in register
    end = reverse("desk:extract_certificate", args=[extract.project_id])
    day = timezone.localdate()
    said = {
        "reference": "C-1",
        "destroyed_on-day": day.day,
        "destroyed_on-month": day.month,
        "destroyed_on-year": day.year,
    }
    ahead = sign_in(dee).post(end, {**said, "destroyed_on-year": day.year + 1})
    assert "today or in the past" in text(ahead)
    for _ in range(2):
        assert sign_in(dee).post(end, said).status_code == 302
    project = text(sign_in(dee).get(reverse("desk:research_project", args=[extract.project_id])))
    assert "certificate C-1, recorded by Dee Desk" in project and "is being destroyed" in project
    assert "<dt>Destroyed</dt>" in text(Client().get(reverse("public:data_uses")))
    mine = text(sign_in(pat.person.user).get(reverse("me:research")))
    assert "<dt>Kept until</dt>" not in mine and "and nobody got it." in mine
    changed = sign_in(dee).post(reverse("desk:change_extracts", args=[extract.project_id]), filled())
    assert "This project has ended" in text(changed)


def test_somebody_who_was_in_none_reads_that_nobody_has_had_their_answers(
    sign_in: type[Client], pat: Participant, dee: User
) -> None:
    assert "Nobody yet." in text(sign_in(pat.person.user).get(reverse("me:research")))
    assert "Nobody yet." in text(sign_in(dee).get(reverse("desk:person_research", args=[pat.pk])))


def test_a_project_of_another_programme_is_not_there(
    sign_in: type[Client], dee: User, sadie: User, extract: Extract, programme: Programme
) -> None:
    elsewhere = ResearchProject.objects.get()
    assert sign_in(sadie).get(reverse("desk:research_project", args=[elsewhere.pk])).status_code == 404
    assert sign_in(sadie).get(reverse("desk:research")).status_code == 403


def test_the_list_says_how_each_stands(
    sign_in: type[Client], project: ResearchProject, programme: Programme, dee: User, clare: User, ada: User
) -> None:
    assert "Agreed" in text(sign_in(dee).get(reverse("desk:research")))
    waiting = asked(programme, dee.person, title="Another one")
    agree(specification=waiting, by=clare.person)
    ask_for_change(project=project, wanted=wanted(k=9), by=ada.person)
    page = text(sign_in(dee).get(reverse("desk:research")))
    assert page.count("Waiting for two people to agree") == 2
    assert "1 more person must agree" in text(
        sign_in(dee).get(reverse("desk:research_project", args=[waiting.project_id]))
    )
