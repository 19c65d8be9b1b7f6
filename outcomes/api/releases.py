"""REST: published releases, for the partners whose they are, and for their machine clients (tokens.py)."""

from __future__ import annotations

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view, inline_serializer
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response as Answered

from accounts.permissions import Permission
from accounts.signin import needs
from outcomes.api.tokens import SignedInByToken
from outcomes.models import Release
from outcomes.releases import release as releases
from outcomes.releases.export import export_of
from outcomes.releases.machine_clients import Machine, note_the_machines_read
from safefit.api import SignedInBySession, StrictViewSet, bearer_of


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
        fields = (
            "id",
            "number",
            "programme",
            "organisation",
            "as_at",
            "published_at",
            "sha256",
            "k",
            "area",
            "dimensions",
        )


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
        "method": serializers.DictField(required=False),
        "purpose": serializers.CharField(),
        "said": serializers.CharField(),
        "sha256": serializers.CharField(),
    },
)


@extend_schema(tags=["releases"])
@extend_schema_view(retrieve=extend_schema(responses=FIGURES))
class ReleaseViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, StrictViewSet):
    """Published releases of one's organisations, while the agreement stands; one of them with every figure.

    Reading one is logged. The list is not: no figure is in it.
    """

    authentication_classes = (SignedInByToken, SignedInBySession)
    permission_classes = [needs(Permission.READ_RELEASES)]
    serializer_class = ReleaseShape
    filterset_class = ReleaseFilters

    def get_queryset(self) -> Any:
        return releases.releases_shared_with(self.request.user)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """What a token opened is kept by nothing on its way; what a session opened is not either, for all addresses."""
        if bearer_of(request) is not None:
            response["Cache-Control"] = "no-store"
        return super().finalize_response(request, response, *args, **kwargs)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Answered:
        release = self.get_object()
        _note(release, request.user)
        return Answered({**export_of(release), "sha256": release.sha256})


def _note(release: Release, who: Any) -> None:
    if isinstance(who, Machine):
        note_the_machines_read(release=release, client=who.client)
    else:
        releases.note_the_read(release=release, by=who.person)
