"""OAuth 2.0 for machine clients: the endpoint that gives tokens, and who asks where one is sent.

Here: the edge of RFC 6749 (client credentials alone) and RFC 6750. The provider is allauth's; it is asked for nothing
else, and none of its other addresses is served (ADR 0056). Not here: who may have a token and what it stands for
(releases/machine_clients.py), which endpoints take one (releases.py beside this; all others refuse).
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any, Final

from allauth.account.adapter import get_adapter
from allauth.core.internal.httpkit import extract_basic_auth
from allauth.idp.oidc.views import TokenView
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts.signin import public_page
from accounts.tries import may_send
from outcomes.releases.machine_clients import GRANT, SCOPE, Machine, is_in_force, machine_of_token
from safefit.api import bearer_of

ENDPOINT: Final = "/api/oauth/token/"
_NUMBER: Final = re.compile("[0-9a-f]{32}")
WAIT_AFTER_TOO_MANY: Final = 60  # seconds

# --- giving tokens -----------------------------------------------------------


@public_page
class ClientToken(TokenView):
    """POST alone. An unknown client, a wrong secret, and one that may read no more: one answer, after the same work.

    A number is limited for each connection by itself: who knows it, and not its secret, takes no token from its
    owner. A secret is too long to be guessed from many connections.
    """

    def post(self, request: HttpRequest) -> HttpResponse:
        number, secret = _said_by(request)
        if not may_send(request, action="client_token", key=f"{number} from {get_adapter().get_client_ip(request)}"):
            return _too_many()
        if refusal := _unusable(request):
            return refusal
        if not is_in_force(number):
            make_password(secret)  # takes as long as looking at the secret of one that is
            return _no_client()
        response: HttpResponse = super().post(request)
        return _no_client() if response.status_code == HTTPStatus.UNAUTHORIZED else response


client_token = sensitive_post_parameters("client_secret")(sensitive_variables("secret")(ClientToken.as_view()))


def _said_by(request: HttpRequest) -> tuple[str, str]:
    """Number and secret, from the header or else the form. What is no number is nobody's: empty."""
    number, secret = extract_basic_auth(dict(request.headers))
    if not number:
        number, secret = request.POST.get("client_id", ""), request.POST.get("client_secret", "")
    return (number if _NUMBER.fullmatch(number) else ""), secret


def _unusable(request: HttpRequest) -> HttpResponse | None:
    """What is wrong with a request whoever sends it."""
    if request.META.get("QUERY_STRING"):
        return _refused("invalid_request", "Send everything in the body, and nothing in the address.")
    if twice := sorted(name for name, values in request.POST.lists() if len(values) > 1):
        return _refused("invalid_request", f"Send this once: {', '.join(twice)}.")
    if "grant_type" not in request.POST:
        return _refused("invalid_request", f"Send a form (application/x-www-form-urlencoded) with grant_type={GRANT}.")
    if request.POST["grant_type"] != GRANT:
        return _refused("unsupported_grant_type", f"The only grant_type is {GRANT}.")
    if "resource" in request.POST:
        return _refused("invalid_target", "Leave resource out: a token is for published summaries.")
    return None


def _refused(error: str, words: str, status: int = HTTPStatus.BAD_REQUEST, **headers: str) -> HttpResponse:
    response = JsonResponse({"error": error, "error_description": words}, status=status)
    for name, value in {"Cache-Control": "no-store", "Pragma": "no-cache", **headers}.items():
        response[name.replace("_", "-")] = value
    return response


def _no_client() -> HttpResponse:
    words = "Client number and secret do not fit, or the client may read no more. Ask whoever gave them to you."
    basic = 'Basic realm="SafeFit"'
    return _refused("invalid_client", words, HTTPStatus.UNAUTHORIZED, WWW_Authenticate=basic)


def _too_many() -> HttpResponse:
    words = "Too many requests for a token. One holds for 15 minutes: use it again, and wait before the next."
    wait = str(WAIT_AFTER_TOO_MANY)
    return _refused("temporarily_unavailable", words, HTTPStatus.TOO_MANY_REQUESTS, Retry_After=wait)


# --- reading tokens ----------------------------------------------------------


class InvalidToken(exceptions.AuthenticationFailed):
    default_detail = "The token is none of ours, has run out, or may read no more. Ask for a new one."
    default_code = "invalid_token"


class SignedInByToken(BaseAuthentication):
    """A machine client. Where a token is sent it decides, whatever cookie comes with it."""

    def authenticate(self, request: Request) -> tuple[Machine, str] | None:
        token = bearer_of(request)
        if token is None:
            return None
        machine = machine_of_token(token)
        if machine is None:
            raise InvalidToken
        return machine, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer" if bearer_of(request) is None else 'Bearer error="invalid_token"'


class SignedInByTokenScheme(OpenApiAuthenticationExtension):  # found through its registry
    target_class = "outcomes.api.tokens.SignedInByToken"
    name = "machine client"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        flow = {"tokenUrl": ENDPOINT, "scopes": {SCOPE: "Read the published summaries of one's organisation."}}
        return {"type": "oauth2", "flows": {"clientCredentials": flow}}

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]]:
        return {self.name: [SCOPE]}


urlpatterns = [path(ENDPOINT.removeprefix("/"), client_token, name="client_token")]
