"""The base that every API stands on: strict where REST framework is lenient.

Here: the base of views, who is signed in, refusals, and errors as RFC 9457 problem documents. Each app's
API imports from here what is read in a request (reading.py) and how lists are asked for (lists.py) too,
and nothing from rest_framework where there is one here.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from drf_spectacular.authentication import SessionScheme
from drf_spectacular.utils import OpenApiResponse
from rest_framework import exceptions, serializers, status
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler
from rest_framework.viewsets import GenericViewSet

from safefit.api.lists import (
    KEY,
    MAX_PAGE_SIZE,
    KeyFilter,
    LookAhead,
    Page,
    StrictDateFilter,
    StrictFilterBackend,
    refuse_unknown,
)
from safefit.api.reading import (
    MAX_NESTING,
    MOST_DIGITS,
    StrictBooleanField,
    StrictCharField,
    StrictDateField,
    StrictDateTimeField,
    StrictFloatField,
    StrictIntegerField,
    StrictJSONParser,
    StrictKeyField,
    StrictModelSerializer,
    StrictSerializer,
    StrictUUIDField,
    instant,
    nesting_of,
)

__all__ = [
    "AsItIs",
    "Conflict",
    "KEY",
    "KeyFilter",
    "LookAhead",
    "MAX_NESTING",
    "MAX_PAGE_SIZE",
    "MOST_DIGITS",
    "PROBLEM",
    "PROBLEM_COMPONENT",
    "Page",
    "SignedInBySession",
    "SignedInBySessionScheme",
    "StrictAPIView",
    "StrictBooleanField",
    "StrictCharField",
    "StrictDateField",
    "StrictDateFilter",
    "StrictDateTimeField",
    "StrictFilterBackend",
    "StrictFloatField",
    "StrictIntegerField",
    "StrictJSONParser",
    "StrictKeyField",
    "StrictModelSerializer",
    "StrictSerializer",
    "StrictUUIDField",
    "StrictViewSet",
    "TokenNotTaken",
    "Unprocessable",
    "bearer_of",
    "instant",
    "nesting_of",
    "problem",
    "problem_response",
    "refusal",
    "refuse_unknown",
]

PROBLEM = "application/problem+json"

# --- answering ---------------------------------------------------------------


class Conflict(exceptions.APIException):
    """409: the request was right, the state is against it. `code` names why, `facts` helps to go on."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = "The state has changed. Read it again."
    default_code = "conflict"

    def __init__(self, detail: str, code: str, **facts: Any) -> None:
        super().__init__(detail, code)
        self.facts = facts


class Unprocessable(exceptions.APIException):
    """422: the same idempotency key was used for another request."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "unprocessable"


class TokenNotTaken(exceptions.PermissionDenied):
    """403: a token opens nothing here."""

    default_detail = "A token reads published summaries alone. Leave it out, and sign in through the site."
    default_code = "insufficient_scope"


def bearer_of(request: Request) -> str | None:
    """The token sent in `Authorization: Bearer`; None where there is no such header."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


class SignedInBySession(SessionAuthentication):
    """The site's own session and CSRF token. Nobody signed in is told 401, not 403.

    A token of a machine client is not overlooked in favour of a cookie beside it: where none is taken, it is refused.
    """

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        if bearer_of(request) is not None:
            raise TokenNotTaken
        found: tuple[Any, Any] | None = super().authenticate(request)
        return found

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class SignedInBySessionScheme(SessionScheme):  # found by drf-spectacular through its registry
    target_class = "safefit.api.SignedInBySession"
    name = "session"


class AsItIs(DefaultContentNegotiation):
    """Nearly everybody takes anything, or JSON: that needs no weighing of what they would like best."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        first = renderers[0]
        if format_suffix is None and request.META.get("HTTP_ACCEPT", "*/*") in ("*/*", first.media_type):
            return first, first.media_type
        return super().select_renderer(request, renderers, format_suffix)


# Settings cannot name these classes: REST framework reads its defaults while its own views are being
# defined, which would be a circle. So every view of the API stands on one of the two below.


class StrictAPIView(APIView):
    """A single view, without query parameters. Subclasses name permission_classes."""

    authentication_classes: tuple[type[BaseAuthentication], ...] = (SignedInBySession,)
    content_negotiation_class = AsItIs
    parser_classes = (StrictJSONParser,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        refuse_unknown(request, ())


class StrictViewSet(GenericViewSet[Any]):
    """A view set whose keys are digits. Subclasses name permission_classes and a scoped get_queryset."""

    authentication_classes: tuple[type[BaseAuthentication], ...] = (SignedInBySession,)
    content_negotiation_class = AsItIs
    parser_classes = (StrictJSONParser,)
    filter_backends = (StrictFilterBackend,)
    pagination_class = Page
    lookup_value_regex = KEY

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in SAFE_METHODS:  # what is changed is said in the body alone
            refuse_unknown(request, ())


# --- saying what is answered -------------------------------------------------

PROBLEM_COMPONENT = "Problem"  # its shape is in safefit/openapi.py


def refusal(status_code: int, words: str, *codes: str) -> dict[Any, Any]:
    """For `responses` of extend_schema: a problem document, and the codes that it may carry."""
    told = f"{words} `code` is one of: {', '.join(codes)}." if codes else words
    shape = {"$ref": f"#/components/schemas/{PROBLEM_COMPONENT}"}
    return {(status_code, PROBLEM): OpenApiResponse(shape, description=told)}


def problem(status_code: int, *, code: str, detail: str, **more: Any) -> dict[str, Any]:
    """A problem document: type, title, status, code and detail, with what more there is to say."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status_code).phrase,
        "status": status_code,
        "code": code,
        "detail": detail,
        **more,
    }


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's exception handler: every refusal as a problem document."""
    response = exception_handler(error, context)
    if response is None:
        return None  # a fault of ours: logged and answered by safefit.errors, without a stack trace
    response.data = _problem_of(error, response)
    response.content_type = PROBLEM
    return response


def _problem_of(error: Exception, response: Response) -> dict[str, Any]:
    if isinstance(error, serializers.ValidationError):
        detail = "Some of what was sent cannot be used. See errors."
        return problem(response.status_code, code="invalid", detail=detail, errors=response.data)
    if isinstance(error, Http404):
        return problem(response.status_code, code="not_found", detail="There is no such thing, or it is not yours.")
    if isinstance(error, PermissionDenied):
        return problem(response.status_code, code="permission_denied", detail="Your role does not allow this.")
    if isinstance(error, exceptions.APIException):
        facts = getattr(error, "facts", {})
        code = getattr(error.detail, "code", None) or error.default_code
        return problem(response.status_code, code=str(code), detail=str(error.detail), **facts)
    return problem(response.status_code, code="error", detail="The request could not be answered.")
