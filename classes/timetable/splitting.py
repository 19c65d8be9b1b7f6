"""A series that goes on differently: from one of its dates on it is another series.

Here: the two rows and which dates belong to which. Not here: what becomes of the
dates themselves (changing.py). Called inside the transaction of a change.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from accounts.history import Actor
from classes.models import Series, Session
from classes.timetable.materialising import TASK_DATE_NOT_PUBLISHED
from classes.timetable.plans import ClassFields
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


def go_on_with(series: Series, first: date, wanted: ClassFields, by: Actor) -> Series:
    """From `first` on the class is as `wanted`; before it, as it was. Returns the series of the later dates.

    Every date from `first` on goes with it, cancelled ones and all that was left out
    too, so that none of them is ever made again. Where nothing lies before `first`
    the series itself changes.
    """
    if first <= series.first_date:
        Series.objects.filter(pk=series.pk).update(**wanted)
        series.refresh_from_db()
        return series
    later = Series.objects.create(
        programme=series.programme,
        interval_weeks=series.interval_weeks,
        first_date=first,
        last_date=series.last_date,
        excluded_dates=[on for on in series.excluded_dates if on >= first],
        materialised_until=series.materialised_until,
        **wanted,
    )
    series.last_date = first - timedelta(days=1)
    series.excluded_dates = [on for on in series.excluded_dates if on < first]
    series.save(update_fields=["last_date", "excluded_dates"])
    series.sessions.filter(occurs_on__gte=first).update(series=later)
    cancel_tasks(kinds=[TASK_DATE_NOT_PUBLISHED], subject_id=series.pk, by=by)  # those that still stand come back
    return later
