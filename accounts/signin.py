"""Who may open a page, and how strongly they must have signed in.

Here: the declarations that every view carries (`requires`, `signed_in_page`,
`public_page`; `needs` for the API) and the middleware that keeps a session
without its second factor away from everything. Not here: what a role may do
(permissions.py), whose rows they are (the `visible_to` querysets), how the
sign-in pages work (entrance.py). Called by every views module and api.py.

An anonymous person is sent to sign in. A person without the permission gets 404
where the address names an object, because nothing is said about objects out of
their scope, and 403 where it names none. An object in scope that needs a further
permission in its own programme is `must_hold`'s business: that is a 403.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from allauth.account.authentication import get_authentication_records
from allauth.mfa.webauthn.internal.flows import did_use_passwordless_login
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.permissions import Permission, allows, needs_second_factor
from accounts.unsent import keep_unsent

PUBLIC = "public"
SIGNED_IN = "signed in"
Audience = str | frozenset[Permission]  # what a view's `audience` holds; the structure tests read it

View = TypeVar("View", bound=Callable[..., Any])  # a view function, or a view class


# --- pages -------------------------------------------------------------------


def public_page(view: View) -> View:
    """Declare that anybody may open `view`."""
    return _declare(view, PUBLIC, lambda guarded: guarded)


def signed_in_page(view: View) -> View:
    """Declare that `view` is for anybody who is signed in, whatever their role."""
    return _declare(view, SIGNED_IN, lambda guarded: _guard(guarded, frozenset()))


def requires(*permissions: Permission) -> Callable[[View], View]:
    """Declare that `view` (a function or a class) is for holders of any one of `permissions`."""
    wanted = frozenset(permissions)
    if not wanted:
        raise ValueError("requires() needs at least one permission; use signed_in_page for none.")
    return lambda view: _declare(view, wanted, lambda guarded: _guard(guarded, wanted))


def must_hold(
    user: object, permission: Permission, *, programme_id: int | None = None, organisation_id: int | None = None
) -> None:
    """For an object the user may see: raise PermissionDenied (403) unless they hold `permission` where it belongs."""
    if not allows(user, permission, programme_id=programme_id, organisation_id=organisation_id):
        raise PermissionDenied


def _declare(view: View, audience: Audience, guard: Callable[[Callable[..., Any]], Callable[..., Any]]) -> View:
    if isinstance(view, type):
        method_decorator(lambda dispatch: _marked(guard(dispatch), audience), name="dispatch")(view)
        view.audience = audience  # type: ignore[attr-defined]
        return view
    return _marked(guard(view), audience)  # type: ignore[return-value]


def _marked(view: Callable[..., Any], audience: Audience) -> Callable[..., Any]:
    @wraps(view)
    def marked(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs)

    marked.audience = audience  # type: ignore[attr-defined]
    return marked


def _guard(view: Callable[..., Any], wanted: frozenset[Permission]) -> Callable[..., Any]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(keep_unsent(request) or _way_back(request))
        if wanted and not any(allows(request.user, permission) for permission in wanted):
            refuse(names_an_object=bool(args or kwargs))
        answer: HttpResponseBase = view(request, *args, **kwargs)
        return answer

    return guarded


def refuse(*, names_an_object: bool) -> None:
    if names_an_object:
        raise Http404
    raise PermissionDenied


def _way_back(request: HttpRequest) -> str:
    """Where to go after signing in: the page asked for, or the page whose form was sent."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    sent_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(sent_from, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    return urlsplit(sent_from)._replace(scheme="", netloc="", fragment="").geturl()


# --- API ---------------------------------------------------------------------


def needs(*permissions: Permission) -> type[BasePermission]:
    """The same for REST views: `permission_classes = [needs(Permission.TEACH)]`."""
    wanted = frozenset(permissions)
    if not wanted:
        raise ValueError("needs() needs at least one permission.")

    class HoldsOneOf(BasePermission):
        audience = wanted

        def has_permission(self, request: Request, view: APIView) -> bool:
            if any(allows(request.user, permission) for permission in wanted):
                return True
            if request.user.is_authenticated and view.kwargs:
                raise Http404
            return False

    return HoldsOneOf


# --- second factor -----------------------------------------------------------

# Ways to prove who one is, as allauth records them in the session; DEMO is ours.
PASSWORD, CODE, SECOND_FACTOR, DEMO = "password", "code", "mfa", "demo"
# The pages of somebody who has given a password and has yet to set up the second factor.
SETTING_UP = frozenset({"mfa_activate_totp", "account_reauthenticate"})
ALWAYS = frozenset({"account_logout", "second_factor_missing"})


def proofs_of(request: HttpRequest) -> frozenset[str]:
    """How the person of this session has proved who they are."""
    return frozenset(record["method"] for record in get_authentication_records(request, request.user))


def proved_addresses(request: HttpRequest) -> frozenset[str]:
    """The email addresses and mobile numbers to which a code went that was typed in this session."""
    records = get_authentication_records(request, request.user)
    return frozenset(record["email"] for record in records if record.get("email"))


def signed_in_at(request: HttpRequest) -> datetime | None:
    """When the person of this session last proved who they are."""
    times = [record["at"] for record in get_authentication_records(request, request.user) if "at" in record]
    return datetime.fromtimestamp(max(times), UTC) if times else None


def signed_in_strongly(request: HttpRequest) -> bool:
    """Whether this session was opened with password and second factor, a passkey, or the button of the demo."""
    proofs = proofs_of(request)
    return {PASSWORD, SECOND_FACTOR} <= proofs or by_passkey(request) or (settings.DEMO and DEMO in proofs)


def by_passkey(request: HttpRequest, user: object = None) -> bool:
    """Whether a passkey opened this session: the device asked for a finger, a face or a PIN before it answered."""
    return bool(did_use_passwordless_login(request, user or request.user))


class SecondFactorMiddleware:
    """Whoever sees other people's records reaches nothing before the second factor but its set-up and sign-out.

    Judged on every request, so that a role given during a session counts at once.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if not needs_second_factor(request.user) or signed_in_strongly(request):
            return None
        has_password = PASSWORD in proofs_of(request)
        open_pages = ALWAYS | SETTING_UP if has_password else ALWAYS
        if request.resolver_match and request.resolver_match.url_name in open_pages:
            return None
        if request.path.startswith("/api/"):
            return _api_refusal()
        return redirect("mfa_activate_totp" if has_password else "second_factor_missing")


def _api_refusal() -> HttpResponse:
    """A problem document like every other of the API (safefit/api.py, which stands above this)."""
    problem = {
        "type": "about:blank",
        "title": "Forbidden",
        "status": 403,
        "code": "second_factor_missing",
        "detail": "Sign in with your second factor first.",
    }
    return JsonResponse(problem, status=403, content_type="application/problem+json")
