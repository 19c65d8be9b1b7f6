"""Which dates a button is about, in the words of the button: nobody cancels more, or fewer, than they read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from classes.models import Session
from classes.timetable import Scope, open_dates
from frontend.wording import count, short_day


@dataclass(frozen=True)
class Offered:
    """A scope and the words for its dates: "Tuesday 3 February and the 7 dates after it"."""

    scope: Scope
    words: str


def offered_scopes(session: Session, *, of_series: bool) -> list[Offered]:
    """What can be changed from this date, the least first; nothing where the date itself cannot be."""
    now = timezone.now()
    if not open_dates(session, Scope.ONE, now).exists():
        return []
    offered = [Offered(Scope.ONE, f"{short_day(session.starts_at)} only")]
    if not of_series or session.series_id is None:
        return offered
    counts = {scope: open_dates(session, scope, now).count() for scope in (Scope.LATER, Scope.ALL)}
    return offered + _more(session, counts)


def _more(session: Session, counts: Mapping[Scope, int]) -> list[Offered]:
    after, every = counts[Scope.LATER] - 1, counts[Scope.ALL]
    offered = []
    if after > 0:
        offered.append(Offered(Scope.LATER, f"{short_day(session.starts_at)} and the {count(after, 'date')} after it"))
    if every > after + 1:
        offered.append(Offered(Scope.ALL, f"all {count(every, 'date')} to come"))
    return offered


def named(scope: Scope, dates: Sequence[Session]) -> str:
    """The same for dates that are listed: in a heading or on a button."""
    if len(dates) == 1:
        return f"{short_day(dates[0].starts_at)} only"
    if scope is Scope.LATER:
        return f"{short_day(dates[0].starts_at)} and the {count(len(dates) - 1, 'date')} after it"
    return f"these {count(len(dates), 'date')}"
