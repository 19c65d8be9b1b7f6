"""What a value and a name become in a copy. No database."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import Person
from records.exporting.names import HELPS, SOMEBODY, SYSTEM, Names
from records.exporting.paper import words_of


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "Nothing"),
        ([], "Nothing"),
        (True, "Yes"),
        (False, "No"),
        (0, "0"),
        (dt.date(2027, 3, 1), "1 March 2027"),
        (dt.datetime(2027, 7, 1, 17, 30, tzinfo=dt.UTC), "1 July 2027, 18:30"),
        ({"chest_pain": True, "note": "<b>"}, "Chest pain: Yes; Note: <b>"),
        (["a", 2], "a, 2"),
    ],
)
def test_values_are_said_in_words(value: object, words: str) -> None:
    assert words_of(value) == words


def test_names_of_those_who_help_are_taken_out_of_words_and_parts_of_other_words_stay() -> None:
    names = Names(Person(pk=1), called={2: HELPS}, hidden={"Sam": HELPS, "Sam Hill": HELPS, "07700 900123": HELPS})
    said = "Sam Hill rang (07700 900123), then Sam. Samantha did not."
    assert names.without_others(said) == "a supporter rang (a supporter), then a supporter. Samantha did not."
    assert (names.of(2), names.of(3), names.of(None)) == (HELPS, SOMEBODY, "")
    assert (names.of_actor("person:2"), names.of_actor("system:worker")) == (HELPS, SYSTEM)
