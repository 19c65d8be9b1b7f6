"""By which way a person is told: by a sender, or by somebody at the desk. PURE: no Django.

Called by delivery.py with the person's contact points, the preferred one first.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

PHONE, POST, TEXT = "phone", "post", "text"


@dataclass(frozen=True)
class Point:
    channel: str
    value: str


def ways_to_reach(points: Sequence[Point], sendable: Collection[str], *, by_hand: bool = False) -> tuple[Point, ...]:
    """What to try: every point that has a sender, in order; or one (phone, post) for the desk; or nothing.

    The first point that can be used decides whether a sender or the desk does
    it, so that who prefers a call gets a call. A mobile number for texts is
    called when nothing sends texts and nothing else is known. `by_hand` leaves
    out every sender.
    """
    able = () if by_hand else sendable
    usable = [p for p in points if p.channel in able or p.channel in (PHONE, POST)]
    if not usable:
        return tuple(Point(PHONE, p.value) for p in points if p.channel == TEXT)[:1]
    if usable[0].channel in able:
        return tuple(p for p in usable if p.channel in able)
    return (usable[0],)
