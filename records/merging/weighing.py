"""Which of two answers counts when one person gave both: the more careful one. PURE.

Here: clearance, consents, questionnaires, what a helper may do. Nothing here ever allows more than both records did.
Called by look.py. The order of care is not signed off by anybody with a clinical registration.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from participants.rules.adaptations import contradict

CLEARED, ADAPTED, PAUSED, REVIEW, NOT_SUITABLE = "cleared", "cleared_adapted", "paused", "needs_review", "not_suitable"
CARE = (CLEARED, ADAPTED, PAUSED, REVIEW, NOT_SUITABLE)  # from what lets in to what a person must take back
SERVICE = "service"  # who joins again agrees again: the later answer counts
STATES = ("submitted", "planned", "missed", "not_wanted")  # of a questionnaire at one timepoint, the first counts


@dataclass(frozen=True)
class Decided:
    """What one clearance says."""

    state: str
    adaptations: frozenset[str]
    valid_from: date
    valid_until: date | None = None
    flags: frozenset[str] = frozenset()
    review_due_at: datetime | None = None

    def last_day(self) -> date:
        return self.valid_until or date.max

    def holds(self, today: date) -> bool:
        return self.valid_from <= today <= self.last_day()


def more_careful(one: Decided, other: Decided, *, today: date, review_by: datetime) -> Decided:
    """Neither says less than this. Adaptations that cannot go together are for a person to look at.

    A clearance that has run out shortens none that holds; what it said to adapt is adapted all the same.
    """
    state = max(one.state, other.state, key=CARE.index)
    adaptations = one.adaptations | other.adaptations
    if state in (CLEARED, ADAPTED):
        state = REVIEW if contradict(adaptations) else (ADAPTED if adaptations else CLEARED)
    lets_in = state in (CLEARED, ADAPTED)
    holding = [said for said in (one, other) if said.holds(today)] or [max(one, other, key=Decided.last_day)]
    dues = [said.review_due_at for said in (one, other) if said.review_due_at is not None]
    return Decided(
        state=state,
        adaptations=adaptations,
        valid_from=max(said.valid_from for said in holding),
        valid_until=min(said.last_day() for said in holding) if lets_in else None,
        flags=one.flags | other.flags,
        review_due_at=min(dues, default=review_by) if state == REVIEW else None,
    )


def narrower(one: Mapping[str, bool], other: Mapping[str, bool]) -> set[str]:
    """Kinds of consent of which both were asked and answered differently: each is "no" from then on."""
    return {kind for kind in one.keys() & other.keys() - {SERVICE} if one[kind] != other[kind]}


@dataclass(frozen=True)
class Answered:
    """One questionnaire of one timepoint on one record."""

    key: int
    state: str
    sent_at: datetime | None = None
    begun: bool = False


def first_that_counts(answers: Sequence[Answered]) -> int:
    """The key of what was sent first; else of what can still be answered, and of that what was begun."""

    def rank(one: Answered) -> tuple[int, float, bool]:
        return STATES.index(one.state), one.sent_at.timestamp() if one.sent_at else 0.0, not one.begun

    return min(answers, key=rank).key
