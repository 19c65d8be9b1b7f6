from __future__ import annotations

import re

import pytest

from outcomes.extracts.fields import PID
from outcomes.extracts.pseudonyms import KEY_BYTES, KeyIsTooShort, key_print, new_key, pid

PEOPLE = [str(number) for number in range(200)]


def test_the_same_key_gives_the_same_names_and_each_person_another_one() -> None:
    key = new_key()
    names = [pid(key, person) for person in PEOPLE]
    assert names == [pid(key, person) for person in PEOPLE]
    assert len(set(names)) == len(PEOPLE)
    assert all(re.fullmatch(PID, name) for name in names)


def test_a_name_is_the_one_that_was_designed() -> None:
    assert pid(bytes(32), "7") == "64FSRBZCPNARKWQQPI6D"


def test_two_projects_have_no_name_in_common() -> None:
    one, other = new_key(), new_key()
    assert len(one) == KEY_BYTES
    assert {pid(one, person) for person in PEOPLE}.isdisjoint(pid(other, person) for person in PEOPLE)


def test_a_short_key_names_nobody() -> None:
    with pytest.raises(KeyIsTooShort):
        pid(b"short", "1")


def test_a_key_is_known_again_by_what_says_nothing_of_it() -> None:
    key = new_key()
    assert key_print(key) == key_print(key) != key_print(new_key())
    assert key.hex() not in key_print(key)
