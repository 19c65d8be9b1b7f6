"""What people have a right to, on their own pages and at the desk."""

from __future__ import annotations

import datetime as dt
import io
import re
import time
import zipfile
from typing import Any

import pytest
from django.urls import reverse

from accounts.history import System, log_read
from accounts.models import AccessLog, Person, User
from classes.judging.refusals import TryAgain
from classes.models import ConcernNote
from frontend.erasing import SeenForm, done
from instructors.models import Instructor
from participants.models import Participant
from records.erasing import asking
from records.erasing.preview import fingerprint
from records.exporting import copies
from records.models import ErasureRequest, RecordCopy
from tests.conftest import SignedIn
from tests.factories.accounts import PersonFactory, ProgrammeFactory
from tests.factories.classes import GuestFactory, SessionFactory
from tests.factories.incidents import ConcernFactory
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db


def _text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_copy_is_asked_for_watched_and_taken_on_ones_own_page(pat: Participant, sign_in: Any) -> None:
    open_for_days, browser, page = sign_in(pat.person.user), just_signed_in(pat.person.user), reverse("me:record")
    assert page in _text(browser.get(reverse("me:details")))
    assert "There is no copy to take" in _text(browser.post(reverse("me:take_copy"), follow=True))
    assert "Making the copy" in _text(browser.post(reverse("me:ask_for_copy"), follow=True))
    copies.make_copy(RecordCopy.objects.get().pk, by=System.WORKER)
    assert "Take the copy" in _text(browser.get(page)) and "Take the copy" not in _text(open_for_days.get(page))
    assert "sign in again first" in _text(open_for_days.post(reverse("me:take_copy"), follow=True))
    taken = browser.post(reverse("me:take_copy"))
    assert taken["Content-Disposition"] == 'attachment; filename="what-safefit-holds.zip"'
    assert pat.person.family_name in zipfile.ZipFile(io.BytesIO(taken.content)).read("everything.json").decode()


def test_a_copy_that_failed_says_what_to_do(pat: Participant, sign_in: Any) -> None:
    RecordCopy.objects.create(person=pat.person, asked_by=pat.person, failed_at=pat.registered_at)
    assert "could not be made. Please try again" in _text(sign_in(pat.person.user).get(reverse("me:record")))


def test_a_clinical_lead_makes_a_copy_for_who_has_no_login_and_for_nobody_else(
    pat: Participant, dee: User, clare: User, sign_in: Any
) -> None:
    lone = ParticipantFactory(person=PersonFactory(), programme=pat.programme)
    browser = sign_in(clare)
    page, ask, take = (reverse(f"desk:{name}", args=[lone.pk]) for name in ("record", "ask_for_copy", "take_copy"))
    assert page in _text(browser.get(reverse("desk:person", args=[lone.pk])))
    assert "has no login" in _text(browser.get(page))
    browser.post(ask)
    assert "There is no copy to take" in _text(browser.post(take, follow=True))
    copies.make_copy(RecordCopy.objects.get().pk, by=System.WORKER)
    assert browser.post(take)["Content-Type"] == "application/zip"
    assert AccessLog.objects.filter(by=clare.person, target=lone.person, what="everything").exists()
    assert sign_in(dee).post(take).status_code == 403


def test_who_has_a_login_and_does_not_get_in_has_a_copy_made_while_they_are_on_the_line(
    pat: Participant, clare: User, sign_in: Any
) -> None:
    browser = sign_in(clare)
    page, ask, take = (reverse(f"desk:{name}", args=[pat.pk]) for name in ("record", "ask_for_copy", "take_copy"))
    assert "Say who is on the line" in _text(browser.get(page))
    assert [browser.post(address).status_code for address in (ask, take)] == [403, 403]
    pick_up(browser, pat)
    assert "They have a login too" in _text(browser.get(page))
    browser.post(ask)
    copies.make_copy(RecordCopy.objects.get().pk, by=System.WORKER)
    assert browser.post(take)["Content-Type"] == "application/zip"


def pick_up(browser: Any, participant: Participant) -> None:
    """The person themselves is on the line, identified."""
    Person.objects.filter(pk=participant.person_id).update(date_of_birth=dt.date(1950, 2, 3))
    said = {"who": "self", "right": ["born", "reference"]}
    assert browser.post(reverse("desk:caller", args=[participant.pk]), said).status_code == 302


def _seen(answer: Any) -> str:
    found = re.search(r'name="seen"[^>]* value="(\w+)"', answer.content.decode())
    assert found
    return found.group(1)


def just_signed_in(user: User) -> Any:
    browser = SignedIn(user)
    session = browser.session
    for record in session["account_authentication_methods"]:
        record["at"] = time.time()
    session.save()
    return browser


def test_everything_is_deleted_with_a_code_after_saying_what_that_means(pat: Participant) -> None:
    browser, page, code_page = just_signed_in(pat.person.user), reverse("me:erase"), reverse("me:erase_code")
    assert page in _text(browser.get(reverse("me:record")))
    assert "Ask for a code first" in _text(browser.get(code_page, follow=True))
    looked = browser.get(page)
    assert "cannot be undone" in _text(looked) and "Send me a code" in _text(looked)
    assert browser.post(page, {"seen": "other"}).status_code == 409
    assert "sent you a code" in _text(browser.post(page, {"seen": _seen(looked)}, follow=True))
    assert "You have 4 tries left" in _text(browser.post(code_page, {"code": "wrong"}))
    asked = ErasureRequest.objects.get()
    ended = browser.post(code_page, {"code": asking.code_of(asked)})
    assert "You are signed out" in _text(ended)
    assert browser.get(reverse("me:details")).status_code == 302
    asked.refresh_from_db()
    assert asked.confirmed_by == pat.person


