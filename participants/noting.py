"""Whether something can be noted about a person at all: they take part, and agreed that we hold such a fact.

Here: the one lock under which both stay as they are read. Not here: what is noted (treatments.py, about.py).
"""

from __future__ import annotations

from participants.health import NoConsent
from participants.models import ConsentEvent, ConsentKind, Participant, ParticipantStatus
from participants.refusals import NotPossibleNow

MAY_NOTE = (ParticipantStatus.ACTIVE, ParticipantStatus.PAUSED)


def agreed_to_health_facts(participant: Participant) -> bool:
    answers = ConsentEvent.objects.filter(participant=participant, text__kind=ConsentKind.HEALTH).latest_per_kind()
    return any(answer.given for answer in answers)


def lock_to_note(participant: Participant, *, health: bool) -> None:
    """Hold the participant until the caller's transaction ends.

    Raises NotPossibleNow for somebody who takes part no more, and NoConsent for a fact about `health` that they
    did not agree to.
    """
    status = Participant.objects.select_for_update().values_list("status", flat=True).get(pk=participant.pk)
    if status not in MAY_NOTE:
        raise NotPossibleNow(status)
    if health and not agreed_to_health_facts(participant):
        raise NoConsent
