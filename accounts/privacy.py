"""What is held about people: purpose, lawful basis and retention of each field.

Every model of SafeFit carries `held` (fields about a person) and `plain`
(fields that describe the programme, or only the row itself). The structure
tests refuse a field that stands in neither; `manage.py data_map` writes
docs/data-map.md from these declarations. PURE: no Django.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Basis(enum.StrEnum):
    """Lawful basis under UK GDPR article 6, with the article 9 condition where health is concerned."""

    SERVICE = "legitimate interests in running the programme (6(1)(f))"
    HEALTH = "explicit consent to hold health facts (6(1)(a), 9(2)(a))"
    CONSENT = "consent (6(1)(a))"
    VITAL = "vital interests in an emergency (6(1)(d), 9(2)(c))"
    LEGAL = "accountability (6(1)(c))"


class Retention(enum.StrEnum):
    """How long a field is kept. The periods are configuration and not yet signed off."""

    DRAFT = "30 days after the last change of an unfinished registration"
    ACCOUNT = "while the account is open, then 1 year"
    RECORD = "8 years after the end of the programme"
    VISIT = "14 days after the class"
    MESSAGE = "1 year after it was sent"
    COMMENT = "1 year after it came"
    AUDIT = "8 years"
    STAFF = "6 years after leaving"
    RESEARCH = "until it was taken away, or its specification ran out"
    REQUEST = "until it is done; 1 day if it is not confirmed"
    COPY = "7 days after it was made"
    EVIDENCE = "90 days after it was sent back, replaced or ran out"


@dataclass(frozen=True)
class Held:
    """Fields of one model (names separated by spaces) that are held for one purpose."""

    fields: str
    purpose: str
    basis: Basis
    retention: Retention

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.fields.split())
