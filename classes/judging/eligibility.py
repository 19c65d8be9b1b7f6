"""May this person come to a class of this sort on this day? PURE: no Django.

Here: the one judgement that page, API, waiting list, desk and supporter share;
it answers with reasons, and an empty answer means yes. Not here: reading the
facts (participants/standing.py), words for a reason (the pages), places.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol


class Reason(enum.StrEnum):
    """Why not. Five about the programme, six about clearance, three about the class, one each about the week and
    about what comes before any class."""

    ANOTHER_PROGRAMME = "another_programme"
    NOT_TAKING_PART = "not_taking_part"
    PAUSED = "paused"
    NOT_ENROLLED = "not_enrolled"
    PROGRAMME_OVER = "programme_over"
    NOT_CHECKED = "not_checked"
    BEING_CHECKED = "being_checked"
    CHECK_PAUSED = "check_paused"
    NOT_SUITABLE = "not_suitable"
    CHECK_STARTS_LATER = "check_starts_later"
    CHECK_RUNS_OUT = "check_runs_out"
    REMOTE_ONLY = "remote_only"
    IN_PERSON_ONLY = "in_person_only"
    ONE_TO_ONE_ONLY = "one_to_one_only"
    WEEKLY_LIMIT = "weekly_limit"
    FIRST_CONTACT_FIRST = "first_contact_first"


class Step(enum.StrEnum):
    """What settles it: who has to do something next."""

    ANSWER = "answer"  # the person answers the health questions
    WAIT = "wait"  # somebody reads their answers
    TALK = "talk"  # the two speak with each other
    CHOOSE = "choose"  # another class


class Facts(Protocol):
    """What is judged of a person; participants.standing.Standing is one. Dates are inclusive local dates."""

    @property
    def status(self) -> str: ...
    @property
    def enrolled_from(self) -> date | None: ...
    @property
    def enrolled_until(self) -> date | None: ...
    @property
    def clearance(self) -> str | None: ...
    @property
    def cleared_from(self) -> date | None: ...
    @property
    def cleared_until(self) -> date | None: ...
    @property
    def adaptations(self) -> Collection[str]: ...


@dataclass(frozen=True)
class Requirements:
    """What a class is, as far as it can shut somebody out."""

    remote: bool
    one_to_one: bool
    by_telephone: bool = False  # a talk: nobody exercises, so "in person only" does not shut anybody out


@dataclass(frozen=True)
class WeeklyLimit:
    """At most so many places held in one week, Monday to Sunday; one-to-one sessions among them or apart."""

    most: int
    one_to_ones_apart: bool = False

    def counts(self, *, one_to_one: bool) -> bool:
        return not (one_to_one and self.one_to_ones_apart)


UNCLEARED = {
    None: Reason.NOT_CHECKED,
    "needs_review": Reason.BEING_CHECKED,
    "paused": Reason.CHECK_PAUSED,
    "not_suitable": Reason.NOT_SUITABLE,
}
STEPS = {
    Reason.ANOTHER_PROGRAMME: Step.CHOOSE,
    Reason.NOT_TAKING_PART: Step.TALK,
    Reason.PAUSED: Step.TALK,
    Reason.NOT_ENROLLED: Step.TALK,
    Reason.PROGRAMME_OVER: Step.TALK,
    Reason.NOT_CHECKED: Step.ANSWER,
    Reason.BEING_CHECKED: Step.WAIT,
    Reason.CHECK_PAUSED: Step.ANSWER,
    Reason.NOT_SUITABLE: Step.TALK,
    Reason.CHECK_STARTS_LATER: Step.CHOOSE,
    Reason.CHECK_RUNS_OUT: Step.ANSWER,
    Reason.REMOTE_ONLY: Step.CHOOSE,
    Reason.IN_PERSON_ONLY: Step.CHOOSE,
    Reason.ONE_TO_ONE_ONLY: Step.CHOOSE,
    Reason.WEEKLY_LIMIT: Step.CHOOSE,
    Reason.FIRST_CONTACT_FIRST: Step.CHOOSE,
}


def reasons_against(facts: Facts, requirements: Requirements, on: date) -> tuple[Reason, ...]:
    """Every reason why the person cannot come to such a class on `on`, the date of the class; () means they can.

    Who is not taking part gets that reason alone: the rest would tell them nothing they could act on.
    """
    if facts.status not in ("active", "paused"):
        return (Reason.NOT_TAKING_PART,)
    paused = (Reason.PAUSED,) if facts.status == "paused" else ()
    return paused + _enrolment(facts, on) + _clearance(facts, on) + _adaptations(facts, requirements)


def reasons_against_one_more(limit: WeeklyLimit | None, *, held: int, one_to_one: bool) -> tuple[Reason, ...]:
    """Whether another place fits into a week in which `held` places that count are held already; () means it does.

    `held` leaves out the place that is moved, where one is. About places alone: anybody may wait for one.
    """
    if limit is None or not limit.counts(one_to_one=one_to_one) or held < limit.most:
        return ()
    return (Reason.WEEKLY_LIMIT,)


def next_step(reasons: Sequence[Reason]) -> Step:
    """What comes next for somebody with these reasons against a place: the first one decides."""
    return STEPS[reasons[0]]


def answering_settles(reasons: Sequence[Reason]) -> bool:
    """Whether nothing stands against the place but health questions that the person can answer now."""
    return bool(reasons) and all(STEPS[reason] is Step.ANSWER for reason in reasons)


def _enrolment(facts: Facts, on: date) -> tuple[Reason, ...]:
    if facts.enrolled_from is None or on < facts.enrolled_from:
        return (Reason.NOT_ENROLLED,)
    if facts.enrolled_until is not None and on > facts.enrolled_until:
        return (Reason.PROGRAMME_OVER,)
    return ()


def _clearance(facts: Facts, on: date) -> tuple[Reason, ...]:
    if facts.clearance not in ("cleared", "cleared_adapted"):
        return (UNCLEARED[facts.clearance],)
    if facts.cleared_from is None or on < facts.cleared_from:
        return (Reason.CHECK_STARTS_LATER,)
    if facts.cleared_until is None or on > facts.cleared_until:
        return (Reason.CHECK_RUNS_OUT,)
    return ()


def _adaptations(facts: Facts, requirements: Requirements) -> tuple[Reason, ...]:
    shut_out = {
        Reason.REMOTE_ONLY: not requirements.remote,
        Reason.IN_PERSON_ONLY: requirements.remote and not requirements.by_telephone,
        Reason.ONE_TO_ONE_ONLY: not requirements.one_to_one,
    }
    return tuple(reason for reason, applies in shut_out.items() if applies and reason.value in facts.adaptations)
