"""Leaving the programme by telephone: what it means, an optional reason, one button.

Not here: what ends (participants/taking_part/life.py and its consequences), the person's own
page (me/details.py), death and the end of all contact (stops.py).
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.signin import requires
from classes.places.places_in_doubt import live_places_ahead
from frontend import details_forms, forms
from frontend.needs import words_of
from frontend.signed_in import user_of
from frontend.views.desk.breaks import status_words
from frontend.views.desk.people import at_desk_or_404
from participants import access, details
from participants.models import Participant, ParticipantStatus

MAY_LEAVE = (ParticipantStatus.ACTIVE, ParticipantStatus.PAUSED)
MEANWHILE = "Nothing was changed: they have left already, or do not take part at the moment."


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WORK_AT_DESK)
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    participant = at_desk_or_404(request, pk)
    if participant.status not in MAY_LEAVE:  # pressed twice, or done by somebody else
        messages.error(request, f"Nothing was changed: this person is “{status_words(participant.status)}”.")
        return redirect("desk:person", pk=pk)
    form = details_forms.LeaveForm(forms.posted(request))
    form.fields["reason"].label = "Why are they leaving?"
    form.fields["reason"].hint = "They do not have to say."  # type: ignore[attr-defined]
    if form.is_valid() and details_forms.left(form, participant, user_of(request).person, already=MEANWHILE):
        messages.success(request, "They have left. Tell them so, and that they are welcome back at any time.")
        return redirect("desk:person", pk=pk)
    status = 409 if form.non_field_errors() else None
    return forms.render_form(request, "frontend/desk/leave.html", _context(participant), form, status=status)


def _context(participant: Participant) -> dict[str, object]:
    """In numbers and names, so that whoever reads it aloud knows what it does."""
    helpers = [row.person.full_name if row.person else row.invited_name for row in access.supporters_of(participant)]
    return {
        "participant": participant,
        "needs": words_of(details.current_needs_of(participant.person)),
        "booked": len(live_places_ahead(participant)),
        "helpers": helpers,
    }


urlpatterns = [path("people/<int:pk>/leave/", leave, name="leave")]
