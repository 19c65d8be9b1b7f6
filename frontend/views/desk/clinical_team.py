"""The clinical team of a person, at the desk: added, changed and removed while they say so on the telephone.

Here: the pages, with who was noted before. Not here: the form and its words (frontend/clinical_team_form.py),
the consent (agreeing.py), the person's own pages (me/clinical_team.py). Each look is logged.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST

from accounts.history import log_read
from accounts.permissions import Permission, allows
from accounts.signin import requires
from frontend import forms
from frontend.clinical_letters import LETTER_WORDS, sent_line
from frontend.clinical_team_form import TeamForm, filled, reached_at, role_words
from frontend.needs import words_of
from frontend.signed_in import user_of
from frontend.views.desk.people import at_desk_or_404
from participants import clinical_team as team
from participants import details
from participants.clinical_letters import letters_sent, letters_to_write
from participants.models import ClinicalContact, Participant
from participants.rules.letter_rules import LetterKind

at_desk = requires(Permission.WORK_AT_DESK)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def clinical_team(request: HttpRequest, pk: int) -> HttpResponse:
    participant, by = at_desk_or_404(request, pk), user_of(request).person
    form = TeamForm(forms.posted(request))
    if form.is_valid() and form.keep(
        lambda contact: team.note_contact(participant=participant, contact=contact, by=by)
    ):
        messages.success(request, "Added. Say it back to them.")
        return redirect("desk:clinical_team", pk=pk)
    log_read(target=participant.person, purpose="desk", what="clinical team", by=by)
    decides = allows(request.user, Permission.DECIDE_CLEARANCE, programme_id=participant.programme_id)
    context = {
        **_about(participant),
        "contacts": [(row, role_words(row), reached_at(row)) for row in team.contacts_of(participant)],
        "earlier": [(row, role_words(row), reached_at(row)) for row in team.earlier_contacts_of(participant)],
        "agreed": participant.pk in team.may_write_about([participant]),
        "waiting": [
            (task, contact, LETTER_WORDS[kind], kind is not LetterKind.REFERRED_BACK or decides)
            for task, kind, contact in letters_to_write(participant)
        ],
        "sent": [(letter, *sent_line(letter)) for letter in letters_sent(participant)],
    }
    return forms.render_form(request, "frontend/desk/clinical_team.html", context, form, status=form.refused_with)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def change_team_contact(request: HttpRequest, pk: int, contact_pk: int) -> HttpResponse:
    participant, by = at_desk_or_404(request, pk), user_of(request).person
    rows = ClinicalContact.objects.visible_to(request.user).filter(participant=participant)
    row = get_object_or_404(rows.in_force(), pk=contact_pk)
    form = TeamForm(forms.posted(request), initial=filled(row))
    if form.is_valid() and form.keep(lambda contact: team.change_contact(row=row, contact=contact, by=by)):
        messages.success(request, "Changed. Say it back to them.")
        return redirect("desk:clinical_team", pk=pk)
    log_read(target=participant.person, purpose="desk", what="clinical team", by=by)
    context = _about(participant)
    return forms.render_form(request, "frontend/desk/change_team_contact.html", context, form, status=form.refused_with)


@require_POST
@at_desk
def remove_team_contact(request: HttpRequest, pk: int, contact_pk: int) -> HttpResponse:
    """Pressed twice, it is gone all the same."""
    participant = at_desk_or_404(request, pk)
    rows = ClinicalContact.objects.visible_to(request.user).filter(participant=participant)
    if row := rows.filter(pk=contact_pk).first():
        team.end_contact(row=row, by=user_of(request).person)
    messages.success(request, "Removed.")
    return redirect("desk:clinical_team", pk=pk)


def _about(participant: Participant) -> dict[str, object]:
    return {"participant": participant, "needs": words_of(details.current_needs_of(participant.person))}


urlpatterns = [
    path("people/<int:pk>/clinical-team/", clinical_team, name="clinical_team"),
    path("people/<int:pk>/clinical-team/<int:contact_pk>/", change_team_contact, name="change_team_contact"),
    path("people/<int:pk>/clinical-team/<int:contact_pk>/remove/", remove_team_contact, name="remove_team_contact"),
]
