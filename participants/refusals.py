"""Why something about a participant cannot be done now: named refusals that carry facts, not prose."""

from __future__ import annotations

from datetime import date


class NotPossibleNow(Exception):
    """The participant's status does not allow it: `status` says what it is."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class BadReviewDate(ValueError):
    """The day on which to ask again is too near or too far: it may be from `earliest` to `latest`."""

    def __init__(self, earliest: date, latest: date) -> None:
        super().__init__(f"{earliest} to {latest}")
        self.earliest, self.latest = earliest, latest


class QuestionsChanged(Exception):
    """The answers are to an older wording; `version` is the one that is asked now."""

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self.version = version
