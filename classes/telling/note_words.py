"""What a message to everybody of a class may not say, and what somebody should look at again. PURE: no Django.

Refused: a word that tells why people come, and a link: the way into an online class stands behind our own page,
and nowhere else. Looked at again: a word that is also the name of somebody in this class, a telephone number that
is not ours, an email address. Called by class_note.py and by the page.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from messaging.neutral import telling_words

_LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(r"\(?\+?\d(?:[\s().-]{0,2}\d){7,}")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
SHORTEST_NAME = 2


@dataclass(frozen=True)
class Findings:
    """`telling` and `links` are refused; the rest is sent once somebody has looked at it again."""

    telling: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    mailboxes: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        return bool(self.telling or self.links)

    @property
    def doubtful(self) -> bool:
        return bool(self.names or self.numbers or self.mailboxes)


def findings(text: str, *, names: Collection[str], our_number: str) -> Findings:
    """`names`: given names, family names, what people are called, of those in the class."""
    theirs = {part.casefold() for name in names for part in _WORD.findall(name) if len(part) >= SHORTEST_NAME}
    numbers = [found.strip() for found in _NUMBER.findall(text)]
    return Findings(
        telling=_once(telling_words(text)),
        links=_once(_LINK.findall(text)),
        names=_once(word for word in _WORD.findall(_EMAIL.sub(" ", text)) if word.casefold() in theirs),
        numbers=_once(number for number in numbers if _national(number) != _national(our_number)),
        mailboxes=_once(_EMAIL.findall(text)),
    )


def _national(number: str) -> str:
    """Its digits without the country or the nought before them."""
    digits = re.sub(r"\D", "", number)
    return digits.removeprefix("0044").removeprefix("44").removeprefix("18001").removeprefix("0")


def _once(words: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))  # type: ignore[call-overload]
