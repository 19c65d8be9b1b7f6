"""Every reason against a class has words that say what to do."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from classes.timetable.plans import Clash, Obstacle, ObstacleKind, Problem
from frontend.publishing.words import PROBLEMS, obstacle_words, refused_words
from instructors.credentials import Reason, Why

ON = date(2026, 10, 6)
CLASH = Clash(1, "Chair yoga", datetime(2026, 10, 6, 16, tzinfo=UTC), datetime(2026, 10, 6, 17, tzinfo=UTC))


def test_every_problem_has_words() -> None:
    assert set(PROBLEMS) == set(Problem)


@pytest.mark.parametrize("kind", ObstacleKind)
def test_every_obstacle_has_a_sentence(kind: ObstacleKind) -> None:
    clash = CLASH if kind in (ObstacleKind.INSTRUCTOR_BUSY, ObstacleKind.ROOM_BUSY) else None
    assert obstacle_words(Obstacle(ON, kind, clash=clash)).endswith(".")


def test_a_clash_is_told_in_uk_time() -> None:
    words = obstacle_words(Obstacle(ON, ObstacleKind.ROOM_BUSY, clash=CLASH))
    assert words == "The room is already taken by Chair yoga, 5pm to 6pm."


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (Reason("first_aid", Why.EXPIRED, ON), "first aid and CPR runs out on 6 October 2026"),
        (Reason("first_aid", Why.NOT_YET, ON), "first aid and CPR starts on 6 October 2026"),
        (Reason("first_aid", Why.UNVERIFIED), "nobody has checked the evidence for first aid and CPR"),
        (Reason("first_aid", Why.MISSING), "there is no first aid and CPR"),
        (Reason("older_code", Why.MISSING), "there is no older_code"),
    ],
)
def test_a_credential_that_does_not_stand_is_explained(reason: Reason, words: str) -> None:
    obstacle = Obstacle(ON, ObstacleKind.MAY_NOT_LEAD, credentials=(reason,))
    assert obstacle_words(obstacle) == f"The instructor may not lead on this date: {words}."


def test_one_refused_date_is_named_and_many_are_counted() -> None:
    one = Obstacle(ON, ObstacleKind.PAST)
    assert (
        refused_words((one,)) == "Nothing was published, because of Tuesday 6 October 2026: This has already started."
    )
    many = (one, Obstacle(date(2026, 10, 13), ObstacleKind.AWAY))
    assert "because 2 dates cannot be held" in refused_words(many)
