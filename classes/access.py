"""Which classes a user may reach by their key.

Here: one class at a time, where one that is absent and one that is not for this
user look the same. Not here: lists (the `visible_to` querysets), who may see a
place (classes/models/booking.py). Called by the API.
"""

from __future__ import annotations

from django.db.models import BigIntegerField

from accounts.permissions import Permission, allows
from accounts.prepared import Given, Prepared
from classes.models import Session

_OPEN_TO_ALL = Prepared(
    lambda: Session.objects.public().filter(pk=Given("pk", BigIntegerField())).select_related("class_type")
)


def visible_session(pk: int, *, to: object) -> Session | None:
    """The class with its type, if it is public, or a draft of the user's own classes or programme."""
    if allows(to, Permission.TEACH) or allows(to, Permission.WORK_AT_DESK):
        return Session.objects.visible_to(to).select_related("class_type").filter(pk=pk).first()
    return _OPEN_TO_ALL.first(pk=pk)
