"""My details: how to reach me, what helps me, whom to call, what I agreed to, and leaving.

Here: the pages of the person's own record, whoever they act for elsewhere. Not
here: health (health.py), supporters (supporters.py). Changes are made by
participants/details.py, consents.py and life.py, with details_forms.py
and agreeing.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from accounts.models import Person
from accounts.permissions import Permission
from accounts.signin import requires
from frontend import agreeing, details_forms, forms
from frontend.acting import own_participant
from frontend.agreeing import Answered
from frontend.needs import need_words, noted_words, told_words
from frontend.signed_in import user_of
from frontend.views.me.wording import clearance_label, in_programme
from frontend.wording import today
from participants import access, details, emergency, nhs_numbers
from participants.earlier_address import programme_of
from participants.health import clearance_of, state_today
from participants.models import Participant
from participants.noting import MAY_NOTE

own_page = requires(Permission.TAKE_PART)


@requires(Permission.TAKE_PART, Permission.SUPPORT)
def my_details(request: HttpRequest) -> HttpResponse:
    """Everything on one page, each part with its way to change it. Who only helps sees whom they help."""
    participant, person = access.own_record(request.user), user_of(request).person
    rows = details.current_needs_of(person)
    context: dict[str, Any] = {
        "participant": participant,
        "helping": access.supports_held_by(request.user),
        "needs": [(need_words(row.kind, row.detail), noted_words(row, reader=person), told_words(row)) for row in rows],
        "ask_again": any(row.review_on <= today() for row in rows),
        "contacts": details.contact_points_of(person),
    }
    if participant is not None:
        clearance = clearance_of(participant)
        context |= {
            "left": participant.has_left,
            "in_programme": in_programme(participant),
            "asked_about": participant.status in MAY_NOTE,
            "ask_contact": emergency.due_for_review(participant),
            "lives": details_forms.home_in_words(participant),
            "contact_noted": details_forms.contact_noted(participant, reader=person),
            "nhs_number": nhs_numbers.held_of(participant),
            **details_forms.told_in_words(participant),
            "clearance": clearance_label(state_today(clearance)),
            "consents": agreeing.consents_of(participant),
        }
    return render(request, "frontend/me/details.html", context)


@own_page
def my_name(request: HttpRequest) -> HttpResponse:
    return _change(request, details_forms.name_form, details_forms.keep_name)


@requires(Permission.TAKE_PART, Permission.SUPPORT)
def my_contact(request: HttpRequest) -> HttpResponse:
    """Of whoever only helps too: somebody may let us call them instead."""
    person = user_of(request).person
    programme = programme_of(person)
    if programme is None:
        raise Http404
    form = details_forms.reach_form_of(forms.posted(request), person, programme)
    if form.is_valid():
        details_forms.keep_reach_of(form, person, person)
        return _saved(request)
    return forms.render_form(request, "frontend/me/edit_details.html", {}, form)


@own_page
def my_home(request: HttpRequest) -> HttpResponse:
    return _change(request, details_forms.home_form, details_forms.keep_home)


@own_page
def my_reminders(request: HttpRequest) -> HttpResponse:
    return _change(request, details_forms.reminders_form, details_forms.keep_reminders)


@own_page
def my_emergency_contact(request: HttpRequest) -> HttpResponse:
    return _change(request, details_forms.emergency_form, details_forms.keep_emergency)


@own_page
def my_nhs_number(request: HttpRequest) -> HttpResponse:
    return _change(request, details_forms.nhs_number_form, details_forms.keep_nhs_number)


@own_page
@require_POST
def confirm_emergency_contact(request: HttpRequest) -> HttpResponse:
    """It is still right; from the page of a class one goes back to that."""
    participant = own_participant(request)
    try:
        emergency.confirm_emergency_contact(participant=participant, by=participant.person)
    except emergency.NobodyToCall:
        return redirect("me:emergency_contact")
    messages.success(request, "Thank you. We keep it as it is.")
    booking = request.POST.get("booking", "")
    return redirect("me:join_class", int(booking)) if re.fullmatch(r"[0-9]{1,18}", booking) else redirect("me:details")


@own_page
def my_consent(request: HttpRequest, kind: str) -> HttpResponse:
    """The words of one consent, the answer in force, and one button to change it."""
    return render(request, "frontend/me/consent.html", agreeing.about_consent(own_participant(request), kind))


@own_page
@require_POST
def answer_consent(request: HttpRequest, kind: str) -> HttpResponse:
    participant = own_participant(request)
    done = agreeing.answer(participant, kind, request.POST, mode="self", by=participant.person)
    if done is Answered.MEANS_LEAVING:
        return redirect("me:leave")
    if done is Answered.NOT_SAID:
        messages.error(request, "Nothing was changed: press one of the buttons.")
        return redirect("me:consent", kind)
    if done is Answered.OTHER_WORDS:
        messages.info(request, "These words are new. Please read them, then say yes or no.")
        return redirect("me:consent", kind)
    return _saved(request)


@own_page
def leave(request: HttpRequest) -> HttpResponse:
    """Leave the programme: one page that says what it means, one button."""
    participant = own_participant(request)
    form = details_forms.LeaveForm(forms.posted(request))
    if form.is_valid() and details_forms.left(form, participant, participant.person, already="You have left already."):
        messages.success(request, "You have left SafeFit. You are welcome back at any time: call us.")
        return redirect("me:details")
    status = 409 if form.non_field_errors() else None
    return forms.render_form(request, "frontend/me/leave.html", {}, form, status=status)


def _change(
    request: HttpRequest,
    make: Callable[[QueryDict | None, Participant], Any],
    keep: Callable[[Any, Participant, Person], None],
) -> HttpResponse:
    participant = own_participant(request)
    form = make(forms.posted(request), participant)
    if form.is_valid():
        keep(form, participant, participant.person)
        return _saved(request)
    return forms.render_form(request, "frontend/me/edit_details.html", {}, form)


def _saved(request: HttpRequest) -> HttpResponse:
    messages.success(request, "Saved.")
    return redirect("me:details")


urlpatterns = [
    path("details/", my_details, name="details"),
    path("details/name/", my_name, name="name"),
    path("details/contact/", my_contact, name="contact"),
    path("details/home/", my_home, name="home_area"),
    path("details/nhs-number/", my_nhs_number, name="nhs_number"),
    path("details/reminders/", my_reminders, name="reminders"),
    path("details/emergency/", my_emergency_contact, name="emergency_contact"),
    path("details/emergency/right/", confirm_emergency_contact, name="confirm_emergency_contact"),
    path("details/agreed/<slug:kind>/", my_consent, name="consent"),
    path("details/agreed/<slug:kind>/answer/", answer_consent, name="answer_consent"),
    path("details/leave/", leave, name="leave"),
]
