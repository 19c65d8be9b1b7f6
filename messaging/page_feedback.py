"""Was this page helpful? What people answer, read at the desk.

Here: keeping an answer, putting it away, what is said of each page, and when it is deleted. Not here: rows
(models/site.py), which addresses are pages and the pages themselves (frontend/page_feedback.py), how often something
may be sent from one place (accounts/tries.py).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q
from django.utils import timezone

from accounts.history import System, acting
from accounts.models import Person, Programme
from messaging.models import PageFeedback, PageFeedbackQuerySet

LONGEST_WORDS: Final = 1000
KEPT_FOR: Final = dt.timedelta(days=365)
COUNTED_FOR: Final = dt.timedelta(days=90)


@dataclass(frozen=True)
class OfPage:
    """How many said yes, and no, of one page lately."""

    page: str
    yes: int
    no: int


def say_of_page(*, page: str, helpful: bool, words: str, programme: Programme | None) -> PageFeedback:
    """Keep an answer of somebody who is not asked for a name. `programme`: whose pages they were on, if anybody's."""
    with acting(System.PUBLIC, "messaging.say_of_page"):
        return PageFeedback.objects.create(
            page=page, helpful=helpful, words=words.strip(), has_words=bool(words.strip()), programme=programme
        )


def feedback_at_desk_of(user: object) -> PageFeedbackQuerySet:
    """With words, the newest first; those that are not put away with `.unread()`."""
    return PageFeedback.objects.at_desk_of(user).filter(has_words=True).select_related("put_away_by")


def of_each_page(user: object) -> list[OfPage]:
    """The pages of which something was said in the last 90 days, those that helped least often first."""
    lately = PageFeedback.objects.at_desk_of(user).filter(at__gt=timezone.now() - COUNTED_FOR).order_by()
    rows = lately.values("page").annotate(
        yes=Count("pk", filter=Q(helpful=True)), no=Count("pk", filter=Q(helpful=False))
    )
    return sorted((OfPage(**row) for row in rows), key=lambda row: (-row.no, row.yes, row.page))


def put_away(*, feedback: PageFeedback, by: Person) -> None:
    """It was read. Twice is harmless."""
    with acting(by, "messaging.put_away_feedback"):
        rows = PageFeedback.objects.filter(pk=feedback.pk, put_away_at=None)
        rows.update(put_away_at=timezone.now(), put_away_by=by)


def forget_old_feedback() -> int:
    """Delete what came more than a year ago, and say how many."""
    with acting(System.WORKER, "messaging.forget_old_feedback"):
        gone, _ = PageFeedback.objects.filter(at__lt=timezone.now() - KEPT_FOR).delete()
        return gone
