"""Why something about a participant cannot be done now: named refusals that carry facts, not prose."""

from __future__ import annotations


class NotPossibleNow(Exception):
    """The participant's status does not allow it: `status` says what it is."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class QuestionsChanged(Exception):
    """The answers are to an older wording; `version` is the one that is asked now."""

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self.version = version
