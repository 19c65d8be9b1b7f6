"""My details: how to reach me, what helps me, whom to call, what I agreed to, and leaving.

Here: the pages of the person's own record, whoever they act for elsewhere. Not
here: health (health.py), supporters (supporters.py). Changes are made by
participants/details.py, consents.py and life.py.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend.acting import own_participant
from frontend.needs import need_words, noted_words, told_words
from frontend.views.me.wording import clearance_label
from frontend.views.public.join_forms import ContactForm, EmergencyForm
from frontend.views.public.join_pages import CONSENT_TITLES
from frontend.wording import today
from participants import access, consents, details, life
from participants.health import clearance_of, state_today
from participants.models import Participant

own_page = requires(Permission.TAKE_PART)


@requires(Permission.TAKE_PART, Permission.SUPPORT)
def my_details(request: HttpRequest) -> HttpResponse:
    """Everything on one page, each part with its way to change it. Who only helps sees whom they help."""
    participant, person = access.own_record(request.user), request.user.person  # type: ignore[union-attr]
    rows = details.current_needs_of(person)
    context: dict[str, Any] = {
        "participant": participant,
        "helping": access.supports_held_by(request.user),
        "needs": [(need_words(row.kind, row.detail), noted_words(row, reader=person), told_words(row)) for row in rows],
        "ask_again": any(row.review_on <= today() for row in rows),
    }
    if participant is not None:
        clearance = clearance_of(participant)
        context |= {
            "contacts": details.contact_points_of(participant.person),
            "clearance": clearance_label(state_today(clearance)),
            "consents": _consents(participant),
        }
    return render(request, "frontend/me/details.html", context)


class NameForm(forms.Form):
    known_as = forms.TextField(
        label="What should we call you?",
        hint="Leave it blank if we should use your first name.",
        called="the name",
        max_length=100,
        required=False,
        page_heading=True,
    )


@own_page
def my_name(request: HttpRequest) -> HttpResponse:
    person = own_participant(request).person
    form = NameForm(request.POST if request.method == "POST" else None, initial={"known_as": person.known_as})
    if form.is_valid():
        details.change_name(person=person, known_as=form.cleaned_data["known_as"], by=person)
        return _saved(request)
    return _edit(request, form)


class ReachForm(ContactForm):
    """The page of registering, with the preferred way on the same page."""

    email = forms.EmailField(
        label="Your email address",
        called="your email address",
        hint="We write to this address. It does not change the address you sign in with.",
    )
    preferred = forms.SelectField(
        label="The way you like best",
        called="the way you like best",
        empty="",
        options=(("email", "Email"), ("text", "Text message (SMS)"), ("phone", "Phone call"), ("post", "Letter")),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("ways") and cleaned.get("preferred") and cleaned["preferred"] not in cleaned["ways"]:
            self.add_error("preferred", "Choose a way that you have selected above")
        return cleaned


@own_page
def my_contact(request: HttpRequest) -> HttpResponse:
    participant = own_participant(request)
    points = details.contact_points_of(participant.person)
    kept: dict[str, Any] = {ReachForm.by_channel[point.channel]: point.value for point in points}
    kept["may_leave_message"] = any(point.may_leave_message for point in points) if kept.get("phone") else None
    kept["preferred"] = points[0].channel if points else ""
    sent = request.POST if request.method == "POST" else None
    form = ReachForm(sent, answers=kept, programme=participant.programme)
    if form.is_valid():
        values = form.cleaned_data
        details.change_contact(
            person=participant.person,
            contacts={way: values[name] for way, name in ReachForm.by_channel.items()},
            preferred=values["preferred"],
            may_leave_message=bool(values["may_leave_message"]),
            by=participant.person,
        )
        return _saved(request)
    return _edit(request, form)


@own_page
def my_emergency_contact(request: HttpRequest) -> HttpResponse:
    participant = own_participant(request)
    kept = {
        "emergency_name": participant.emergency_name,
        "emergency_relationship": participant.emergency_relationship,
        "emergency_phone": str(participant.emergency_phone or ""),
    }
    sent = request.POST if request.method == "POST" else None
    form = EmergencyForm(sent, answers=kept, programme=participant.programme)
    if form.is_valid():
        details.change_emergency_contact(
            participant=participant,
            name=form.cleaned_data["emergency_name"],
            relationship=form.cleaned_data["emergency_relationship"],
            phone=form.cleaned_data["emergency_phone"],
            by=participant.person,
        )
        return _saved(request)
    return _edit(request, form)


@own_page
def my_consent(request: HttpRequest, kind: str) -> HttpResponse:
    """The words of one consent, the answer in force, and one button to change it."""
    participant = own_participant(request)
    text = next((t for t in consents.current_texts(participant.programme) if t.kind == kind), None)
    if text is None:
        raise Http404
    event = consents.consents_in_force(participant).get(kind)
    context = {"text": text, "title": CONSENT_TITLES[kind], "event": event, "paragraphs": text.body.splitlines()}
    return render(request, "frontend/me/consent.html", context)


@own_page
@require_POST
def answer_consent(request: HttpRequest, kind: str) -> HttpResponse:
    participant = own_participant(request)
    text = next((t for t in consents.current_texts(participant.programme) if t.kind == kind), None)
    if text is None:
        raise Http404
    if request.POST.get("agrees") == "yes":
        consents.give_consent(participant=participant, text=text, by=participant.person)
        return _saved(request)
    try:
        consents.withdraw_consent(participant=participant, kind=kind, by=participant.person)
    except consents.MeansLeaving:
        return redirect("me:leave")
    return _saved(request)


class LeaveForm(forms.Form):
    reason = forms.LongTextField(
        label="Why are you leaving?",
        hint="You do not have to say.",
        called="the reason",
        required=False,
        max_length=100,
    )


@own_page
def leave(request: HttpRequest) -> HttpResponse:
    """Leave the programme: one page that says what it means, one button."""
    participant = own_participant(request)
    form = LeaveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            life.withdraw(participant=participant, reason=form.cleaned_data["reason"], by=participant.person)
        except life.NotPossibleNow:
            form.add_error(None, "You have left already.")
            return forms.render_form(request, "frontend/me/leave.html", {}, form, status=409)
        messages.success(request, "You have left SafeFit. You are welcome back at any time: call us.")
        return redirect("me:details")
    return forms.render_form(request, "frontend/me/leave.html", {}, form)


def _consents(participant: Participant) -> list[tuple[str, str, bool | None]]:
    """Kind, what it is called, and the answer in force (None: never asked)."""
    answers = consents.consents_in_force(participant)
    return [
        (text.kind, CONSENT_TITLES[text.kind], answers[text.kind].given if text.kind in answers else None)
        for text in consents.current_texts(participant.programme)
    ]


def _edit(request: HttpRequest, form: forms.Form) -> HttpResponse:
    return forms.render_form(request, "frontend/me/edit_details.html", {}, form)


def _saved(request: HttpRequest) -> HttpResponse:
    messages.success(request, "Saved.")
    return redirect("me:details")


urlpatterns = [
    path("details/", my_details, name="details"),
    path("details/name/", my_name, name="name"),
    path("details/contact/", my_contact, name="contact"),
    path("details/emergency/", my_emergency_contact, name="emergency_contact"),
    path("details/agreed/<slug:kind>/", my_consent, name="consent"),
    path("details/agreed/<slug:kind>/answer/", answer_consent, name="answer_consent"),
    path("details/leave/", leave, name="leave"),
]
