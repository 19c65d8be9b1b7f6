"""Summaries made at the desk: asked for, watched while they are built, looked at, published."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend.releases.figures import table_called
from frontend.releases.pages import Overview, breakdown_of, overview_of, ways_of
from frontend.signed_in import user_of
from frontend.wording import Label
from outcomes import being_built, comments
from outcomes.models import Release, ReleaseState
from outcomes.models.releases import MOST_DAYS
from outcomes.releases import reading
from outcomes.releases import release as outcomes_release
from outcomes.releases.agreements import agreements_at_desk_of
from outcomes.releases.overtaken import overtaken

LABELS = {
    ReleaseState.QUEUED: Label("Waiting to be built", "few"),
    ReleaseState.BUILDING: Label("Being built", "few"),
    ReleaseState.BUILT: Label("Ready to look at", "wait"),
    ReleaseState.BLOCKED: Label("Not safe to publish", "alert"),
    ReleaseState.FAILED: Label("Could not be built", "alert"),
    ReleaseState.PUBLISHED: Label("Published", "ok"),
}
OVERTAKEN = Label("Made anew, as another was published", "few")
AUDIENCE = "desk"
WITH_FIGURES = (ReleaseState.BUILT, ReleaseState.PUBLISHED)
NO_AGREEMENT = "This partner has no agreement in force today, so no summary can be made for it."
REFUSED: dict[type[Exception], str] = {
    outcomes_release.NoAgreement: NO_AGREEMENT,
    outcomes_release.AgreementChanged: (
        "The agreement with this partner has changed since this summary was made. Make a new one."
    ),
    outcomes_release.NoPurpose: (
        "Nobody has written down yet what this partner uses summaries for. Write it down first, with the link below: "
        "it is shown to everybody."
    ),
    outcomes_release.OvertakenByAnother: (
        "Another summary of this programme was published since this one was made, so the two have not been checked "
        "together. A new one is made by itself: look for it under “Summaries” in a few minutes."
    ),
    outcomes_release.TooLongAgo: (
        f"This summary was made more than {MOST_DAYS} days ago, and much may have changed since. Make a new one."
    ),
    outcomes_release.AgreeNoMore: (
        "Since this summary was made, somebody who is counted in it said that they do not want to be, or was deleted. "
        "Make a new one, without them."
    ),
    being_built.WrongState: "This summary is not ready to be published. Go back and read its state.",
}


class AskForm(forms.Form):
    """For whom a summary is made."""

    agreement = forms.RadiosField(label="Who is it for?", missing="Select who the summary is for", page_heading=True)

    def __init__(self, agreements: dict[str, Any], *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.agreements = agreements
        options = [(key, str(agreement)) for key, agreement in agreements.items()]
        self.fields["agreement"].offer(options)  # type: ignore[attr-defined]


def _release(request: HttpRequest, pk: int) -> Release:
    return get_object_or_404(outcomes_release.releases_at_desk_of(request.user), pk=pk)


def _person(request: HttpRequest) -> Any:
    return user_of(request).person


@require_safe
@requires(Permission.BUILD_RELEASES)
def releases(request: HttpRequest) -> HttpResponse:
    """Every summary of one's programmes, newest first."""
    found = list(outcomes_release.releases_at_desk_of(request.user))
    gone = overtaken(found)
    rows = [(row, OVERTAKEN if row.pk in gone else LABELS[ReleaseState(row.state)]) for row in found]
    context = {"releases": rows, "unread": comments.unread_at_desk_of(request.user)}
    return render(request, "frontend/desk/releases.html", context)


@requires(Permission.BUILD_RELEASES)
def ask_for_release(request: HttpRequest) -> HttpResponse:
    """Ask for a new one."""
    agreements = {str(row.pk): row for row in agreements_at_desk_of(request.user)}
    form = AskForm(agreements, forms.posted(request))
    context = {"agreements": agreements}
    if request.method != "POST" or not form.is_valid():
        return forms.render_form(request, "frontend/desk/ask_for_release.html", context, form)
    agreement = agreements[form.cleaned_data["agreement"]]
    try:
        asked = outcomes_release.request_release(
            programme=agreement.programme, organisation=agreement.organisation, by=_person(request)
        )
    except outcomes_release.NoAgreement:  # it ended while the page was open
        form.add_error("agreement", NO_AGREEMENT)
        return forms.render_form(request, "frontend/desk/ask_for_release.html", context, form, status=409)
    return redirect("desk:release", asked.pk)


@require_safe
@requires(Permission.BUILD_RELEASES)
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; once built, the very figures that its partner would see."""
    found = _release(request, pk)
    outcomes_release.note_the_read(release=found, by=_person(request))
    is_overtaken = bool(overtaken([found]))
    context = {
        "release": found,
        "audience": AUDIENCE,
        "label": OVERTAKEN if is_overtaken else LABELS[ReleaseState(found.state)],
        "is_overtaken": is_overtaken,
        "under_way": found.state in being_built.UNDER_WAY,
        "summary": _overview(found) if found.state in WITH_FIGURES else None,
        "ways": ways_of(found),
    }
    return render(request, "frontend/desk/release.html", context)


def _overview(release: Release) -> Overview:
    return overview_of(release, reading.before(release, reading.published_beside(release)))


@require_safe
@requires(Permission.BUILD_RELEASES)
def release_by(request: HttpRequest, pk: int, table: str) -> HttpResponse:
    """The groups of one table, as its partner would see them: what is published was looked at."""
    found = _release(request, pk)
    by = table_called(found, table)
    if by is None or found.state not in WITH_FIGURES:
        raise Http404
    outcomes_release.note_the_read(release=found, by=_person(request))
    context = {
        "release": found,
        "audience": AUDIENCE,
        "summary": breakdown_of(found, by),
        "ways": ways_of(found),
        "here": table,
    }
    return render(request, "frontend/desk/release_by.html", context)


@requires(Permission.BUILD_RELEASES)
def publish_release(request: HttpRequest, pk: int) -> HttpResponse:
    """One button: it cannot be taken back."""
    found = _release(request, pk)
    form = forms.Form(forms.posted(request))
    agreement = agreements_at_desk_of(request.user).filter(organisation=found.organisation, programme=found.programme)
    if request.method == "POST":
        try:
            outcomes_release.publish_release(release=found, by=_person(request))
            return redirect("desk:release", found.pk)
        except tuple(REFUSED) as refusal:
            form.add_error(None, REFUSED[type(refusal)])
    status = 409 if form.is_bound else None
    context = {
        "release": found,
        "agreement": agreement.first(),
        "said": comments.said_by_now(found, outcomes_release.last_published(found)),
        "unread": comments.unread_at_desk_of(request.user),
    }
    return forms.render_form(request, "frontend/desk/publish_release.html", context, form, status=status)


@require_POST
@requires(Permission.BUILD_RELEASES)
def try_release_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue one that failed; anything else is left as it is."""
    found = _release(request, pk)
    try:
        outcomes_release.try_again(release=found, by=_person(request))
    except being_built.WrongState:
        pass  # somebody else was first: the page says how it stands now
    return redirect("desk:release", found.pk)


urlpatterns = [
    path("summaries/", releases, name="releases"),
    path("summaries/new/", ask_for_release, name="ask_for_release"),
    path("summaries/<int:pk>/", release, name="release"),
    path("summaries/<int:pk>/by/<slug:table>/", release_by, name="release_by"),
    path("summaries/<int:pk>/publish/", publish_release, name="publish_release"),
    path("summaries/<int:pk>/again/", try_release_again, name="try_release_again"),
]
