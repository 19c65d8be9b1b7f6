"""Whether somebody has come clearly less often than their phase plans. PURE: no Django.

Here: which weeks are looked at, what counts in them, and the rule. Not here: reading
rows and the desk's task (fewer_contacts.py), the plan itself (participants/models).

Looked at are whole weeks, Monday to Sunday, that are over and lie in the phase of today: the
latest four, or the time of two planned contacts where that is longer. A week is left out in which

| a day was paused                                  | the programme waits for them                |
| they had just joined: the first seven days        | finding a first class takes time            |
| clearance did not hold on every day               | they could not come                         |
| we cancelled a class in which they had a place    | that was us                                 |
| a place of theirs has no mark                     | nobody knows whether they came              |

A class they came to in a week that is left out is not counted either: planned and come are of the same weeks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from participants.rules.programme_time import DAY, WEEK, Pause, Stretch, in_a_paused_week, position_on

CAME_STATES = frozenset({"attended", "attended_in_part", "sent_home"})  # who was sent home unwell had come
SETTLING_IN = timedelta(days=7)
WEEKS, CONTACTS = 4, 2  # looked at: so many weeks, or the time of so many planned contacts
LONGEST_BACK = 52  # weeks: no phase that somebody is in is looked at further back


@dataclass(frozen=True)
class Record:
    """What is known of one person: dates are local. `cleared`: from a day up to, and not including, another."""

    joined_on: date
    pauses: Sequence[Pause] = ()
    cleared: Sequence[tuple[date, date]] = ()
    came: Sequence[date] = ()
    called_off: Collection[date] = field(default_factory=frozenset)
    unmarked: Collection[date] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Contacts:
    """How often somebody came in so many weeks that count, and how often that was planned at the least."""

    came: int
    planned: int
    weeks: int

    @property
    def clearly_fewer(self) -> bool:
        """Fewer than half, once at least two were planned: one class that was missed says nothing."""
        return self.planned >= CONTACTS and 2 * self.came < self.planned


def contacts_of(record: Record, stretches: Sequence[Stretch], on: date) -> Contacts:
    """What the latest weeks of the phase of `on` come to; nothing at all in a phase that plans none."""
    stretch = _stretch_on(on, record, stretches)
    if stretch is None or not stretch.contacts_least:
        return Contacts(0, 0, 0)
    most = max(WEEKS, CONTACTS * stretch.per_weeks)
    weeks = [monday for monday in _weeks_of(stretch, on, record, stretches) if _counts(monday, record)][:most]
    came = sum(1 for day in record.came if monday_of(day) in weeks)
    return Contacts(came, len(weeks) * stretch.contacts_least // stretch.per_weeks, len(weeks))


def monday_of(on: date) -> date:
    return on - timedelta(days=on.weekday())


def _weeks_of(stretch: Stretch, on: date, record: Record, stretches: Sequence[Stretch]) -> Iterator[date]:
    """Mondays of the whole weeks of this phase that are over, the latest first; nobody comes back to a phase."""
    for back in range(1, LONGEST_BACK + 1):
        monday = monday_of(on) - back * WEEK
        if _stretch_on(monday, record, stretches) != stretch:
            return
        yield monday


def _stretch_on(on: date, record: Record, stretches: Sequence[Stretch]) -> Stretch | None:
    return position_on(on, first=record.joined_on, stretches=stretches, pauses=record.pauses).stretch


def _counts(monday: date, record: Record) -> bool:
    days = [monday + n * DAY for n in range(7)]
    return not (
        monday < record.joined_on + SETTLING_IN
        or in_a_paused_week(monday, record.pauses)
        or not all(_within(day, record.cleared) for day in days)
        or _any_of(days, record.called_off)
        or _any_of(days, record.unmarked)
    )


def _within(day: date, spans: Iterable[tuple[date, date]]) -> bool:
    return any(first <= day < after for first, after in spans)


def _any_of(days: Iterable[date], dates: Collection[date]) -> bool:
    return any(day in dates for day in days)
