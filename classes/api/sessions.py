"""GET /sessions/: the timetable as the public sees it. How full a class is, in words, never in numbers."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.permissions import AllowAny

from classes.filtering import SessionFilter
from classes.listing import Availability, availability, for_lists
from classes.models import Session, Venue
from safefit.api import StrictModelSerializer, StrictViewSet

AVAILABILITY = {"type": "string", "enum": [word.value for word in Availability]}


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
            "accessible_toilet",
            "hearing_loop",
            "parking",
            "chairs",
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
    availability = serializers.SerializerMethodField()

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
            "availability",
            "venue",
        ]
        read_only_fields: ClassVar = fields

    @extend_schema_field(AVAILABILITY)  # type: ignore[untyped-decorator]
    def get_availability(self, session: Session) -> str:
        return availability(session, timezone.now()).value


class SessionViewSet(ListModelMixin, RetrieveModelMixin, StrictViewSet):
    """Classes that have not ended; one that has started says so, and cannot be booked. Public: no sign-in."""

    queryset = Session.objects.public().none()
    serializer_class = SessionSerializer
    permission_classes = [AllowAny]
    filterset_class = SessionFilter

    def get_queryset(self) -> QuerySet[Session]:
        sessions = for_lists(Session.objects.public().order_by("starts_at", "id"))
        return sessions if self.detail else sessions.filter(ends_at__gt=timezone.now())
