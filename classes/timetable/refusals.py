"""Why something could not be put on the timetable, or taken off it. Each carries data; pages have the words."""

from __future__ import annotations

from collections.abc import Sequence

from classes.models import Booking, Session
from classes.timetable.looked_at import EditPreview
from classes.timetable.plans import Obstacle, Problem

LONGEST_REASON = 200


class NotPossible(Exception):
    """The plan cannot be published on any date. Carries every problem."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(*problems)
        self.problems = tuple(problems)


class DatesRefused(Exception):
    """Some dates cannot be held, so nothing was published. Carries every obstacle, by date."""

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        super().__init__(len(obstacles))
        self.obstacles = tuple(obstacles)


class ReasonNeeded(Exception):
    """A cancellation needs a reason, of at most `longest` characters."""

    def __init__(self, longest: int = LONGEST_REASON) -> None:
        super().__init__(longest)
        self.longest = longest


class TooLateToCancel(Exception):
    """The date is over, or its register has been started: it stays as it was."""

    def __init__(self, session: Session) -> None:
        super().__init__(session.pk)
        self.session = session


class SomebodyBooked(Exception):
    """It was to be cancelled only while nobody has or waits for a place; somebody does by now. All stays as it was."""


class NothingChanges(Exception):
    """What is wanted is what there is already, or there is no date left that can change."""


class PreviewOutdated(Exception):
    """Something has become different since it was looked at, so nothing was saved. Carries what is true now."""

    def __init__(self, preview: EditPreview) -> None:
        super().__init__()
        self.preview = preview


class PeopleBusy(Exception):
    """Some have another class at the new time. Carries their places here: each person has to be thought of."""

    def __init__(self, bookings: Sequence[Booking]) -> None:
        super().__init__(len(bookings))
        self.bookings = tuple(bookings)
