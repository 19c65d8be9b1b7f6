"""Setting the limit of a week: kept with its history, and nothing is written where nothing changes."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.history import acting
from accounts.versions import versions_of
from participants.models import Phase
from participants.phases import limit_week, plan_talks

pytestmark = pytest.mark.django_db
FIELDS = ("most_a_week", "one_to_ones_apart")


@pytest.fixture
def phase(programme: Any) -> Phase:
    return Phase.objects.create(programme=programme, order=1, name="First", weeks=4, contacts_least=1, contacts_most=1)


def test_the_same_limit_again_writes_nothing(phase: Phase, dee: Any) -> None:
    for _ in range(2):
        limit_week(phase=phase, most=2, one_to_ones_apart=False, by=dee.person)
    newest, first = versions_of(phase, FIELDS)
    assert (newest.by, newest.changes) == ("Dee Desk", (("most_a_week", None, 2),))
    assert (first.first, first.changes) == (True, ())


def test_the_same_talks_again_write_nothing(phase: Phase, dee: Any) -> None:
    for _ in range(2):
        plan_talks(phase=phase, talks=2, per_weeks=3, by=dee.person)
    newest, first = versions_of(phase, ("talks", "talks_per_weeks"))
    assert [(name, now) for name, _, now in newest.changes] == [("talks", 2), ("talks_per_weeks", 3)]
    assert first.first


def test_a_version_in_which_nothing_of_it_changed_is_left_out(phase: Phase, dee: Any) -> None:
    with acting(dee.person, "tests.rename"):
        Phase.objects.update(name="Second")
    assert len(versions_of(phase, FIELDS)) == 1
    assert len(versions_of(phase, ("name",))) == 2