def test_a_change_meanwhile_is_said_and_nothing_is_deleted(pat: Participant) -> None:
    browser, page = just_signed_in(pat.person.user), reverse("me:erase")
    browser.post(page, {"seen": _seen(browser.get(page))})
    GuestFactory(session=SessionFactory(programme=pat.programme), participant=pat)
    code = asking.code_of(ErasureRequest.objects.get())
    assert "Nothing was deleted" in _text(browser.post(reverse("me:erase_code"), {"code": code}, follow=True))


def test_whoever_signed_in_earlier_signs_in_again(pat: Participant, clare: User, sign_in: Any) -> None:
    desk = sign_in(clare)
    pick_up(desk, pat)
    browsers = [(sign_in(pat.person.user), reverse("me:erase")), (desk, reverse("desk:erase", args=[pat.pk]))]
    for browser, page in browsers:
        looked = browser.get(page)
        assert "Sign in again" in _text(looked) and "next=" in looked.content.decode()
        answer = browser.post(page, {"seen": fingerprint(pat.person), "code": pat.reference}, follow=True)
        assert "sign in again first" in _text(answer)


def test_a_clinical_lead_deletes_with_the_reference_that_they_say_on_the_line(
    pat: Participant, dee: User, clare: User, ines: Instructor
) -> None:
    browser, page = just_signed_in(clare), reverse("desk:erase", args=[pat.pk])
    said = {"seen": fingerprint(pat.person), "code": pat.reference}
    assert "A clinical lead does this" in _text(just_signed_in(dee).get(page))
    assert "Please call us" in _text(just_signed_in(dee).post(page, said, follow=True))
    assert "Say who is on the line" in _text(browser.get(page))
    assert "Find out first who is on the line" in _text(browser.post(page, said, follow=True))
    assert not ErasureRequest.objects.exists()
    pick_up(browser, pat)
    seen = _seen(browser.get(page))
    for words in ("You have 4 tries left", "3 tries left", "2 tries left", "1 try left", "try in an hour"):
        assert words in _text(browser.post(page, {"seen": seen, "code": "SF-NONE-NONE"}))
    ErasureRequest.objects.all().delete()  # the hour is over
    assert "Please look again" in _text(browser.post(page, {"seen": "x", "code": pat.reference}, follow=True))
    concern = ConcernFactory(participant=pat, programme=pat.programme, reported_by=ines.person)
    looked = _text(browser.get(page))
    assert "cannot be done at the moment" in looked and "cern" not in looked.split("<main")[1].split("</main")[0]
    answer = browser.post(page, {"seen": seen, "code": pat.reference}, follow=True)
    assert "Please call us" in _text(answer)
    ConcernNote.objects.create(concern=concern, step="closed", words="Seen to.", by=dee.person)
    seen = _seen(browser.get(page))
    assert "It is being deleted" in _text(browser.post(page, {"seen": seen, "code": pat.reference}, follow=True))
    assert "is being done" in _text(browser.get(page, follow=True))


def test_the_desk_of_one_programme_reads_why_it_does_nothing_to_who_is_in_another_too(
    pat: Participant, clare: User
) -> None:
    lone = ParticipantFactory(person=PersonFactory(), programme=pat.programme)
    for participant in (lone, pat):
        ParticipantFactory(person=participant.person, programme=ProgrammeFactory())
    browser = just_signed_in(clare)
    erase, copy, take = (reverse(f"desk:{name}", args=[lone.pk]) for name in ("erase", "record", "take_copy"))
    assert "which clinical lead works at both desks" in _text(browser.get(copy))
    for address in (reverse("desk:ask_for_copy", args=[lone.pk]), take):
        assert "works at both desks" in _text(browser.post(address, follow=True))
    assert "who of your colleagues works at both desks" in _text(browser.get(erase))
    assert "can do it themselves" in _text(browser.get(reverse("desk:erase", args=[pat.pk])))
    browser.post(erase, {"seen": fingerprint(lone.person), "code": lone.reference})
    assert not ErasureRequest.objects.exists() and not RecordCopy.objects.exists()


def test_when_classes_are_busy_nothing_is_deleted_and_it_says_so() -> None:
    form = SeenForm({"seen": "x"})

    def busy() -> None:
        raise TryAgain

    assert form.is_valid() and not done(form, busy) and "Press the button again" in str(form.errors)


def test_whoever_has_had_the_codes_of_a_day_is_told_what_to_do_instead() -> None:
    form = SeenForm({"seen": "x"})

    def too_often() -> None:
        raise asking.AskedTooOften

    assert form.is_valid() and not done(form, too_often)
    assert "try again tomorrow, or call us on" in str(form.errors)


def test_people_read_who_has_read_about_them_by_what_they_are(
    pat: Participant, dee: User, sam: User, sign_in: Any
) -> None:
    browser, page = sign_in(pat.person.user), reverse("me:readers")
    assert "Nobody has opened" in _text(browser.get(page))
    sign_in(dee).get(reverse("desk:person", args=[pat.pk]))
    log_read(target=pat.person, purpose="questionnaire", what="answers", by=sam.person)
    log_read(target=pat.person, purpose="own copy", what="everything", by=pat.person)
    log_read(target=sam.person, purpose="desk", what="details", by=dee.person)
    shown = _text(browser.get(page))
    assert shown.count("<dt>When") == 2
    for words in ("Our staff", "A supporter", "Your page at the desk", "Work at the desk", "Your answers"):
        assert words in shown
    assert dee.person.family_name not in shown and sam.person.family_name not in shown
