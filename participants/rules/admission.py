"""Who can join the programme. PURE: no Django.

Here: the rules, judged on a date, as reasons. Not here: the words of a reason
(content/signposts_v1.toml), the decision that is kept (intake.py), and whether
exercise is safe (screening.py).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

VERSION = "2026-1"
CANCER_THAT_COUNTS = ("confirmed", "suspected")  # no proof of either is asked for


class Reason(enum.StrEnum):
    TOO_YOUNG = "too_young"
    NO_CANCER = "no_cancer"
    OUTSIDE_AREA = "outside_area"
    DOES_NOT_AGREE = "does_not_agree"


# Staff may let somebody in against these, with a reason; never against age.
MAY_BE_OVERRIDDEN = frozenset(set(Reason) - {Reason.TOO_YOUNG})


@dataclass(frozen=True)
class Rules:
    """What one programme asks for. An empty `areas_served` means that it serves everywhere."""

    minimum_age: int
    areas_served: tuple[str, ...]
    version: str = VERSION


@dataclass(frozen=True)
class Applicant:
    """What is known so far; None is a question that was not answered yet."""

    date_of_birth: date | None = None
    cancer: str | None = None  # "confirmed", "suspected" or "no"
    area: str | None = None
    agrees: bool | None = None

    @property
    def complete(self) -> bool:
        return None not in (self.date_of_birth, self.cancer, self.area, self.agrees)


def reasons_against(applicant: Applicant, rules: Rules, on: date) -> tuple[Reason, ...]:
    """Why the applicant cannot join on `on` (a UK date); empty means yes, as far as is known.

    A question not answered yet gives no reason, so that nobody is asked ten more
    questions before they hear what the first one already settled: whoever
    decides finally asks for `applicant.complete` as well.
    """
    against = {
        Reason.TOO_YOUNG: applicant.date_of_birth is not None
        and age_on(applicant.date_of_birth, on) < rules.minimum_age,
        Reason.NO_CANCER: applicant.cancer is not None and applicant.cancer not in CANCER_THAT_COUNTS,
        Reason.OUTSIDE_AREA: applicant.area is not None
        and bool(rules.areas_served)
        and applicant.area not in rules.areas_served,
        Reason.DOES_NOT_AGREE: applicant.agrees is False,
    }
    return tuple(reason for reason, holds in against.items() if holds)


def age_on(born: date, on: date) -> int:
    """Whole years: a year is complete on the birthday. Born on 29 February: on 1 March in other years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
