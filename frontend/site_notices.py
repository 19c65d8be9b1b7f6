"""What stands on every page: the desk's notices, and on everybody's own pages which classes of today are off.

Here: reading both, kept for half a minute in each process so that no page waits for them. Not here: putting a notice
up (messaging/site_notices.py, views/desk/notices.py), telling whoever booked (classes/telling).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import caches
from django.http import HttpRequest
from django.utils import timezone

from classes.listing import off_today
from frontend.class_words import place_of
from frontend.wording import clock
from messaging.site_notices import standing_words

KEPT, KEY, KNOWN_WITHIN = "here", "site-notices", 30
MOST_SHOWN = 3  # classes; the rest stand in the timetable
FOR_STAFF = ("desk", "teach", "staff", "content", "partner")  # they have lists of their own


@dataclass(frozen=True)
class Notices:
    """`words` of the desk; a line for each class that is `off` today, and how many `more` there are."""

    words: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    more: int = 0


def site_notices(request: HttpRequest) -> Notices:
    """What stands on this page; asked only by a page that is drawn."""
    kept: Notices | None = caches[KEPT].get(KEY)
    if kept is None:
        kept = _read()
        caches[KEPT].set(KEY, kept, KNOWN_WITHIN)
    here = request.resolver_match.namespace if request.resolver_match else ""
    return Notices(kept.words) if here in FOR_STAFF else kept


def forget_notices() -> None:
    """This process reads them anew; every other one does within half a minute."""
    caches[KEPT].delete(KEY)


def _read() -> Notices:
    off = off_today(timezone.now())
    lines = tuple(f"{one.class_type.name}, {clock(one.starts_at)}, {place_of(one)}" for one in off[:MOST_SHOWN])
    return Notices(tuple(standing_words()), lines, len(off) - len(lines))
