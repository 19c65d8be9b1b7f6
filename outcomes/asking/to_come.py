"""Whether somebody is asked anything more, as their own page tells it.

Here: reading. Not here: planning what is due (planning.py), what is open today (recording.py). Called by the pages
about one's own answers and by the desk's.
"""

from __future__ import annotations

import enum
from typing import Final

from django.db.models import Q

from outcomes.models import AssessmentState
from participants.models import ConsentEvent, ConsentKind, Participant, ParticipantStatus

STILL_ASKED: Final = (ParticipantStatus.ACTIVE, ParticipantStatus.PAUSED, ParticipantStatus.COMPLETED)


class ToCome(enum.StrEnum):
    """What somebody is to expect of whom nothing is asked today."""

    MORE = "more"
    NOTHING = "nothing"
    REFUSED = "refused"  # they do not agree that we ask about their health


def to_come(participant: Participant) -> ToCome:
    if refuses_questions(participant):
        return ToCome.REFUSED
    wanted = Q(round=1) | Q(opens_on__isnull=False)  # what is asked once more only where a class is near
    planned = participant.assessments.filter(wanted, state=AssessmentState.PLANNED)
    return ToCome.MORE if participant.status in STILL_ASKED and planned.exists() else ToCome.NOTHING


def refuses_questions(participant: Participant) -> bool:
    """Whether they do not agree that we ask about their health: nothing is asked of them then."""
    return ConsentEvent.objects.is_refused_by(participant.pk, ConsentKind.HEALTH)
