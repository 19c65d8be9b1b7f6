"""Rows about who there is, and about content that is configuration. One room per subject; import from here."""

from accounts.models.content import ContentSignOff, ContentStart, ContentVersion
from accounts.models.identity import (
    AccessLog,
    Agreement,
    Channel,
    ContactPoint,
    ContactPointQuerySet,
    Membership,
    Organisation,
    Person,
    Programme,
    User,
    covered,
)
from accounts.models.lists import BroughtList, BroughtListQuerySet
from accounts.models.sessions import BrowserSession

__all__ = [
    "AccessLog",
    "Agreement",
    "BroughtList",
    "BroughtListQuerySet",
    "BrowserSession",
    "Channel",
    "ContactPoint",
    "ContactPointQuerySet",
    "ContentSignOff",
    "ContentStart",
    "ContentVersion",
    "Membership",
    "Organisation",
    "Person",
    "Programme",
    "User",
    "covered",
]
