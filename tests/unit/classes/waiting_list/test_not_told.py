"""An offer of which nobody could hear: no turn is lost because our messages did not leave."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from classes.models import Booking, OfferState, Session
from classes.models.booking import TOO_LATE_TO_OFFER
from classes.waiting_list.running_out import expire_offers
from classes.waiting_list.serving import CALL, NOT_REACHED
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


def test_a_message_that_waited_past_the_end_of_its_offer_is_followed_by_a_new_offer(
    offered: Booking, clock: time_machine.Traveller
) -> None:
    """The worker comes back: it looks for messages every few seconds, and for offers every minute."""
    clock.move_to(FOUR + HOUR)
    deliver_due()
    assert about_the_offer().get().state == MessageState.NOT_WANTED
    assert expire_offers() == 1
    assert list(offered.offers.order_by("id").values_list("state", flat=True)) == ["expired", "open"]
    deliver_due()
    assert [m.state for m in about_the_offer().order_by("id")] == [MessageState.NOT_WANTED, MessageState.SENT]
    assert offered.offers.get(state="open").expires_at == NOON + 21 * HOUR


def test_whom_we_may_not_write_to_is_not_offered_the_place_again_and_again(
    offered: Booking, clock: time_machine.Traveller
) -> None:
    type(offered.participant.person).objects.update(contact_stopped_at=NOON)
    clock.move_to(FOUR)
    deliver_due()
    assert expire_offers() == 1
    assert (fresh(offered).state, fresh(offered).skipped_reason) == ("waiting", NOT_REACHED)


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
