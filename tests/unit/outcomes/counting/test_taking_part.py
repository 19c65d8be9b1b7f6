from __future__ import annotations

from datetime import date, timedelta

import pytest

from outcomes.counting.taking_part import TakingPart, planned
from participants.rules.programme_time import Pause, Stretch

MONDAY = date(2027, 1, 11)
WEEKLY = Stretch("first", 28, contacts_least=1, contacts_most=2, per_weeks=1)
FORTNIGHTLY = Stretch("second", 56, contacts_least=1, contacts_most=3, per_weeks=4)


def test_places_given_back_late_and_missed_are_what_is_left_of_those_due() -> None:
    pat = TakingPart(offered=40, due=24, attended=18, given_back_late=2, came=20, minutes=900)
    assert pat.missed == 4
    assert TakingPart().missed == 0


@pytest.mark.parametrize(
    "counts",
    [
        (10, 3, 4, 0, 4, 0),  # attended more than was due
        (10, 3, 2, 2, 2, 0),  # given back and attended at once
        (2, 3, 0, 0, 0, 0),  # due more than was offered
        (10, 3, 2, 0, 1, 0),  # attended, and did not come
        (10, 3, 0, 0, 0, 45),  # minutes of no class
        (10, 3, 0, 0, 1, -1),
    ],
)
def test_counts_that_contradict_each_other_are_refused(counts: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="not a part of|minutes"):
        TakingPart(*counts)


def _planned(days: int, *, first: date = MONDAY, pauses: tuple[Pause, ...] = ()) -> int:
    return planned(first=first, until=first + timedelta(days=days), stretches=[WEEKLY, FORTNIGHTLY], pauses=pauses)


def test_the_plan_offers_the_most_contacts_of_each_phase_in_whole_weeks() -> None:
    assert [_planned(days) for days in (6, 7, 13, 28)] == [0, 2, 2, 8]
    assert _planned(84) == 8 + 6
    assert _planned(400) == 8 + 6  # after the last phase nothing is planned


def test_a_week_that_began_before_the_person_did_is_not_whole() -> None:
    assert _planned(7, first=MONDAY + timedelta(days=1)) == 0
    assert _planned(13, first=MONDAY + timedelta(days=1)) == 2


def test_a_week_with_a_pause_in_it_offers_nothing() -> None:
    pause = Pause(MONDAY + timedelta(days=9), MONDAY + timedelta(days=10))
    assert _planned(21, pauses=(pause,)) == 4
    assert _planned(21, pauses=(Pause(MONDAY, None),)) == 0
