"""Work about instructors that comes back by the clock; the worker finds it by this module's name."""

from __future__ import annotations

from accounts.history import System, acting
from instructors.asking import see_to_tasks
from instructors.keeping import forget_evidence
from instructors.models import Instructor
from instructors.notices import tell_of_ends
from messaging.jobs import every
from messaging.one_by_one import one_by_one


@every("40 5 * * *")
def look_at_what_runs_out() -> None:
    """Every morning: whoever holds something that runs out is told, and the desk has its tasks."""
    teaching = Instructor.objects.teaching().select_related("person", "programme").order_by("pk")
    one_by_one(_look_at, list(teaching))


def _look_at(instructor: Instructor) -> None:
    with acting(System.WORKER, "instructors.look_at_what_runs_out"):
        tell_of_ends([instructor])
        see_to_tasks(instructor, System.WORKER)


@every("50 3 * * *")
def forget_old_evidence() -> None:
    """Every night: files that are of no use any more are gone."""
    forget_evidence()
