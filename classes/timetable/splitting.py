"""A series that goes on differently: from one of its dates on it is another series.

Here: the two rows and which dates belong to which. Not here: what becomes of the
dates themselves (changing.py). Called inside the transaction of a change.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import F

from accounts.history import Actor
from classes.models import Series, Session
from classes.timetable.days_off import read_days_off
from classes.timetable.materialising import TASK_DATE_NOT_PUBLISHED
from classes.timetable.plans import ClassFields, hall_in
from classes.wall_time import dates_of_series
from messaging.worklist import cancel_tasks


def first_of(dates: Sequence[Session], session: Session) -> date:
    """From which of its dates on a series changes."""
    return min((one.occurs_on for one in dates), default=session.occurs_on)


def still_to_make(series: Series, first: date) -> tuple[date, ...]:
    """The dates from `first` on that no row stands for yet; a cancelled date is one that is there."""
    known = set(series.sessions.values_list("occurs_on", flat=True))
    dates = dates_of_series(
        series.first_date, series.last_date, interval_weeks=series.interval_weeks, excluded=series.excluded_dates
    )
    return tuple(on for on in dates if on >= first and on not in known)


def left_out_after(series: Series, shift: timedelta, wanted: ClassFields) -> list[date]:
    """The dates that the series leaves out once it is so many days later in the week, and as `wanted`.

    A bank holiday, or a day without classes, is one whatever is held on it: such a date is left out for the day that
    it was, and the new day of that week is left out where it is such a day too. What somebody left out for a reason
    of their own stays out in its week.
    """
    out = sorted(series.excluded_dates)
    if not shift or not out:
        return out
    read = read_days_off(series.programme_id, min(out[0], out[0] + shift), max(out[-1], out[-1] + shift))
    before, after = read.at(series.venue_id), read.at(hall_in(wanted))
    return [on + shift for on in out if on not in before or on + shift in after]


def still_to_make_after(series: Series, first: date, shift: timedelta, wanted: ClassFields) -> tuple[date, ...]:
    """The dates that would be made later, were the series to go on from `first` so: see go_on_with."""
    known = {on + shift for on in series.sessions.values_list("occurs_on", flat=True)}
    dates = dates_of_series(
        series.first_date + shift,
        series.last_date + shift,
        interval_weeks=series.interval_weeks,
        excluded=left_out_after(series, shift, wanted),
    )
    return tuple(on for on in dates if on >= first + shift and on not in known)


def go_on_with(
    series: Series, first: date, wanted: ClassFields, by: Actor, *, shift: timedelta = timedelta(0)
) -> Series:
    """From `first` on the class is as `wanted`; before it, as it was. Returns the series of the later dates.

    `shift`: its later dates are so many days apart from what they were, another weekday of the same week.

    Every date from `first` on goes with it, cancelled ones too, so that none of them is ever made again; what it
    leaves out then, says `left_out_after`. Where nothing lies before `first` the series itself changes.
    """
    left_out = left_out_after(series, shift, wanted)
    cancel_tasks(kinds=[TASK_DATE_NOT_PUBLISHED], subject_id=series.pk, by=by)  # those that still stand come back
    if first <= series.first_date:
        Series.objects.filter(pk=series.pk).update(
            first_date=series.first_date + shift,
            last_date=series.last_date + shift,
            excluded_dates=left_out,
            **wanted,
        )
        series.refresh_from_db()
        _shift_dates(series, shift)
        return series
    later = Series.objects.create(
        programme=series.programme,
        interval_weeks=series.interval_weeks,
        first_date=first + shift,
        last_date=series.last_date + shift,
        excluded_dates=[on for on in left_out if on >= first + shift],
        materialised_until=series.materialised_until,
        **wanted,
    )
    series.last_date = first - timedelta(days=1)
    series.excluded_dates = [on for on in series.excluded_dates if on < first]
    series.save(update_fields=["last_date", "excluded_dates"])
    series.sessions.filter(occurs_on__gte=first).update(series=later)
    _shift_dates(later, shift)
    return later


def _shift_dates(series: Series, shift: timedelta) -> None:
    """The days that the series gave its dates, cancelled ones too, so that none of them is made a second time.

    No two of them meet on the way: they are whole weeks apart, and a shift is less than a week.
    """
    if shift:
        series.sessions.update(occurs_on=F("occurs_on") + shift)
