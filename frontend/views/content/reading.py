"""Safety content as it stands: its kinds, the versions of each, one version with what it changes, and a preview.

Here: pages that only show. Not here: new words (writing.py), signing and starting
(deciding.py), how a kind is drawn as its readers see it (previews.py).
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from accounts.content import Kind, Version, kind_of, kinds, version_of, versions_of
from accounts.content_words import changes
from accounts.permissions import Permission, allows
from accounts.signin import requires
from frontend.views.content import wording
from frontend.views.content.previews import preview_of

answers_for_content = requires(Permission.CONFIGURE, Permission.DECIDE_CLEARANCE)


@require_safe
@answers_for_content
def overview(request: HttpRequest) -> HttpResponse:
    used = [next(version for version in versions_of(kind) if version.in_use) for kind in kinds()]
    rows = [(version, wording.signature_label(version), wording.signature_words(version)) for version in used]
    unsigned = [version.kind.title for version in used if version.signed is None]
    return render(request, "frontend/content/overview.html", {"rows": rows, "unsigned": unsigned})


@require_safe
@answers_for_content
def kind(request: HttpRequest, content: str) -> HttpResponse:
    shown = kind_or_404(content)
    rows = [
        (version, wording.use_label(version), wording.signature_label(version), wording.origin_words(version))
        for version in versions_of(shown)
    ]
    used = next(version for version, *_ in rows if version.in_use)
    return render(request, "frontend/content/kind.html", {"kind": shown, "rows": rows, "used": used})


@require_safe
@answers_for_content
def version(request: HttpRequest, content: str, version: str) -> HttpResponse:
    """One version: what it changes, who answers for it, from when it was or will be used."""
    shown = version_or_404(content, version)
    context = {
        "version": shown,
        "kind": shown.kind,
        "use": wording.use_label(shown),
        "signature": wording.signature_label(shown),
        "signed_by": wording.signature_words(shown),
        "origin": wording.origin_words(shown),
        "changed": _changed(shown),
        "may_sign": allows(request.user, Permission.DECIDE_CLEARANCE),
    }
    return render(request, "frontend/content/version.html", context)


@require_safe
@answers_for_content
def preview(request: HttpRequest, content: str, version: str) -> HttpResponse:
    shown = version_or_404(content, version)
    template, context = preview_of(shown)
    return render(request, template, {"version": shown, "kind": shown.kind, **context})


def _changed(shown: Version) -> list[tuple[str, str, str]]:
    """Against the version on which it is based: what, before, now."""
    if shown.written is None:
        return []
    base = version_of(shown.kind, shown.written.based_on)
    return [
        (change.called, wording.value_words(change.before), wording.value_words(change.after))
        for change in changes(shown.kind.words, base.body, shown.body)
    ]


def kind_or_404(name: str) -> Kind:
    try:
        return kind_of(name)
    except KeyError:
        raise Http404 from None


def version_or_404(name: str, number: str) -> Version:
    try:
        return version_of(kind_or_404(name), number)
    except KeyError:
        raise Http404 from None


urlpatterns = [
    path("", overview, name="overview"),
    path("<slug:content>/", kind, name="kind"),
    path("<slug:content>/<slug:version>/", version, name="version"),
    path("<slug:content>/<slug:version>/preview/", preview, name="preview"),
]
