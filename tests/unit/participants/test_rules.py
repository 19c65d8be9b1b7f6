"""Rules in numbers: complete, within their limits, and refused by name where they are not."""

from __future__ import annotations

import pytest

from accounts.content import kind_of
from accounts.content_words import leaves
from participants.health_content import RULES, rules
from participants.rules import CURRENT, NUMBERS, BadRules, read_rules

SAID = {"version": "9-1"} | {name: number.least for name, number in NUMBERS.items()}


@pytest.mark.django_db
def test_every_number_came_with_the_software_and_is_a_word_of_its_kind():
    assert rules().version == CURRENT
    kind = kind_of(RULES)
    body = {"version": CURRENT} | {name: getattr(rules(), name) for name in NUMBERS}
    assert {leaf.route for leaf in leaves(kind.words, body)} == {(name,) for name in NUMBERS}


@pytest.mark.parametrize("name", NUMBERS)
def test_each_number_keeps_to_its_limits(name):
    number = NUMBERS[name]
    for right in (number.least, number.most):
        assert getattr(read_rules(SAID | {name: right}), name) == right
    for wrong in (number.least - 1, number.most + 1, "4", 4.0, True, None):
        with pytest.raises(BadRules, match=f"{name}: a whole number from {number.least} to {number.most}"):
            read_rules(SAID | {name: wrong})


def test_a_number_left_out_or_unknown_is_named():
    name = next(iter(NUMBERS))
    with pytest.raises(BadRules, match=f"have no number: {name}"):
        read_rules({said: value for said, value in SAID.items() if said != name})
    with pytest.raises(BadRules, match="No rule is called so: minutes"):
        read_rules(SAID | {"minutes": 5})


def test_one_is_said_as_one():
    number = NUMBERS["treatment_days_after"]
    assert (number.words(1), number.words(2)) == ("1 day", "2 days")
