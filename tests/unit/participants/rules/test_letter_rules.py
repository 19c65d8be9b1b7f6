"""Which letters to a clinical team are due, by day; and content that cannot be used is refused by name."""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import Any

import pytest

from participants.content import FOLDER
from participants.rules.letter_rules import BadLetters, Course, LetterKind, LetterText, letters_due, read_letters

START, WEEK = dt.date(2026, 3, 2), dt.timedelta(weeks=1)
LAST = START + 26 * WEEK
WHOLE = tomllib.loads((FOLDER / "clinical_letters_v1.toml").read_text())
OPENING, WORRY, CLOSING = (LetterKind.START, "7"), (LetterKind.REFERRED_BACK, "w"), (LetterKind.END, "7")


@pytest.mark.parametrize(
    ("on", "more", "due"),
    [
        (START - WEEK, {}, []),
        (START, {}, [OPENING]),
        (START, {"cleared": False}, []),
        (START, {"last_day": None}, [OPENING]),
        (START + 8 * WEEK, {}, [OPENING]),
        (START + 9 * WEEK, {}, []),
        (START + 9 * WEEK, {"referred": ("w",)}, [WORRY]),
        (START, {"cleared": False, "referred": ("w",)}, [WORRY]),
        (LAST, {}, []),
        (LAST + WEEK, {"cleared": False}, [CLOSING]),
        (START + WEEK, {"last_day": START}, [CLOSING]),  # over before anybody told of the start
        (LAST + 8 * WEEK, {}, [CLOSING]),
        (LAST + 9 * WEEK, {}, []),
        (LAST + WEEK, {"stayed_until": LAST}, [(LetterKind.END, f"7:{LAST}")]),  # also after a letter of an earlier end
        (LAST + WEEK, {"last_day": None}, []),
    ],
)
def test_a_letter_is_due_while_it_tells_something_new(on: dt.date, more: dict[str, Any], due: list[Any]) -> None:
    course = Course(**{"enrolment": 7, "started_on": START, "last_day": LAST, "cleared": True} | more)
    assert letters_due(course, on) == due


def test_what_comes_with_the_software_has_words_for_every_occasion() -> None:
    assert set(read_letters(WHOLE)) == set(LetterKind)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "a subject and words are needed"),
        ("Dear {ended}", r"\{ended\} is not known. Use \{name\}, \{person\}, \{started\}"),
        ("{name.__class__}", "is not known"),
        ("{name!r}", "is not known"),
        ("{name:>9}", "is not known"),
        ("{", "for braces"),
    ],
)
def test_words_with_a_place_that_nobody_fills_are_refused(words: str, said: str) -> None:
    with pytest.raises(BadLetters, match=said):
        read_letters(WHOLE | {"start": {"subject": "S", "words": words}})


def test_what_somebody_is_called_is_never_read_as_a_place() -> None:
    text = LetterText("About {name}", "{name} {{stays}}")
    assert text.filled({"name": "{person}"}) == ("About {person}", "{person} {stays}")
