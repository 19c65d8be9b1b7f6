"""A worrying answer at the desk: what was said, for whoever the programme decided may read it.

Here: the page. Not here: the task (outcomes/safety.py). Each look is logged.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.views.decorators.http import require_safe

from accounts.history import log_read
from accounts.permissions import Permission
from accounts.signin import must_hold, requires
from frontend.question_fields import reply_words
from frontend.questionnaires import scores_of
from frontend.releases.figures import plain
from frontend.signed_in import user_of
from outcomes import safety
from outcomes.models import AnswerMode

NUMBERS = "the numbers 999, 111 and Samaritans"
TOLD = {
    AnswerMode.SELF: f"They were shown {NUMBERS} at once, and that nobody reads answers out of hours.",
    AnswerMode.PHONE: f"Whoever typed it was asked to read out {NUMBERS}. Make sure that they have them.",
    AnswerMode.PAPER: f"It came on paper, so they have not been told {NUMBERS}. Say them when you call.",
    AnswerMode.SCRIBE: f"Somebody who helps them typed it and was shown {NUMBERS}. Make sure that they have them.",
}


@require_safe
@requires(Permission.WORK_AT_DESK)
def worrying_answer(request: HttpRequest, pk: int) -> HttpResponse:
    worry = get_object_or_404(safety.worries_at_desk_of(request.user), pk=pk)
    participant = worry.response.assessment.participant
    allowed = safety.reader_of(participant.programme, worry.route)
    must_hold(request.user, allowed, programme_id=participant.programme_id)
    log_read(target=participant.person, purpose="questionnaire", what="answer that worries", by=user_of(request).person)
    rows = [
        (question.text, reply_words(question, worry.response.answers.get(question.id)))
        for question in safety.answers_that_worry(worry)
    ]
    told = {one.scale: one for one in scores_of(worry.response.assessment.questionnaire)}
    rows += [
        (f"Score: {told[scale.id].label}", f"{plain(value, told[scale.id].places)}, of {scale.lo:g} to {scale.hi:g}")
        for scale, value in safety.scores_that_worry(worry)
    ]
    context = {
        "worry": worry,
        "participant": participant,
        "rows": rows,
        "told": TOLD[AnswerMode(worry.response.mode)],
        "task": safety.task_of(worry),
    }
    return render(request, "frontend/desk/worrying_answer.html", context)


urlpatterns = [path("worrying-answers/<int:pk>/", worrying_answer, name="worrying_answer")]
