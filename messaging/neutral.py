"""Words that tell nobody why a person goes to SafeFit. PURE: no Django.

A subject line, a calendar title or a text message may be read over a shoulder.
Called where words of the programme's own making, such as the name of a class or a hall,
would enter a message; the tests walk every template with the same list.
"""

from __future__ import annotations

import re

# Beginnings of words; whole words where the beginning is innocent.
_STARTS = (
    "cancer", "tumour", "tumor", "oncolog", "chemo", "radiother", "immunother", "metasta", "lymph", "leukaem",
    "leukem", "melanom", "myelom", "sarcom", "carcinom", "prostat", "breast", "bowel", "malignan", "palliat",
    "hospic", "terminal", "diagnos", "illness", "disease", "patient", "treatment", "surgery", "surgical", "symptom",
    "survivor", "remission", "stoma", "clinic", "macmillan", "nhs", "hospital",
)  # fmt: skip
_TELLING = re.compile(rf"\b(?:{'|'.join(_STARTS)})\w*", re.IGNORECASE)


def telling_words(text: str) -> list[str]:
    """The words in `text` that speak of illness or treatment, in order; empty when it is neutral."""
    return _TELLING.findall(text)


def neutral(text: str, otherwise: str) -> str:
    """`text` when it is neutral, else `otherwise`."""
    return otherwise if telling_words(text) else text


def neutral_place(place: str) -> str:
    """What of a place, in parts between commas, is neutral: "Oncology Gym, 3 High Street, Poole" without the gym.

    Where nothing is, it is empty: whoever needs to know signs in, or reads the whole of it at the end of an email.
    """
    return ", ".join(part for part in place.split(", ") if not telling_words(part))
