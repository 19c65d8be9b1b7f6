"""Research: who has had my answers, in plain words, whatever I say now.

Not here: saying yes or no (details.py), the extracts (outcomes/extracts/).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from frontend.acting import own_participant
from outcomes.extracts.taking import extracts_that_held
from participants.consents import agreed_to
from participants.models import ConsentKind


@require_safe
@requires(Permission.TAKE_PART)
def my_research(request: HttpRequest) -> HttpResponse:
    """Each extract that held them, the newest first."""
    participant = own_participant(request)
    agrees = participant.pk in agreed_to(ConsentKind.RESEARCH, [participant])
    return render(request, "frontend/me/research.html", {"agrees": agrees, "held": extracts_that_held(participant)})


urlpatterns = [path("research/", my_research, name="research")]
