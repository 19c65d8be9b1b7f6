"""Somebody's name and date of birth, put right by telephone while they are on the line.

Here: the page of the desk. Not here: the action (participants/correcting.py), what somebody is called and everything
else that is changed by telephone (details.py). Every look is logged.
"""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_http_methods

from accounts.history import log_read
from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend.needs import words_of
from frontend.on_the_phone import line_about
from frontend.signed_in import user_of
from frontend.views.desk.details import NO_CONTACT
from frontend.views.desk.people import at_desk_or_404
from frontend.wording import today
from participants import details
from participants.correcting import NotOnTheLine, TooYoung, Why, correct_identity

TOO_YOUNG = (
    "By this date they are not yet {} years old, so they could not take part. Ask for the date once more. If it is "
    "right, ask a clinical lead. Nothing was changed."
)


class IdentityForm(forms.Form):
    given_name = forms.TextField(
        label="First name", called="the first name", max_length=100, autocomplete="off", spellcheck=False
    )
    family_name = forms.TextField(
        label="Last name", called="the last name", max_length=100, autocomplete="off", spellcheck=False
    )
    born = forms.DateField(
        label="Date of birth",
        called="the date of birth",
        hint="For example, 31 3 1950",
        earliest=date(1900, 1, 1),
        latest=today,
    )
    why = forms.RadiosField(
        label="Why is it changed?",
        missing="Select why it is changed",
        options=((Why.WRITTEN_WRONGLY, "It was written down wrongly"), (Why.NEW_NAME, "They have a new name")),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WORK_AT_DESK)
def identity(request: HttpRequest, pk: int) -> HttpResponse:
    """Without the person on the line it says how to find out who is there, and asks nothing."""
    participant = at_desk_or_404(request, pk)
    person, by = participant.person, user_of(request).person
    if person.contact_stopped_at is not None:
        messages.error(request, NO_CONTACT)
        return redirect("desk:person", pk=pk)
    log_read(target=person, purpose="desk", what="details", by=by)
    kept = {"given_name": person.given_name, "family_name": person.family_name, "born": person.date_of_birth}
    form = IdentityForm(forms.posted(request), initial=kept)
    status = None
    if form.is_valid():
        try:
            said = {**form.cleaned_data, "why": Why(form.cleaned_data["why"])}
            correct_identity(participant=participant, **said, by=by)
        except NotOnTheLine:
            status = 409  # and the page says what to do first
        except TooYoung as young:
            form.add_error("born", TOO_YOUNG.format(young.minimum))
        else:
            messages.success(request, "Kept. Say it back to them.")
            return redirect("desk:person", pk=pk)
    context = {
        "participant": participant,
        "needs": words_of(details.current_needs_of(person)),
        "on_the_line": line_about(request, participant).person,
    }
    return forms.render_form(request, "frontend/desk/identity.html", context, form, status=status)


urlpatterns = [path("people/<int:pk>/identity/", identity, name="identity")]
