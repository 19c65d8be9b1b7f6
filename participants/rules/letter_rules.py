"""Letters to a clinical team: which are due on a day, and the words of each as content says them. PURE: no Django.

Here: the rule, and reading and filling in the words. Not here: whether the person agrees and who is
written to (clinical_letters.py), which version of the words is in use (health_content.py), what the
letter of the end counts (frontend/clinical_letters.py).
"""

from __future__ import annotations

import enum
import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any


class LetterKind(enum.StrEnum):
    START = "start"
    REFERRED_BACK = "referred_back"
    END = "end"


CLINICAL_LETTER = "clinical_letter"  # kind of the desk's task; its subject is the participant
WORTH_TELLING = timedelta(weeks=8)  # after the start, or the end: later a letter would tell nothing new
PLACES: dict[LetterKind, frozenset[str]] = {
    LetterKind.START: frozenset({"name", "person", "started"}),
    LetterKind.REFERRED_BACK: frozenset({"name", "person"}),
    LetterKind.END: frozenset({"name", "person", "started", "ended"}),
}


class BadLetters(ValueError):
    """Content that cannot be used; says which part of it, and why."""


@dataclass(frozen=True)
class LetterText:
    subject: str
    words: str

    def filled(self, values: Mapping[str, str]) -> tuple[str, str]:
        """Subject and words, with `values` in the places. What a value holds is never read as a place."""
        return self.subject.format_map(values), self.words.format_map(values)


@dataclass(frozen=True)
class Course:
    """Where somebody stands: `enrolment` is its key, `last_day` of the programme as far as it is known.

    `cleared`: they may take part at this moment. `referred`: keys of the worries that nobody has decided about.
    `stayed_until`: they were let stay longer, so that a later end tells something new.
    """

    enrolment: int
    started_on: date
    last_day: date | None
    cleared: bool
    referred: tuple[str, ...] = ()
    stayed_until: date | None = None


def letters_due(course: Course, on: date) -> list[tuple[LetterKind, str]]:
    """What is to be told on the day `on`, each with the key of what it tells of."""
    due = [(LetterKind.REFERRED_BACK, key) for key in course.referred]
    is_over = course.last_day is not None and course.last_day < on
    if course.cleared and not is_over and course.started_on <= on <= course.started_on + WORTH_TELLING:
        due.append((LetterKind.START, str(course.enrolment)))
    if is_over and course.last_day is not None and on <= course.last_day + WORTH_TELLING:
        stayed = f":{course.stayed_until}" if course.stayed_until else ""
        due.append((LetterKind.END, f"{course.enrolment}{stayed}"))
    return due


def read_letters(content: Mapping[str, Any]) -> dict[LetterKind, LetterText]:
    """Check and freeze what content says: a subject and words for every kind. Raises BadLetters."""
    return {kind: _letter(kind, content.get(kind.value)) for kind in LetterKind}


def _letter(kind: LetterKind, raw: Mapping[str, Any] | None) -> LetterText:
    if not raw or not raw.get("subject") or not raw.get("words"):
        raise BadLetters(f"{kind.value}: a subject and words are needed.")
    for text in (raw["subject"], raw["words"]):
        _check_places(kind, text)
    return LetterText(raw["subject"].strip(), raw["words"].strip())


def _check_places(kind: LetterKind, text: str) -> None:
    """A place is one of the names in PLACES, bare: nothing reaches into what stands there."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError as wrong:
        raise BadLetters(f"{kind.value}: write {{{{ and }}}} for braces ({wrong}).") from None
    for _, name, spec, conversion in parts:
        if name is not None and (name not in PLACES[kind] or spec or conversion):
            known = ", ".join(f"{{{one}}}" for one in sorted(PLACES[kind]))
            raise BadLetters(f"{kind.value}: {{{name}}} is not known. Use {known}.")
