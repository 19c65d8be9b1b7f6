"""Who holds a permission in a programme at this moment.

Here: people, found by what they may do, and one login that still may. Not here: what a role may do
(permissions.py), giving one (appointments.py). Called by the rota, where somebody of the desk is named, and by
frontend/keeper.py.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Membership, Person, Programme, User
from accounts.permissions import Permission, allows


def holders_of(
    permission: Permission, programme: Programme, *, since_before: datetime | None = None
) -> QuerySet[Person]:
    """Everybody with an open login and a role that carries `permission` in `programme`, by name.

    `since_before`: only whose role began before that moment.
    """
    held = Membership.objects.live().allowing(permission).filter(programme=programme, user__person=OuterRef("pk"))
    if since_before is not None:
        held = held.filter(starts_at__lt=since_before)
    return Person.objects.filter(Exists(held)).order_by("given_name", "family_name", "pk")


def open_login(pk: str, permission: Permission) -> User | None:
    """The login of this key, if it is open and holds `permission` now."""
    user = User.objects.filter(pk=pk, is_active=True).first()
    return user if allows(user, permission) else None
