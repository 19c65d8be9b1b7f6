"""How classes went for one person, as instructors noted it: for whoever decides on clearance.

Here: the page. Not here: writing (views/teach/session_notes.py). A health fact: each look is logged.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from accounts.history import log_read
from accounts.permissions import Permission
from accounts.signin import must_hold, requires
from classes.register import notes_about
from frontend.session_notes import all_rows
from frontend.signed_in import user_of
from frontend.views.desk.people import at_desk_or_404


@require_safe
@requires(Permission.WORK_AT_DESK)
def session_notes(request: HttpRequest, pk: int) -> HttpResponse:
    participant = at_desk_or_404(request, pk)
    must_hold(request.user, Permission.DECIDE_CLEARANCE, programme_id=participant.programme_id)
    log_read(target=participant.person, purpose="clearance", what="session notes", by=user_of(request).person)
    notes = [(note, all_rows(note)) for note in notes_about(participant)]
    return render(request, "frontend/desk/session_notes.html", {"participant": participant, "notes": notes})


urlpatterns = [path("people/<int:pk>/how-classes-went/", session_notes, name="session_notes")]
