"""A release as files to take away: what each is called, and about how large it is.

Not here: what stands in them (outcomes/releases/export.py, paper.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, JsonResponse
from django.template.defaultfilters import filesizeformat

from frontend.releases.paper import draw_summary
from outcomes.models import Release
from outcomes.releases.export import csv_of, export_of

CSV_LINE, JSON_CELL = 80, 110  # bytes of a figure, on average: enough to say whether a file is large


@dataclass(frozen=True)
class Sizes:
    """How many figures there are, and about how large each file is."""

    figures: int
    csv: str
    json: str


def sizes_of(release: Release) -> Sizes:
    """Told from the number of figures: nothing is written only to be weighed."""
    figures = release.cells.count()
    return Sizes(figures, _about(figures * CSV_LINE), _about(figures * JSON_CELL))


def _about(size: int) -> str:
    return str(filesizeformat(round(size, -3) or 1000))


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
