"""The timetable: publish a series or a single date, make its coming dates, change them, cancel them.

A series is kept as UK clock time and turned into instants one date at a time,
so 6pm stays 6pm when the clocks change (classes/wall_time.py). Not here: places
and waiting (booking.py), messages (notices.py), words. Called by pages, the
demo data and the nightly job. Import from here.
"""

from classes.timetable.aspects import Aspect, any_keeps_its_own, fields_now, fields_of_date, fields_of_series
from classes.timetable.cancelling import (
    cancel_session,
    cancel_sessions,
    people_to_tell,
    people_with_a_place,
)
from classes.timetable.changing import change_dates
from classes.timetable.days_off import days_off, days_off_among
from classes.timetable.edits import preview_edit
from classes.timetable.left_out import (
    LeftOutOutdated,
    NotLeftOut,
    NotToMake,
    PutBack,
    can_be_left_out,
    leave_out,
    leave_out_days,
    left_out_of,
    preview_put_back,
    put_back,
    to_make_within,
)
from classes.timetable.looked_at import DateChange, Edit, EditPreview
from classes.timetable.materialising import TASK_DATE_NOT_PUBLISHED, Materialised, materialise
from classes.timetable.previews import (
    HORIZON,
    LONGEST_SERIES,
    MOST_DATES,
    PlannedDate,
    Preview,
    preview_series,
    preview_session,
)
from classes.timetable.publishing import publish_series, publish_session
from classes.timetable.refusals import (
    LONGEST_REASON,
    DatesRefused,
    NothingChanges,
    NotPossible,
    PeopleBusy,
    PreviewOutdated,
    ReasonNeeded,
    SomebodyBooked,
    TooLateToCancel,
)
from classes.timetable.scopes import Scope, itself, open_dates, with_people
from classes.timetable.splitting import still_to_make
from classes.timetable.terms import (
    ComingBack,
    Term,
    TermOutdated,
    TermPreview,
    preview_term,
    publish_term,
    series_to_repeat,
)

__all__ = [
    "still_to_make",
    "Aspect",
    "ComingBack",
    "DateChange",
    "DatesRefused",
    "Edit",
    "EditPreview",
    "HORIZON",
    "LONGEST_REASON",
    "LONGEST_SERIES",
    "LeftOutOutdated",
    "MOST_DATES",
    "Materialised",
    "NotLeftOut",
    "NotPossible",
    "NothingChanges",
    "NotToMake",
    "PeopleBusy",
    "PlannedDate",
    "Preview",
    "PreviewOutdated",
    "PutBack",
    "ReasonNeeded",
    "Scope",
    "TASK_DATE_NOT_PUBLISHED",
    "SomebodyBooked",
    "Term",
    "TermOutdated",
    "TermPreview",
    "TooLateToCancel",
    "any_keeps_its_own",
    "can_be_left_out",
    "cancel_session",
    "cancel_sessions",
    "change_dates",
    "days_off",
    "days_off_among",
    "fields_now",
    "fields_of_date",
    "fields_of_series",
    "itself",
    "leave_out",
    "leave_out_days",
    "left_out_of",
    "materialise",
    "open_dates",
    "people_to_tell",
    "people_with_a_place",
    "preview_edit",
    "preview_put_back",
    "preview_series",
    "preview_session",
    "preview_term",
    "publish_series",
    "publish_session",
    "publish_term",
    "put_back",
    "series_to_repeat",
    "to_make_within",
    "with_people",
]
