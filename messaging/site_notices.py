"""A few words on every page, from one moment to another: the telephones are down, the office is shut.

Here: putting one up and taking it down. Not here: drawing it, and how soon every server knows
(frontend/site_notices.py). Everybody can read it, so it names nobody.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from accounts.history import acting
from accounts.models import Person
from messaging.models import SiteNotice, SiteNoticeQuerySet


class BadEnd(ValueError):
    """It would be over already, or stand for longer than SiteNotice.LONGEST."""


def put_up(*, words: str, until: datetime, by: Person) -> SiteNotice:
    """From now on. Raises BadEnd."""
    now = timezone.now()
    if not now < until <= now + SiteNotice.LONGEST:
        raise BadEnd
    with acting(by, "messaging.put_up_notice"):
        return SiteNotice.objects.create(words=words.strip(), starts_at=now, ends_at=until, by=by)


def take_down(*, notice: SiteNotice, by: Person) -> None:
    """It ends now. Twice is harmless."""
    with acting(by, "messaging.take_down_notice"):
        SiteNotice.objects.filter(pk=notice.pk).live().update(ends_at=timezone.now())


def standing() -> SiteNoticeQuerySet:
    """Those that stand now, with who put them up."""
    return SiteNotice.objects.not_over().select_related("by")


def standing_words() -> list[str]:
    """What they say, the oldest first. One query."""
    return list(SiteNotice.objects.live().order_by("starts_at", "pk").values_list("words", flat=True))
