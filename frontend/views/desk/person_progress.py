"""How somebody is doing, read out to them by telephone in the words of their own page. Each look is logged.

Here: the desk's page, which says nothing unless the person themselves is on the line, identified (ADR 0085). Not here:
the words (me/progress_words.py, me/other_forms_words.py), the person's own page (me/wellbeing.py), which forms are due
(wellbeing.py).
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from accounts.history import log_read
from accounts.permissions import Permission
from accounts.signin import requires
from frontend import measuring
from frontend.needs import words_of
from frontend.on_the_phone import line_about
from frontend.signed_in import user_of
from frontend.views.desk.people import at_desk_or_404
from frontend.views.me.other_forms_words import in_numbers
from frontend.views.me.wellbeing import progress_of
from outcomes.answering.measuring import measures_of
from outcomes.answering.other_forms import other_forms
from participants import details


@require_safe
@requires(Permission.WORK_AT_DESK)
def person_progress(request: HttpRequest, participant_pk: int) -> HttpResponse:
    """Without the person on the line nothing is read, and nothing is shown."""
    participant = at_desk_or_404(request, participant_pk)
    on_the_line = line_about(request, participant).person
    context: dict[str, Any] = {
        "participant": participant,
        "needs": words_of(details.current_needs_of(participant.person)),
        "on_the_line": on_the_line,
        "progress": None,
        "others": [],
        "measured": [],
    }
    if on_the_line:
        log_read(target=participant.person, purpose="desk", what="progress", by=user_of(request).person)
        context |= {
            "progress": progress_of(participant),
            "others": in_numbers(other_forms(participant)),
            "measured": measuring.own_sentences(measures_of(participant)),
        }
    return render(request, "frontend/desk/person_progress.html", context)


urlpatterns = [path("people/<int:participant_pk>/progress/", person_progress, name="person_progress")]
