"""Two at the desk put the same two records together at the same moment, each the other way round: one does."""

from __future__ import annotations

import pytest

from accounts.permissions import Role
from participants.models import Participant
from records.merging.look import look
from records.merging.merge import ChangedSince, merge_records
from records.models import Merge
from tests.concurrency.racers import Racers
from tests.factories.accounts import ProgrammeFactory, someone
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_press_the_button_at_once_one_merges_and_the_other_reads_again() -> None:  # pitfalls 59
    programme = ProgrammeFactory()
    staff = [someone(name, Role.COORDINATOR, programme=programme).person for name in ("Dee", "Dot")]
    one, other = (ParticipantFactory(programme=programme) for _ in range(2))
    ways = [(one, other, staff[0]), (other, one, staff[1])]
    read = [look(keep=keep, gone=gone, by=by).fingerprint for keep, gone, by in ways]

    def merge(keep: Participant, gone: Participant, by: object, looked_at: str) -> Merge:
        return merge_records(keep=keep, gone=gone, looked_at=looked_at, by=by)  # type: ignore[arg-type]

    with Racers(2) as racers:
        results = racers.run(
            [lambda way=way, seen=seen: merge(*way, seen) for way, seen in zip(ways, read, strict=True)]  # type: ignore[misc]
        )
    assert sorted(type(result) is ChangedSince for result in results) == [False, True]
    assert (Participant.objects.count(), Merge.objects.count()) == (1, 1)
