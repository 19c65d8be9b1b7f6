"""How a class is changed for one person: the coded list. PURE: no Django.

Here: the codes kept on a clearance, and the conflict that no decision may hold.
Not here: who gets which (screening.py, and people at the desk), the words of an
audience (frontend). Read by booking, rosters and screening.
"""

from __future__ import annotations

import enum
from collections.abc import Collection


class Adaptation(enum.StrEnum):
    SEATED_ONLY = "seated_only"
    NO_FLOOR_WORK = "no_floor_work"
    NO_IMPACT = "no_impact"
    NO_LOADED_SPINE = "no_loaded_spine"
    SWELLING_LEFT_ARM = "swelling_left_arm"
    SWELLING_RIGHT_ARM = "swelling_right_arm"
    SWELLING_LEFT_LEG = "swelling_left_leg"
    SWELLING_RIGHT_LEG = "swelling_right_leg"
    LINE_LEFT = "line_left"
    LINE_RIGHT = "line_right"
    LINE = "line"  # elsewhere, or the side is not known
    STOMA = "stoma"
    FALL_RISK = "fall_risk"
    REMOTE_ONLY = "remote_only"
    IN_PERSON_ONLY = "in_person_only"
    ONE_TO_ONE_ONLY = "one_to_one_only"

    @property
    def label(self) -> str:
        """What an instructor reads."""
        return LABELS[self]


LABELS: dict[Adaptation, str] = {
    Adaptation.SEATED_ONLY: "seated only",
    Adaptation.NO_FLOOR_WORK: "no floor work",
    Adaptation.NO_IMPACT: "no impact",
    Adaptation.NO_LOADED_SPINE: "no loaded bending or twisting of the spine",
    Adaptation.SWELLING_LEFT_ARM: "left arm at risk of swelling",
    Adaptation.SWELLING_RIGHT_ARM: "right arm at risk of swelling",
    Adaptation.SWELLING_LEFT_LEG: "left leg at risk of swelling",
    Adaptation.SWELLING_RIGHT_LEG: "right leg at risk of swelling",
    Adaptation.LINE_LEFT: "line or port on the left",
    Adaptation.LINE_RIGHT: "line or port on the right",
    Adaptation.LINE: "line or port (ask where)",
    Adaptation.STOMA: "stoma",
    Adaptation.FALL_RISK: "fall risk",
    Adaptation.REMOTE_ONLY: "remote classes only",
    Adaptation.IN_PERSON_ONLY: "in-person classes only",
    Adaptation.ONE_TO_ONE_ONLY: "one-to-one only",
}


def labels_of(codes: Collection[str]) -> tuple[str, ...]:
    """Words for codes, in the order of the list above; a code from an older list stands as it is."""
    known = [adaptation.label for adaptation in Adaptation if adaptation in codes]
    return (*known, *sorted(set(codes) - set(Adaptation)))


def contradict(codes: Collection[str]) -> bool:
    """Whether no class at all could fit: only remote and only in person."""
    return Adaptation.REMOTE_ONLY in codes and Adaptation.IN_PERSON_ONLY in codes
