"""Research: who has had my answers, in plain words, whatever I say now.

Not here: saying yes or no (details.py), the extracts (outcomes/extracts/), the same by telephone
(desk/person_research.py).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from frontend.acting import own_participant
from frontend.extract_words import held_facts
from outcomes.extracts.taking import extracts_that_held
from participants.consents import agreed_to
from participants.models import ConsentKind


@require_safe
@requires(Permission.TAKE_PART)
def my_research(request: HttpRequest) -> HttpResponse:
    """Each extract that held them, the newest first."""
    participant = own_participant(request)
    agrees = participant.pk in agreed_to(ConsentKind.RESEARCH, [participant])
    held = [(one, held_facts(one)) for one in extracts_that_held(participant)]
    return render(request, "frontend/me/research.html", {"agrees": agrees, "held": held})


urlpatterns = [path("research/", my_research, name="research")]
