"""Research studies that somebody was told of: reading about one, and saying whether one is interested.

Here: the person's own pages; nobody who helps opens them. Not here: who is told, and what is counted
(outcomes/studies/), the same by telephone (desk/person_studies.py).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from frontend.acting import own_participant
from frontend.signed_in import user_of
from frontend.study_answers import keep_answer, label_of
from outcomes.models import StudyInvitation
from outcomes.studies import running


def _invitation(request: HttpRequest, pk: int) -> StudyInvitation:
    return get_object_or_404(running.invitations_to(own_participant(request)), pk=pk)


@require_safe
@requires(Permission.TAKE_PART)
def studies(request: HttpRequest) -> HttpResponse:
    rows = [(row, label_of(row)) for row in running.invitations_to(own_participant(request))]
    return render(request, "frontend/me/studies.html", {"rows": rows})


@require_safe
@requires(Permission.TAKE_PART)
def study(request: HttpRequest, pk: int) -> HttpResponse:
    found = _invitation(request, pk)
    context = {
        "invitation": found,
        "study": found.study,
        "label": label_of(found),
        "takes_answers": running.takes_answers(found.study),
    }
    return render(request, "frontend/me/study.html", context)


@require_POST
@requires(Permission.TAKE_PART)
def answer_study(request: HttpRequest, pk: int) -> HttpResponse:
    keep_answer(request, _invitation(request, pk), by=user_of(request).person)
    return redirect("me:study", pk)


urlpatterns = [
    path("studies/", studies, name="studies"),
    path("studies/<int:pk>/", study, name="study"),
    path("studies/<int:pk>/answer/", answer_study, name="answer_study"),
]
