"""The base that every API stands on: strict where REST framework is lenient.

Stock behaviour that is mended here: unknown query filters are ignored and the
full list comes back; "1_000" and Arabic digits pass as integers and dates; a
key of 1.5 is read as 1; unknown body fields are dropped in silence; deep JSON
ends in a 500. Errors are RFC 9457 problem documents. Each app's api.py uses
these classes and nothing from rest_framework where there is one here.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, ClassVar, NoReturn

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.forms import DateField
from django.http import Http404
from django.utils.timezone import get_default_timezone
from django_filters import rest_framework as filters
from drf_spectacular.authentication import SessionScheme
from drf_spectacular.utils import OpenApiResponse, OpenApiTypes, extend_schema_field
from rest_framework import exceptions, serializers, status
from rest_framework.authentication import SessionAuthentication
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.pagination import PageNumberPagination
from rest_framework.parsers import JSONParser
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView, exception_handler
from rest_framework.viewsets import GenericViewSet

from accounts.letters import hidden_letter

MAX_NESTING = 20
MAX_PAGE_SIZE = 100
MOST_DIGITS = 100  # more than any number of ours; Python itself stops at some thousands, in words of its own
KEY = "[0-9]{1,18}"  # what a key in an address may be; fits a bigint
PROBLEM = "application/problem+json"


# --- reading a request -------------------------------------------------------


# A string that never ends is taken to the end of the text, and nothing is given back: no letter is looked at twice,
# however many quotes there are.
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{]|[\]}]', re.DOTALL)


def nesting_of(text: str) -> int:
    """The deepest nesting of brackets outside strings; 0 for a bare value."""
    deepest = depth = 0
    for token in _TOKEN.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token.group(), 0)
        deepest = max(deepest, depth)
    return deepest


def _refuse_constant(name: str) -> NoReturn:
    raise exceptions.ParseError(f"{name} is not a JSON number.")


def _whole_number(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise exceptions.ParseError(f"A number in the body has more than {MOST_DIGITS} digits.")
    return int(digits)


def _one_of_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise exceptions.ParseError("A name stands twice in one JSON object.")
    return found


def _refuse_half_letters(found: Any) -> None:
    """Half of a pair of escapes is no letter: nothing could store it, or say it back in an answer."""
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise exceptions.ParseError("An escape in the body stands for half a letter.") from None


class StrictJSONParser(JSONParser):
    """JSON of at most MAX_NESTING levels, in UTF-8, each name once, real numbers and whole letters only."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            text = stream.read().decode("utf-8")
        except UnicodeDecodeError:
            raise exceptions.ParseError("The body is not UTF-8.") from None
        if nesting_of(text) > MAX_NESTING:
            raise exceptions.ParseError(f"The body is nested more than {MAX_NESTING} levels deep.")
        try:
            found = json.loads(
                text, parse_int=_whole_number, parse_constant=_refuse_constant, object_pairs_hook=_one_of_each
            )
        except ValueError as error:
            raise exceptions.ParseError(f"The body is not JSON: {error}.") from None
        if "\\u" in text:
            _refuse_half_letters(found)
        return found


class _Plain:
    """Of a field that holds no other: a shape is given a copy of it, not one that is made anew.

    Every request makes a shape, and REST framework every field of it from how it was declared. Nothing of a field
    changes but where it stands and what it is called there, and a copy has these for itself. One that stands
    somewhere already (in a list, which is copied with it) is made anew.
    """

    parent: Any

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        if self.parent is not None:
            return super().__deepcopy__(memo)  # type: ignore[misc]
        made = object.__new__(type(self))
        made.__dict__.update(self.__dict__)
        return made


class StrictIntegerField(_Plain, serializers.IntegerField):
    """A JSON integer, not a string, a float or a boolean."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictFloatField(_Plain, serializers.FloatField):
    """A finite JSON number."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float) or not math.isfinite(data):
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictBooleanField(_Plain, serializers.BooleanField):
    """true or false, not words that look like them."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class StrictCharField(_Plain, serializers.CharField):
    """A JSON string of letters that can be seen, in lines; numbers are not turned into text."""

    default_error_messages: ClassVar = {"hidden": "Take out the hidden character {letter}."}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if letter := hidden_letter(data, lines=True):
            self.fail("hidden", letter=letter)
        return super().to_internal_value(data)


class StrictDateField(_Plain, serializers.DateField):
    """YYYY-MM-DD in ASCII digits."""

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(value)


class StrictDateTimeField(_Plain, serializers.DateTimeField):
    """An ISO 8601 instant with its offset: without one nobody knows which hour is meant."""

    default_error_messages: ClassVar = {"offset": "Give the time with its offset, such as 2026-12-01T18:30:00Z."}

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str) or not value.isascii():
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ssZ")
        if not re.search(r"(Z|[+-][0-9]{2}:[0-9]{2})$", value):
            self.fail("offset")
        return super().to_internal_value(value)


def instant(at: datetime | None) -> str | None:
    """An instant as every answer gives it: ISO 8601 with the offset of the UK at that time."""
    return None if at is None else at.astimezone(get_default_timezone()).isoformat().replace("+00:00", "Z")


class StrictUUIDField(_Plain, serializers.UUIDField):
    """A UUID as text, with its hyphens: a number is not taken for one."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or not re.fullmatch(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", data):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class StrictKeyField(_Plain, serializers.PrimaryKeyRelatedField[Any]):
    """A key of another object, as a JSON integer. Scope it: queryset=….visible_to(user)."""

    default_error_messages: ClassVar = {
        "incorrect_type": "Give a key, as a whole number.",
        "does_not_exist": "There is no such thing, or it is not yours.",
    }

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("incorrect_type")
        found = self.find(data) if 0 < data < 2**63 else None
        if found is None:
            self.fail("does_not_exist")
        return found

    def find(self, pk: int) -> Any:
        """The row, or None when there is none in the scoped queryset."""
        scoped: Any = self.get_queryset()
        return scoped.filter(pk=pk).first()


