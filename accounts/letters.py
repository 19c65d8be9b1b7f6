"""Which letters a name or a note may hold. PURE: no Django.

Characters that nobody sees can turn a line round, break it in two, or make two
names look like one: on a register, in a message, in a file for a spreadsheet.
Names of every script are kept as they are written. Called by the form fields
(frontend/fields.py) and the text fields of the API (safefit/api.py).
"""

from __future__ import annotations

import unicodedata

# Controls, formatting (what turns lines round, joins and breaks them), halves of pairs, private use, line separators.
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
# Persian writes the first inside many names, scripts of India the second; after a letter they belong to it.
JOINERS = "\u200c\u200d"
# Letters and symbols by name, and nothing at all to the eye.
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
LINES = frozenset("\n\r\t")


def hidden_letter(text: str, *, lines: bool = False) -> str:
    """The first character of `text` that nobody sees, as "U+202E", or "". `lines`: the text may have several."""
    before = ""
    for letter in text:
        if _is_hidden(letter, before) and not (lines and letter in LINES):
            return f"U+{ord(letter):04X}"
        before = letter
    return ""


def _is_hidden(letter: str, before: str) -> bool:
    if letter in JOINERS:
        return not before or unicodedata.category(before)[0] not in "LM"
    return letter in BLANK or unicodedata.category(letter) in HIDDEN
