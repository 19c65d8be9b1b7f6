"""The timetable: publish a series or a single date, make its coming dates, cancel one.

A series is kept as UK clock time and turned into instants one date at a time,
so 6pm stays 6pm when the clocks change (classes/wall_time.py). Not here: places
and waiting (booking.py), messages (notices.py), words. Called by pages, the
demo data and the nightly job. Import from here.
"""

from classes.timetable.cancelling import cancel_session, people_to_tell, people_with_a_place
from classes.timetable.materialising import TASK_DATE_NOT_PUBLISHED, Materialised, materialise
from classes.timetable.previews import HORIZON, MOST_DATES, PlannedDate, Preview, preview_series, preview_session
from classes.timetable.publishing import publish_series, publish_session
from classes.timetable.refusals import LONGEST_REASON, DatesRefused, NotPossible, ReasonNeeded, TooLateToCancel

__all__ = [
    "HORIZON",
    "LONGEST_REASON",
    "MOST_DATES",
    "TASK_DATE_NOT_PUBLISHED",
    "DatesRefused",
    "Materialised",
    "NotPossible",
    "PlannedDate",
    "Preview",
    "ReasonNeeded",
    "TooLateToCancel",
    "cancel_session",
    "materialise",
    "people_to_tell",
    "people_with_a_place",
    "preview_series",
    "preview_session",
    "publish_series",
    "publish_session",
]
