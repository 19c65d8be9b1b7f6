"""What a spreadsheet would take for a formula. PURE: no Django.

Here: one rule for text that goes out and for lists that come in. Not here: which of the lists' cells are a telephone
number or a name all the same (accounts/lists/sheets.py). Called by that, and by whoever writes CSV.
"""

from __future__ import annotations

import re
import unicodedata

BEGINS = frozenset("=+-@")
_PASSED_OVER = re.compile(r"\A[\s\x00-\x1f\u00ad\u200b-\u200f\u2060\ufeff]*")  # blanks, and what nobody sees
_DROPPED = ("\t", "\r", "\n")  # by some spreadsheets, and what stands behind is looked at anew


def is_formula(text: str) -> bool:
    """Whether it begins like one, behind blanks too, and in the wide or small letters of other scripts."""
    first = _PASSED_OVER.sub("", text, count=1)[:1]
    return unicodedata.normalize("NFKC", first)[:1] in BEGINS


def harmless(text: str) -> str:
    """`text` that no spreadsheet takes for a formula."""
    return f"'{text}" if is_formula(text) or text.startswith(_DROPPED) else text
