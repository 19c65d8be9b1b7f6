"""Partners that have an agreement: each with what it may read and what for, made, changed and ended.

Here: the pages. Not here: what is kept and refused (outcomes/releases/agreements.py), their words
(agreement_words.py), what is shown of it to everybody (public/data_uses.py), publishing, which wants it (releases.py).
"""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Agreement
from accounts.permissions import Permission
from accounts.signin import requires
from accounts.versions import versions_of
from frontend import forms
from frontend.signed_in import user_of
from frontend.views.desk import agreement_words as words
from frontend.views.desk.agreement_forms import EndForm, NewForm, PurposeForm, TermsForm
from frontend.views.desk.offering_words import history_of
from frontend.wording import plain_date
from outcomes.releases import agreements as agreed

builds = requires(Permission.BUILD_RELEASES)
SAME: Final = "Nothing was changed: it stands like this already."
MEANWHILE: Final = "Somebody else has just changed this agreement. Read once more what yours would change."
LATER: Final = "It ends before that day already. To let it go on for longer, change it instead"


@require_safe
@builds
def agreements(request: HttpRequest) -> HttpResponse:
    """Each partner of one's programmes, those whose agreement has ended last."""
    rows = [(row, words.state_of(row)) for row in agreed.every_agreement_at_desk_of(request.user)]
    context = {"rows": sorted(rows, key=lambda row: row[1].words == "Ended")}
    return render(request, "frontend/desk/agreements.html", context)


@require_safe
@builds
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """As it stands, what hangs on it, and how it came to be."""
    found = _agreement(request, pk)
    terms = agreed.terms_of(found)
    label = words.state_of(found)
    context = {
        "agreement": found,
        "label": label,
        "ended": label.words == "Ended",
        "in_force": label.words == "In force",
        "whose": words.whose(terms),
        "told_apart": words.told_apart(terms.dimensions),
        "hidden": words.hidden_below(terms.k),
        "days": words.days_words(terms),
        "reach": agreed.reach_of(found),
        "history": history_of(versions_of(found, (*agreed.TERMS, "purpose"))),
    }
    return render(request, "frontend/desk/agreement.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@builds
def add_agreement(request: HttpRequest) -> HttpResponse:
    """What is agreed on; then what that means, and the button again."""
    form = NewForm(agreed.programmes_at_desk_of(request.user), forms.posted(request))
    if not form.is_valid():
        return _ask(request, form)
    partner, terms = form.cleaned_data["partner"], form.terms()
    if form.is_not_sure(terms, form.about.pk, partner):
        return _ask(request, form, check=words.of_new(agreed.partner_called(partner), partner, terms))
    try:
        made = agreed.make_agreement(
            programme=form.about,
            partner=partner,
            terms=terms,
            purpose=form.cleaned_data["purpose"],
            by=user_of(request).person,
        )
    except agreed.AgreedAlready as there:
        messages.info(request, f"There is an agreement with {there.agreement.organisation} already. Change it here.")
        return redirect("desk:agreement", there.agreement.pk)
    messages.success(request, f"The agreement with {made.organisation} is kept.")
    return redirect("desk:agreement", made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@builds
def change_agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """Other terms; then what they change, and the button again."""
    found = _agreement(request, pk)
    seen = agreed.terms_of(found)
    form = TermsForm([found.programme], forms.posted(request), initial=vars(seen), has=seen.area)
    if not form.is_valid():
        return _ask(request, form, found)
    terms = form.terms()
    check = words.of_change(seen, terms, agreed.reach_of(found))
    if not check:
        messages.info(request, SAME)
        return redirect("desk:agreement", pk)
    if form.is_not_sure(terms, seen):
        return _ask(request, form, found, check=check)
    try:
        agreed.change_agreement(agreement=found, seen=seen, terms=terms, by=user_of(request).person)
    except agreed.ChangedMeanwhile:
        form.add_error(None, MEANWHILE)
        return _ask(request, form, found, status=409)
    messages.success(request, f"The agreement with {found.organisation} is changed.")
    return redirect("desk:agreement", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@builds
def end_agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """What ending it means, and the last day."""
    found = _agreement(request, pk)
    form = EndForm(forms.posted(request))
    if form.is_valid():
        last_day = form.cleaned_data["last_day"]
        try:
            agreed.end_agreement(agreement=found, last_day=last_day, by=user_of(request).person)
        except agreed.NotTerms:
            form.add_error("last_day", LATER)
        else:
            messages.success(request, f"The last day for {found.organisation} is {plain_date(last_day)}.")
            return redirect("desk:agreement", pk)
    context = {"agreement": found, "means": words.of_end(found, agreed.reach_of(found))}
    return forms.render_form(request, "frontend/desk/end_agreement.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@builds
def agreement_purpose(request: HttpRequest, pk: int) -> HttpResponse:
    found = _agreement(request, pk)
    form = PurposeForm(forms.posted(request), initial={"purpose": found.purpose})
    if not form.is_valid():
        return forms.render_form(request, "frontend/desk/agreement_purpose.html", {"agreement": found}, form)
    agreed.state_purpose(agreement=found, purpose=form.cleaned_data["purpose"], by=user_of(request).person)
    messages.success(request, f"Kept what {found.organisation} uses summaries for.")
    return redirect("desk:agreement", pk)


def _agreement(request: HttpRequest, pk: int) -> Agreement:
    return get_object_or_404(agreed.every_agreement_at_desk_of(request.user), pk=pk)


def _ask(
    request: HttpRequest,
    form: forms.Form,
    agreement: Agreement | None = None,
    *,
    check: list[str] | None = None,
    status: int | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {"agreement": agreement, "check": check or []}
    return forms.render_form(request, "frontend/desk/agreement_form.html", context, form, status=status)


urlpatterns = [
    path("summaries/partners/", agreements, name="agreements"),
    path("summaries/partners/add/", add_agreement, name="add_agreement"),
    path("summaries/partners/<int:pk>/", agreement, name="agreement"),
    path("summaries/partners/<int:pk>/change/", change_agreement, name="change_agreement"),
    path("summaries/partners/<int:pk>/end/", end_agreement, name="end_agreement"),
    path("summaries/partners/<int:pk>/purpose/", agreement_purpose, name="agreement_purpose"),
]
