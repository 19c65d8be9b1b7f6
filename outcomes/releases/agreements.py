"""What a partner uses summaries for: kept with its agreement, and shown to everybody once something is published.

Here: the action and the door. Not here: the register (data_uses.py), publishing, which is refused without a
purpose (release.py).
"""

from __future__ import annotations

from typing import Final

from django.db.models import QuerySet

from accounts.history import acting
from accounts.models import Agreement, Person, Programme
from accounts.permissions import Permission, programmes_allowing

LONGEST_PURPOSE: Final = 500


class NoWords(Exception):
    """A purpose says something."""


def agreements_at_desk_of(user: object) -> QuerySet[Agreement]:
    """Agreements in force for which the user may build a release."""
    programmes = programmes_allowing(user, Permission.BUILD_RELEASES)
    rows = Agreement.objects.live().filter(programme_id__in=programmes)
    return rows.select_related("organisation", "programme").order_by("organisation__name", "pk")


def programmes_at_desk_of(user: object) -> list[Programme]:
    """Those for whose partners the user may build a release."""
    allowed = programmes_allowing(user, Permission.BUILD_RELEASES)
    return list(Programme.objects.filter(pk__in=allowed).order_by("name"))


def state_purpose(*, agreement: Agreement, purpose: str, by: Person) -> None:
    """Write down what the partner uses summaries for. What was published before keeps what it said. Raises NoWords."""
    purpose = purpose.strip()
    if not purpose:
        raise NoWords
    with acting(by, "outcomes.state_purpose"):
        agreement.purpose = purpose
        agreement.save(update_fields=["purpose"])
