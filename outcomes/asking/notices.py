"""Whether a message that questionnaires are due, or a reminder of it, is still wanted when its moment comes.

Registered in apps.py; called by messaging when it sends. The words are the templates
messages/questionnaire_due.txt and questionnaire_reminder.txt, which never say what the questions are about.
"""

from __future__ import annotations

from django.conf import settings

from messaging.kinds import Content
from messaging.models import Message
from outcomes.models import Assessment
from outcomes.questions import minutes_for
from participants.models import ParticipantStatus

FORMS_PAGE = "/me/progress/"  # a page is an edge: this app may not name its view
WRITTEN_TO = (ParticipantStatus.ACTIVE, ParticipantStatus.COMPLETED)


def questionnaire_due(message: Message) -> Content | None:
    """What the message says; None once all of that timepoint is answered or closed, or the person is paused or left."""
    head = Assessment.objects.filter(pk=message.subject_id or 0)
    rows = Assessment.objects.answerable().filter(
        participant__in=head.values("participant"),
        timepoint__in=head.values("timepoint"),
        round__in=head.values("round"),
        participant__status__in=WRITTEN_TO,
    )
    forms = list(rows.select_related("questionnaire", "timepoint"))
    if not forms:
        return None
    return Content(
        {
            "url": f"{settings.PUBLIC_URL}{FORMS_PAGE}",
            "minutes": minutes_for(sum(len(form.questions) for form in forms)),
            "closes_on": forms[0].closes_on,
            "once_more": forms[0].is_once_more,
            "last": message.context.get("last", False),
        }
    )
