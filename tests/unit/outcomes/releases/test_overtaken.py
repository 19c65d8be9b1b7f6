"""A quarter's summaries of several partners: one is published, and the others are made anew by themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.testing import InMemoryConnector

from accounts.history import System
from accounts.models import Agreement, Organisation, Programme, User
from outcomes.models import Release, ReleaseState
from outcomes.releases.overtaken import ask_anew, overtaken
from outcomes.releases.release import ANEW_JOB, BUILD_JOB, publish_release
from tests.factories.accounts import AgreementFactory
from tests.factories.outcomes import release_with_figures

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def queue() -> Iterator[InMemoryConnector]:
    with app.replace_connector(InMemoryConnector()) as replaced:
        yield replaced.connector


@pytest.fixture
def both(programme: Programme, alliance: Organisation) -> tuple[Release, Release]:
    """Built for two partners on one day, each beside nothing."""
    Agreement.objects.update(purpose="Made up.")
    other = AgreementFactory(programme=programme, purpose="Made up too.").organisation
    first, second = (
        release_with_figures(ReleaseState.BUILT, programme=programme, organisation=one) for one in (alliance, other)
    )
    return first, second


def test_publishing_one_makes_the_others_anew_and_asks_for_none_twice(
    both: tuple[Release, Release], dee: User, queue: InMemoryConnector
) -> None:
    first, second = both
    assert overtaken(both) == set() and ask_anew(first.programme_id, by=System.WORKER) == 0
    publish_release(release=first, by=dee.person)
    (job,) = (job for job in queue.jobs.values() if job["task_name"] == ANEW_JOB)
    assert job["args"] == {"programme_id": first.programme_id}
    assert overtaken(both) == {second.pk}
    assert ask_anew(first.programme_id, by=System.WORKER) == 1
    (anew,) = Release.objects.filter(state=ReleaseState.QUEUED)
    assert (anew.organisation, anew.number) == (second.organisation, second.number + 1)
    assert ask_anew(first.programme_id, by=System.WORKER) == 0
    assert [job["task_name"] for job in queue.jobs.values()].count(BUILD_JOB) == 1


def test_what_is_too_old_or_agreed_no_more_is_not_made_anew(both: tuple[Release, Release], dee: User) -> None:
    first, second = both
    publish_release(release=first, by=dee.person)
    long_ago = timezone.localdate() - dt.timedelta(days=15)
    Release.objects.filter(pk=second.pk).update(as_at=long_ago)
    assert ask_anew(first.programme_id, by=System.WORKER) == 0
    Release.objects.filter(pk=second.pk).update(as_at=long_ago + dt.timedelta(days=1))
    Agreement.objects.filter(organisation=second.organisation).update(ends_on=timezone.localdate() - dt.timedelta(1))
    ask_anew(first.programme_id, by=System.WORKER)
    assert not Release.objects.filter(state=ReleaseState.QUEUED).exists()


def test_which_are_overtaken_is_asked_once_for_all(both: tuple[Release, Release]) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert overtaken([*both, Release(state=ReleaseState.FAILED)]) == set()
    assert len(asked) == 1
    assert overtaken([]) == set()
