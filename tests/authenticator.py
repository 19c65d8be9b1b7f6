"""A device that keeps a passkey, as a browser would speak for it: for tests of pages without a browser."""

from __future__ import annotations

import json
import secrets
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

ORIGIN = "https://testserver"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class Device:
    """`verifies`: whether it asks for a finger, a face or a PIN."""

    def __init__(self, *, verifies: bool = True, origin: str = ORIGIN) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id, self.origin = secrets.token_bytes(16), origin
        self.flags = PRESENT | (VERIFIED if verifies else 0)
        self.user = ""
        self.count = 0

    def make(self, options: str) -> str:
        """What it answers when it is asked to keep a passkey."""
        asked = json.loads(options)["publicKey"]
        self.user = asked["user"]["id"]
        public = ES256.from_cryptography_key(self.key.public_key())
        kept = AttestedCredentialData.create(Aaguid(bytes(16)), self.id, public)
        data = self._data(asked["rp"]["id"], self.flags | ATTESTED, kept)
        told = AttestationObject.create("none", data, {})
        client = self._client("webauthn.create", asked["challenge"])
        return self._answer({"clientDataJSON": client, "attestationObject": told}, {"credProps": {"rk": True}})

    def use(self, options: str | bytes) -> str:
        """What it answers when somebody signs in with it."""
        asked = json.loads(options)["publicKey"]
        data, client = self._data(asked["rpId"], self.flags), self._client("webauthn.get", asked["challenge"])
        signature = self.key.sign(bytes(data) + sha256(client).digest(), ec.ECDSA(SHA256()))
        given = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        return self._answer({**given, "userHandle": self.user}, {})

    def _data(self, site: str, flags: int, kept: AttestedCredentialData | None = None) -> AuthenticatorData:
        self.count += 1
        return AuthenticatorData.create(sha256(site.encode()).digest(), flags, self.count, kept or b"")

    def _client(self, kind: str, challenge: str) -> bytes:
        return bytes(CollectedClientData.create(kind, challenge, self.origin))

    def _answer(self, response: dict[str, Any], extensions: dict[str, Any]) -> str:
        sent = {name: value if isinstance(value, str) else websafe_encode(value) for name, value in response.items()}
        key = websafe_encode(self.id)
        whole = {"id": key, "rawId": key, "type": "public-key", "response": sent}
        return json.dumps({**whole, "clientExtensionResults": extensions})
