"""When a register shows what, and until when it may be marked. PURE: no Django.

Every moment below belongs to what begins at it: at exactly 24 hours before the
start health facts are open, at exactly 48 hours after the end they are closed.
All of it is elapsed time, so the clocks changing makes no difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

FACTS_BEFORE = timedelta(hours=24)
FACTS_AFTER = timedelta(hours=48)
AMEND_FOR = timedelta(days=14)
# A telephone keeps a register for a hall without signal: not before its facts are a day away, and a day after at most.
KEPT_BEFORE = FACTS_BEFORE + timedelta(hours=24)
KEPT_AFTER = timedelta(hours=24)
# A telephone that sets its clock by the network is seconds out, one set by hand some minutes. A mark from further ahead
# is a mistake: it would be told as a fact that has not happened, and count before every right one sent with it.
CLOCK_SKEW = timedelta(minutes=5)


def is_ahead(marked_at: datetime, now: datetime) -> bool:
    """Whether a mark says that it was taken later than any clock near the right time can show."""
    return marked_at > now + CLOCK_SKEW


@dataclass(frozen=True)
class Window:
    """The moments that matter to the register of one class. Aware datetimes."""

    starts_at: datetime
    ends_at: datetime

    @property
    def facts_from(self) -> datetime:
        return self.starts_at - FACTS_BEFORE

    @property
    def facts_until(self) -> datetime:
        return self.ends_at + FACTS_AFTER

    @property
    def kept_until(self) -> datetime:
        """Until when a telephone may keep what the register showed."""
        return min(self.facts_until, self.ends_at + KEPT_AFTER)

    @property
    def amend_until(self) -> datetime:
        return self.ends_at + AMEND_FOR

    def shows_facts(self, now: datetime) -> bool:
        """Whether health facts, access needs and emergency contacts may be shown."""
        return self.facts_from <= now < self.facts_until

    def has_started(self, now: datetime) -> bool:
        return now >= self.starts_at

    def may_be_amended(self, now: datetime) -> bool:
        """Whether whoever led the class may still mark it; later it is the desk's."""
        return now < self.amend_until
