"""What stands on both records and can stand on one only once, and how it is settled.

Here: the shapes that people.py, taking_part.py, places.py and answers.py fill. A clash is found by reading alone, so
that the page shows what the button does; it is settled in the transaction of the merge, where it is found again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import Person
from classes.locks import LockedQueue
from participants.models import Participant
from records.merging.journal import Journal


@dataclass(frozen=True)
class Two:
    """`keep` stays, `gone` goes; both with their person."""

    keep: Participant
    gone: Participant

    @property
    def both(self) -> tuple[Participant, Participant]:
        return self.keep, self.gone


@dataclass
class Settling:
    """What settling needs: where it is written down, who does it, when, and the classes that are locked."""

    journal: Journal
    by: Person
    now: datetime
    queues: dict[int, LockedQueue] = field(default_factory=dict)


@dataclass(frozen=True)
class Clash:
    """`what` and `facts` are put into words by the page; `told` false: known to nobody but the journal."""

    what: str
    facts: dict[str, Any]
    settle: Callable[[Settling], None]
    told: bool = True
