"""Classes missed without a word, one after the other. PURE: no Django.

Called by welfare.py. Only what nobody explained counts: who told us, came, or
was sent home has been heard of. A class that the service cancelled says nothing,
and neither does one without a mark.
"""

from __future__ import annotations

from collections.abc import Sequence

UNEXPLAINED, NO_CLASS = "absent_untold", "service_cancelled"
IN_A_ROW = 2  # then somebody calls and asks how they are


def missed_in_a_row(states: Sequence[str]) -> int:
    """How many of the latest classes were missed without a word; `states` in the order of the classes."""
    missed = 0
    for state in reversed(states):
        if state == UNEXPLAINED:
            missed += 1
        elif state != NO_CLASS:
            break
    return missed
