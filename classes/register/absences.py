"""Classes missed without a word, one after the other. PURE: no Django.

Called by welfare.py. Only what nobody explained counts: who told us, came, or
was sent home has been heard of. A class that the service cancelled says nothing,
and neither does one without a mark.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

UNEXPLAINED, NO_CLASS, UNWELL = "absent_untold", "service_cancelled", "sent_home"
IN_A_ROW = 2  # then somebody calls and asks how they are
AFTER_A_FLAGGED_DAY = 1  # sooner, when something was wrong on the day on which they were last heard of


def missed_in_a_row(states: Sequence[str]) -> int:
    """How many of the latest classes were missed without a word; `states` in the order of the classes."""
    missed = 0
    for state in reversed(states):
        if state == UNEXPLAINED:
            missed += 1
        elif state != NO_CLASS:
            break
    return missed


def is_missed(marks: Sequence[tuple[datetime, str]], flagged: Collection[datetime]) -> bool:
    """Whether somebody should be called: `marks` are (start of the class, state), in the order of the classes.

    `flagged`: starts of classes on whose day they were not well enough to simply start. One absence after such a day is
    enough, unless they have come to a class, or told us, since then.
    """
    missed = missed_in_a_row([state for _, state in marks])
    if missed == 0 or missed >= IN_A_ROW:
        return missed >= IN_A_ROW
    absent = max(start for start, state in marks if state == UNEXPLAINED)
    heard = [start for start, state in marks if state not in (UNEXPLAINED, NO_CLASS)]
    sent_home = {start for start, state in marks if state == UNWELL}
    since = max(heard, default=None)
    return any(start <= absent and (since is None or start >= since) for start in {*flagged, *sent_home})
