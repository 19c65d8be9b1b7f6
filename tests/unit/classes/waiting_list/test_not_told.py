"""An offer of which nobody could hear: no turn is lost because our messages did not leave."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from classes.models import Booking, OfferState, Session
from classes.waiting_list.running_out import expire_offers
from classes.waiting_list.serving import CALL, NOT_REACHED, TOO_LATE_TO_OFFER
from messaging.delivery import deliver_due
from messaging.models import Message, MessageState, Task
from participants.models import Participant
from tests.unit.classes.waiting_list.conftest import HOUR, NOON, Waits, fresh, give_up, taken

pytestmark = pytest.mark.django_db
FOUR = NOON + 4 * HOUR


@pytest.fixture(autouse=True)
def messages_leave_at_once() -> None:
    """Not here."""


@pytest.fixture
def offered(wait: Waits, held: Booking, anna: Participant) -> Booking:
    turn = wait(anna)
    give_up(held)
    return fresh(turn)


def about_the_offer() -> Any:
    return Message.objects.filter(kind="place_offered")


def test_while_no_message_leaves_the_offer_begins_anew_and_nobody_else_is_asked(
    wait: Waits, offered: Booking, session: Session, bert: Participant, clock: time_machine.Traveller
) -> None:
    second = wait(bert)
    clock.move_to(FOUR)
    assert expire_offers() == 0
    (offer,) = offered.offers.all()
    assert (offer.state, offer.expires_at) == (OfferState.OPEN, NOON + 8 * HOUR)
    assert (fresh(offered).state, fresh(second).state, taken(session)) == ("offered", "waiting", 1)
    deliver_due()
    assert about_the_offer().get().state == MessageState.SENT
    clock.move_to(NOON + 8 * HOUR)
    assert expire_offers() == 1
    assert (fresh(offered).state, fresh(second).state) == ("expired", "offered")


def test_when_there_is_no_time_left_the_turn_is_kept_and_the_desk_calls(
    offered: Booking, session: Session, clock: time_machine.Traveller
) -> None:
    last = session.starts_at - 2 * HOUR
    offered.offers.update(expires_at=last)
    clock.move_to(last)
    assert expire_offers() == 1
    assert (fresh(offered).state, fresh(offered).skipped_reason) == ("waiting", TOO_LATE_TO_OFFER)
    assert Task.objects.to_do().get(kind=CALL).subject_id == offered.pk
    assert taken(session) == 0


@pytest.mark.parametrize("state", [MessageState.FAILED, MessageState.WITH_DESK])
def test_who_could_not_be_written_to_keeps_the_turn_and_the_next_is_asked(
    wait: Waits, offered: Booking, bert: Participant, clock: time_machine.Traveller, state: MessageState
) -> None:
    second = wait(bert)
    about_the_offer().update(state=state, finished_at=FOUR if state == MessageState.FAILED else None)
    clock.move_to(FOUR)
    assert expire_offers() == 1
    assert (fresh(offered).state, fresh(offered).skipped_reason) == ("waiting", NOT_REACHED)
    assert (fresh(second).state, offered.offers.get().state) == ("offered", OfferState.EXPIRED)
    assert not Message.objects.filter(kind="offer_ran_out").exists()
