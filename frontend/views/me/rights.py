"""What SafeFit holds about me: a copy of all of it, and who has read of me.

For anybody who is signed in, about themselves alone, whoever they act for. Not here: what is in a copy
(records/exporting/), the desk's page for somebody without a login (views/desk/rights.py).
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from accounts.signin import signed_in_page
from frontend.record_copies import GONE, copy_context, parcel
from frontend.signed_in import user_of
from records.exporting import copies


@require_safe
@signed_in_page
def my_record(request: HttpRequest) -> HttpResponse:
    """How far a copy is; one that is ready can be taken for a few days."""
    return render(request, "frontend/me/record.html", copy_context(user_of(request).person))


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
        return parcel(copies.take_copy(person=person, by=person))
    except copies.NotThere:
        messages.error(request, GONE)
        return redirect("me:record")


urlpatterns = [
    path("record/", my_record, name="record"),
    path("record/ask/", ask_for_copy, name="ask_for_copy"),
    path("record/take/", take_copy, name="take_copy"),
]
