"""Lists: filters that refuse what they do not know, and pages.

Stock behaviour that is mended here: unknown query filters are ignored and the full list comes back.
Not here: the shapes of rows (reading.py), views (__init__.py, from which all of it is imported).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.forms import DateField
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import exceptions, serializers
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

MAX_PAGE_SIZE = 100
KEY = "[0-9]{1,18}"  # what a key in an address may be; fits a bigint


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
        self.asked = request
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
        return str(replace_query_param(self.asked.build_absolute_uri(), str(self.page_query_param), number))

    def get_paginated_response(self, data: Any) -> Response:
        following = self._link(self.number + 1) if self.more else None
        previous = self._link(self.number - 1) if self.number > 1 else None
        return Response({"next": following, "previous": previous, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        shape = super().get_paginated_response_schema(schema)
        del shape["properties"]["count"]
        shape["required"] = ["results"]
        return shape
