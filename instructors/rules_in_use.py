"""The numbers about credentials and cover that this copy uses now, and what may be changed of them.

Not here: what they mean (rules.py), how versions are kept and signed (accounts/content.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.content import Kind, content, register_content
from accounts.content_words import Word
from instructors import rules as numbers
from instructors.models import CredentialKind

CREDENTIAL_RULES = "credentials"


def credential_rules() -> numbers.CredentialRules:
    """It asks the database: whoever judges many rows calls it once."""
    in_use: numbers.CredentialRules = content(CREDENTIAL_RULES)
    return in_use


def register() -> None:
    """Called once, by AppConfig.ready."""
    register_content(
        Kind(
            name=CREDENTIAL_RULES,
            title="Credentials and cover",
            about="What instructors must hold, how long it holds, and when somebody is told.",
            shipped=numbers.SHIPPED,
            read=_read,
            words={
                name: Word(number.title, least=number.least, most=number.most)
                for name, number in {**numbers.OF_ALL, **numbers.OF_A_KIND}.items()
            },
            made_of="numbers",
        )
    )


def _read(body: Mapping[str, Any]) -> numbers.CredentialRules:
    return numbers.read_rules(body, known=CredentialKind.values)
