"""Staff let somebody come first, with a reason that is kept and shown to nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from classes.judging.refusals import NotWaiting, PriorityNeedsReason
from classes.listing import positions
from classes.models import Booking
from classes.waiting_list.priority import LONGEST_REASON, set_priority
from participants.models import Participant
from tests.unit.classes.waiting_list.conftest import Waits, fresh, give_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def turns(wait: Waits, anna: Participant, bert: Participant) -> list[Booking]:
    return [wait(anna), wait(bert)]


def test_who_comes_first_is_offered_the_next_place(turns: list[Booking], held: Booking, dee: Any) -> None:
    set_priority(booking=turns[1], first=True, reason="  An operation soon ", by=dee.person)
    assert (fresh(turns[1]).priority, fresh(turns[1]).priority_reason) == (1, "An operation soon")
    assert positions(turns) == {turns[1].pk: 1, turns[0].pk: 2}
    give_up(held)
    assert [fresh(turn).state for turn in turns] == ["waiting", "offered"]


def test_the_history_names_who_decided_and_why(turns: list[Booking], dee: Any) -> None:
    set_priority(booking=turns[1], first=True, reason="An operation soon", by=dee.person)
    event = turns[1].events.order_by("pgh_id").last()  # type: ignore[attr-defined]
    assert event.pgh_context["by"] == f"person:{dee.person.pk}"
    assert event.priority_reason == "An operation soon"


def test_the_order_of_joining_comes_back_and_the_reason_goes(turns: list[Booking], dee: Any) -> None:
    set_priority(booking=turns[1], first=True, reason="An operation soon", by=dee.person)
    set_priority(booking=turns[1], first=False, reason="Not needed", by=dee.person)
    assert (fresh(turns[1]).priority, fresh(turns[1]).priority_reason) == (0, "")
    assert positions(turns) == {turns[0].pk: 1, turns[1].pk: 2}


@pytest.mark.parametrize("reason", ["", "  ", "x" * (LONGEST_REASON + 1)])
def test_nobody_comes_first_without_a_reason_that_can_be_kept(turns: list[Booking], dee: Any, reason: str) -> None:
    with pytest.raises(PriorityNeedsReason):
        set_priority(booking=turns[1], first=True, reason=reason, by=dee.person)
    assert fresh(turns[1]).priority == 0


def test_only_who_waits_comes_first(turns: list[Booking], held: Booking, dee: Any) -> None:
    give_up(held)
    with pytest.raises(NotWaiting):
        set_priority(booking=turns[0], first=True, reason="An operation soon", by=dee.person)
    assert fresh(turns[0]).state == "offered"
