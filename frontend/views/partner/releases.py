"""Summaries that a partner reads: published releases of its organisation, and nothing live."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from frontend.letters import CannotBeDrawn
from frontend.releases import files
from frontend.releases.figures import table_called
from frontend.releases.listed import listed
from frontend.releases.pages import breakdown_of, overview_of, ways_of
from frontend.signed_in import user_of
from frontend.wording import Label
from messaging import choices
from messaging.models import WorkTopic
from outcomes.models import Release
from outcomes.releases import reading
from outcomes.releases import release as outcomes_release

AUDIENCE = "partner"
LATEST = Label("Latest", "ok")


def _release(request: HttpRequest, pk: int) -> Release:
    release = get_object_or_404(outcomes_release.releases_shared_with(request.user), pk=pk)
    outcomes_release.note_the_read(release=release, by=user_of(request).person)
    return release


@require_safe
@requires(Permission.READ_RELEASES)
def releases(request: HttpRequest) -> HttpResponse:
    """Every summary that the organisation may read, newest first; and under which agreement nothing is shown now."""
    context = {
        "releases": listed(list(outcomes_release.releases_shared_with(request.user))),
        "latest": LATEST,
        "ended": list(reading.ended_agreements_of(request.user)),
        "told": choices.wants_at_work(user_of(request).person, WorkTopic.SUMMARIES),
    }
    return render(request, "frontend/partner/releases.html", context)


@require_POST
@requires(Permission.READ_RELEASES)
def be_told(request: HttpRequest) -> HttpResponse:
    """Whether they hear when a new summary is out."""
    person, wanted = user_of(request).person, request.POST.get("wanted") == "yes"
    choices.choose_at_work(person=person, topic=WorkTopic.SUMMARIES, wanted=wanted, by=person)
    messages.success(request, "We tell you when a new summary is out." if wanted else "We tell you no more.")
    return redirect("partner:releases")


@require_safe
@requires(Permission.READ_RELEASES)
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """One summary: everyone in words and tables, and the way to its groups."""
    return _page(request, _release(request, pk))


def _page(request: HttpRequest, found: Release, *, cannot_print: bool = False) -> HttpResponse:
    beside = reading.published_beside(found)
    context = {
        "release": found,
        "audience": AUDIENCE,
        "newest": beside[0] if beside[0] != found else None,
        "summary": overview_of(found, reading.before(found, beside)),
        "ways": ways_of(found),
        "sizes": files.sizes_of(found),
        "cannot_print": cannot_print,
    }
    return render(request, "frontend/partner/release.html", context, status=409 if cannot_print else None)


@require_safe
@requires(Permission.READ_RELEASES)
def release_by(request: HttpRequest, pk: int, table: str) -> HttpResponse:
    """The groups of one declared table. There is no other choice to make: free ones could be taken apart."""
    found = _release(request, pk)
    by = table_called(found, table)
    if by is None:
        raise Http404
    context = {
        "release": found,
        "audience": AUDIENCE,
        "summary": breakdown_of(found, by),
        "ways": ways_of(found),
        "here": table,
    }
    return render(request, "frontend/partner/release_by.html", context)


@require_safe
@requires(Permission.READ_RELEASES)
def release_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The same figures as a file for a spreadsheet."""
    return files.csv_file(_release(request, pk))


@require_safe
@requires(Permission.READ_RELEASES)
def release_json(request: HttpRequest, pk: int) -> HttpResponse:
    """The same figures as a file for programs, with what is needed to try to break them."""
    return files.json_file(_release(request, pk))


@require_safe
@requires(Permission.READ_RELEASES)
def release_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole on paper: everyone, every group, and how it was worked out."""
    found = _release(request, pk)
    try:
        return files.pdf_file(found, reading.before(found, reading.published_beside(found)))
    except CannotBeDrawn:
        return _page(request, found, cannot_print=True)


urlpatterns = [
    path("summaries/", releases, name="releases"),
    path("summaries/told/", be_told, name="be_told"),
    path("summaries/<int:pk>/", release, name="release"),
    path("summaries/<int:pk>/by/<slug:table>/", release_by, name="release_by"),
    path("summaries/<int:pk>/figures.csv", release_csv, name="release_csv"),
    path("summaries/<int:pk>/figures.json", release_json, name="release_json"),
    path("summaries/<int:pk>/summary.pdf", release_pdf, name="release_pdf"),
]
