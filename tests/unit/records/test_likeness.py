"""Which records are taken for one person, as a table."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from records.likeness import Known, Likeness, likeness

BORN = dt.date(1958, 3, 14)
RINGS, OTHER = frozenset({"+441632960111"}), frozenset({"+441632960222"})
JOSE = Known("José", "O’Brien-Smith", "", BORN, RINGS)


def like(given: str, family: str, known_as: str = "", *, born: dt.date | None = BORN, phones: Any = RINGS) -> Known:
    return Known(given, family, known_as, born, phones)


@pytest.mark.parametrize(
    ("other", "how"),
    [
        (like("José", "O’Brien-Smith"), Likeness.THE_SAME),
        (like("JOSE", "obrien smith"), Likeness.THE_SAME),
        (like("O’Brien-Smith", "José"), Likeness.THE_SAME),
        (like("Alfonso", "O’Brien-Smith", "Jose"), Likeness.THE_SAME),
        (like("Jose Maria", "O’Brien-Smith"), Likeness.THE_SAME),
        (like("Jose-Maria", "O’Brien-Smith"), Likeness.THE_SAME),
        (like("José", "O’Brien-Smith", phones=OTHER), Likeness.PROBABLY),
        (like("José", "O’Brien-Smith", phones=frozenset()), Likeness.PROBABLY),
        (like("Josh", "O’Brien-Smith"), Likeness.PROBABLY),  # a letter mistyped
        (like("Joes", "O’Brien-Smith"), Likeness.PROBABLY),  # two changed places
        (like("Jos", "O’Brien-Smit"), Likeness.PROBABLY),  # one left out of each
        (like("Josee", "O’Brien-Smith", phones=OTHER), Likeness.PERHAPS),
        (like("José", "Newname"), Likeness.PERHAPS),  # married since
        (like("José", "O’Brien-Smith", born=dt.date(1958, 3, 15)), Likeness.PERHAPS),
        (like("José", "O’Brien-Smith", born=None), Likeness.PERHAPS),
        (like("José", "Newname", phones=OTHER), None),
        (like("José", "O’Brien-Smith", born=None, phones=OTHER), None),
        (like("José", "O’Brien-Smith", born=dt.date(1958, 3, 15), phones=OTHER), None),
        (like("José", "O’Brien-Smith", born=dt.date(1988, 7, 1)), None),  # father and son
        (like("Lola", "O’Brien-Smith"), None),  # twins at one telephone
        (like("Johannes", "O’Brien-Smith"), None),
        (like("Lola", "Newname"), None),
    ],
)
def test_two_records_are_alike_as_the_table_says_whichever_comes_first(other, how):
    assert likeness(JOSE, other) == how
    assert likeness(other, JOSE) == how


def test_a_day_and_a_month_that_changed_places_are_almost_the_same():
    one, other = like("Jo", "Madeup", born=dt.date(1958, 3, 4)), like("Jo", "Madeup", born=dt.date(1958, 4, 3))
    assert likeness(one, other) == Likeness.PERHAPS


def test_a_name_of_two_letters_with_one_changed_is_another_name():
    assert likeness(like("Jo", "Madeup"), like("Ja", "Madeup")) is None
