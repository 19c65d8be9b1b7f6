"""What is encrypted at rest, and how keys are rotated."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.db import connection
from django.test import override_settings

from accounts.fields import EncryptedJSONField, EncryptedTextField, decrypt, encrypt

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
TEXT, JSON = EncryptedTextField(), EncryptedJSONField()


def there_and_back(field: Any, value: Any) -> Any:
    return field.from_db_value(field.get_prep_value(value), None, connection)


@pytest.mark.parametrize("value", ["", "low blood counts", "ÿ ☂ 体", "x" * 10_000, None])
def test_text_comes_back_as_it_was(value: str | None) -> None:
    assert there_and_back(TEXT, value) == value


@pytest.mark.parametrize("value", [{}, [], {"a": [1, 2.5, None, True]}, "word", 0, False, None])
def test_json_comes_back_as_it_was(value: Any) -> None:
    assert there_and_back(JSON, value) == value


def test_dates_are_kept_as_text() -> None:
    assert there_and_back(JSON, {"on": dt.date(2026, 3, 1)}) == {"on": "2026-03-01"}


def test_what_is_stored_does_not_hold_the_words_and_differs_each_time() -> None:
    stored = [TEXT.get_prep_value("low blood counts") for _ in range(2)]
    assert "blood" not in stored[0]
    assert stored[0] != stored[1]


def test_a_new_first_key_writes_and_the_old_one_still_reads() -> None:
    with override_settings(ENCRYPTION_KEYS=[OLD]):
        before = encrypt("words")
    with override_settings(ENCRYPTION_KEYS=[NEW, OLD]):
        assert decrypt(before) == "words"
        after = encrypt("words")
    with override_settings(ENCRYPTION_KEYS=[NEW]):
        assert decrypt(after) == "words"
        with pytest.raises(InvalidToken):
            decrypt(before)


def test_what_was_tampered_with_is_refused() -> None:
    token = encrypt("words")
    with pytest.raises(InvalidToken):
        decrypt(token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB"))
