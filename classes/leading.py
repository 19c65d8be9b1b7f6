"""What somebody must hold to lead a class. Not here: whether they do (instructors/credentials.py)."""

from __future__ import annotations

from classes.models import ClassType
from instructors.rules import CredentialRules


def credentials_needed(class_type: ClassType, mode: str, rules: CredentialRules) -> tuple[str, ...]:
    """What its kind asks, and what every class of that mode needs."""
    return tuple(dict.fromkeys([*class_type.credentials_needed, *rules.needed_always(mode)]))
