"""Text that goes out to a spreadsheet. PURE: no Django.

Here: that none of it is taken for a formula. Not here: lists that come in
(accounts/lists/). Called by whoever writes CSV.
"""

from __future__ import annotations

CANNOT_START = ("=", "+", "-", "@", "\t", "\r", "\n")  # a spreadsheet would take these for a formula


def harmless(text: str) -> str:
    """`text` that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(CANNOT_START) else text
