"""What of a class an instructor will change for this person. PURE: no Django.

Here: comparing what a class is with what somebody's exercise is adapted to. It
warns and never refuses: what shuts somebody out is eligibility.py. Not here:
reading the facts and who may hear the answer (advising.py), the words (pages).
Whatever is on the list below is unsigned clinical content.
"""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass

from participants.rules.adaptations import Adaptation

SEATED, STANDING, FLOOR = "seated", "standing", "floor"
VIGOROUS = "vigorous"

# The positions in which somebody may exercise who has this adaptation.
POSITIONS_LEFT = {
    Adaptation.SEATED_ONLY: frozenset({SEATED}),
    Adaptation.NO_FLOOR_WORK: frozenset({SEATED, STANDING}),
    Adaptation.FALL_RISK: frozenset({SEATED}),
}
NOT_AT_FULL_EFFORT = frozenset({Adaptation.NO_IMPACT, Adaptation.NO_LOADED_SPINE})


class Advice(enum.StrEnum):
    POSITION = "position"  # no position of the class is one of theirs
    EFFORT = "effort"  # the class is harder work than suits them


@dataclass(frozen=True)
class Offer:
    """What a class is. `positions` are alternatives; `meets` are the adaptations that the class is made for."""

    positions: Collection[str]
    effort: str
    meets: Collection[str] = ()


def advice(adaptations: Collection[str], offer: Offer) -> tuple[Advice, ...]:
    """What does not fit; () means that the class suits the person as it is, as far as the code can say."""
    left = set(adaptations) - set(offer.meets)
    positions = set(offer.positions).intersection(*(some for code, some in POSITIONS_LEFT.items() if code in left))
    too_hard = offer.effort == VIGOROUS and not NOT_AT_FULL_EFFORT.isdisjoint(left)
    found = {Advice.POSITION: not positions, Advice.EFFORT: too_hard}
    return tuple(word for word, holds in found.items() if holds)
