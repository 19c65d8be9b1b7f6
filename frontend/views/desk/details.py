"""What somebody is called, where they live, how to reach them, whom to call in an emergency: changed by telephone.

Here: the pages of the desk. Not here: the forms and what they do (frontend/details_forms.py),
the person's own pages (me/details.py), access needs (needs.py). Every look is logged.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST

from accounts.history import log_read
from accounts.models import Person
from accounts.permissions import Permission
from accounts.signin import requires
from frontend import details_forms, forms
from frontend.needs import words_of
from frontend.signed_in import user_of
from frontend.views.desk.people import at_desk_or_404
from participants import details, emergency, nhs_numbers
from participants.models import Participant
from participants.rules.nhs_number_rules import in_groups
from records.matching import pair_of

at_desk = requires(Permission.WORK_AT_DESK)
NO_CONTACT = "All contact with them has ended, so there is nothing to change. Nothing was changed."


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def name(request: HttpRequest, pk: int) -> HttpResponse:
    return _change(request, pk, "What to call", details_forms.name_form, details_forms.keep_name)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """A way that is left out ends; the rest of the record stays. It changes no address that somebody signs in with."""
    return _change(request, pk, "How to reach", details_forms.reach_form, details_forms.keep_reach)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def home(request: HttpRequest, pk: int) -> HttpResponse:
    return _change(request, pk, "Home of", details_forms.home_form, details_forms.keep_home)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def nhs_number(request: HttpRequest, pk: int) -> HttpResponse:
    """The one page on which it stands whole, and whether somebody else of the programme gave the same."""
    return _change(
        request,
        pk,
        "NHS number of",
        details_forms.nhs_number_form,
        details_forms.keep_nhs_number,
        template="frontend/desk/nhs_number.html",
        more=_number_and_others,
    )


def _number_and_others(participant: Participant) -> dict[str, Any]:
    held = nhs_numbers.held_of(participant)
    if held is None:
        return {"whole": "", "others": []}
    others = nhs_numbers.others_with(participant, held.number)
    pairs = [(other, pair_of(participant, other).key) for other in others]
    return {"whole": in_groups(held.number), "others": pairs}


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def reminders(request: HttpRequest, pk: int) -> HttpResponse:
    return _change(request, pk, "When to remind", details_forms.reminders_form, details_forms.keep_reminders)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def emergency_contact(request: HttpRequest, pk: int) -> HttpResponse:
    return _change(
        request,
        pk,
        "Who to call in an emergency for",
        details_forms.emergency_form,
        details_forms.keep_emergency,
        template="frontend/desk/emergency_contact.html",
    )


@require_POST
@at_desk
def confirm_emergency_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """They were asked, and it is still right."""
    participant = at_desk_or_404(request, pk)
    if participant.person.contact_stopped_at is not None:
        messages.error(request, NO_CONTACT)
        return redirect("desk:person", pk=pk)
    try:
        emergency.confirm_emergency_contact(participant=participant, by=user_of(request).person)
    except emergency.NobodyToCall:
        messages.error(request, "Nobody is noted yet, so there is nothing to confirm. Ask who to call.")
        return redirect("desk:emergency_contact", pk=pk)
    messages.success(request, "Kept: it is still right.")
    return redirect("desk:person", pk=pk)


def _change(
    request: HttpRequest,
    pk: int,
    heading: str,
    make: Callable[[QueryDict | None, Participant], Any],
    keep: Callable[[Any, Participant, Person], None],
    *,
    template: str = "frontend/desk/edit_details.html",
    more: Callable[[Participant], dict[str, Any]] = lambda participant: {},
) -> HttpResponse:
    participant = at_desk_or_404(request, pk)
    by = user_of(request).person
    if participant.person.contact_stopped_at is not None:
        messages.error(request, NO_CONTACT)
        return redirect("desk:person", pk=pk)
    log_read(target=participant.person, purpose="desk", what="details", by=by)
    form = make(forms.posted(request), participant)
    for field in form.fields.values():
        field.page_heading = False  # the heading says whose it is
    if form.is_valid():
        keep(form, participant, by)
        messages.success(request, "Kept. Say it back to them.")
        return redirect("desk:person", pk=pk)
    context = {
        "participant": participant,
        "heading": f"{heading} {participant.person.full_name}",
        "needs": words_of(details.current_needs_of(participant.person)),
        "noted": details_forms.contact_noted(participant, reader=by),
        **more(participant),
    }
    return forms.render_form(request, template, context, form)


urlpatterns = [
    path("people/<int:pk>/name/", name, name="name"),
    path("people/<int:pk>/contact/", contact, name="contact"),
    path("people/<int:pk>/home/", home, name="home_area"),
    path("people/<int:pk>/nhs-number/", nhs_number, name="nhs_number"),
    path("people/<int:pk>/reminders/", reminders, name="reminders"),
    path("people/<int:pk>/emergency/", emergency_contact, name="emergency_contact"),
    path("people/<int:pk>/emergency/right/", confirm_emergency_contact, name="confirm_emergency_contact"),
]
