"""A release as files to take away: what each is called, and how large it is.

Not here: what stands in them (outcomes/releases/export.py, paper.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.http import HttpResponse, JsonResponse
from django.template.defaultfilters import filesizeformat

from frontend.releases.paper import draw_summary
from outcomes.models import Release
from outcomes.releases.export import csv_of, export_of

KEPT: Final = 32


@dataclass(frozen=True)
class Sizes:
    """How many figures there are, and how large each file is."""

    figures: int
    csv: str
    json: str


def sizes_of(release: Release) -> Sizes:
    """Of a published release, which never changes."""
    return _weighed(release, release.sha256)


@lru_cache(maxsize=KEPT)
def _weighed(release: Release, sha256: str) -> Sizes:
    """A worker writes the files of a release once to weigh them, and keeps that of the last few."""
    csv, told = csv_file(release).content, json_file(release).content
    return Sizes(release.cells.count(), str(filesizeformat(len(csv))), str(filesizeformat(len(told))))


def csv_file(release: Release) -> HttpResponse:
    return _to_keep(HttpResponse(csv_of(release), content_type="text/csv; charset=utf-8"), release, "csv")


def json_file(release: Release) -> HttpResponse:
    return _to_keep(JsonResponse({**export_of(release), "sha256": release.sha256}), release, "json")


def pdf_file(release: Release, before: Release | None) -> HttpResponse:
    return _to_keep(HttpResponse(draw_summary(release, before), content_type="application/pdf"), release, "pdf")


def _to_keep(answer: HttpResponse, release: Release, ending: str) -> HttpResponse:
    name = f"safefit-{release.programme.slug}-{release.organisation.slug}-{release.number}.{ending}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
