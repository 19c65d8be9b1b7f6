"""A release is read in few queries: of one page the figures, and what was published before and after it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Organisation, Programme, User
from outcomes.models import Release, ReleaseState
from outcomes.releases import reading
from tests.factories.accounts import AgreementFactory, OrganisationFactory
from tests.factories.outcomes import ReleaseFactory, release_with_figures

pytestmark = pytest.mark.django_db
PLACES: list[dict[str, str]] = [{}, {"area": "Dorset"}, {"age": "18 to 49"}, {"area": "Dorset", "age": "18 to 49"}]


def _published(programme: Programme, alliance: Organisation, number: int, **fields: Any) -> Release:
    return release_with_figures(programme=programme, organisation=alliance, number=number, cells=[], **fields)


@pytest.mark.parametrize(
    ("by", "read"), [((), PLACES[:1]), (("area",), PLACES[:2]), (("area", "age"), [PLACES[0], PLACES[3]])]
)
def test_a_page_reads_everyone_and_the_groups_of_its_own_table(
    programme: Programme,
    alliance: Organisation,
    by: tuple[str, ...],
    read: list[dict[str, str]],
    django_assert_num_queries: Any,
) -> None:
    earlier = _published(programme, alliance, 1)
    release = ReleaseFactory(programme=programme, organisation=alliance, groups={"area": ["Dorset"], "age": []})
    for where in PLACES:
        counted_in = earlier if where == {} else None
        release.cells.create(table="funnel", measure="x", where=where, status="small", counted_in=counted_in)
    with django_assert_num_queries(1):
        found = reading.figures_at(release, by)
    assert [dict(one.where) for one in found] == read
    assert found[0].repeats == earlier.as_at and all(one.repeats is None for one in found[1:])


def test_of_one_area_everyone_is_everyone_there(programme: Programme, alliance: Organisation) -> None:
    about = {"programme": programme, "organisation": alliance}
    release = ReleaseFactory(**about, groups={"area": ["Dorset"], "age": [], "sex": []}, area="Dorset")
    for where in (*PLACES[1::2], {"area": "Dorset", "sex": "Female"}):
        release.cells.create(table="funnel", measure="x", where=where, status="small")
    assert [dict(one.where) for one in reading.figures_at(release)] == [PLACES[1]]
    assert [dict(one.where) for one in reading.figures_at(release, ("age",))] == [PLACES[1], PLACES[3]]
    whole = _published(programme, alliance, 2)
    whole.cells.create(table="funnel", measure="x", where=PLACES[1], status="small")
    headlines = reading.headlines_of([whole, release], ["x"])
    assert [[dict(one.where) for one in headlines[each.pk]] for each in (whole, release)] == [[], [PLACES[1]]]
    assert reading.published_beside(release) == [] and reading.published_beside(whole) == [whole]


def test_headlines_are_of_everyone_and_of_each_release(
    programme: Programme, alliance: Organisation, django_assert_num_queries: Any
) -> None:
    first, second = _published(programme, alliance, 1), _published(programme, alliance, 2)
    for where in PLACES[:2]:
        first.cells.create(table="funnel", measure="x", where=where, status="small")
    second.cells.create(table="funnel", measure="y", status="small", counted_in=first)
    with django_assert_num_queries(2):
        headlines = reading.headlines_of([first, second], ["x"])
        repeated = reading.repeated_in([first, second])
    assert [len(headlines[one.pk]) for one in (first, second)] == [1, 0]
    assert repeated == {second.pk}


def test_a_published_release_follows_the_one_it_supersedes_and_any_other_the_latest(
    programme: Programme, alliance: Organisation, django_assert_num_queries: Any
) -> None:
    first = _published(programme, alliance, 1, published_at=timezone.now() - dt.timedelta(days=90))
    second = _published(programme, alliance, 2, supersedes=first)
    built = ReleaseFactory(programme=programme, organisation=alliance, number=3, state=ReleaseState.BUILT)
    release_with_figures(programme=programme, organisation=OrganisationFactory(), cells=[])  # another's
    beside = reading.published_beside(built)
    assert beside == [second, first]
    assert [reading.before(one, beside) for one in (first, second, built)] == [None, first, second]
    assert reading.before(built, []) is None
    with django_assert_num_queries(0):
        assert [list(one.groups) for one in beside] == [["area"], ["area"]] and all(one.method for one in beside)


def test_an_agreement_is_named_once_it_has_ended_and_to_its_own_organisation_alone(
    programme: Programme, alliance: Organisation, omar: User, petra: User
) -> None:
    assert not reading.ended_agreements_of(omar)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    ended = AgreementFactory(organisation=alliance, ends_on=yesterday, starts_on=yesterday - dt.timedelta(days=300))
    assert list(reading.ended_agreements_of(omar)) == [ended]
    assert not reading.ended_agreements_of(petra)
