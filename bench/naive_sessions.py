"""Sessions of the naive way: Django's own in the database, read as Django reads them, out of the product's table."""

from __future__ import annotations

from django.contrib.sessions.backends import db

from accounts.models import BrowserSession


class SessionStore(db.SessionStore):
    """Named by naive_wsgi.py."""

    @classmethod
    def get_model_class(cls) -> type[BrowserSession]:
        return BrowserSession
