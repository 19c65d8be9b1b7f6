"""What each access need asks of a message, and which way of ours meets it. PURE: no Django.

Here: the kinds of need in their groups, and what a way of telling somebody leaves
unmet. Not here: the rows (models/about.py), sending (messaging), the words.
Kinds are the values of AccessNeedKind, ways those of accounts.models.Channel.

What we send is plain written English: an email without pictures or layout, which
a screen reader reads and every program shows as large as its reader has set it.
A letter is printed in the size that was noted. A call is spoken, so it serves
whoever cannot read print and prefers to be called; nobody who asked to be written
to is called instead. Whatever is left unmet becomes a task that names it.
"""

from __future__ import annotations

import re
from collections.abc import Collection

EMAIL, TEXT, PHONE, POST = "email", "text", "phone", "post"
WAYS = (EMAIL, TEXT, PHONE, POST)

# Ways that work: somebody who names one is told by none of the others.
METHODS = {"by_email": EMAIL, "by_text": TEXT, "by_phone": PHONE, "by_relay": PHONE, "by_post": POST}
FORMATS = ("large_print", "easy_read", "braille", "audio", "screen_reader", "bsl_video")
PROFESSIONALS = ("bsl_interpreter", "lip_speaker", "deafblind", "interpreter")
SUPPORT = ("hearing_loop", "slow_speech", "lip_reads", "writing_down", "more_time", "own_sex_instructor")
LANGUAGE = "language"
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Ways to reach you that work", tuple(METHODS)),
    ("How to write to you", FORMATS),
    ("Language", (LANGUAGE,)),
    ("Somebody who helps with talking and hearing", tuple(kind for kind in PROFESSIONALS if kind != "interpreter")),
    ("In a class or a talk", (*SUPPORT, "other")),
)

IN_ORDER = (*METHODS, *FORMATS, LANGUAGE, *PROFESSIONALS, *SUPPORT, "other")

_WRITTEN = frozenset({"large_print", "screen_reader"})
MEETS = {
    EMAIL: _WRITTEN,
    TEXT: _WRITTEN,
    PHONE: frozenset({"large_print", "screen_reader", "easy_read", "braille", "audio"}),
    POST: frozenset({"large_print"}),
}
RELAY = "by_relay"  # a call through a relay is read by whoever cannot hear it

PRINT_SIZES = (18, 20, 24, 28, 32)  # points
USUAL_LARGE_PRINT = 18


def closed_ways(kinds: Collection[str]) -> frozenset[str]:
    """Ways that do not work for somebody with needs of these `kinds`; none when no way is named."""
    named = {way for kind, way in METHODS.items() if kind in kinds}
    return frozenset(set(WAYS) - named) if named else frozenset()


def unmet_by(way: str, kinds: Collection[str]) -> tuple[str, ...]:
    """Those of `kinds` that a message of ours by `way` does not meet, in the order of the groups; empty: it does."""
    unmet = {kind for kind in kinds if kind in (*FORMATS, LANGUAGE) and kind not in MEETS[way]}
    if way == PHONE and RELAY not in kinds:
        unmet |= {kind for kind in kinds if kind in PROFESSIONALS}
    if way in closed_ways(kinds):
        unmet |= {kind for kind in kinds if kind in METHODS}
    return tuple(kind for kind in IN_ORDER if kind in unmet)


def print_size(details: Collection[str]) -> int:
    """In how many points a letter is printed for who noted `details` with large print: the largest that is said."""
    said = [int(number) for detail in details for number in re.findall(r"\d{2}", detail)]
    return next((size for size in PRINT_SIZES if size >= max(said)), PRINT_SIZES[-1]) if said else USUAL_LARGE_PRINT
