"""GET /sessions/: the timetable as the public sees it. How full a class is, in words, never in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar

from django.db.models import DateTimeField, QuerySet
from django.http import Http404
from django.utils import timezone
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.prepared import Given, Prepared
from classes.filtering import SessionFilter
from classes.listing import Availability, availability_of, with_waits
from classes.models import Session, Venue
from classes.models.timetable import SessionQuerySet
from safefit.api import LookAhead, StrictModelSerializer, StrictViewSet, instant


class VenueSerializer(StrictModelSerializer):
    class Meta:
        model = Venue
        fields: ClassVar = [
            "id",
            "name",
            "address",
            "town",
            "postcode",
            "area",
            "step_free",
            "step_free_note",
            "accessible_toilet",
            "accessible_toilet_note",
            "hearing_loop",
            "hearing_loop_note",
            "parking",
            "parking_note",
            "chairs",
            "chairs_note",
            "access_note",
        ]
        read_only_fields: ClassVar = fields


class SessionSerializer(StrictModelSerializer):
    class_name = serializers.CharField(source="class_type.name", read_only=True)
    summary = serializers.CharField(source="class_type.summary", read_only=True)
    effort = serializers.CharField(source="class_type.effort", read_only=True)
    positions = serializers.ListField(source="class_type.positions", child=serializers.CharField(), read_only=True)
    adaptations_met = serializers.ListField(
        source="class_type.adaptations_met",
        child=serializers.CharField(),
        read_only=True,
        help_text="the class is made for people who need these",
    )
    bring = serializers.CharField(source="class_type.bring", read_only=True)
    venue = VenueSerializer(read_only=True, allow_null=True)
    companions_beside = serializers.BooleanField(read_only=True, help_text="whoever comes along takes no place")
    availability = serializers.ChoiceField([word.value for word in Availability], read_only=True)

    class Meta:
        model = Session
        fields: ClassVar = [
            "id",
            "class_name",
            "summary",
            "effort",
            "positions",
            "adaptations_met",
            "bring",
            "kind",
            "mode",
            "starts_at",
            "ends_at",
            "status",
            "companions_beside",
            "availability",
            "venue",
        ]
        read_only_fields: ClassVar = fields


VENUE = VenueSerializer.Meta.fields
VALUES = (
    *("id", "kind", "mode", "starts_at", "ends_at", "status", "capacity", "reserved", "walk_in", "places_taken"),
    "companions_beside",
    *(f"class_type__{name}" for name in ("name", "summary", "effort", "positions", "adaptations_met", "bring")),
    *(f"venue__{name}" for name in VENUE),
    "somebody_waits",
)


def shown(values: Sequence[Any], at: datetime) -> dict[str, Any]:
    """A row of VALUES as the API gives it: by hand, since nothing is asked for more often."""
    pk, kind, mode, starts_at, ends_at, status, capacity, reserved, walk_in, places_taken, *more = values
    companions_beside, name, summary, effort, positions, adaptations_met, bring, *venue, somebody_waits = more
    available = availability_of(
        status=status,
        starts_at=starts_at,
        capacity=capacity,
        places_left=capacity - reserved - walk_in - places_taken,
        somebody_waits=somebody_waits,
        at=at,
    )
    return {
        "id": pk,
        "class_name": name,
        "summary": summary,
        "effort": effort,
        "positions": positions,
        "adaptations_met": adaptations_met,
        "bring": bring,
        "kind": kind,
        "mode": mode,
        "starts_at": instant(starts_at),
        "ends_at": instant(ends_at),
        "status": status,
        "companions_beside": companions_beside,
        "availability": available.value,
        "venue": dict(zip(VENUE, venue, strict=True)) if venue[0] else None,
    }


def in_order(sessions: SessionQuerySet) -> QuerySet[Session, tuple[Any, ...]]:
    return with_waits(sessions).order_by("starts_at", "id").values_list(*VALUES)


@lru_cache(maxsize=4)
def _first(how_many: int) -> Prepared[Session]:
    """What whoever opens the timetable asks for: the next classes, whichever they are."""
    now = Given("now", DateTimeField())
    return Prepared(lambda: in_order(Session.objects.public().not_over(now))[:how_many])


class SessionViewSet(StrictViewSet):
    """Classes that have not ended; one that has started says so, and cannot be booked. Public: no sign-in."""

    queryset = Session.objects.public().none()
    serializer_class = SessionSerializer
    pagination_class = LookAhead
    permission_classes = [AllowAny]
    filterset_class = SessionFilter

    def get_queryset(self) -> QuerySet[Any, tuple[Any, ...]]:
        sessions = Session.objects.public()
        return in_order(sessions if self.detail else sessions.not_over(timezone.now()))

    def list(self, request: Request) -> Response:
        narrowed = set(request.query_params) - {LookAhead.page_size_query_param}
        rows = self.filter_queryset(self.get_queryset()) if narrowed else _Next()
        page, now = LookAhead(), timezone.now()
        found = page.paginate_queryset(rows, request, self)
        return page.get_paginated_response([shown(values, now) for values in found])

    def retrieve(self, request: Request, pk: str) -> Response:
        values = self.filter_queryset(self.get_queryset()).filter(pk=pk).first()
        if values is None:
            raise Http404
        return Response(shown(values, timezone.now()))


class _Next:
    """The next classes, in slices: the first ones by a statement that is kept."""

    def __getitem__(self, wanted: slice) -> list[Sequence[Any]]:
        return _first(wanted.stop).rows(now=timezone.now())
