from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, replace

import pytest

from classes.judging.eligibility import Reason, Requirements, reasons_against

ON = dt.date(2027, 2, 2)
DAY = dt.timedelta(days=1)
IN_PERSON_GROUP = Requirements(remote=False, one_to_one=False)


@dataclass(frozen=True)
class Facts:
    status: str = "active"
    enrolled_from: dt.date | None = ON - 30 * DAY
    enrolled_until: dt.date | None = None
    clearance: str | None = "cleared"
    cleared_from: dt.date | None = ON - 30 * DAY
    cleared_until: dt.date | None = ON + 30 * DAY
    adaptations: frozenset[str] = frozenset()


FINE = Facts()

STATUSES = {
    "active": (),
    "paused": (Reason.PAUSED,),
    "completed": None,
    "withdrawn": None,
    "died": None,
}
ENROLMENTS = {
    (None, None): (Reason.NOT_ENROLLED,),
    (ON + DAY, None): (Reason.NOT_ENROLLED,),
    (ON, None): (),
    (ON - DAY, ON): (),
    (ON - 2 * DAY, ON - DAY): (Reason.PROGRAMME_OVER,),
}
CLEARANCES = {
    (None, None, None): (Reason.NOT_CHECKED,),
    ("needs_review", ON - DAY, None): (Reason.BEING_CHECKED,),
    ("paused", ON - DAY, None): (Reason.CHECK_PAUSED,),
    ("not_suitable", ON - DAY, None): (Reason.NOT_SUITABLE,),
    ("cleared", ON, ON): (),
    ("cleared_adapted", ON, ON): (),
    ("cleared", None, ON): (Reason.CHECK_STARTS_LATER,),
    ("cleared", ON + DAY, ON + 2 * DAY): (Reason.CHECK_STARTS_LATER,),
    ("cleared", ON - 2 * DAY, ON - DAY): (Reason.CHECK_RUNS_OUT,),
    ("cleared_adapted", ON - DAY, None): (Reason.CHECK_RUNS_OUT,),
}
CODES = ("remote_only", "in_person_only", "one_to_one_only", "seated_only")
ADAPTATIONS = [frozenset(some) for n in range(len(CODES) + 1) for some in itertools.combinations(CODES, n)]
REQUIREMENTS = [Requirements(remote=r, one_to_one=o) for r in (False, True) for o in (False, True)]


def expected_of_adaptations(codes: frozenset[str], needs: Requirements) -> tuple[Reason, ...]:
    found = []
    if "remote_only" in codes and not needs.remote:
        found.append(Reason.REMOTE_ONLY)
    if "in_person_only" in codes and needs.remote:
        found.append(Reason.IN_PERSON_ONLY)
    if "one_to_one_only" in codes and not needs.one_to_one:
        found.append(Reason.ONE_TO_ONE_ONLY)
    return tuple(found)


def test_the_whole_truth_table() -> None:
    rows = itertools.product(STATUSES.items(), ENROLMENTS.items(), CLEARANCES.items(), ADAPTATIONS, REQUIREMENTS)
    count = 0
    for (status, by_status), (enrolled, by_enrolment), (cleared, by_clearance), codes, needs in rows:
        facts = Facts(status, *enrolled, *cleared, codes)
        if by_status is None:
            expected: tuple[Reason, ...] = (Reason.NOT_TAKING_PART,)
        else:
            expected = by_status + by_enrolment + by_clearance + expected_of_adaptations(codes, needs)
        assert reasons_against(facts, needs, ON) == expected, (facts, needs)
        count += 1
    assert count == 5 * 5 * 10 * 16 * 4


def test_an_empty_answer_means_yes() -> None:
    assert reasons_against(FINE, IN_PERSON_GROUP, ON) == ()


def test_the_day_of_the_class_is_judged_and_not_today() -> None:
    ends_before = replace(FINE, cleared_until=ON - DAY)
    assert reasons_against(ends_before, IN_PERSON_GROUP, ON - DAY) == ()
    assert reasons_against(ends_before, IN_PERSON_GROUP, ON) == (Reason.CHECK_RUNS_OUT,)


@pytest.mark.parametrize("code", ["remote_only", "in_person_only", "one_to_one_only"])
def test_the_codes_are_those_that_screening_gives(code: str) -> None:
    from participants.rules.adaptations import Adaptation

    assert Adaptation(code).value == Reason(code).value


@pytest.mark.parametrize("code", ["remote_only", "in_person_only"])
def test_a_talk_by_telephone_shuts_nobody_out_by_where_it_is_held(code: str) -> None:
    by_telephone = Requirements(remote=True, one_to_one=True, by_telephone=True)
    assert reasons_against(replace(FINE, adaptations=frozenset({code})), by_telephone, ON) == ()


def test_every_reason_but_the_programme_and_the_week_is_reachable_here() -> None:
    seen = {Reason.NOT_TAKING_PART, Reason.PAUSED, *itertools.chain(*ENROLMENTS.values(), *CLEARANCES.values())}
    seen |= {Reason.REMOTE_ONLY, Reason.IN_PERSON_ONLY, Reason.ONE_TO_ONE_ONLY}
    assert set(Reason) - seen == {Reason.ANOTHER_PROGRAMME, Reason.WEEKLY_LIMIT, Reason.FIRST_CONTACT_FIRST}
