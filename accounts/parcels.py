"""What a browser seals for us and nobody else: it can put in, and only the server takes out.

Here: the open half of our key, and opening. Not here: sealing (frontend/assets/js/offline/vault.js), what is in a
parcel. Called by the register without signal. The keys are made of ENCRYPTION_KEYS, so that they are rotated with
them and never with the secret key: a new one in front seals from now on, and what was sealed before opens as long as
the old one stands behind it.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # how many points the curve has
PURPOSE = b"safefit: parcels from browsers"


class Unreadable(Exception):
    """It is no parcel of ours, or was sealed under another label, or its key is gone."""


def open_half() -> str:
    """What a browser seals with: a point of the curve, in base64."""
    point = _keys()[0].public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.b64encode(point).decode()


def open_parcel(parcel: object, label: str) -> Any:
    """What was sealed under `label`. Raises Unreadable."""
    try:
        made, iv, sealed = (base64.b64decode(parcel[name], validate=True) for name in ("from", "iv", "sealed"))  # type: ignore[index]
        other = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, made)
    except (KeyError, TypeError, ValueError) as wrong:
        raise Unreadable(str(wrong)) from None
    for key in _keys():
        shared = key.exchange(ec.ECDH(), other)
        try:
            plain = AESGCM(_derived(shared, label.encode())).decrypt(iv, sealed, label.encode())
            return json.loads(plain)
        except (InvalidTag, ValueError):
            continue
    raise Unreadable(label)


def _keys() -> list[ec.EllipticCurvePrivateKey]:
    return [_key(str(key).encode()) for key in settings.ENCRYPTION_KEYS]


def _key(secret: bytes) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(_derived(secret, PURPOSE, length=48), "big")  # long enough to be even over the curve
    return ec.derive_private_key(number % (ORDER - 1) + 1, CURVE)


def _derived(secret: bytes, purpose: bytes, *, length: int = 32) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose).derive(secret)
