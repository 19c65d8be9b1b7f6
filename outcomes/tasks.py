"""Work of outcomes for the worker: windows, endings and old comments by night, releases and extracts when asked for."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.history import System
from messaging.jobs import every
from messaging.one_by_one import in_turn
from outcomes import comments, endings
from outcomes.asking.planning import refresh_windows
from outcomes.extracts import building, taking
from outcomes.releases import overtaken, release


@every("40 3 * * *")
def move_windows() -> None:
    """Every night: questionnaires open, close and move with classes and pauses."""
    refresh_windows(on=timezone.localdate(), by=System.WORKER)


@every("20 4 2 1,4,7,10 *")
def quarterly_releases() -> None:
    """The day after each quarter: one is asked for under every agreement; the desk looks before it publishes."""
    release.request_all(by=System.WORKER)


@every("25 3 * * *")
def forget_old_comments() -> None:
    """Every night: what people wrote more than a year ago about the use of information is deleted."""
    comments.forget_old_comments()


@every("35 3 * * *")
def look_at_endings() -> None:
    """Every night: what comes to its last day, or waits to be looked at, is a task for the desk."""
    endings.look_at_endings(on=timezone.localdate())


@app.task(name=release.BUILD_JOB)
def build_release(release_id: int) -> None:
    """Safe to repeat: a release that was built is left as it is, one cut short is built anew."""
    release.build_by_id(release_id, by=System.WORKER)


@app.task(name=release.ANEW_JOB)
def ask_anew_for_overtaken(programme_id: int) -> None:
    """Safe to repeat: one that is under way is not asked for again, nor one that nothing has overtaken."""
    overtaken.ask_anew(programme_id, by=System.WORKER)


@app.task(name=building.BUILD_JOB)
def build_extract(extract_id: int) -> None:
    """Safe to repeat: one that was built is left as it is, one cut short is built anew."""
    building.build_by_id(extract_id, by=System.WORKER)


@app.task(name=taking.DESTROY_JOB)
def destroy_extract_key(project_id: int) -> None:
    """Safe to repeat: a key that is gone stays gone."""
    taking.destroy_key_of(project_id, by=System.WORKER)


@every("50 3 * * *")
def look_at_extracts() -> None:
    """Every night: what runs out soon is a task for the desk, and a key that should be gone goes."""

    def warn() -> None:
        taking.look_at_expiry(on=timezone.localdate(), by=System.WORKER)

    def destroy() -> None:
        taking.destroy_keys_left(by=System.WORKER)

    in_turn(warn, destroy)
