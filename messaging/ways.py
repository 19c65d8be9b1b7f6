"""By which way a person is told: by a sender, or by somebody at the desk. PURE: no Django.

Called by delivery.py with the person's contact points, the preferred one first,
and with what each way leaves unmet of what they need.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

EMAIL, PHONE, POST, TEXT = "email", "phone", "post", "text"


@dataclass(frozen=True)
class Point:
    channel: str
    value: str
    pk: int | None = None


@dataclass(frozen=True)
class Limits:
    """`closed`: channels that do not work for the person. `unmet`: channel → codes of what a message by it lacks."""

    closed: frozenset[str] = frozenset()
    unmet: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, channel: str) -> tuple[str, ...]:
        return self.unmet.get(channel, ())


NO_LIMITS = Limits()


def ways_to_reach(points: Sequence[Point], sendable: Collection[str], limits: Limits = NO_LIMITS) -> tuple[Point, ...]:
    """What to try: every point that has a sender, in order; or one (phone, post) for the desk; or nothing.

    The first point that can be used decides whether a sender or the desk does
    it, so that who prefers a call gets a call. A mobile number for texts is
    called when nothing sends texts and nothing else is known.

    A way that does not meet what the person needs gives room to another in writing
    that does. Where there is none it is returned all the same, with something left
    in `limits.of(its channel)`: then a person finds the way, and nothing is sent.
    """
    usable = _usable(points, sendable)
    working = [point for point in usable if point.channel not in limits.closed] or usable
    if not working:
        return ()
    meeting = [point for point in working if not limits.of(point.channel)]
    if working[0] not in meeting:
        meeting = [point for point in meeting if point.channel != PHONE]
    if not meeting:
        return (working[0],)
    if meeting[0].channel in sendable:
        return tuple(point for point in meeting if point.channel in sendable)
    return (meeting[0],)


def _usable(points: Sequence[Point], sendable: Collection[str]) -> list[Point]:
    usable = [point for point in points if point.channel in sendable or point.channel in (PHONE, POST)]
    return usable or [Point(PHONE, point.value) for point in points if point.channel == TEXT][:1]
