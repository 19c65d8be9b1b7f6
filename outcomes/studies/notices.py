"""Whether a message about a study is still wanted when its moment comes.

Registered in apps.py; called by messaging when it sends. The words are the templates
messages/study_invitation.txt, which say neither what the study is about nor of whom it asks anything.
"""

from __future__ import annotations

from django.conf import settings

from messaging.kinds import Content
from messaging.models import Message
from outcomes.models import StudyInvitation
from outcomes.studies.matching import may_be_told
from outcomes.studies.running import takes_answers

STUDY_PAGE = "/me/studies/"  # a page is an edge: this app may not name its view


def study_invitation(message: Message) -> Content | None:
    """What the message says; None once the study is closed, the person answered, or no longer wants to hear of any."""
    rows = StudyInvitation.objects.filter(pk=message.subject_id or 0, answer="").select_related(
        "study", "participant__programme"
    )
    invitation = rows.first()
    if invitation is None or not takes_answers(invitation.study):
        return None
    if not may_be_told(invitation.participant):
        return None
    url = f"{settings.PUBLIC_URL}{STUDY_PAGE}{invitation.pk}/"
    return Content({"url": url, "closes_on": invitation.study.closes_on})
