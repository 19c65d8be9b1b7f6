from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Agreement, Organisation, Programme, User
from outcomes.data_uses import IN_TABLES, DataUse, data_in, data_in_rows, data_uses
from outcomes.extracts.fields import BY_KEY, PERSON, TABLES
from outcomes.models import ExtractCertificate, ExtractState, ReleaseState
from outcomes.studies.running import close_study, count_for, invite, open_study
from participants.models import ConsentKind
from tests.factories.extracts import built_for, project_of, wanted
from tests.factories.outcomes import ReleaseFactory, StudyFactory, consents
from tests.factories.participants import ParticipantFactory

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
    of_one_area = data_in(["age"], "Dorset")
    assert of_one_area.startswith("Numbers about groups of people in Dorset: how many took part, ")
    assert "went wrong" in data_in([]) and "went wrong" not in of_one_area, "it is counted of the whole alone"


def test_a_study_stands_in_it_once_there_is_a_number_for_its_team(programme: Programme, dee: User) -> None:
    for _ in range(8):
        consents(ParticipantFactory(programme=programme), ConsentKind.STUDIES)
    counted, told, unread = (StudyFactory(programme=programme, title=title) for title in ("Walks", "Sleep", "Draft"))
    assert data_uses() == [], "nothing was counted yet"
    at = count_for(study=counted, by=dee.person).at
    open_study(study=told, by=dee.person)
    invite(study=told, by=dee.person)
    close_study(study=unread, by=dee.person)
    assert [(use.title, use.at) for use in data_uses()] == [("Numbers for a study: Walks", at)]
    close_study(study=told, by=dee.person)
    (closed,) = (use for use in data_uses() if use.title != "Numbers for a study: Walks")
    assert (closed.title, closed.received_by, closed.said) == ("Numbers for a study: Sleep", told.team, "")
    assert "nobody can be picked out" in closed.data


def test_an_extract_that_was_taken_stands_in_it_with_how_long_it_may_be_kept(programme: Programme, dee: User) -> None:
    project = project_of(programme, dee.person, fields=("person.sex", "score.value"))
    now = timezone.now()
    built_for(project)
    built_for(project, state=ExtractState.TAKEN, taken_at=now, taken_by=dee.person)
    (use,) = data_uses()
    assert (use.title, use.at) == ("Extract 2 for research: Staying active after treatment", now)
    assert (use.received_by, use.purpose) == (wanted().recipient, wanted().purpose)
    assert (use.until, use.ended_on) == (wanted().expires_on, None)
    assert use.data.startswith(
        "Of people who agreed to research, one by one, under made-up names: sex; the scores of their answers. No names"
    )
    ExtractCertificate.objects.create(project=project, reference="C-1", destroyed_on=now.date(), by=dee.person)
    assert [use.ended_on for use in data_uses()] == [now.date()]


def test_whatever_an_extract_can_hold_is_named_to_everybody() -> None:
    assert set(IN_TABLES) == set(TABLES) - {PERSON}
    everything = data_in_rows(BY_KEY)
    assert all(words in everything for words in IN_TABLES.values())
    assert "year of birth, in bands; sex; ethnic group; deprivation of the area; area; kind of cancer" in everything
