"""Who is told next, when nobody is on call, and the weeks of a repeated shift. PURE: no Django.

Called by on_call.py and alerts.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

UK = ZoneInfo("Europe/London")
WEEK = timedelta(days=7)
Span = tuple[datetime, datetime]  # from, until; the end is not in it


def next_to_tell(on_call: Sequence[int], others: Sequence[int], told: Sequence[int]) -> tuple[int, ...]:
    """Who is told now of something that nobody has taken.

    `on_call`: people in the order of the rota. `others`: everybody else who could do it.
    `told`: those who were told already, in the order of telling, as often as they were told.

    One name of the rota after the other; then all the others at once; then the
    rota again from its top, or the others when there is no rota. Empty only when nobody can do it at all.
    """
    for person in on_call:
        if person not in told:
            return (person,)
    if fresh := tuple(person for person in others if person not in told):
        return fresh
    if not on_call:
        return tuple(others)
    last = {person: place for place, person in enumerate(told)}
    return (min(on_call, key=last.__getitem__),)


def uncovered(spans: Iterable[Span], start: datetime, end: datetime) -> list[Span]:
    """The stretches between `start` and `end` that lie in none of `spans`, in order."""
    gaps, reached = [], start
    for begins, ends in sorted(spans):
        if begins > reached:
            gaps.append((reached, min(begins, end)))
        reached = max(reached, ends)
        if reached >= end:
            return gaps
    return [*gaps, (reached, end)]


def weekly(first: Span, weeks: int) -> Iterator[Span]:
    """`first` and the same hours on a UK clock in each of the following weeks, `weeks` times in all, in UTC."""
    begins, ends = (moment.astimezone(UK) for moment in first)
    for week in range(weeks):
        # Adding to a time in a zone adds on its clock: nine o'clock stays nine o'clock when the clocks change.
        yield (begins + week * WEEK).astimezone(UTC), (ends + week * WEEK).astimezone(UTC)
