"""What somebody says to a study that they were told of: the labels, and what a button does. For them and the desk.

Here: words that their own pages (views/me/studies.py) and the desk's (views/desk/person_studies.py) share. Not here:
keeping an answer (outcomes/studies/running.py).
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest

from accounts.models import Person
from frontend.wording import Label
from outcomes.models import StudyAnswer, StudyInvitation
from outcomes.studies import running

NOT_ANSWERED = Label("Open for an answer", "few")
OVER = Label("Closed", "quiet")
ANSWERS = {
    StudyAnswer.INTERESTED.value: Label("Interested", "ok"),
    StudyAnswer.NO.value: Label("No thank you", "quiet"),
}
KEPT = "Saved. The answer can be changed until the study closes."
CLOSED = "This study has closed, so nothing was kept. There is nothing to do."
NOT_SAID = "Nothing was kept: press one of the buttons."


def label_of(invitation: StudyInvitation) -> Label:
    if invitation.answer:
        return ANSWERS[invitation.answer]
    return NOT_ANSWERED if running.takes_answers(invitation.study) else OVER


def keep_answer(request: HttpRequest, invitation: StudyInvitation, *, by: Person) -> None:
    """What the pressed button says; a message on the next page says what came of it."""
    said = request.POST.get("answer", "")
    if said not in StudyAnswer.values:
        messages.error(request, NOT_SAID)
        return
    try:
        running.answer_invitation(invitation=invitation, answer=StudyAnswer(said), by=by)
    except running.WrongState:
        messages.error(request, CLOSED)
    else:
        messages.success(request, KEPT)
