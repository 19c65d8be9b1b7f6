"""What a telephone seals for the server, as assets/js/offline/vault.js does it."""

from __future__ import annotations

import base64
import json
import os
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from accounts.parcels import open_half


def sealed(value: Any, label: str, half: str | None = None) -> dict[str, str]:
    server = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), base64.b64decode(half or open_half()))
    own, iv = ec.generate_private_key(ec.SECP256R1()), os.urandom(12)
    shared = own.exchange(ec.ECDH(), server)
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=label.encode()).derive(shared)
    point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    found = {"from": point, "iv": iv, "sealed": AESGCM(key).encrypt(iv, json.dumps(value).encode(), label.encode())}
    return {name: base64.b64encode(part).decode() for name, part in found.items()}
