"""Work of classes that comes back by the clock; the worker finds it by this module's name."""

from __future__ import annotations

from django.utils import timezone

from accounts.history import System
from classes.idempotency import forget_old_outcomes
from classes.timetable import HORIZON, materialise
from messaging.jobs import every


@every("15 2 * * *")
def make_coming_dates() -> None:
    """Every night: the dates of each series that have come within the horizon."""
    materialise(until=timezone.localdate() + HORIZON, by=System.WORKER)


@every("35 3 * * *")
def forget_old_requests() -> None:
    """Outcomes kept for repeated requests are of no use after their time."""
    forget_old_outcomes()
