"""Studies that one person was told of, by telephone: the words to read aloud, and what they say. Each look is logged.

Here: the desk's pages about one person. Not here: the studies themselves (studies.py), the person's own pages
(me/studies.py).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from accounts.history import log_read
from accounts.permissions import Permission
from accounts.signin import requires
from frontend.needs import words_of
from frontend.signed_in import user_of
from frontend.study_answers import keep_answer, label_of
from frontend.views.desk.people import at_desk_or_404
from outcomes.studies import running
from outcomes.studies.matching import may_be_told
from participants import details


@require_safe
@requires(Permission.WORK_AT_DESK)
def person_studies(request: HttpRequest, participant_pk: int) -> HttpResponse:
    participant = at_desk_or_404(request, participant_pk)
    log_read(target=participant.person, purpose="desk", what="studies", by=user_of(request).person)
    rows = [(row, label_of(row), running.takes_answers(row.study)) for row in running.invitations_to(participant)]
    needs = words_of(details.current_needs_of(participant.person))
    context = {"participant": participant, "rows": rows, "needs": needs, "may_be_told": may_be_told(participant)}
    return render(request, "frontend/desk/person_studies.html", context)


@require_POST
@requires(Permission.WORK_AT_DESK)
def answer_study_for(request: HttpRequest, participant_pk: int, pk: int) -> HttpResponse:
    participant = at_desk_or_404(request, participant_pk)
    invitation = get_object_or_404(running.invitations_to(participant), pk=pk)
    keep_answer(request, invitation, by=user_of(request).person)
    return redirect("desk:person_studies", participant.pk)


urlpatterns = [
    path("people/<int:participant_pk>/studies/", person_studies, name="person_studies"),
    path("people/<int:participant_pk>/studies/<int:pk>/answer/", answer_study_for, name="answer_study_for"),
]
