"""The kind of cancer that somebody said, as a FHIR R4 Condition. PURE: no Django.

Here: the resource, and the bundle in which it goes out. Not here: the list of kinds with its codes (cancer_sites.py),
what somebody said (about.py). Goes to the person alone: in their copy (records/exporting/) and by the API
(participants/api/conditions.py). Summaries, extracts and studies know the group alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from participants.rules.cancer_sites import Site

Json = dict[str, Any]

NAMES: Final = "urn:safefit"  # of what has no address of its own; a name, never opened
SNOMED, ICD_10 = "http://snomed.info/sct", "http://hl7.org/fhir/sid/icd-10"
HOW_SURE: Final = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
ONE_CATEGORY: Final = re.compile(r"C\d\d")


def condition_of(*, reference: str, site: Site, words: str) -> Json:
    """As the person said it (`words`: their own, for a kind that is not listed); nobody checked it against a record."""
    person = {"type": "Patient", "identifier": {"system": f"{NAMES}:participant", "value": reference}}
    coded = [{"system": system, "code": code} for system, code in _codes(site)]
    return {
        "resourceType": "Condition",
        "identifier": [{"system": f"{NAMES}:condition", "value": reference}],
        "verificationStatus": {"coding": [{"system": HOW_SURE, "code": "unconfirmed"}]},
        "code": {**({"coding": coded} if coded else {}), "text": words or site.label},
        "subject": person,
        "asserter": person,
    }


def bundle_of(conditions: Iterable[Json]) -> Json:
    entries = [{"resource": one} for one in conditions]
    return {"resourceType": "Bundle", "type": "collection", **({"entry": entries} if entries else {})}


def _codes(site: Site) -> Iterable[tuple[str, str]]:
    """Those that say this kind and no more: a range of ICD-10 is no code of it, and stands in the list alone."""
    if site.snomed:
        yield SNOMED, site.snomed
    if ONE_CATEGORY.fullmatch(site.icd10):
        yield ICD_10, site.icd10
