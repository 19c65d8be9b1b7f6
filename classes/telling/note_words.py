"""What a message to everybody of a class may not say, and what somebody should look at again. PURE: no Django.

Refused: a word that tells why people come, and a link, written out or not, or what leads into this very class: the
way into an online class stands behind our own page, and nowhere else. Looked at again: a word that is also the name
of somebody in this class, a telephone number that is not ours, an email address. Called by class_note.py and by the
page.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from messaging.neutral import telling_words

# Where people meet online: their names alone are a way in, once somebody knows the number.
_MEETING = (
    r"zoom\.(?:us|com)|zoomgov\.com|meet\.google\.com|g\.co|teams\.live\.com|teams\.microsoft\.com|webex\.com"
    r"|whereby\.com|meet\.jit\.si|join\.skype\.com|gotomeet\.me|gotomeeting\.com|bluejeans\.com|facetime\.apple\.com"
)
_LINK = re.compile(
    r"\b(?:https?://|www\.)\S+"
    r"|\b(?:[\w-]+\.)+[a-z][\w-]+(?::\d+)?/\S+"  # a host and what is there; 10.30/11.00 is none
    rf"|(?<![\w@.-])(?:[\w-]+\.)*(?:{_MEETING})\b",
    re.IGNORECASE,
)
_HOST = re.compile(r"^[a-z]+://(?:www\.)?", re.IGNORECASE)
_DIGITS = re.compile(r"\+?\d(?:[\s().-]{0,3}\d)*")
_EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(r"\(?\+?\d(?:[\s().-]{0,2}\d){7,}")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
SHORTEST_NAME = 2
SHORTEST_NUMBER = 6  # digits by which somebody gets in: a shorter one is also a time or a room


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


def findings(text: str, *, names: Collection[str], our_number: str, ways_in: tuple[str, str] = ("", "")) -> Findings:
    """`names`: given names, family names, what people are called, of those in the class; `ways_in`: the link by which
    it is joined, and what is dialled."""
    theirs = {part.casefold() for name in names for part in _WORD.findall(name) if len(part) >= SHORTEST_NAME}
    numbers = [found.strip() for found in _NUMBER.findall(text)]
    return Findings(
        telling=_once(telling_words(text)),
        links=_once(_LINK.findall(text)) or _once(_leads_in(text, *ways_in)),
        names=_once(word for word in _WORD.findall(_EMAIL.sub(" ", text)) if word.casefold() in theirs),
        numbers=_once(number for number in numbers if _national(number) != _national(our_number)),
        mailboxes=_once(_EMAIL.findall(text)),
    )


def _leads_in(text: str, join_url: str, dial_in: str) -> Iterator[str]:
    """What of the text is the link of this class without its beginning, or a number by which it is joined."""
    place = _HOST.sub("", join_url.partition("?")[0].partition("#")[0]).rstrip("/")
    if place and place.casefold() in "".join(text.split()).casefold():
        yield place
    keys = _numbers((*_DIGITS.findall(dial_in), *_DIGITS.findall(place)))
    said = _numbers(_DIGITS.findall(text))
    yield from (said[one] for one in said if any(one in key or key in one for key in keys))


def _numbers(found: Iterable[str]) -> dict[str, str]:
    """Those long enough to get in by: their digits, and as they were written."""
    return {digits: one for one in found if len(digits := _national(one)) >= SHORTEST_NUMBER}


def _national(number: str) -> str:
    """Its digits without the country or the nought before them."""
    digits = re.sub(r"\D", "", number)
    return digits.removeprefix("0044").removeprefix("44").removeprefix("18001").removeprefix("0")


def _once(words: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))  # type: ignore[call-overload]
