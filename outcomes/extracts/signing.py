"""What this copy of SafeFit signs: that somebody agreed to certain words, and the manifest of an extract.

Ed25519, with keys made of ENCRYPTION_KEYS, so that they are rotated with them: a
new one in front signs from now on, and what was signed before stands as long as
the old one is behind it. Whoever can write into the database alone can forge nothing.
"""

from __future__ import annotations

import base64

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

PURPOSE = b"safefit: signatures of research extracts"


def sign(content: bytes) -> str:
    """In base64."""
    return base64.b64encode(_keys()[0].sign(content)).decode()


def is_signed(content: bytes, signature: str) -> bool:
    """Whether one of our keys made `signature` of `content`."""
    try:
        made = base64.b64decode(signature, validate=True)
    except ValueError:
        return False
    return any(_made_by(key, made, content) for key in _keys())


def open_half() -> str:
    """By which anybody can check what is signed now, in base64."""
    return base64.b64encode(_keys()[0].public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def _made_by(key: Ed25519PrivateKey, signature: bytes, content: bytes) -> bool:
    try:
        key.public_key().verify(signature, content)
    except InvalidSignature:
        return False
    return True


def _keys() -> list[Ed25519PrivateKey]:
    derived = (
        HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(str(key).encode())
        for key in settings.ENCRYPTION_KEYS
    )
    return [Ed25519PrivateKey.from_private_bytes(key) for key in derived]
