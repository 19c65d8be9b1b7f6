"""Why something could not be put on the timetable, or taken off it. Each carries data; pages have the words."""

from __future__ import annotations

from collections.abc import Sequence

from classes.models import Session
from classes.plans import Obstacle, Problem

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
