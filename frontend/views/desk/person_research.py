"""Who has had one person's answers for research, read out to them by telephone. Each look is logged.

Here: the desk's page about one person. Not here: the projects (research.py), what the person agrees to (agreeing.py),
their own page (me/research.py).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from accounts.history import log_read
from accounts.permissions import Permission
from accounts.signin import requires
from frontend.extract_words import held_facts
from frontend.needs import words_of
from frontend.signed_in import user_of
from frontend.views.desk.people import at_desk_or_404
from outcomes.extracts.taking import extracts_that_held
from participants import details
from participants.consents import agreed_to
from participants.models import ConsentKind


@require_safe
@requires(Permission.WORK_AT_DESK)
def person_research(request: HttpRequest, participant_pk: int) -> HttpResponse:
    participant = at_desk_or_404(request, participant_pk)
    log_read(target=participant.person, purpose="desk", what="research", by=user_of(request).person)
    context = {
        "participant": participant,
        "agrees": participant.pk in agreed_to(ConsentKind.RESEARCH, [participant]),
        "held": [(one, held_facts(one)) for one in extracts_that_held(participant)],
        "needs": words_of(details.current_needs_of(participant.person)),
    }
    return render(request, "frontend/desk/person_research.html", context)


urlpatterns = [path("people/<int:participant_pk>/research/", person_research, name="person_research")]
