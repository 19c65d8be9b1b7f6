"""The name of a person within one project: stable under its key, and nothing without it. PURE.

Here: making keys and names. Not here: where a key is kept (keys.py). Two projects
have two keys, so nobody can join what they hold.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

KEY_BYTES = 32
LENGTH = 20  # 100 bits


class KeyIsTooShort(Exception):
    """A key of fewer than 256 bits names nobody."""


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def pid(key: bytes, person: str) -> str:
    """What `person` is called under `key`. Raises KeyIsTooShort."""
    if len(key) != KEY_BYTES:
        raise KeyIsTooShort(len(key))
    made = hmac.new(key, f"safefit-pid-v1|{person}".encode(), hashlib.sha256).digest()
    return base64.b32encode(made).decode()[:LENGTH]


def key_print(key: bytes) -> str:
    """By which a key is known again; says nothing about it."""
    return hashlib.sha256(b"safefit-key-v1|" + key).hexdigest()
