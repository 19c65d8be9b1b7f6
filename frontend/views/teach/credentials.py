"""What an instructor holds, what runs out and what is missing; sending the new one.

Here: the pages. Not here: their words (credential_words.py), the form (credential_forms.py),
what counts (instructors). What is sent waits until somebody else has seen it.
"""

from __future__ import annotations

from csp.decorators import csp_update
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend.credential_forms import CredentialForm, evidence_file, record, sent
from frontend.credential_words import kind_words, lines_of_all, paper_facts, paper_label
from frontend.signed_in import user_of
from instructors.access import evidence_open_to, own_instructors
from instructors.models import CredentialKind

teaches = requires(Permission.TEACH)


@require_safe
@teaches
def credentials(request: HttpRequest) -> HttpResponse:
    own = lines_of_all(list(own_instructors(request.user)))
    context = {
        "own": [
            (one, [line for line in lines if line.concerns], [line for line in lines if not line.concerns])
            for one, lines in own.items()
        ],
        "paper_label": paper_label,
    }
    return render(request, "frontend/teach/credentials.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@teaches
def add_credential(request: HttpRequest, pk: int, credential: str) -> HttpResponse:
    instructor = get_object_or_404(own_instructors(request.user), pk=pk)
    if credential not in CredentialKind.values:
        raise Http404
    form = CredentialForm(*sent(request), kind=credential, checks=False)
    if form.is_valid() and record(form, instructor, user_of(request).person):
        messages.success(request, f"Sent: {kind_words(credential)}. It counts once the desk has checked it.")
        return redirect("teach:credentials")
    line = next(one for one in lines_of_all([instructor])[instructor] if one.kind == credential)
    context = {
        "line": line,
        "is_dbs": credential == CredentialKind.DBS,
        "papers": [(paper, paper_label(paper), paper_facts(paper)) for paper in line.papers],
    }
    return forms.render_form(request, "frontend/teach/add_credential.html", context, form)


@require_safe
@teaches
@csp_update({"sandbox": True})  # type: ignore[untyped-decorator]
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """A file of one's own."""
    own = own_instructors(request.user).values("pk")
    file = get_object_or_404(evidence_open_to(request.user).filter(credential__instructor__in=own), credential=pk)
    return evidence_file(file, purpose="own", by=user_of(request).person)


urlpatterns = [
    path("credentials/", credentials, name="credentials"),
    path("credentials/<int:pk>/<slug:credential>/", add_credential, name="add_credential"),
    path("credentials/files/<int:pk>/", evidence, name="evidence"),
]
