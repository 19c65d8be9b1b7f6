"""/own-session-notes/: what instructors noted for the person about their own classes.

For the participant alone, once the class is over. Not here: what is written for colleagues, which leaves by no address
of the API; writing (the register's pages).
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from classes.models import LEAST_EFFORT, MOST_EFFORT
from classes.register import own_notes
from participants.api.own import NO_RECORD, TAKES_PART, own_record
from safefit.api import StrictAPIView


class OwnNoteShape(serializers.Serializer[Any]):
    session = serializers.IntegerField(source="session_id")
    class_name = serializers.CharField(source="session.class_type.name")
    starts_at = serializers.DateTimeField(source="session.starts_at")
    plan = serializers.CharField(help_text="what was done")
    effort = serializers.IntegerField(
        allow_null=True, min_value=LEAST_EFFORT, max_value=MOST_EFFORT, help_text="how hard it felt, 0 to 10"
    )
    adaptation = serializers.CharField(help_text="what was changed for the person")
    next_time = serializers.CharField()


class OwnNotesView(StrictAPIView):
    permission_classes = TAKES_PART

    @extend_schema(operation_id="own_session_notes_list", responses={200: OwnNoteShape(many=True), **NO_RECORD})
    def get(self, request: Request) -> Response:
        """What instructors noted for you, of classes that are over, the latest class first."""
        own_record(request)
        return Response(OwnNoteShape(own_notes(request.user), many=True).data)
