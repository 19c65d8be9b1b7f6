"""Words and names of a file, as they may be kept. PURE: no Django.

Words are shown as they are written, marks of a web page included: nothing in them
is ever drawn as one. Letters that nobody sees are taken out and noted. Called by
the modules beside this one that read a file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from accounts.letters import hidden_letter
from outcomes.fhir.remarks import Notebook, Refused, Warned

LONGEST_NAME = 255
LONGEST_TEXT = 5000
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|&[a-zA-Z]+;")


def words(element: Mapping[str, Any], name: str, item: str, notes: Notebook, *, longest: int = LONGEST_TEXT) -> str:
    """The words under `name`, "" when there are none."""
    found = element.get(name, "")
    if not isinstance(found, str):
        notes.note(Refused.WRONG_SHAPE, item, name)
        return ""
    if len(found) > longest:
        notes.note(Refused.TOO_LONG, item, f"{name}, {longest:,}")
        return ""
    if _TAG.search(found):
        notes.note(Warned.HTML_SHOWN, item)
    return _without_hidden(found.strip(), item, notes)


def _without_hidden(text: str, item: str, notes: Notebook) -> str:
    while letter := hidden_letter(text, lines=True):
        notes.note(Warned.HIDDEN_LETTERS, item, letter)
        text = text.replace(chr(int(letter[2:], 16)), "")
    return text


def name(element: Mapping[str, Any], key: str, item: str, notes: Notebook) -> str:
    """A name for machines (linkId, code, system): kept letter by letter or refused."""
    found = element.get(key, "")
    if not isinstance(found, str) or len(found) > LONGEST_NAME or hidden_letter(found):
        notes.note(Refused.WRONG_SHAPE, item, key)
        return ""
    return found
