from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from classes.judging.refusals import KeyReused, TryAgain
from classes.models import IdempotencyKey
from classes.places.idempotency import KEPT_FOR, Outcome, forget_old_outcomes, once
from participants.models import Participant

pytestmark = pytest.mark.django_db


class Counted:
    """An action that says how often it ran."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self) -> Outcome:
        self.runs += 1
        return Outcome(201, {"run": self.runs})


def test_the_same_request_has_one_effect_and_one_answer(pat: Participant) -> None:
    action = Counted()
    first = once(key="k", body={"session": 1, "party": 1}, action=action, by=pat.person)
    again = once(key="k", body={"party": 1, "session": 1}, action=action, by=pat.person)
    assert (first.status, first.body, first.replayed) == (201, {"run": 1}, False)
    assert (again.status, again.body, again.replayed) == (201, {"run": 1}, True)
    assert action.runs == 1


def test_another_body_under_the_same_key_is_refused(pat: Participant) -> None:
    action = Counted()
    once(key="k", body={"session": 1}, action=action, by=pat.person)
    with pytest.raises(KeyReused):
        once(key="k", body={"session": 2}, action=action, by=pat.person)
    assert action.runs == 1


def test_the_key_of_somebody_else_never_replays(pat: Participant, quinn: Participant) -> None:
    action = Counted()
    once(key="k", body={"session": 1}, action=action, by=pat.person)
    other = once(key="k", body={"session": 1}, action=action, by=quinn.person)
    assert (other.body, other.replayed) == ({"run": 2}, False)


def test_without_a_key_every_request_counts(pat: Participant) -> None:
    action = Counted()
    for _ in range(2):
        once(key="", body={}, action=action, by=pat.person)
    assert action.runs == 2
    assert not IdempotencyKey.objects.exists()


def test_a_request_that_failed_may_be_sent_again(pat: Participant) -> None:
    def fails() -> Outcome:
        raise TryAgain

    with pytest.raises(TryAgain):
        once(key="k", body={}, action=fails, by=pat.person)
    assert once(key="k", body={}, action=Counted(), by=pat.person).replayed is False


def test_a_key_is_kept_seven_days_and_then_forgotten(pat: Participant) -> None:
    now = timezone.now()
    action = Counted()
    with time_machine.travel(now - KEPT_FOR - dt.timedelta(seconds=1), tick=False):
        once(key="k", body={"session": 1}, action=action, by=pat.person)
    with time_machine.travel(now - KEPT_FOR + dt.timedelta(seconds=1), tick=False):
        once(key="young", body={}, action=action, by=pat.person)
    with time_machine.travel(now, tick=False):
        anew: Any = once(key="k", body={"session": 2}, action=action, by=pat.person)
        assert (anew.body, anew.replayed) == ({"run": 3}, False)
        assert forget_old_outcomes() == 0
    with time_machine.travel(now + dt.timedelta(days=1), tick=False):
        assert forget_old_outcomes() == 1
