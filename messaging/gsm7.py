"""The plain characters of text messages, and how long a text is in them. PURE: no Django.

A text in these characters has 160 of them, or 153 in each of several parts; one other character
makes every part less than half as long. So what is not among them is written by what comes
nearest. Called by words.py.
"""

from __future__ import annotations

import unicodedata

ONE, EACH_OF_SEVERAL = 160, 153
MOST_PARTS = 3

# The basic table of GSM 03.38, and those that are written by two of its characters.
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWICE = frozenset("^{}\\[~]|€")
_NEAREST = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " ", "\u2011": "-", "ç": "c",
     "Ł": "L", "ł": "l", "Œ": "OE", "œ": "oe", "•": "-", "`": "'", "\t": " "}
)  # fmt: skip


def plain(text: str) -> str:
    """`text` in plain characters alone: an accent that they lack is left out, and a letter that they lack is a "?"."""
    return "".join(_plain(character) for character in unicodedata.normalize("NFC", text).translate(_NEAREST))


def _plain(character: str) -> str:
    if character in BASIC or character in TWICE:
        return character
    bare = "".join(piece for piece in unicodedata.normalize("NFKD", character) if piece in BASIC)
    return bare or "?"


def length(text: str) -> int:
    """In characters of the table."""
    return len(text) + sum(character in TWICE for character in text)


def parts(text: str) -> int:
    """How many text messages carry it; it is charged, and may be torn apart, by these."""
    long = length(text)
    return 1 if long <= ONE else -(-long // EACH_OF_SEVERAL)
