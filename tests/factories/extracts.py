"""Research projects and what they get, made for tests; the key of the recipient is made anew in each run."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from functools import cache
from typing import Any

import pyrage
from arro3.io import read_parquet
from django.utils import timezone

from accounts.models import Person, Programme
from outcomes.extracts.asking import agree, ask_for_extracts
from outcomes.extracts.fields import BY_KEY
from outcomes.extracts.specification import NamedUser, Specification, canonical, fingerprint
from outcomes.extracts.widening import USUAL_ORDER
from outcomes.models import Extract, ExtractMember, ExtractSpecification, ExtractState, ResearchProject
from participants.models import Participant

MANIFEST: dict[str, Any] = {
    "built_on": "2026-03-02",
    "people": 12,
    "left_out": {"people": 0},
    "protection": {"k": 5, "smallest_group": 6, "groups": 2, "made_wider": ["ethnicity"], "fields": ["sex"]},
    "specification": {"version": 1, "sha256": "0" * 64},
    "files": [{"name": "person.csv", "rows": 12, "bytes": 400, "sha256": "0" * 64}],
}


@cache
def recipient() -> Any:
    """Both halves of the recipient's key."""
    return pyrage.x25519.Identity.generate()


def wanted(**changes: Any) -> Specification:
    today = timezone.localdate()
    sound: dict[str, Any] = {
        "title": "Staying active after treatment",
        "purpose": "To learn which people keep coming to classes.",
        "agreement": "DSA-2026-17",
        "assessment": "DPIA-2026-4",
        "recipient": "Wessex University",
        "users": (NamedUser("Robin Reader", today - dt.timedelta(days=30)),),
        "fields": tuple(BY_KEY),
        "k": 5,
        "order": USUAL_ORDER,
        "public_key": str(recipient().to_public()),
        "expires_on": today + dt.timedelta(days=365),
    }
    return Specification(**{**sound, **changes})


def asked(programme: Programme, by: Person, **changes: Any) -> ExtractSpecification:
    return ask_for_extracts(programme=programme, wanted=wanted(**changes), by=by)


def agreed(programme: Programme, *people: Person, **changes: Any) -> ExtractSpecification:
    """Asked for by the first of `people`, agreed to by the others."""
    first, *others = people
    specification = asked(programme, first, **changes)
    for one in others:
        agree(specification=specification, by=one)
    return specification


def built_for(project: ResearchProject, *members: Participant, **fields: Any) -> Extract:
    """The rows of an extract that waits to be taken, and held `members`."""
    asked = project.specifications.latest("version")
    number = project.extracts.count() + 1
    built = {"state": ExtractState.BUILT, "built_at": timezone.now(), "sha256": "0" * 64, "manifest": MANIFEST}
    extract = Extract.objects.create(project=project, specification=asked, number=number, **{**built, **fields})
    for member in members:
        ExtractMember.objects.create(extract=extract, participant=member)
    return extract


def project_of(programme: Programme, by: Person, **changes: Any) -> ResearchProject:
    """The rows of a project that `by` asked for, whatever they may."""
    text = canonical(wanted(**changes))
    project = ResearchProject.objects.create(programme=programme)
    ExtractSpecification.objects.create(
        project=project, version=1, text=text, sha256=fingerprint(text), expires_on=wanted().expires_on, asked_by=by
    )
    return project


def opened(sealed: bytes) -> dict[str, bytes]:
    """What its recipient finds in a sealed file, by name."""
    with zipfile.ZipFile(io.BytesIO(pyrage.decrypt(sealed, [recipient()]))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows_of(parquet: bytes) -> list[dict[str, Any]]:
    table = read_parquet(io.BytesIO(parquet)).read_all()
    columns = {name: table.column(name).to_pylist() for name in table.schema.names}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def filled(**changes: Any) -> dict[str, Any]:
    """The form of the desk as somebody fills it in."""
    day = timezone.localdate() + dt.timedelta(days=200)
    ends = {"expires_on-day": day.day, "expires_on-month": day.month, "expires_on-year": day.year}
    fields = {"of_person": ["person.sex", "person.age_band"], "of_score": ["score.value"]}
    return {
        "title": "Keeping active", "purpose": "To learn who keeps coming.", "agreement": "DSA-1", "assessment": "D-1",
        "recipient": "Wessex University", "users": "Robin Reader, 3/5/2026\n Kim Lee , 1/2/2026",
        "public_key": f" {recipient().to_public()}\n", "secure": "no", "k": "5", "cancer_is_known": "yes",
        "drop_at_most": "5", "order": "Ethnic group\nArea", **ends, **fields, **changes,
    }  # fmt: skip
