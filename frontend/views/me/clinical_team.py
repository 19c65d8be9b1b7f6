"""My clinical team: who they are, changing and removing them, and the letters that went to them.

Not here: the form and its words (frontend/clinical_team_form.py), keeping them
(participants/clinical_team.py), the consent's own page (details.py), the desk's pages
(desk/clinical_team.py). Only the person themselves: no scope of a supporter reaches them.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend.acting import own_participant
from frontend.clinical_letters import sent_line
from frontend.clinical_team_form import TeamForm, filled, reached_at, role_words
from participants import clinical_team as team
from participants.clinical_letters import letters_sent
from participants.models import ClinicalContact, ClinicalLetter, Participant
from participants.models.clinical_team import ClinicalContactQuerySet

own_page = requires(Permission.TAKE_PART)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def clinical_team(request: HttpRequest) -> HttpResponse:
    """Whom one named, whether we may write to them, and one more."""
    participant = own_participant(request)
    form = TeamForm(forms.posted(request))
    if form.is_valid() and form.keep(
        lambda contact: team.note_contact(participant=participant, contact=contact, by=participant.person)
    ):
        messages.success(request, "Added.")
        return redirect("me:clinical_team")
    context = {
        "contacts": [(row, role_words(row), reached_at(row)) for row in team.contacts_of(participant)],
        "agreed": participant.pk in team.may_write_about([participant]),
        "letters": [(sent, sent_line(sent)[1]) for sent in letters_sent(participant)],
    }
    return forms.render_form(request, "frontend/me/clinical_team.html", context, form, status=form.refused_with)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def change_team_contact(request: HttpRequest, pk: int) -> HttpResponse:
    participant = own_participant(request)
    row = get_object_or_404(_rows(request, participant).in_force(), pk=pk)
    form = TeamForm(forms.posted(request), initial=filled(row))
    if form.is_valid() and form.keep(
        lambda contact: team.change_contact(row=row, contact=contact, by=participant.person)
    ):
        messages.success(request, "Changed.")
        return redirect("me:clinical_team")
    return forms.render_form(request, "frontend/me/change_team_contact.html", {}, form, status=form.refused_with)


@require_POST
@own_page
def remove_team_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Pressed twice, it is gone all the same."""
    participant = own_participant(request)
    row = _rows(request, participant).filter(pk=pk).first()
    if row is not None:
        team.end_contact(row=row, by=participant.person)
    messages.success(request, "Removed.")
    return redirect("me:clinical_team")


@require_safe
@own_page
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The very words of a letter that went."""
    participant = own_participant(request)
    rows = ClinicalLetter.objects.visible_to(request.user).filter(participant=participant)
    sent = get_object_or_404(rows.select_related("contact"), pk=pk)
    context = {"letter": sent, "line": sent_line(sent)[1], "paragraphs": sent.words.split("\n\n")}
    return render(request, "frontend/me/letter.html", context)


def _rows(request: HttpRequest, participant: Participant) -> ClinicalContactQuerySet:
    return ClinicalContact.objects.visible_to(request.user).filter(participant=participant)


urlpatterns = [
    path("clinical-team/", clinical_team, name="clinical_team"),
    path("clinical-team/<int:pk>/", change_team_contact, name="change_team_contact"),
    path("clinical-team/<int:pk>/remove/", remove_team_contact, name="remove_team_contact"),
    path("letters/<int:pk>/", letter, name="letter"),
]
