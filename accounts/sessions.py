"""Sessions of people who are signed in: one read finds the session, the login with its person, and the roles.

Here: how a session is read and kept, and the middleware that says who is signed in.
Not here: the row (models/sessions.py), what a role may do (permissions.py). Never
signed cookies: an emailed code would lie readable in them, and what has been taken
back could be shown again. Nothing is kept from one request to the next: a session
that is deleted, a login that is closed and a role that is taken away are gone at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.sessions.backends import db
from django.db.models import CharField, DateTimeField, F, OuterRef
from django.db.models.functions import JSONObject
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from accounts.idle import NOTED_EVERY, idle_after, is_idle
from accounts.models import BrowserSession, Membership, User
from accounts.models.identity import Holding
from accounts.prepared import Given, Prepared

LEFT_BEHIND: Final = timedelta(days=1)  # a row that is over is kept so long, and opens nothing
_NOW = Given("now", DateTimeField())
_ROLES = {name: F(name) for name in ("role", "programme_id", "organisation_id")}
_OPEN = Prepared(
    lambda: (
        BrowserSession.objects.filter(session_key=Given("key", CharField()))
        .select_related("user__person")
        .annotate(
            roles=ArraySubquery(
                Membership.objects.filter(user=OuterRef("user")).live(_NOW).values(held=JSONObject(**_ROLES))
            )
        )
    )
)


class SessionStore(db.SessionStore):
    """Named by settings.SESSION_ENGINE. `login` is who was signed in when it was read, proven by nothing yet."""

    login: User | None = None
    ended_for: int | None = None  # whose session this was, when its time is over
    seen_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[BrowserSession]:
        return BrowserSession

    @classmethod
    def clear_expired(cls) -> None:
        cls.get_model_class().objects.filter(expire_date__lt=timezone.now() - LEFT_BEHIND).delete()

    def get_expiry_age(self, **kwargs: Any) -> int:
        """How long a browser keeps its key: longer than the session, so that it is known whose it was (unsent.py)."""
        return int(super().get_expiry_age(**kwargs) + LEFT_BEHIND.total_seconds())

    def create_model_instance(self, data: Mapping[str, Any]) -> BrowserSession:
        row: BrowserSession = super().create_model_instance(data)  # type: ignore[assignment, arg-type]
        row.user_id = data.get(SESSION_KEY)
        return row

    def _get_session_from_db(self) -> BrowserSession | None:
        """The row of this key, or None (and no key any more) when there is none or its time is over."""
        now = timezone.now()
        found: Any = _OPEN.first(key=self.session_key, now=now)
        login = found.user if found and found.user and found.user.is_active else None
        if login:
            login.live_memberships = [Holding(**held) for held in found.roles]
        if found is None or found.expire_date <= now or (login and is_idle(login, found.seen_at, now)):
            self.ended_for, self._session_key = login.pk if login else None, None
            return None
        if login:
            self.login, self.seen_at = login, found.seen_at
        return found  # type: ignore[no-any-return]


class WhoMiddleware(AuthenticationMiddleware):
    """Says who is signed in, as Django does, from what the session was read with."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _who(request))  # type: ignore[assignment]  # as Django has it

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """What somebody signed in was shown is kept by no browser: the next at the same telephone goes back to nothing.

        A view that has said otherwise is left as it is. Where nobody asked who it is, nothing of theirs was shown.
        """
        who = getattr(request, "user", None)  # none when an earlier middleware answered
        known = hasattr(request, "_cached_user") or not isinstance(who, SimpleLazyObject)
        if known and who is not None and who.is_authenticated:
            _note_activity(request.session, who)
            if "Cache-Control" not in response:
                add_never_cache_headers(response)
        return response


def _note_activity(session: Any, who: object) -> None:
    """Once a minute at most, and for those alone whose session ends when nothing is done in it."""
    now = timezone.now()
    if session.seen_at and idle_after(who) and now - session.seen_at > NOTED_EVERY:
        BrowserSession.objects.filter(session_key=session.session_key).update(seen_at=now)


def _who(request: Any) -> AbstractBaseUser | AnonymousUser:
    if not hasattr(request, "_cached_user"):  # the name under which Django keeps it
        login = request.session.login if request.session.get(SESSION_KEY) else None
        request._cached_user = login if login and _is_proven(login, request.session) else get_user(request)
    return request._cached_user  # type: ignore[no-any-return]


def _is_proven(login: User, session: SessionStore) -> bool:
    """Whether the session speaks for this login, as far as Django's own way needs not look: see get_user."""
    return (
        session[SESSION_KEY] == str(login.pk)
        and session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and constant_time_compare(session.get(HASH_SESSION_KEY, ""), login.get_session_auth_hash())
    )
