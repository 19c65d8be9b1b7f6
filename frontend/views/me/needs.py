"""What helps me: saying it, saying that it is still right, and which of it instructors may know.

Here: the pages of whoever takes part, and of whoever helps somebody: what helps
them counts when we call or write to them. Not here: the questions (frontend/needs.py),
the rows (participants/needs.py), the desk's page (views/desk/needs.py).
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend.needs import NeedsQuestions, kept_needs, need_words
from frontend.signed_in import user_of
from frontend.wording import plain_date
from participants import access, details, needs
from participants.rules.application import NOTHING, needs_said
from participants.rules.formats import METHODS

either = requires(Permission.TAKE_PART, Permission.SUPPORT)
ALL, SOME, NONE = "all", "some", "none"


class ShareField(forms.RadiosField):
    """All, some or none: some leads on to the page that names each."""

    def __init__(self, label: str) -> None:
        super().__init__(
            label=label,
            missing="Select what your instructors can know",
            options=(
                (ALL, "Yes, all of it"),
                forms.Choice(SOME, "Only some of it", "You choose on the next page."),
                (NONE, "No"),
            ),
        )


class MyNeedsForm(NeedsQuestions):
    share = ShareField("Can we tell your instructors what helps you?")

    def __init__(self, data: Any, *, initial: dict[str, Any], has_instructors: bool) -> None:
        super().__init__(data, initial=initial)
        if not has_instructors:
            del self.fields["share"]


@either
def my_needs(request: HttpRequest) -> HttpResponse:
    person, rows = user_of(request).person, details.current_needs_of(user_of(request).person)
    kept = kept_needs(rows)
    kinds = {row.kind for row in rows if row.kind not in METHODS}
    shared = {row.kind for row in rows if row.share_with_instructors}
    if rows:
        kept["share"] = ALL if shared >= kinds else (SOME if shared else NONE)
    form = MyNeedsForm(forms.posted(request), initial=kept, has_instructors=_has_instructors(request))
    if not form.is_valid():
        return forms.render_form(request, "frontend/me/edit_details.html", {}, form)
    said = needs_said(form.cleaned_data)
    share = form.cleaned_data.get("share", NONE)
    chosen = {ALL: {need.kind for need in said}, SOME: shared, NONE: set()}[share]
    needs.record_needs(person=person, needs=said, shared=chosen, by=person)
    if share == SOME and said:
        return redirect("me:share_needs")
    return _saved(request)


class ShareForm(forms.Form):
    shared = forms.CheckboxesField(
        label="What can your instructors know?",
        hint="They see it on the list of people in your class. Select all that you want them to know.",
        missing="Select what your instructors can know, or “None of it”",
        page_heading=True,
    )


@either
def share_needs(request: HttpRequest) -> HttpResponse:
    """One tick for each need."""
    person = user_of(request).person
    rows = [row for row in details.current_needs_of(person) if row.kind not in METHODS]
    if not rows or not _has_instructors(request):
        return redirect("me:needs")
    noted = [row.kind for row in rows if row.share_with_instructors]
    form = ShareForm(forms.posted(request), initial={"shared": noted or [NOTHING]})
    offered = [forms.Choice(row.kind, need_words(row.kind, row.detail)) for row in rows]
    nothing = forms.Choice(NOTHING, "None of it", exclusive=True)
    form.fields["shared"].offer([*offered, forms.Divider(), nothing])  # type: ignore[attr-defined]
    if form.is_valid():
        needs.share_needs(person=person, shared=form.cleaned_data["shared"], by=person)
        return _saved(request)
    return forms.render_form(request, "frontend/me/edit_details.html", {}, form)


@either
@require_POST
def confirm_needs(request: HttpRequest) -> HttpResponse:
    person = user_of(request).person
    needs.confirm_needs(person=person, by=person)
    messages.success(request, f"Thank you. We ask you again on {plain_date(needs.next_review())}.")
    return redirect("me:details")


def _has_instructors(request: HttpRequest) -> bool:
    """Who only helps is in no class: there is nobody to tell."""
    return access.own_record(request.user) is not None


def _saved(request: HttpRequest) -> HttpResponse:
    messages.success(request, "Saved.")
    return redirect("me:details")


urlpatterns = [
    path("details/needs/", my_needs, name="needs"),
    path("details/needs/shared/", share_needs, name="share_needs"),
    path("details/needs/right/", confirm_needs, name="confirm_needs"),
]
