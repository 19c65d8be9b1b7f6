"""That questionnaires were answered, in the shape of accounts/happenings.py; never an answer or a score.

Called by the desk's timeline (frontend).
"""

from __future__ import annotations

from django.db.models import F

from accounts.happenings import Rows, person, told
from outcomes.models import Response
from participants.models import Participant

ANSWERED = "questions_answered"


def happenings_of(participant: Participant) -> list[Rows]:
    sent = Response.objects.filter(assessment__participant=participant).exclude(submitted_at=None)
    name = F("assessment__timepoint__label")
    return [told(sent, at="submitted_at", what=ANSWERED, detail=name, more=F("mode"), by=person("entered_by_id"))]
