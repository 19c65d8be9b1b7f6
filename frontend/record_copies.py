"""A copy of everything held about somebody, as a page shows how far it is and hands it out. For me/ and desk/.

Not here: what is in it, and when it is deleted (records/exporting/).
"""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone

from accounts.models import Person
from records.exporting.copies import deleted_at, newest_copy

GONE = "There is no copy to take. Ask for a new one."
FILE = "what-safefit-holds.zip"


def copy_context(person: Person) -> dict[str, object]:
    """How the newest one stands; `there_until` only while it can be taken."""
    copy = newest_copy(person)
    until = deleted_at(copy) if copy is not None and copy.ready_at else None
    return {"copy": copy, "there_until": until if until is not None and until > timezone.now() else None}


def parcel(content: bytes) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{FILE}"'
    return answer
