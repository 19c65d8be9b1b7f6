"""Sessions of people who are signed in: Django's own in the database, read by a statement that is kept.

Here: the read. Never signed cookies: an emailed code would lie readable in them,
and what has been taken back could be shown again.
"""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from accounts.prepared import Given, Prepared

_OPEN = Prepared(
    lambda: Session.objects.filter(session_key=Given("key", CharField()), expire_date__gt=Given("now", DateTimeField()))
)


class SessionStore(db.SessionStore):
    """Named by settings.SESSION_ENGINE."""

    def _get_session_from_db(self) -> Session | None:
        """The row of this key, or None (and no key any more) when there is none or its time is over."""
        found = _OPEN.first(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found
