from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import AccessLog, Organisation, Programme, User
from outcomes.models import Release, ReleaseState
from outcomes.releases.export import export_of
from tests.factories.outcomes import release_with_figures

pytestmark = pytest.mark.django_db
API = "/api/v1/releases/"


@pytest.fixture
def release(programme: Programme, alliance: Organisation) -> Release:
    return release_with_figures(programme=programme, organisation=alliance, number=1)


def test_a_partner_lists_and_reads_its_releases(release: Release, omar: User, sign_in: Any) -> None:
    browser = sign_in(omar)
    (row,) = browser.get(API).json()["results"]
    assert (row["id"], row["programme"], row["organisation"], row["k"]) == (release.pk, "wessex", "alliance", 8)
    body = browser.get(f"{API}{release.pk}/").json()
    assert body == json.loads(json.dumps(export_of(release))) | {"sha256": release.sha256}
    assert AccessLog.objects.filter(by=omar.person, purpose="release").count() == 1


def test_the_list_is_filtered_by_programme_alone(release: Release, omar: User, sign_in: Any) -> None:
    browser = sign_in(omar)
    assert browser.get(f"{API}?programme=wessex").json()["count"] == 1
    assert browser.get(f"{API}?programme=elsewhere").json()["count"] == 0
    assert browser.get(f"{API}?area=Dorset").status_code == 400


def test_other_partners_and_other_states_are_not_there(
    release: Release, programme: Programme, alliance: Organisation, omar: User, petra: User, sign_in: Any
) -> None:
    assert sign_in(petra).get(f"{API}{release.pk}/").status_code == 404
    built = release_with_figures(ReleaseState.BUILT, programme=programme, organisation=alliance, number=2)
    assert sign_in(omar).get(f"{API}{built.pk}/").status_code == 404
    assert sign_in(omar).get(API).json()["count"] == 1


def test_only_readers_of_releases_come_in(release: Release, dee: User, pat: Any, sign_in: Any) -> None:
    for other in (dee, pat.person.user):
        assert sign_in(other).get(API).status_code == 403
    assert Client().get(API).status_code == 401
