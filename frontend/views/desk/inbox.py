"""Words that people leave us without a name, as the desk reads them: what nobody has put away yet, and the rest.

Here: which of them a page shows. Not here: whose they are and putting one away (comments.py, page_feedback.py).
"""

from __future__ import annotations

from typing import Any, Final, Protocol

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PER_PAGE: Final = 20


class Inbox(Protocol):
    """Rows with a moment at which each was put away."""

    def unread(self) -> QuerySet[Any]: ...

    def exclude(self, *, put_away_at: None) -> QuerySet[Any]: ...


def page_of(request: HttpRequest, rows: Inbox) -> dict[str, Any]:
    """What nobody has put away yet, the newest first; with `?put-away=yes` the rest. For a template: `page`, `away`."""
    away = request.GET.get("put-away") == "yes"
    found = rows.exclude(put_away_at=None) if away else rows.unread()
    return {"page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")), "away": away}
