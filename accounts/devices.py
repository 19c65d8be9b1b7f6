"""What a login has left on telephones and computers: its sessions, and what a telephone may keep for it.

Here: taking all of it back at once, when one of them is lost. Not here: signing out of one (entrance_pages.py), what a
telephone keeps (frontend/keeper.py). Called by the pages of how one signs in, by the desk
for whoever telephones, and when a role ends.
"""

from __future__ import annotations

from django.utils import timezone

from accounts.fields import made_at
from accounts.history import Actor, acting
from accounts.models import Person, User


def forget_devices(*, person: Person, keep: str | None = None, by: Actor) -> None:
    """Sign `person` out everywhere but in the session of the key `keep`; no other device keeps what it has saved.

    Doing it twice ends what has begun meanwhile. Whoever never signs in has left nothing anywhere.
    """
    with acting(by, "accounts.forget_devices"):
        user = User.objects.select_for_update().filter(person=person).first()
        if user is not None:
            user.devices_forgotten_at = timezone.now()
            user.save(update_fields=["devices_forgotten_at"])
            user.sessions.exclude(session_key=keep or "").delete()


def end_other_sessions(*, user: User, keep: str | None) -> None:
    """How they sign in has changed: wherever else they are signed in, they sign in anew. Saved registers stay."""
    user.sessions.exclude(session_key=keep or "").delete()


def is_forgotten(user: User, ticket: str) -> bool:
    """Whether `ticket`, given to a device by `accounts.fields.encrypt`, is older than the last forgetting.

    A ticket knows the second only: one of the same second counts as older. Raises InvalidToken.
    """
    return user.devices_forgotten_at is not None and made_at(ticket) <= user.devices_forgotten_at
