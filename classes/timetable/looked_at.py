"""What somebody wants to change on the timetable, and what they were shown that it would do.

Here: the values alone. Not here: working them out (edits.py), judging them (clashes.py), doing it
(changing.py). A refusal carries one of them (refusals.py), so that the page shows what is true now.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, timedelta

from classes.models import Booking, Session
from classes.timetable.aspects import TOLD, Aspect
from classes.timetable.cautions import Caution
from classes.timetable.plans import ClassFields, Obstacle, Problem, hall_in, people_held_by
from classes.timetable.scopes import Scope
from classes.wall_time import Span, Which


@dataclass(frozen=True)
class Edit:
    """What somebody asks for: `wanted` on one date, or on it and others of its series.

    `on` and `which` are for one date, which may move to another day. `shift`: dates of a series move by so many
    days, each within its week, and so do those that are made later. `own_too`: dates
    that were changed by themselves follow too. `give_back`: whoever has another class
    at the new time loses the place in this one, and is told.
    """

    session: Session
    scope: Scope
    wanted: ClassFields
    on: date | None = None
    which: Which | None = None
    shift: timedelta = timedelta(0)
    own_too: bool = False
    give_back: bool = False


@dataclass(frozen=True)
class DateChange:
    """One date: what it is now and what it would be. `new` is None when the clocks allow no such time.

    `holiday`: the bank holiday, or the days without classes of programme or hall, onto which or into whose hall it
    would move; empty where it moves onto none.
    """

    session: Session
    before: ClassFields
    after: ClassFields
    old: Span
    new: Span | None
    aspects: frozenset[Aspect]
    kept: frozenset[Aspect]
    bookings: tuple[Booking, ...]
    obstacles: tuple[Obstacle, ...] = ()
    busy: tuple[Booking, ...] = ()
    holiday: str = ""

    @property
    def told(self) -> tuple[Booking, ...]:
        """Whose place or wait it is, where they must know of it."""
        return self.bookings if self.aspects & TOLD else ()

    @property
    def holds(self) -> int | None:
        """How many people its hall would hold: as it was said of the date while it stays there."""
        stays = hall_in(self.before) == hall_in(self.after)
        return self.session.holds if stays else people_held_by(self.after)

    @property
    def moves(self) -> bool:
        return Aspect.TIME in self.aspects


@dataclass(frozen=True)
class EditPreview:
    """Everything that saving would do. `unchanged` are dates in the scope that stay as they are.

    `later_holidays`: those of `later` that would move as said at `DateChange.holiday`, with its name.
    """

    edit: Edit
    problems: tuple[Problem, ...]
    dates: tuple[DateChange, ...]
    unchanged: tuple[Session, ...]
    later: tuple[date, ...]
    later_obstacles: tuple[Obstacle, ...]
    cautions: tuple[Caution, ...] = ()
    later_holidays: dict[date, str] = field(default_factory=dict)

    @property
    def refused(self) -> tuple[Obstacle, ...]:
        return tuple(o for change in self.dates for o in change.obstacles) + self.later_obstacles

    @property
    def busy(self) -> tuple[Booking, ...]:
        return tuple(booking for change in self.dates for booking in change.busy)

    @property
    def held_again(self) -> tuple[date, ...]:
        """Those of `later` whose day of before was left out: a day without classes, which the new one is not."""
        series = self.edit.session.series
        out = set(series.excluded_dates) if series else set()
        return tuple(on for on in self.later if on - self.edit.shift in out)

    @property
    def changes_anything(self) -> bool:
        return bool(self.dates or self.later)

    @property
    def may_be_saved(self) -> bool:
        settled = self.edit.give_back or not self.busy
        return self.changes_anything and settled and not self.problems and not self.refused

    @property
    def people(self) -> int:
        """How many people are told. Each gets one message, whatever number of dates it lists."""
        return len({booking.participant_id for change in self.dates for booking in change.told})

    @property
    def fingerprint(self) -> str:
        """The same only while dates, people and obstacles are as they were looked at. `give_back` is apart."""
        return hashlib.sha256(repr(_looked_at(self)).encode()).hexdigest()


def _looked_at(preview: EditPreview) -> tuple[object, ...]:
    edit = preview.edit
    wanted = sorted((name, getattr(value, "pk", value)) for name, value in edit.wanted.items())
    dates = [
        (
            change.session.pk,
            change.session.version,
            change.new,
            sorted(change.aspects),
            [(booking.pk, booking.state) for booking in change.bookings],
            [booking.pk for booking in change.busy],
            change.obstacles,
        )
        for change in preview.dates
    ]
    kept = [(session.pk, session.version) for session in preview.unchanged]
    asked = (edit.scope, edit.on, edit.which, edit.shift, edit.own_too, wanted)
    return (asked, dates, kept, preview.later, preview.problems, preview.later_obstacles)
