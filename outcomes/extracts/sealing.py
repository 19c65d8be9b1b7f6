"""A file that its recipient alone can open: age, to their public key. PURE: no Django.

Called by specification.py, to refuse a key before anybody signs, and by building.py.
"""

from __future__ import annotations

import pyrage

ENDING = ".age"


class Unsealable(Exception):
    """It is no public key of age (age1…): nothing can be sealed to it."""


def recipient_of(public_key: str) -> pyrage.x25519.Recipient:
    """Raises Unsealable."""
    try:
        return pyrage.x25519.Recipient.from_str(public_key.strip())
    except pyrage.RecipientError as wrong:
        raise Unsealable(str(wrong)) from None


def seal(content: bytes, public_key: str) -> bytes:
    """`content` for whoever holds the other half of `public_key`, and for nobody else. Raises Unsealable."""
    return bytes(pyrage.encrypt(content, [recipient_of(public_key)]))
