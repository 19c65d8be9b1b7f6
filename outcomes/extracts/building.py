"""An extract is asked for, and built by the worker: made, and kept until it is taken.

Here: the actions and the states they lead to. Not here: what is made (making.py),
whether a specification was agreed to (asking.py), taking it away (taking.py).
Called by the desk's pages, the worker's job and `manage.py build_extract`.
"""

from __future__ import annotations

import hashlib
from typing import Final

import structlog
from django.db.models import Max
from django.utils import timezone

from accounts.history import Actor, acting
from accounts.models import Person
from outcomes import being_built
from outcomes.being_built import UNDER_WAY, WrongState, hold
from outcomes.extracts.asking import NotNow, Standing, latest_of, standing_of
from outcomes.extracts.gathering import agreeing_people
from outcomes.extracts.making import STEPS, Made, Stopped, agreed, make
from outcomes.models import Extract, ExtractBundle, ExtractMember, ExtractState, ResearchProject

BUILD_JOB: Final = "outcomes.build_extract"
ERROR: Final = "error"

log = structlog.get_logger(__name__)


# --- actions -----------------------------------------------------------------


def request_extract(*, project: ResearchProject, by: Actor) -> Extract:
    """Ask for an extract under the latest specification; one that is being built is returned instead. Raises NotNow."""
    with acting(by, "outcomes.request_extract"):
        project = ResearchProject.objects.select_for_update().get(pk=project.pk)
        specification = latest_of(project)
        standing = standing_of(specification, on=timezone.localdate())
        if standing is not Standing.AGREED:
            raise NotNow(standing)
        under_way = project.extracts.filter(state__in=UNDER_WAY).first()
        if under_way is not None:
            return under_way
        extract = Extract.objects.create(
            project=project,
            specification=specification,
            number=(project.extracts.aggregate(last=Max("number"))["last"] or 0) + 1,
            asked_by=by if isinstance(by, Person) else None,
        )
        being_built.queue(BUILD_JOB, extract_id=extract.pk)
        return extract


def try_again(*, extract: Extract, by: Actor) -> Extract:
    """Queue one that could not be built. Raises WrongState."""
    with acting(by, "outcomes.try_extract_again"):
        ResearchProject.objects.select_for_update().get(pk=extract.project_id)
        hold(extract)
        if extract.state != ExtractState.FAILED or extract.project.extracts.filter(state__in=UNDER_WAY).exists():
            raise WrongState(extract.state)
        being_built.change(extract, ExtractState.QUEUED, steps_done=0, reason="")
        being_built.queue(BUILD_JOB, extract_id=extract.pk)
        return extract


def build_by_id(extract_id: int, *, by: Actor) -> Extract:
    """`build_extract` for a job, which knows only the key."""
    return build_extract(extract=Extract.objects.get(pk=extract_id), by=by)


def build_extract(*, extract: Extract, by: Actor) -> Extract:
    """Read, protect, write, look once more, seal. BUILT, or nothing at all: BLOCKED or FAILED, with the reason.

    A build cut short begins again. Whoever takes back their consent while it is
    built is in none: it is then built anew.
    """
    if not being_built.begin(extract, steps=STEPS, action="outcomes.build_extract", by=by):
        return extract
    try:
        while not _freeze(extract, make(extract, by=by), by):
            log.info("extract_begun_anew", extract=extract.pk)
    except Stopped as stop:
        _give_up(extract, by, stop)
    except Exception:
        log.exception("extract_failed", extract=extract.pk)
        _give_up(extract, by, Stopped(ERROR))
        raise
    return extract


# --- steps -------------------------------------------------------------------


def _freeze(extract: Extract, made: Made, by: Actor) -> bool:
    """False when somebody in it has taken back their consent since it was read."""
    with acting(by, "outcomes.freeze_extract"):
        hold(extract)
        if extract.state != ExtractState.BUILDING:
            return True  # two workers built the same one, and the other was first
        still = set(agreeing_people(extract.project.programme).values_list("pk", flat=True))
        if not still.issuperset(member.pk for member in made.members):
            return False
        agreed(extract.specification, timezone.localdate())
        now = timezone.now()
        ExtractBundle.objects.create(extract=extract, content=made.content)
        ExtractMember.objects.bulk_create(
            ExtractMember(extract=extract, participant=member, since=now) for member in made.members
        )
        digest = hashlib.sha256(made.content).hexdigest()
        being_built.change(
            extract,
            ExtractState.BUILT,
            steps_done=STEPS,
            manifest=made.manifest,
            sha256=digest,
            built_at=now,
            reason="",
        )
        return True


def _give_up(extract: Extract, by: Actor, stop: Stopped) -> None:
    state = ExtractState.BLOCKED if stop.blocked else ExtractState.FAILED
    being_built.give_up(extract, state, action="outcomes.extract_not_built", by=by, reason=stop.reason)
