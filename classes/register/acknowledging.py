"""What becomes of one mark that was sent: the same answers for people and for who comes along with them.

Called by taking.py and companions.py.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from uuid import UUID


class Outcome(enum.StrEnum):
    RECORDED = "recorded"
    REPEATED = "repeated"  # it was here already: nothing was added
    REFUSED = "refused"


class Refused(enum.StrEnum):
    """Why one mark was not taken."""

    NOT_ON_REGISTER = "not_on_register"  # no such booking or guest in this class, or nobody comes along with them
    ID_USED = "id_used"  # another mark has this id
    NOTE_TOO_LONG = "note_too_long"


@dataclass(frozen=True)
class Acknowledgement:
    """What became of one mark. Whoever sent it may forget it, unless it was refused.

    `differs`: it was recorded now or before, and another device had said otherwise.
    """

    id: UUID
    outcome: Outcome
    why: Refused | None = None
    differs: bool = False