# The two below carry no docstring: it would stand as the description of every shape in the OpenAPI file.
class StrictSerializer(serializers.Serializer[Any]):  # refuses names that it does not know or that are read only
    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            if unknown := sorted(str(name) for name in data if name not in writable):
                raise serializers.ValidationError({name: ["This cannot be set here."] for name in unknown})
        return super().to_internal_value(data)


class StrictModelSerializer(StrictSerializer, serializers.ModelSerializer[Any]):  # the same, with strict fields
    serializer_field_mapping: ClassVar = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.BigAutoField: StrictIntegerField,
        models.IntegerField: StrictIntegerField,
        models.PositiveIntegerField: StrictIntegerField,
        models.PositiveSmallIntegerField: StrictIntegerField,
        models.SmallIntegerField: StrictIntegerField,
        models.BigIntegerField: StrictIntegerField,
        models.FloatField: StrictFloatField,
        models.BooleanField: StrictBooleanField,
        models.CharField: StrictCharField,
        models.TextField: StrictCharField,
        models.DateField: StrictDateField,
        models.DateTimeField: StrictDateTimeField,
    }
    serializer_related_field = StrictKeyField


# --- lists -------------------------------------------------------------------


def refuse_unknown(request: Request, known: Collection[str]) -> None:
    """400 that names every query parameter which is not in `known`."""
    if unknown := sorted(set(request.query_params) - set(known)):
        raise serializers.ValidationError({name: ["This is not a filter of this list."] for name in unknown})


@extend_schema_field(OpenApiTypes.INT64)
class KeyFilter(filters.CharFilter):
    """A key, in digits. One that is not in the list finds nothing, whether it is another's or nobody's."""

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, validators=[RegexValidator(rf"^{KEY}$", "Give a key, in digits.")], **rest)


class _StrictDate(DateField):
    def to_python(self, value: Any) -> Any:
        if value and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(value)):
            raise ValidationError("Give a date as YYYY-MM-DD.")
        return super().to_python(value)


class StrictDateFilter(filters.DateFilter):
    """YYYY-MM-DD in ASCII digits: the day in the UK."""

    field_class = _StrictDate


class StrictFilterBackend(filters.DjangoFilterBackend):
    """Filters of a declared FilterSet; any other query parameter is a 400, never the full list."""

    ours: ClassVar = frozenset({"page", "page_size"})

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        if view.detail:  # one object is named by its address alone
            refuse_unknown(request, ())
            return queryset
        filterset_class = self.get_filterset_class(view, queryset)
        known = self.ours | set(filterset_class.base_filters if filterset_class else ())
        refuse_unknown(request, known)
        for name, values in request.query_params.lists():
            if len(values) > 1:
                raise serializers.ValidationError({name: ["Give this filter once."]})
        return super().filter_queryset(request, queryset, view)


class Page(PageNumberPagination):
    """20 rows a page; `page_size` up to MAX_PAGE_SIZE, a larger one is cut to it."""

    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = MAX_PAGE_SIZE

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> Any:
        self._refuse_bad_numbers(request)
        return super().paginate_queryset(queryset, request, view)

    def _refuse_bad_numbers(self, request: Request) -> None:
        for name in (self.page_query_param, self.page_size_query_param):
            given = request.query_params.get(str(name))
            if given is not None and not re.fullmatch(r"[1-9][0-9]{0,8}", given):
                raise serializers.ValidationError({str(name): ["Give a whole number from 1."]})


class LookAhead(Page):
    """A page of a list that is read often and never counted: whether there is a next one is all it says.

    What it is given is cut once, by [first:last]: a queryset, or anything else that can be.
    """

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        self.address = request.build_absolute_uri()
        self._refuse_bad_numbers(request)
        size = self.get_page_size(request) or MAX_PAGE_SIZE
        self.number = int(request.query_params.get(str(self.page_query_param), 1))
        first = (self.number - 1) * size
        found = list(queryset[first : first + size + 1])
        if not found and self.number > 1:
            raise exceptions.NotFound("There is no such page.")
        self.more = len(found) > size
        return found[:size]

    def _link(self, number: int) -> str:
        return str(replace_query_param(self.address, str(self.page_query_param), number))

    def get_paginated_response(self, data: Any) -> Response:
        following = self._link(self.number + 1) if self.more else None
        previous = self._link(self.number - 1) if self.number > 1 else None
        return Response({"next": following, "previous": previous, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        shape = super().get_paginated_response_schema(schema)
        del shape["properties"]["count"]
        shape["required"] = ["results"]
        return shape


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


class SignedInBySession(SessionAuthentication):
    """The site's own session and CSRF token. Nobody signed in is told 401, not 403."""

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

    authentication_classes = (SignedInBySession,)
    content_negotiation_class = AsItIs
    parser_classes = (StrictJSONParser,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        refuse_unknown(request, ())


class StrictViewSet(GenericViewSet[Any]):
    """A view set whose keys are digits. Subclasses name permission_classes and a scoped get_queryset."""

    authentication_classes = (SignedInBySession,)
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
