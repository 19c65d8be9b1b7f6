"""What a worker builds step by step, releases and extracts alike: queued, begun once, seen to go on, given up.

Here: the states that both go through until they are built, with the row held while one of them changes. Not here: what
is built and what becomes of it (releases/release.py, extracts/building.py, which call this).
"""

from __future__ import annotations

from typing import Final, TypeAlias

from django.db.models import TextChoices
from procrastinate.contrib.django import app

from accounts.history import Actor, acting
from outcomes.models import Extract, Release, ReleaseState

BeingBuilt: TypeAlias = Release | Extract
UNDER_WAY: Final = (ReleaseState.QUEUED, ReleaseState.BUILDING)  # called alike in ExtractState


class WrongState(Exception):
    """It is not in a state that allows this."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


def hold(row: BeingBuilt) -> None:
    """Nobody else changes it until the end of the action, and it is as it stands now."""
    type(row)._default_manager.select_for_update().get(pk=row.pk)
    row.refresh_from_db()


def require(row: BeingBuilt, *states: TextChoices) -> None:
    if row.state not in states:
        raise WrongState(row.state)


def change(row: BeingBuilt, state: TextChoices, **more: object) -> None:
    row.state = state
    for name, value in more.items():
        setattr(row, name, value)
    row.save(update_fields=["state", *more])


def queue(job: str, **key: int) -> None:
    """By name, because the module of the task stands above those that ask for it."""
    app.configure_task(name=job).defer(**key)


def begin(row: BeingBuilt, *, steps: int, action: str, by: Actor) -> bool:
    """Whether there is something to build. One that was cut short begins again."""
    with acting(by, action):
        hold(row)
        if row.state not in UNDER_WAY:
            return False
        change(row, ReleaseState.BUILDING, steps_done=0, steps_total=steps)
        return True


def show_progress(row: BeingBuilt, done: int) -> None:
    """Outside of the transaction that keeps what was built, so that the desk sees how far it is."""
    type(row)._default_manager.filter(pk=row.pk).update(steps_done=done)


def give_up(row: BeingBuilt, state: TextChoices, *, action: str, by: Actor, **more: object) -> None:
    """Where another worker has not built it meanwhile."""
    with acting(by, action):
        hold(row)
        if row.state == ReleaseState.BUILDING:
            change(row, state, **more)
