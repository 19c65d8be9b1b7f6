"""What SafeFit holds about me: a copy of all of it, who has read of it, and having it deleted.

About whoever is signed in alone, whoever they act for. Not here: what is in a copy (records/exporting/), what deleting
does (records/erasing/), the desk's pages about somebody (views/desk/rights.py).
"""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.contrib.auth import logout
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission, allows
from accounts.signin import requires, signed_in_at, signed_in_page
from frontend import erasing, forms
from frontend.reading_words import what_words, why_words
from frontend.record_copies import GONE, copy_context, parcel
from frontend.signed_in import user_of
from frontend.wording import sentence
from records.erasing import asking
from records.exporting import copies
from records.exporting.names import who_is_who
from records.just_now import NotSignedInJustNow
from records.readers import readings_of

PER_PAGE = 50
own_page = requires(Permission.TAKE_PART, Permission.SUPPORT)


@require_safe
@signed_in_page
def my_record(request: HttpRequest) -> HttpResponse:
    """How far a copy is; one that is ready can be taken for a few days."""
    may_erase = any(allows(request.user, one) for one in (Permission.TAKE_PART, Permission.SUPPORT))
    context = copy_context(user_of(request).person) | {"may_erase": may_erase, "fresh": erasing.is_fresh(request)}
    return render(request, "frontend/me/record.html", context)


@require_POST
@signed_in_page
def ask_for_copy(request: HttpRequest) -> HttpResponse:
    person = user_of(request).person
    copies.ask_for_copy(person=person, by=person)
    return redirect("me:record")


@require_POST
@signed_in_page
def take_copy(request: HttpRequest) -> HttpResponse:
    person = user_of(request).person
    try:
        return parcel(copies.take_copy(person=person, by=person, signed_in_at=signed_in_at(request)))
    except copies.NotThere:
        messages.error(request, GONE)
    except NotSignedInJustNow:
        messages.error(request, erasing.SIGN_IN_AGAIN)
    return redirect("me:record")


@require_safe
@signed_in_page
def readers(request: HttpRequest) -> HttpResponse:
    """When somebody read of me, what they are, what they read and what for."""
    person = user_of(request).person
    page = Paginator(readings_of(person), PER_PAGE).get_page(request.GET.get("page"))
    names = who_is_who(person)
    rows = [(row.at, sentence(names.of(row.by_id)), what_words(row), why_words(row)) for row in page]
    return render(request, "frontend/me/readers.html", {"page": page, "rows": rows})


@own_page
def erase(request: HttpRequest) -> HttpResponse:
    """What goes, what stays, and that it cannot be undone; then a code by their own way."""
    person = user_of(request).person
    form = erasing.SeenForm(forms.posted(request))
    context = erasing.erase_context(request, person)
    if form.is_valid():
        seen, at = form.cleaned_data["seen"], signed_in_at(request)
        if erasing.done(form, lambda: asking.ask_to_erase(person=person, seen=seen, signed_in_at=at, by=person)):
            return redirect("me:erase_code")
    status = 409 if form.errors else None
    return forms.render_form(request, "frontend/me/erase.html", context, form, status=status)


@own_page
def erase_code(request: HttpRequest) -> HttpResponse:
    """The code, and with it the end: they are signed out, and are told by their own way."""
    person = user_of(request).person
    asked = asking.open_request(person, by=person)
    if asked is None:
        messages.info(request, "Ask for a code first.")
        return redirect("me:erase")
    form, at = erasing.CodeForm(forms.posted(request)), signed_in_at(request)
    if form.is_valid():
        code = form.cleaned_data["code"]
        confirm = partial(asking.confirm_erasure, request=asked, code=code, signed_in_at=at, by=person)
        if erasing.done(form, confirm):
            logout(request)
            return render(request, "frontend/me/erase_begun.html")
        if form.non_field_errors():  # what is shown must be read anew
            messages.error(request, str(form.non_field_errors()[0]))
            return redirect("me:erase")
    context = {"fresh": erasing.is_fresh(request)}
    return forms.render_form(request, "frontend/me/erase_code.html", context, form)


urlpatterns = [
    path("record/", my_record, name="record"),
    path("record/ask/", ask_for_copy, name="ask_for_copy"),
    path("record/take/", take_copy, name="take_copy"),
    path("record/readers/", readers, name="readers"),
    path("record/delete/", erase, name="erase"),
    path("record/delete/code/", erase_code, name="erase_code"),
]
