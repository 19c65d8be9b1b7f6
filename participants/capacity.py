"""Who decides for a participant who cannot: recorded, replaced, ended, and read by staff alone.

Here: the rows, one in force at a time, the others kept. Not here: what somebody who
helps may do (support.py), consents (consents.py): nothing that stands here opens
anything to anybody. Called by the desk's pages, and by nothing that a participant,
a supporter, an instructor or a partner can reach.
"""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from accounts.history import acting
from accounts.models import Person
from participants.models import DecidesBy, DecisionMaker, Participant

NOTE_AT_MOST = 300  # characters: what to do, not the person's history


class NotSeenYet(Exception):
    """What gives somebody the right to decide must have been seen: `seen_on` is a day to come."""

    def __init__(self, seen_on: date) -> None:
        super().__init__(str(seen_on))
        self.seen_on = seen_on


class NoteTooLong(Exception):
    """More than NOTE_AT_MOST characters."""


def decision_maker_of(participant: Participant) -> DecisionMaker | None:
    """Who decides now; None where the person decides for themselves, as everybody does unless it stands here."""
    rows = DecisionMaker.objects.filter(participant=participant).in_force()
    return rows.select_related("seen_by", "recorded_by").first()


def earlier_decision_makers_of(participant: Participant) -> list[DecisionMaker]:
    """Those that have ended, the latest first."""
    rows = DecisionMaker.objects.filter(participant=participant).exclude(ended_at=None)
    return list(rows.select_related("seen_by", "recorded_by", "ended_by"))


def record_decision_maker(
    *,
    participant: Participant,
    name: str,
    relationship: str,
    phone: str,
    ground: DecidesBy,
    note: str = "",
    seen_by: Person,
    seen_on: date,
    by: Person,
) -> DecisionMaker:
    """From now on this one, and nobody else. Raises NotSeenYet, NoteTooLong."""
    if seen_on > timezone.localdate():
        raise NotSeenYet(seen_on)
    if len(note) > NOTE_AT_MOST:
        raise NoteTooLong
    with acting(by, "participants.record_decision_maker", on_behalf_of=participant.person):
        _end(participant, by)
        return DecisionMaker.objects.create(
            participant=participant,
            name=name,
            relationship=relationship,
            phone=phone,
            ground=ground,
            note=note,
            seen_by=seen_by,
            seen_on=seen_on,
            recorded_by=by,
        )


def end_decision_maker(*, participant: Participant, by: Person) -> bool:
    """Nobody decides for the person any more; returns whether somebody did. Twice is harmless."""
    with acting(by, "participants.end_decision_maker", on_behalf_of=participant.person):
        return _end(participant, by)


def _end(participant: Participant, by: Person) -> bool:
    Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)  # one change at a time
    rows = DecisionMaker.objects.filter(participant=participant).in_force()
    return rows.update(ended_at=timezone.now(), ended_by=by) > 0
