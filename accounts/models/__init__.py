"""Rows about who there is, and about content that is configuration. One room per subject; import from here."""

from accounts.models.content import ContentSignOff, ContentStart, ContentVersion
from accounts.models.identity import (
    AccessLog,
    Agreement,
    Channel,
    ContactPoint,
    Membership,
    Organisation,
    Person,
    Programme,
    User,
)

__all__ = [
    "AccessLog",
    "Agreement",
    "Channel",
    "ContactPoint",
    "ContentSignOff",
    "ContentStart",
    "ContentVersion",
    "Membership",
    "Organisation",
    "Person",
    "Programme",
    "User",
]
