"""A letter to a clinical team: read before it goes, kept in its words, and read by the person whom it is about."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from accounts.history import System, acting
from accounts.models import AccessLog, Person, User
from frontend.letters import CannotBeDrawn
from frontend.views.desk import clinical_letters as page
from messaging.models import Task
from messaging.worklist import TaskIsClosed
from outcomes.answering.progress import Form
from participants.clinical_letters import NotAgreed
from participants.content import install
from participants.models import ClinicalContact, ClinicalLetter, ConsentKind, Enrolment, Participant
from tests.factories.outcomes import attended, consents
from tests.factories.participants import ClinicalContactFactory, ClinicalLetterFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def gp(pat: Participant) -> ClinicalContact:
    install(pat.programme, System.COMMAND)
    consents(pat, ConsentKind.CLINICAL_TEAM)
    return ClinicalContactFactory(participant=pat)


@pytest.fixture
def desk(dee: User, sign_in: Any) -> Client:
    client: Client = sign_in(dee)
    return client


def waiting(gp: ClinicalContact, kind: str = "start") -> Task:
    participant = gp.participant
    return Task.objects.create(
        programme=participant.programme, kind="clinical_letter", about=participant.person, subject_id=participant.pk,
        context={"letter": kind, "contact": gp.pk}, due_at=timezone.now(), dedupe_key=f"{kind}:{gp.pk}",
    )  # fmt: skip


def address(task: Task) -> str:
    return f"/desk/people/{task.subject_id}/clinical-team/letters/{task.pk}/"


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def drawn(answer: Any) -> dict[str, str]:
    """The fingerprint of the letter that stands on a page."""
    return {"drawn": text_of(answer).split('name="drawn" value="')[1].split('"')[0]}


def paper(answer: Any) -> str:
    return " ".join(" ".join(one.extract_text() for one in PdfReader(io.BytesIO(answer.content)).pages).split())


def test_a_letter_is_read_added_to_printed_and_kept_and_the_person_reads_it(
    desk: Client, pat: Participant, gp: ClinicalContact, dee: User, sign_in: Any
) -> None:
    task = waiting(gp)
    where, team = address(task), f"/desk/people/{pat.pk}/clinical-team/"
    assert f'href="{where}"' in text_of(desk.get(team)) and f'href="{team}"' in text_of(
        desk.get(f"/desk/tasks/{task.pk}/")
    )
    shown = text_of(desk.get(where))
    assert "Pat Example has started SafeFit" in shown and "not signed off" in shown
    added = {"more": "She uses a stick."}
    shown_with_it = desk.post(where, added | {"do": "show"})
    assert "<p>She uses a stick.</p>" in text_of(shown_with_it)
    added |= drawn(shown_with_it)
    printed = desk.post(where, added | {"do": "pdf"})
    assert printed["Content-Type"] == "application/pdf" and "no-store" in printed["Cache-Control"]
    assert printed["Content-Disposition"].startswith("attachment")  # the page with what was typed stays open
    assert all(words in paper(printed) for words in ("Dr Ada Invented", "1 Surgery Lane", "She uses a stick."))
    refused = desk.post(where, added | {"do": "sent"})
    assert refused.status_code == 422 and "Select how it went" in text_of(refused) and "a stick" in text_of(refused)
    assert desk.post(where, added | {"do": "sent", "way": "posted", "tell": "yes"})["Location"] == team
    letter = ClinicalLetter.objects.get()
    assert letter.words.endswith("\n\nShe uses a stick.") and letter.sent_by == dee.person
    assert desk.get(where).status_code == 404
    there = text_of(desk.get(f"{team}sent/{letter.pk}/"))
    assert "She uses a stick." in there and "Sent by Dee Desk" in there and "By post" in there
    assert "She uses a stick." in paper(desk.get(f"{team}sent/{letter.pk}/file/"))
    assert "Sent by Dee Desk" in text_of(desk.get(team))
    own = sign_in(pat.person.user)
    assert f"/me/letters/{letter.pk}/" in text_of(own.get("/me/clinical-team/"))
    assert "She uses a stick." in text_of(own.get(f"/me/letters/{letter.pk}/"))
    assert AccessLog.objects.filter(target=pat.person, what="clinical letter", by=dee.person).count() == 7


@pytest.mark.parametrize("changes", ["text", "name", "no fingerprint"])
@pytest.mark.parametrize("pressed", ["pdf", "sent"])
def test_only_the_letter_that_stood_on_the_page_is_printed_or_kept_as_sent(
    desk: Client, pat: Participant, gp: ClinicalContact, changes: str, pressed: str
) -> None:
    where = address(waiting(gp))
    typed = {"do": pressed, "more": "With a stick.", "way": "posted", "tell": "no"}
    typed |= drawn(desk.post(where, typed | {"do": "show"}))
    if changes == "text":
        typed["more"] = "With two sticks."
    elif changes == "name":
        with acting(System.COMMAND, "tests.change_name"):
            Person.objects.filter(pk=pat.person_id).update(family_name="Another")
    else:
        del typed["drawn"]
    answer = desk.post(where, typed)
    shown = text_of(answer)
    assert answer.status_code == 409 and "says something else now" in shown and not ClinicalLetter.objects.exists()
    assert f"<p>{typed['more']}</p>" in shown and f"{typed['more']}</textarea>" in shown
    assert shown.count(" checked") == 2 and "There is a problem" not in shown
    again = desk.post(where, typed | drawn(answer))
    assert (again["Content-Type"] == "application/pdf") if pressed == "pdf" else (again.status_code == 302)


def test_the_last_letter_counts_classes_and_tells_how_answers_moved_only_with_a_yes_to_that(
    desk: Client, pat: Participant, gp: ClinicalContact, monkeypatch: Any
) -> None:
    today = timezone.localdate()
    Enrolment.objects.filter(participant=pat).update(starts_on=today - dt.timedelta(days=190), ends_on=today)
    attended(pat, today - dt.timedelta(days=20))
    where = address(waiting(gp, "end"))
    page_before = text_of(desk.get(where))
    assert "had 3 parts" in page_before and "came to 1 of the 1 class" in page_before and "wellbeing" not in page_before
    consents(pat, ConsentKind.OWN_CHANGES)
    assert "wellbeing" not in text_of(desk.get(where))  # no form says nothing of a change
    sent = [
        Form(label, not day, today, {"energy": energy}, {})
        for label, day, energy in (("Start", 0, 3.0), ("End", 1, 8.0))
    ]
    monkeypatch.setattr("frontend.clinical_letters.own_forms", lambda participant: sent)
    assert "no clinical measure, they read: “Your energy is higher than when you started.”" in text_of(desk.get(where))
    consents(pat, ConsentKind.OWN_CHANGES, given=False)
    assert "wellbeing" not in text_of(desk.get(where))


def test_a_question_about_exercise_is_written_by_who_decides_about_it(
    desk: Client, pat: Participant, gp: ClinicalContact, clare: User, sign_in: Any
) -> None:
    where = address(waiting(gp, "referred_back"))
    assert "Whoever decides whether exercise is safe writes this one" in text_of(
        desk.get(f"/desk/people/{pat.pk}/clinical-team/")
    )
    assert desk.get(where).status_code == 403
    assert "Somebody in our team is worried" in text_of(sign_in(clare).get(where))


def test_without_a_yes_there_is_no_letter_and_the_page_says_why(
    desk: Client, pat: Participant, gp: ClinicalContact
) -> None:
    task = waiting(gp)
    consents(pat, ConsentKind.CLINICAL_TEAM, given=False)
    assert desk.get(address(task))["Location"] == f"/desk/people/{pat.pk}/clinical-team/"
    assert "Send nothing" in text_of(desk.get(f"/desk/people/{pat.pk}/clinical-team/"))


@pytest.mark.parametrize(("refusal", "said"), [(NotAgreed(), "do not agree any more"), (TaskIsClosed, "a moment ago")])
def test_what_was_called_off_meanwhile_is_not_kept(
    desk: Client, gp: ClinicalContact, monkeypatch: Any, refusal: Any, said: str
) -> None:
    task = waiting(gp)

    def refuse(**given: Any) -> None:
        raise refusal if isinstance(refusal, Exception) else refusal(task)

    monkeypatch.setattr(page, "record_letter", refuse)
    there = drawn(desk.get(address(task)))
    answer = desk.post(address(task), there | {"do": "sent", "way": "posted", "tell": "no"})
    assert answer.status_code == 409 and said in text_of(answer)


def test_what_our_type_cannot_write_is_written_by_hand(desk: Client, gp: ClinicalContact, monkeypatch: Any) -> None:
    def cannot(contact: Any, words: Any) -> bytes:
        raise CannotBeDrawn

    monkeypatch.setattr(page, "letter_file", cannot)
    where, more = address(waiting(gp)), {"more": "Kept."}
    refused = desk.post(where, more | drawn(desk.post(where, more | {"do": "show"})) | {"do": "pdf"})
    assert refused.status_code == 409 and "by hand" in text_of(refused) and "Kept." in text_of(refused)
    letter = ClinicalLetterFactory(contact=gp)
    sent = f"/desk/people/{gp.participant_id}/clinical-team/sent/{letter.pk}/"
    assert desk.get(f"{sent}file/")["Location"] == sent
