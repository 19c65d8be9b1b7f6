"""What went wrong in a class: its kinds, the degrees of harm, and how soon somebody must look. PURE: no Django.

The table is not signed off: a clinical safety officer must read it before it is used with real people. The degrees
are those in which the NHS records harm. Called by incidents.py, and by pages for their words.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta


class IncidentKind(enum.StrEnum):
    NEAR_MISS = "near_miss"  # it could have done harm, and did none
    INCIDENT = "incident"
    ADVERSE_EVENT = "adverse_event"  # somebody's health during exercise or after it


class Harm(enum.StrEnum):
    NONE = "none"
    LOW = "low"
    MODERATE = "moderate"
    SEVERE = "severe"
    FATAL = "fatal"


@dataclass(frozen=True)
class Response:
    """`at_once`: whoever is on call is told at any hour. `within`: of the clock; else `working_days`, until 5pm."""

    at_once: bool
    within: timedelta = timedelta(0)
    working_days: int = 0


RESPONSES: Mapping[Harm, Response] = {
    Harm.NONE: Response(at_once=False, working_days=5),
    Harm.LOW: Response(at_once=False, working_days=2),
    Harm.MODERATE: Response(at_once=True, within=timedelta(hours=4)),
    Harm.SEVERE: Response(at_once=True, within=timedelta(hours=1)),
    Harm.FATAL: Response(at_once=True, within=timedelta(0)),
}
AFTER_999 = Response(at_once=True, within=timedelta(hours=1))  # whatever the harm turned out to be


def response_to(harm: Harm, *, called_999: bool) -> Response:
    """How soon somebody looks. A call to 999 makes it no slower than AFTER_999."""
    by_harm = RESPONSES[harm]
    if called_999 and (not by_harm.at_once or by_harm.within > AFTER_999.within):
        return AFTER_999
    return by_harm


def fits(kind: IncidentKind, harm: Harm) -> bool:
    """What did harm was no near miss."""
    return kind is not IncidentKind.NEAR_MISS or harm is Harm.NONE
