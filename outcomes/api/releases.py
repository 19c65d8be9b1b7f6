"""REST: published releases, for the partners whose they are."""

from __future__ import annotations

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view, inline_serializer
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response as Answered

from accounts.permissions import Permission
from accounts.signin import needs
from outcomes.models import Release
from outcomes.releases import release as releases
from outcomes.releases.export import export_of
from safefit.api import StrictViewSet


class ReleaseFilters(filters.FilterSet):
    programme = filters.CharFilter(field_name="programme__slug")

    class Meta:
        model = Release
        fields = ("programme",)


class ReleaseShape(serializers.ModelSerializer[Release]):
    """A published release, without its figures."""

    programme = serializers.CharField(source="programme.slug")
    organisation = serializers.CharField(source="organisation.slug")

    class Meta:
        model = Release
        fields = ("id", "number", "programme", "organisation", "as_at", "published_at", "sha256", "k", "dimensions")


FIGURES = inline_serializer(
    "ReleaseFigures",
    {
        "release": serializers.DictField(),
        "k": serializers.IntegerField(),
        "dims": serializers.DictField(),
        "pairs": serializers.ListField(),
        "measures": serializers.DictField(),
        "sums": serializers.ListField(),
        "cells": serializers.ListField(child=serializers.DictField()),
        "purpose": serializers.CharField(),
        "said": serializers.CharField(),
        "sha256": serializers.CharField(),
    },
)


@extend_schema(tags=["releases"])
@extend_schema_view(retrieve=extend_schema(responses=FIGURES))
class ReleaseViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, StrictViewSet):
    """Published releases of one's organisations, while the agreement stands; one of them with every figure."""

    permission_classes = [needs(Permission.READ_RELEASES)]
    serializer_class = ReleaseShape
    filterset_class = ReleaseFilters

    def get_queryset(self) -> Any:
        return releases.releases_shared_with(self.request.user)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Answered:
        release = self.get_object()
        releases.note_the_read(release=release, by=request.user.person)  # type: ignore[union-attr]
        return Answered({**export_of(release), "sha256": release.sha256})
