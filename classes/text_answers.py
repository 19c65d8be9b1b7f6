"""What somebody means who answers a reminder by a text message of a few words. PURE: no Django.

Here: which whole answers are understood. A text that says more than that, or something else beside
it, is read by a person. Called by text_replies.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Answer(StrEnum):
    COMING = "coming"
    CANNOT = "cannot"


@dataclass(frozen=True)
class Meaning:
    """`plain`: it names what it means, so that it answers no other question: "cancel", and not a bare "no"."""

    answer: Answer
    plain: bool


_POLITE = re.compile(r"\b(?:thanks|thank you|thankyou|many thanks|please|hello|hi|sorry|x+)\b")
_WORDS = {
    Meaning(Answer.COMING, plain=False): ("yes", "y", "yes i am", "ok yes", "yes ok"),
    Meaning(Answer.COMING, plain=True): (
        "coming", "yes coming", "i am coming", "yes i am coming", "im coming", "yes im coming", "i will come",
        "yes i will come", "i will be there", "yes i will be there", "ill be there", "yes ill be there",
    ),
    Meaning(Answer.CANNOT, plain=False): ("no", "n"),
    Meaning(Answer.CANNOT, plain=True): (
        "cancel", "cannot", "cant", "cannot come", "cant come", "no cannot come", "no cant come", "i cannot come",
        "i cant come", "no i cannot come", "no i cant come", "not coming", "no not coming", "i am not coming",
        "im not coming", "cannot make it", "cant make it", "i cannot make it", "i cant make it", "can not come",
        "i can not come", "cancel my place",
    ),
}  # fmt: skip
_MEANINGS = {words: meaning for meaning, all_words in _WORDS.items() for words in all_words}


def meaning_of(text: str) -> Meaning | None:
    """None for whatever is not one of a few answers and nothing else, "stop" among them."""
    words = re.sub(r"['’`]", "", text.lower())
    words = _POLITE.sub(" ", re.sub(r"[^\w\s]", " ", words))
    return _MEANINGS.get(" ".join(words.split()))
