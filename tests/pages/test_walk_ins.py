"""Somebody who came without being listed: put on the register by whoever leads, and told apart at the desk."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from classes.models import Guest, Session
from instructors.models import Instructor
from messaging.models import Task
from participants.models import Participant
from tests.factories.classes import GuestFactory, SessionFactory
from tests.pages.as_sent import as_it_stands

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(ines: Instructor) -> Session:
    return SessionFactory(programme=ines.programme, leader=ines, starts_at=timezone.now() - dt.timedelta(minutes=10))


def test_from_the_register_somebody_is_added_once_who_does_not_exercise_yet(
    session: Session, ines: Instructor, sign_in: Any
) -> None:
    browser, address = sign_in(ines.person.user), f"/teach/classes/{session.pk}/walk-in/"
    assert address in browser.get(f"/teach/classes/{session.pk}/register/").content.decode()
    assert "They do not exercise yet." in browser.get(address).content.decode()
    assert "Enter their name" in browser.post(address, {"name": " ", "phone": "01632 960222"}).content.decode()
    assert not Guest.objects.exists()
    for _ in range(2):
        page = browser.post(
            address, {"id": str(uuid.uuid5(uuid.NAMESPACE_URL, "x")), "name": "Wanda Unknown"}, follow=True
        )
    words = page.content.decode()
    assert "does not exercise yet. The desk is asked who it is." in words
    assert "Not known to us yet: does not exercise" in words and words.count("Wanda Unknown</h2>") == 1
    other = SessionFactory(programme=ines.programme, leader=ines, starts_at=timezone.now() + dt.timedelta(hours=9))
    used = {"id": str(uuid.uuid5(uuid.NAMESPACE_URL, "x")), "name": "Walter"}
    assert browser.post(f"/teach/classes/{other.pk}/walk-in/", used).status_code == 409
    early = browser.post(f"/teach/classes/{other.pk}/walk-in/", {"name": "Walter"})
    assert early.status_code == 409 and "added from" in early.content.decode()
    assert Guest.objects.count() == 1


def test_the_desk_says_who_it_was_of_those_it_might_be_or_by_a_reference(
    session: Session, ines: Instructor, dee: User, pat: Participant, quinn: Participant, sign_in: Any
) -> None:
    first, family = pat.person.given_name, pat.person.family_name
    guest, other = (GuestFactory(session=session, participant=None, name=f"{first} {family}") for _ in range(2))
    browser, address = sign_in(dee), f"/desk/walk-ins/{guest.pk}/"
    page = browser.get(address).content.decode()
    assert pat.reference in page and quinn.reference not in page
    assert "Select who it is" in browser.post(address, {}).content.decode()
    for nobody in ({"who": "other", "reference": "SF-NOBODY"}, {"who": "other"}):
        assert "Enter the reference as it stands" in browser.post(address, nobody).content.decode()
    quinn.reference = "SF-2K4M-7PQR"
    quinn.save()
    by_reference = {"who": "other", "reference": quinn.reference.lower().replace("-", "")}
    asked = browser.post(address, by_reference).content.decode()
    assert f"Is “{first} {family}”, who came, {quinn.person.full_name}, {quinn.reference}" in asked
    assert f'value="{quinn.pk}"' in asked and "Yes, it was this person" in asked
    browser.post(address, {"who": str(pat.pk), "sure": str(quinn.pk)})  # chosen otherwise: asked about anew
    assert not Guest.objects.filter(participant__isnull=False).exists()
    told = browser.post(address, as_it_stands(asked), follow=True)
    assert f"it was {quinn.person.full_name}" in told.content.decode()
    guest.refresh_from_db()
    assert (guest.participant, guest.name) == (quinn, "") and not Task.objects.to_do().exists()
    assert "It was" in browser.get(address).content.decode()
    again = browser.post(
        f"/desk/walk-ins/{other.pk}/", {"who": "other", "reference": quinn.reference, "sure": str(quinn.pk)}
    )
    assert again.status_code == 409 and "on this register already" in again.content.decode()
    assert browser.post(f"/desk/walk-ins/{other.pk}/", {"who": str(pat.pk), "sure": str(pat.pk)}).status_code == 302
