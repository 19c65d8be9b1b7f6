from __future__ import annotations

import pytest

from participants.rules.cancer_sites import Site, shipped_sites
from participants.rules.condition import ICD_10, SNOMED, bundle_of, condition_of

SITES = shipped_sites(("breast", "prostate", "bowel", "lung", "blood", "other"))


def codes(site: Site) -> dict[str, str]:
    code = condition_of(reference="AB12", site=site, words="")["code"]
    assert code["text"] == site.label
    return {one["system"]: one["code"] for one in code.get("coding", ())}


def test_a_kind_goes_out_with_its_codes_by_the_person_and_unconfirmed() -> None:
    found = condition_of(reference="AB12", site=SITES["breast"], words="")
    assert codes(SITES["breast"]) == {SNOMED: "254837009", ICD_10: "C50"}
    assert found["verificationStatus"]["coding"][0]["code"] == "unconfirmed"
    assert found["subject"] == found["asserter"] and found["subject"]["identifier"]["value"] == "AB12"


@pytest.mark.parametrize("site", [site for site in SITES.values() if len(site.icd10) != 3], ids=lambda site: site.code)
def test_a_range_of_categories_is_no_code(site: Site) -> None:
    assert codes(site) == ({SNOMED: site.snomed} if site.snomed else {})


def test_a_kind_that_is_not_listed_has_words_of_its_own_and_no_code() -> None:
    assert condition_of(reference="AB12", site=SITES["other"], words="Thymoma")["code"] == {"text": "Thymoma"}


def test_a_bundle_of_nothing_has_no_entries() -> None:
    assert bundle_of([]) == {"resourceType": "Bundle", "type": "collection"}
    assert bundle_of([{"resourceType": "Condition"}])["entry"] == [{"resource": {"resourceType": "Condition"}}]
