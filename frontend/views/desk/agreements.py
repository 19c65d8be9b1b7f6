"""Partners that have an agreement, and what each of them uses summaries for.

Here: the pages. Not here: what is shown of it to everybody (public/data_uses.py), publishing, which wants it
(releases.py).
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend.signed_in import user_of
from outcomes.releases.agreements import LONGEST_PURPOSE, agreements_at_desk_of, state_purpose


class PurposeForm(forms.Form):
    purpose = forms.LongTextField(
        label="What do they use summaries for?",
        hint="One or two plain sentences. Everybody can read them on the page about how information is used.",
        missing="Enter what they use summaries for",
        called="what they use summaries for",
        max_length=LONGEST_PURPOSE,
        rows=4,
        page_heading=True,
    )


@require_safe
@requires(Permission.BUILD_RELEASES)
def agreements(request: HttpRequest) -> HttpResponse:
    """Each partner of one's programmes, with its purpose."""
    return render(request, "frontend/desk/agreements.html", {"agreements": agreements_at_desk_of(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.BUILD_RELEASES)
def agreement_purpose(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(agreements_at_desk_of(request.user), pk=pk)
    form = PurposeForm(forms.posted(request), initial={"purpose": found.purpose})
    if not form.is_valid():
        return forms.render_form(request, "frontend/desk/agreement_purpose.html", {"agreement": found}, form)
    state_purpose(agreement=found, purpose=form.cleaned_data["purpose"], by=user_of(request).person)
    messages.success(request, f"Kept what {found.organisation} uses summaries for.")
    return redirect("desk:agreements")


urlpatterns = [
    path("summaries/partners/", agreements, name="agreements"),
    path("summaries/partners/<int:pk>/", agreement_purpose, name="agreement_purpose"),
]
