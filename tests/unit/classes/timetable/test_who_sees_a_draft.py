"""A class that is not published yet is seen by whoever leads it, and by its desk."""

from __future__ import annotations

import pytest

from accounts.models import User
from classes.models import Session
from instructors.models import Instructor
from participants.models import Participant
from tests.factories.classes import SessionFactory

pytestmark = pytest.mark.django_db


def test_a_draft_is_seen_by_who_leads_it_and_by_its_desk_and_what_is_published_by_all(
    pat: Participant, ines: Instructor, ivor: Instructor, dee: User, nell: User, omar: User
) -> None:
    draft = SessionFactory(programme=pat.programme, leader=ines, status="draft")
    public = SessionFactory(programme=pat.programme)
    for user in (ines.person.user, dee):
        assert set(Session.objects.visible_to(user)) == {draft, public}
    for user in (ivor.person.user, pat.person.user, nell, omar, None):
        assert set(Session.objects.visible_to(user)) == {public}


def test_somebody_who_leads_and_works_at_the_desk_sees_each_once(ines: Instructor, programme: object) -> None:
    SessionFactory(programme=ines.programme, leader=ines, status="draft")
    assert Session.objects.visible_to(ines.person.user).count() == 1
