"""Agreements with partners: made once, changed as they were read, ended, and never protecting less than eight."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.utils import timezone

from accounts.models import Agreement, Organisation, Programme, User
from accounts.versions import versions_of
from outcomes.models import ReleaseState
from outcomes.releases import agreements
from outcomes.releases.agreements import LEAST_K, MOST_K, NotTerms, Terms
from outcomes.releases.release import releases_shared_with
from tests.factories.accounts import AgreementFactory, OrganisationFactory
from tests.factories.outcomes import ReleaseFactory

pytestmark = pytest.mark.django_db
FIRST = dt.date(2026, 1, 2)
TERMS = Terms(["age", "area"], 10, FIRST, None)


def _make(programme: Programme, dee: User, partner: str = "Example College", **other: object) -> Agreement:
    terms = replace(TERMS, **other)  # type: ignore[arg-type]
    return agreements.make_agreement(
        programme=programme, partner=partner, terms=terms, purpose=" To plan halls. ", by=dee.person
    )


def test_an_agreement_is_made_with_an_organisation_that_is_added_once(programme: Programme, dee: User) -> None:
    made = _make(programme, dee, " Example   College ")
    assert (made.organisation.name, made.organisation.slug) == ("Example College", "example-college")
    assert (made.dimensions, made.k, made.ends_on) == (["area", "age"], 10, None), "in the order in which they stand"
    assert made.purpose == "To plan halls."
    with pytest.raises(agreements.AgreedAlready) as there:
        _make(programme, dee, "EXAMPLE college")
    assert there.value.agreement == made and agreements.agreements_at_desk_of(dee).get(pk=made.pk) == made
    assert Organisation.objects.filter(name__iexact="example college").count() == 1
    with pytest.raises(agreements.NoWords):
        _make(programme, dee, "  ")


def test_an_organisation_that_is_there_is_taken_and_addresses_are_told_apart(programme: Programme, dee: User) -> None:
    known = OrganisationFactory(name="Dorset Trust", slug="dorset-trust")
    assert _make(programme, dee, "dorset trust").organisation == known
    assert _make(programme, dee, "Dorset, Trust").organisation.slug == "dorset-trust-2"
    assert _make(programme, dee, "†").organisation.slug == "partner"


@pytest.mark.parametrize(
    "wrong",
    [
        {"k": LEAST_K - 1},
        {"k": MOST_K + 1},
        {"dimensions": ["postcode"]},
        {"ends_on": FIRST - dt.timedelta(days=1)},
        {"area": "Atlantis", "dimensions": []},
        {"area": "Dorset"},  # people of one area are not told apart by area
    ],
)
def test_nothing_is_agreed_that_protects_too_little_or_makes_no_sense(
    programme: Programme, dee: User, wrong: dict[str, object]
) -> None:
    with pytest.raises(NotTerms):
        _make(programme, dee, **wrong)
    made = _make(programme, dee)
    with pytest.raises(NotTerms):
        agreements.change_agreement(agreement=made, seen=TERMS, terms=replace(TERMS, **wrong), by=dee.person)  # type: ignore[arg-type]


def test_an_agreement_is_changed_as_it_was_read_and_every_version_is_kept(programme: Programme, dee: User) -> None:
    made = _make(programme, dee)
    less = replace(TERMS, k=20, dimensions=["age"], area="Dorset")
    agreements.change_agreement(agreement=made, seen=agreements.terms_of(made), terms=less, by=dee.person)
    with pytest.raises(agreements.ChangedMeanwhile):
        agreements.change_agreement(agreement=made, seen=TERMS, terms=replace(TERMS, k=8), by=dee.person)
    made.refresh_from_db()
    assert agreements.terms_of(made) == less
    newest, _ = versions_of(made, agreements.TERMS)
    assert newest.by == dee.person.full_name
    assert ("k", 10, 20) in newest.changes and ("area", "", "Dorset") in newest.changes
    assert str(made) == "Example College on SafeFit Wessex in Dorset"


def test_the_area_that_it_has_is_kept_though_the_list_has_it_no_more(programme: Programme, dee: User) -> None:
    of_dorset = AgreementFactory(programme=programme, dimensions=[], area="Dorset")
    seen = agreements.terms_of(of_dorset)
    programme.areas = ["Hampshire"]
    programme.save(update_fields=["areas"])
    of_dorset.refresh_from_db()
    kept = agreements.change_agreement(agreement=of_dorset, seen=seen, terms=replace(seen, k=30), by=dee.person)
    assert (kept.area, kept.k) == ("Dorset", 30)
    with pytest.raises(NotTerms):
        agreements.change_agreement(
            agreement=kept, seen=agreements.terms_of(kept), terms=replace(seen, area="Poole"), by=dee.person
        )
    with pytest.raises(NotTerms):
        _make(programme, dee, area="Dorset", dimensions=[])


def test_what_an_old_agreement_names_besides_stays_last(programme: Programme, dee: User) -> None:
    old = AgreementFactory(programme=programme, dimensions=["shoe_size", "area"])
    seen = agreements.terms_of(old)
    agreements.change_agreement(agreement=old, seen=seen, terms=replace(TERMS, k=9), by=dee.person)
    old.refresh_from_db()
    assert old.dimensions == ["area", "age"] and old.k == 9


def test_an_agreement_is_ended_at_once_or_on_a_day_and_can_begin_again(
    programme: Programme, dee: User, omar: User
) -> None:
    there = Agreement.objects.get(programme=programme)
    published = {"state": ReleaseState.PUBLISHED, "published_at": timezone.now(), "sha256": "0" * 64}
    ReleaseFactory(programme=programme, organisation=there.organisation, **published)
    today = timezone.localdate()
    reach = agreements.reach_of(there)
    assert (reach.published, reach.waiting, reach.people, reach.systems) == (1, 0, 1, 0)
    assert releases_shared_with(omar).count() == 1
    agreements.end_agreement(agreement=there, last_day=today + dt.timedelta(days=9), by=dee.person)
    assert releases_shared_with(omar).count() == 1
    for wrong in (10, -2):  # later than it ends anyway; a day on which they have read
        with pytest.raises(NotTerms):
            agreements.end_agreement(agreement=there, last_day=today + dt.timedelta(days=wrong), by=dee.person)
    agreements.end_agreement(agreement=there, last_day=today - dt.timedelta(days=1), by=dee.person)
    assert not releases_shared_with(omar).exists() and not agreements.agreements_at_desk_of(dee).exists()
    there.refresh_from_db()
    seen = agreements.terms_of(there)
    agreements.change_agreement(agreement=there, seen=seen, terms=replace(seen, ends_on=None), by=dee.person)
    assert releases_shared_with(omar).count() == 1, "what was published is read again"
