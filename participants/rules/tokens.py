"""Tokens for emailed links: drawn here, sent once, kept only as a hash. PURE: no Django."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What the database keeps: enough to know a token again, not enough to make one."""
    return hashlib.sha256(token.encode()).hexdigest()
