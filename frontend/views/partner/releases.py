"""Summaries that a partner reads: published releases of its organisation, and nothing live."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from frontend.summaries import summary_of
from outcomes.models import Release
from outcomes.releases import release as outcomes_release
from outcomes.releases.export import csv_of


def _release(request: HttpRequest, pk: int) -> Release:
    release = get_object_or_404(outcomes_release.releases_shared_with(request.user), pk=pk)
    outcomes_release.note_the_read(release=release, by=request.user.person)  # type: ignore[union-attr]
    return release


@require_safe
@requires(Permission.READ_RELEASES)
def releases(request: HttpRequest) -> HttpResponse:
    """Every summary that the organisation may read, newest first."""
    shared = list(outcomes_release.releases_shared_with(request.user))
    return render(request, "frontend/partner/releases.html", {"releases": shared})


@require_safe
@requires(Permission.READ_RELEASES)
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """One summary: words first, then tables with a chart beside them."""
    found = _release(request, pk)
    return render(request, "frontend/partner/release.html", {"release": found, "summary": summary_of(found)})


@require_safe
@requires(Permission.READ_RELEASES)
def release_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The same figures as a file."""
    found = _release(request, pk)
    name = f"safefit-{found.programme.slug}-{found.organisation.slug}-{found.number}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(csv_of(found), content_type="text/csv; charset=utf-8", headers=headers)


urlpatterns = [
    path("summaries/", releases, name="releases"),
    path("summaries/<int:pk>/", release, name="release"),
    path("summaries/<int:pk>/figures.csv", release_csv, name="release_csv"),
]
