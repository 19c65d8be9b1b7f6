"""Who read what about somebody: their own log of reads, for them.

Here: the rows. Not here: writing the log (accounts/history.py), the copy of everything, which holds the same
(exporting/). Readings of safeguarding concerns are kept apart and are not in it.
"""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import AccessLog, Person


def readings_of(person: Person) -> QuerySet[AccessLog]:
    """The newest first, but for what they read of themselves."""
    return AccessLog.objects.filter(target=person).exclude(by=person).order_by("-at", "-pk")
