"""Partners are told of a new summary once, while they may read it and want to know."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Agreement, Membership, Organisation, Programme, User
from messaging.choices import choose_at_work, choose_topics, is_declined, topics_wanted_by
from messaging.models import Message, Topic, WorkTopic
from outcomes.models import Release
from outcomes.releases.notices import SUMMARY_OUT, still_read, tell_readers
from tests.factories.outcomes import release_with_figures

pytestmark = pytest.mark.django_db


@pytest.fixture
def out(programme: Programme, alliance: Organisation) -> Release:
    return release_with_figures(programme=programme, organisation=alliance)


def told(release: Release) -> list[Message]:
    tell_readers(release)
    return list(Message.objects.filter(kind=SUMMARY_OUT).order_by("pk"))


def test_each_partner_of_the_organisation_is_told_once(out: Release, omar: User, petra: User, ada: User) -> None:
    told(out)
    (message,) = told(out)
    assert message.person == omar.person
    content = still_read(message)
    assert content is not None and str(content.context["link"]).endswith(f"/partner/summaries/{out.pk}/")


def test_nobody_is_told_of_what_they_may_no_longer_read(out: Release, omar: User) -> None:
    (message,) = told(out)
    Agreement.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert still_read(message) is None
    Agreement.objects.update(ends_on=None)
    assert still_read(message) is not None
    Membership.objects.filter(user=omar).update(ends_at=timezone.now())
    assert still_read(message) is None
    User.objects.filter(pk=omar.pk).update(is_active=False)
    assert still_read(message) is None


def test_a_partner_does_without_and_keeps_what_they_chose_otherwise(out: Release, omar: User, sign_in: Any) -> None:
    (message,) = told(out)
    browser = sign_in(omar)
    page = "/partner/summaries/"
    assert "Stop telling me" in browser.get(page).content.decode() and not is_declined(message)
    for _ in range(2):
        assert b"We tell you no more." in browser.post(f"{page}told/", {"wanted": "no"}, follow=True).content
    assert is_declined(message) and topics_wanted_by(omar.person) == list(Topic)
    choose_topics(person=omar.person, wanted=[], by=omar.person)
    choose_topics(person=omar.person, wanted=list(Topic), by=omar.person)
    assert is_declined(message), "another choice is another matter"
    assert b"Stop telling me" in browser.post(f"{page}told/", {"wanted": "yes"}, follow=True).content
    choose_at_work(person=omar.person, topic=WorkTopic.SUMMARIES, wanted=True, by=omar.person)
    assert not is_declined(message)
