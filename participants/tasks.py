"""Work of participants that comes back by the clock; the worker finds it by this module's name."""

from __future__ import annotations

from accounts.history import System, acting
from messaging.jobs import every
from participants.intake import purge_drafts


@every("25 3 * * *")
def forget_unfinished_registrations() -> None:
    with acting(System.WORKER, "participants.purge_drafts"):
        purge_drafts()
