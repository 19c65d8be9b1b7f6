from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Agreement, Organisation, Programme
from outcomes.data_uses import DataUse, data_in, data_uses
from outcomes.models import ReleaseState
from tests.factories.outcomes import ReleaseFactory

pytestmark = pytest.mark.django_db


def test_every_published_summary_stands_in_the_register_and_no_other(
    programme: Programme, alliance: Organisation
) -> None:
    now = timezone.now()
    published = {"programme": programme, "organisation": alliance, "state": "published", "sha256": "0" * 64}
    ReleaseFactory(**published, number=1, published_at=now - dt.timedelta(days=90))
    ReleaseFactory(**published, number=2, published_at=now, purpose="To plan.", said="Keep it safe.", dimensions=[])
    for state in set(ReleaseState) - {ReleaseState.PUBLISHED}:
        ReleaseFactory(programme=programme, organisation=alliance, state=state)
    second, first = data_uses()
    assert second == DataUse(
        "Summary 2 of SafeFit Wessex", "Wessex Alliance", "To plan.", data_in([]), now, "Keep it safe."
    )
    assert first.purpose == Agreement.objects.get().purpose, "one from before says what its agreement says"
    Agreement.objects.all().delete()
    assert [use.purpose for use in data_uses()] == ["To plan.", ""]


def test_which_kind_of_data_it_was_is_said_in_words_for_everybody() -> None:
    assert ", for everybody together. Small numbers are hidden." in data_in([])
    assert ", by area, by age and sex. Small" in data_in(["area", "age by sex"]).replace(
        "for everybody together and ", ""
    )
