"""What changing a class would do: its dates before and after, what stands against each, whom it concerns.

Here: reading and judging; nothing is written. The action (changing.py) judges by
the same function under its locks and compares `fingerprint`, so that what is
saved is what somebody has looked at. Not here: what can be changed (aspects.py),
which dates are meant (scopes.py), words. Called by the pages that preview.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from classes.models import Booking, Session, SessionKind, SessionLeader
from classes.models.booking import LIVE_STATES
from classes.timetable.aspects import (
    Aspect,
    differing,
    fields_now,
    fields_of_date,
    fields_of_series,
    kept_by,
    span_of,
    with_aspects,
)
from classes.timetable.clashes import cautions_of, judge
from classes.timetable.days_off import NO_DAYS_OFF, DaysOffRead, read_days_off
from classes.timetable.looked_at import DateChange, Edit, EditPreview
from classes.timetable.plans import ClassFields, Obstacle, ObstacleKind, Problem, hall_in, problems_with, spans_of
from classes.timetable.scopes import Scope, open_dates
from classes.timetable.splitting import first_of, still_to_make_after
from classes.wall_time import Span, Which


def preview_edit(edit: Edit) -> EditPreview:
    """What `edit` would do as things stand. A fixed number of queries for any number of dates. Writes nothing."""
    now = timezone.now()
    dates = with_everything(open_dates(edit.session, edit.scope, now))
    changes = [_change_of(session, edit) for session in dates]
    changing = judge([change for change in changes if change.aspects], now)
    later, impossible = _later(edit, dates)
    off = _days_off(edit, changing, later)
    return EditPreview(
        edit=edit,
        problems=_problems(edit) if dates else (),
        dates=tuple(
            replace(change, obstacles=_places_lost(change) + change.obstacles, holiday=_holiday_of(change, off))
            for change in changing
        ),
        unchanged=tuple(change.session for change in changes if not change.aspects),
        later=later,
        later_obstacles=impossible,
        cautions=cautions_of([change for change in changes if change.aspects]),
        later_holidays=_later_holidays(edit, later, off),
    )


def _problems(edit: Edit) -> tuple[Problem, ...]:
    before = fields_now(edit.session, edit.scope)["class_type"]
    return problems_with(edit.wanted, kind=SessionKind(edit.session.kind), as_before=before)


def with_everything(dates: QuerySet[Session]) -> list[Session]:
    """Dates with what is judged and told of each, read at once."""
    live = Booking.objects.filter(state__in=LIVE_STATES).select_related("participant__person").order_by("pk")
    leaders = SessionLeader.objects.filter(active=True).select_related("instructor__person", "instructor__programme")
    series = [f"series__{name}" for name in ("class_type", "venue", "room", "instructor__person")]
    rows = dates.select_related("programme", "class_type", "venue", "room", "series__instructor__programme", *series)
    return list(rows.prefetch_related(Prefetch("bookings", live, to_attr="live"), Prefetch("leaders", leaders)))


def _change_of(session: Session, edit: Edit) -> DateChange:
    before, old = fields_of_date(session), span_of(session)
    change = DateChange(session, before, before, old, old, frozenset(), frozenset(), tuple(session.live))  # type: ignore[attr-defined]
    return _alone(change, edit) if edit.scope is Scope.ONE else _with_its_series(change, edit)


def _alone(change: DateChange, edit: Edit) -> DateChange:
    """One date becomes what is wanted, on the day that is wanted."""
    on = edit.on or change.old.on
    new, impossible = _span(change, on, edit.wanted, edit.which)
    aspects = differing(change.before, edit.wanted) - {Aspect.TIME}
    if impossible or new != change.old:
        aspects |= {Aspect.TIME}
    return replace(change, after=edit.wanted, new=new, aspects=aspects, obstacles=impossible)


def _with_its_series(change: DateChange, edit: Edit) -> DateChange:
    """A date follows its series in what is changed there, except in what it keeps for itself."""
    assert change.session.series is not None  # noqa: S101  only dates of a series have this scope
    series = fields_of_series(change.session.series)
    wanted = differing(series, edit.wanted) | ({Aspect.TIME} if edit.shift else set())
    kept = frozenset() if edit.own_too else kept_by(change.session, series) & wanted
    after = with_aspects(change.before, edit.wanted, wanted - kept)
    if edit.wanted.get("reserved") == series.get("reserved"):  # what a date has given away stays given away
        after["reserved"] = change.before.get("reserved", 0)
    new, impossible = change.old, ()
    if Aspect.TIME in wanted - kept:
        new, impossible = _span(change, change.session.occurs_on + edit.shift, edit.wanted, None)  # type: ignore[assignment]
    aspects = (differing(change.before, after) - {Aspect.TIME}) | ({Aspect.TIME} if new != change.old else set())
    return replace(change, after=after, new=new, aspects=aspects, kept=kept, obstacles=impossible)


def _span(
    change: DateChange, on: date, wanted: ClassFields, which: Which | None
) -> tuple[Span | None, tuple[Obstacle, ...]]:
    """The instants that are wanted. A date that stays when the clocks show it keeps which of two equal times it had."""
    before = change.before
    unmoved = on == change.old.on and which is None
    if unmoved and all(before[name] == wanted[name] for name in ("start_time", "duration_minutes")):
        return change.old, ()
    spans, impossible = spans_of([on], wanted["start_time"], wanted["duration_minutes"], which=which)
    return (spans[0] if spans else None), impossible


def _places_lost(change: DateChange) -> tuple[Obstacle, ...]:
    """A class is never made smaller than the places that are held or kept back."""
    held = change.session.places_taken + change.after.get("reserved", 0) + change.after.get("walk_in", 0)
    lost = Aspect.CAPACITY in change.aspects and change.after["capacity"] < held
    return (Obstacle(change.old.on, ObstacleKind.PLACES_HELD),) if lost else _hall_too_small(change)


def _hall_too_small(change: DateChange) -> tuple[Obstacle, ...]:
    """Whoever comes along stays in the hall beside all places, those of before and those of after."""
    places = max(change.session.capacity, change.after["capacity"])
    if change.session.companions == 0 or change.holds is None or places + change.session.companions <= change.holds:
        return ()
    return (Obstacle(change.old.on, ObstacleKind.HALL_TOO_SMALL),)


def _later(edit: Edit, dates: Sequence[Session]) -> tuple[tuple[date, ...], tuple[Obstacle, ...]]:
    """Dates of the series that are made later and will follow, and those of them that no clock will ever show."""
    series = edit.session.series
    if edit.scope is Scope.ONE or series is None:
        return (), ()
    if not edit.shift and not differing(fields_of_series(series), edit.wanted):
        return (), ()
    later = still_to_make_after(series, first_of(dates, edit.session), edit.shift, edit.wanted)
    _, impossible = spans_of(later, edit.wanted["start_time"], edit.wanted["duration_minutes"])
    return later, impossible


def _days_off(edit: Edit, changes: Sequence[DateChange], later: Sequence[date]) -> DaysOffRead:
    """Days without classes among all dates that something is to be on. One query; none where there are no dates."""
    days = [*(change.new.on for change in changes if change.new), *later]
    return read_days_off(edit.session.programme_id, min(days), max(days)) if days else NO_DAYS_OFF


def _holiday_of(change: DateChange, off: DaysOffRead) -> str:
    """Of its day and hall as they would be, where one of them is another than before."""
    before, after = hall_in(change.before), hall_in(change.after)
    if change.new is None or (change.new.on, after) == (change.old.on, before):
        return ""
    named = off.at(after).get(change.new.on, "")
    known = off.at(before).get(change.new.on, "") if change.new.on == change.old.on else ""
    return "" if named == known else named


def _later_holidays(edit: Edit, later: Sequence[date], off: DaysOffRead) -> dict[date, str]:
    """The same of dates that are made later."""
    series = edit.session.series
    if not later or series is None:
        return {}
    named = off.at(hall_in(edit.wanted))
    known = {} if edit.shift else off.at(series.venue_id)
    return {on: named[on] for on in later if on in named and named[on] != known.get(on)}
