"""Work of records for the worker: copies that were asked for, erasures once people are told, what ran out."""

from __future__ import annotations

from procrastinate.contrib.django import app

from accounts.history import System
from messaging.jobs import every
from records import retention
from records.erasing import asking
from records.exporting import copies
from records.matching import ask_about_alike


@app.task(name=copies.MAKE_JOB)
def make_copy(copy_id: int) -> None:
    """Safe to repeat: a copy that was made is left as it is, one cut short is made anew."""
    copies.make_copy(copy_id, by=System.WORKER)


@every("55 3 * * *")
def forget_copies() -> None:
    """Every night: copies of records that were there for their days are deleted."""
    copies.forget_copies(by=System.WORKER)


@every("*/5 * * * *")
def erase_confirmed() -> None:
    """Every five minutes: those who confirmed it and have been told are erased."""
    asking.erase_confirmed(by=System.WORKER)


@every("55 3 * * *")
def forget_requests() -> None:
    """Every night: erasures that were asked for and never confirmed are forgotten."""
    asking.forget_requests(by=System.WORKER)


@every("7,27,47 * * * *")
def ask_about_people_alike() -> None:
    """Three times an hour: whoever has registered and may have a record already is asked about at the desk."""
    ask_about_alike(by=System.WORKER)


@every("40 4 * * *")
def keep_no_longer() -> None:
    """Every night: what has run out by the data map is deleted, and whose record has is erased."""
    retention.keep_no_longer(by=System.WORKER)
