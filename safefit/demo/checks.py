"""The rows of health answers, what the rules made of them, and what people decided.

As `participants.health` and `participants.life` write them: a new row for each step, and a task for the desk where
somebody had to read the answers. Not here: what was answered (story/health.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import Person, User
from classes.wall_time import UK
from messaging.models import Task, TaskAttempt, TaskState
from participants.health import REVIEW_CLEARANCE
from participants.models import Clearance, ClearanceState, HealthProfile, Participant
from participants.rules.numbers import shipped_rules
from participants.rules.questions import CURRENT
from participants.rules.screening import add_months
from participants.working_days import due_in_working_days
from safefit.demo.members import entered_by
from safefit.demo.story import Story
from safefit.demo.story.health import ANSWERED_AT, Check
from safefit.demo.story.lives import Life


@dataclass(frozen=True)
class _Step:
    """One check of one person, and the profile that holds its answers."""

    life: Life
    member: Participant
    check: Check
    at: dt.datetime
    profile: HealthProfile

    @property
    def decided_at(self) -> dt.datetime | None:
        return self.check.clears_at if self.check.decision else None

    @property
    def due_at(self) -> dt.datetime:
        return due_in_working_days(self.at, shipped_rules().review_days)

    @property
    def was_read(self) -> bool:
        return self.check.state == ClearanceState.NEEDS_REVIEW


def make_checks(story: Story, members: list[Participant], staff: Mapping[str, User]) -> None:
    desk = staff["dee"].person
    steps = [
        step for life, member in zip(story.lives, members, strict=True) for step in _steps(life, member, desk)
    ]  # fmt: skip
    HealthProfile.objects.bulk_create(step.profile for step in steps)
    clearances = [row for step in steps for row in _clearances(step, staff)]
    clearances += [row for life, member in zip(story.lives, members, strict=True) for row in _stops(life, member, desk)]
    Clearance.objects.bulk_create(sorted(clearances, key=lambda row: row.decided_at))
    _make_reviews([step for step in steps if step.was_read], staff)


def _steps(life: Life, member: Participant, desk: Person) -> Iterator[_Step]:
    by = entered_by(life, member, desk)
    for number, check in enumerate(life.checks):
        at = life.registered_at if number == 0 else dt.datetime.combine(check.on, ANSWERED_AT, UK)
        profile = HealthProfile(
            participant=member,
            wording_version=CURRENT,
            answers=check.as_answers,
            answered_at=at,
            by=by,
            mode="desk" if by == desk else "self",
        )
        yield _Step(life, member, check, at, profile)


def _clearances(step: _Step, staff: Mapping[str, User]) -> Iterator[Clearance]:
    """What followed from the answers, and the decision where there was one."""
    common: dict[str, Any] = {"participant": step.member, "profile": step.profile, "flags": list(step.check.flags)}
    yield Clearance(
        **common,
        state=step.check.state,
        adaptations=list(step.check.adaptations),
        valid_from=step.check.on,
        valid_until=None if step.was_read else _until(step.check.on),
        review_due_at=step.due_at if step.was_read else None,
        decided_at=step.at,
    )
    decision = step.check.decision
    if decision and step.decided_at:
        ends = decision.state != ClearanceState.NOT_SUITABLE
        yield Clearance(
            **common,
            state=decision.state,
            adaptations=list(decision.adaptations),
            note=decision.note,
            valid_from=decision.on,
            valid_until=_until(decision.on) if ends else None,
            decided_at=step.decided_at,
            decided_by=staff[decision.by].person,
        )


def _until(start: dt.date) -> dt.date:
    return add_months(start, shipped_rules().clearance_months)


def _stops(life: Life, member: Participant, desk: Person) -> Iterator[Clearance]:
    """A pause stops clearance."""
    if life.pause:
        yield Clearance(
            participant=member,
            state=ClearanceState.PAUSED,
            reason="paused",
            valid_from=life.pause.starts_on,
            decided_at=dt.datetime.combine(life.pause.starts_on, dt.time(10), UK),
            decided_by=desk,
        )


def _make_reviews(steps: list[_Step], staff: Mapping[str, User]) -> None:
    tasks = Task.objects.bulk_create(_review(step) for step in steps)
    TaskAttempt.objects.bulk_create(
        TaskAttempt(task=task, by=staff[step.check.decision.by].person, at=step.decided_at, outcome=task.outcome)
        for task, step in zip(tasks, steps, strict=True)
        if step.check.decision and step.decided_at
    )


def _review(step: _Step) -> Task:
    decision = step.check.decision
    return Task(
        programme=step.member.programme,
        kind=REVIEW_CLEARANCE,
        about=step.member.person,
        subject_id=step.member.pk,
        due_at=step.due_at,
        state=TaskState.DONE if decision else TaskState.OPEN,
        outcome=decision.state if decision else "",
        closed_at=step.decided_at,
        created_at=step.at,
        dedupe_key=f"{REVIEW_CLEARANCE}:{step.member.pk}",
    )
