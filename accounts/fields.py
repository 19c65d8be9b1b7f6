"""Model fields whose value is encrypted at rest, with keys that can be rotated.

Written with the first of ENCRYPTION_KEYS, read with any of them. An encrypted
column cannot be searched or compared: for facts that only a person reads.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


def _cipher() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.ENCRYPTION_KEYS])


def encrypt(text: str) -> str:
    return _cipher().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """The text behind `token`. Raises cryptography.fernet.InvalidToken when no key fits."""
    return _cipher().decrypt(token.encode()).decode()


def made_at(token: str) -> datetime:
    """The second in which `token` was made. Raises cryptography.fernet.InvalidToken when no key fits."""
    return datetime.fromtimestamp(_cipher().extract_timestamp(token.encode()), UTC)


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]  # generic only for the checker
    description = "Text, encrypted at rest"

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else encrypt(str(value))

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        return None if value is None else decrypt(value)


class EncryptedJSONField(models.TextField):  # type: ignore[type-arg]  # generic only for the checker
    description = "JSON, encrypted at rest"
    _pyi_private_set_type: Any  # for the checker: any value that JSON holds
    _pyi_private_get_type: Any

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else encrypt(json.dumps(value, cls=DjangoJSONEncoder))

    def from_db_value(self, value: str | None, expression: object, connection: object) -> Any:
        return None if value is None else json.loads(decrypt(value))


class EncryptedBytesField(models.BinaryField):  # type: ignore[type-arg]  # generic only for the checker
    description = "A file, encrypted at rest"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        token = None if value is None else _cipher().encrypt(bytes(value))
        return super().get_db_prep_value(token, connection, prepared)

    def from_db_value(self, value: Any, expression: object, connection: object) -> bytes | None:
        return None if value is None else _cipher().decrypt(bytes(value))
