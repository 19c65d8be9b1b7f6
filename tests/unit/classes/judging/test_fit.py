from __future__ import annotations

import itertools

import pytest

from classes.judging.fit import Advice, Offer, advice
from classes.models import Effort, Position
from participants.rules.adaptations import Adaptation

SEATED, STANDING, FLOOR = Position.SEATED.value, Position.STANDING.value, Position.FLOOR.value
OFFERED = [frozenset(some) for n in (1, 2, 3) for some in itertools.combinations((SEATED, STANDING, FLOOR), n)]

# Adaptation → the sets of positions that do not suit it; every other adaptation suits every class.
DOES_NOT_SUIT = {
    "seated_only": {frozenset({STANDING}), frozenset({FLOOR}), frozenset({STANDING, FLOOR})},
    "no_floor_work": {frozenset({FLOOR})},
    "fall_risk": {frozenset({STANDING}), frozenset({FLOOR}), frozenset({STANDING, FLOOR})},
}
EASES = ("no_impact", "no_loaded_spine")


@pytest.mark.parametrize("code", [adaptation.value for adaptation in Adaptation])
def test_each_adaptation_against_each_class(code: str) -> None:
    for positions, effort in itertools.product(OFFERED, Effort.values):
        expected = [
            *([Advice.POSITION] if positions in DOES_NOT_SUIT.get(code, ()) else []),
            *([Advice.EFFORT] if code in EASES and effort == Effort.VIGOROUS else []),
        ]
        assert list(advice({code}, Offer(positions, effort))) == expected, (positions, effort)
        assert advice({code}, Offer(positions, effort, meets=[code])) == ()


def test_nothing_to_adapt_suits_every_class() -> None:
    for positions, effort in itertools.product(OFFERED, Effort.values):
        assert advice((), Offer(positions, effort)) == ()


def test_a_class_suits_only_in_a_position_that_suits_everything_at_once() -> None:
    both = {"no_floor_work", "seated_only"}
    assert advice(both, Offer([STANDING, FLOOR], "gentle")) == (Advice.POSITION,)
    assert advice(both, Offer([SEATED, FLOOR], "gentle")) == ()
    assert advice(both, Offer([STANDING], "gentle", meets=["seated_only"])) == ()
    assert advice(both | {"no_impact"}, Offer([FLOOR], "vigorous")) == (Advice.POSITION, Advice.EFFORT)


def test_a_code_of_an_older_list_is_no_reason_to_warn() -> None:
    assert advice({"left_over"}, Offer([FLOOR], "vigorous")) == ()
