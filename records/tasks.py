"""Work of records that comes back by the clock; the worker finds it by this module's name."""

from __future__ import annotations

from accounts.history import System
from messaging.jobs import every
from records.matching import ask_about_alike


@every("7,27,47 * * * *")
def ask_about_people_alike() -> None:
    """Three times an hour: whoever has registered and may have a record already is asked about at the desk."""
    ask_about_alike(by=System.WORKER)
