"""What people have a right to, on their own pages and at the desk."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.urls import reverse

from accounts.history import System
from accounts.models import AccessLog, User
from participants.models import Participant
from records.exporting import copies
from records.models import RecordCopy
from tests.factories.accounts import PersonFactory
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db


def _text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_copy_is_asked_for_watched_and_taken_on_ones_own_page(pat: Participant, sign_in: Any) -> None:
    browser, page = sign_in(pat.person.user), reverse("me:record")
    assert page in _text(browser.get(reverse("me:details")))
    assert "There is no copy to take" in _text(browser.post(reverse("me:take_copy"), follow=True))
    assert "Making the copy" in _text(browser.post(reverse("me:ask_for_copy"), follow=True))
    copies.make_copy(RecordCopy.objects.get().pk, by=System.WORKER)
    assert "The copy is ready" in _text(browser.get(page))
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
    assert "signs in, so they take the copy themselves" in _text(browser.get(reverse("desk:record", args=[pat.pk])))
    assert browser.post(reverse("desk:take_copy", args=[pat.pk])).status_code == 404
    assert sign_in(dee).post(take).status_code == 403
