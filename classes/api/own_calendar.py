"""/own-calendar/: the private address at which a calendar program reads one's classes; made, and taken back.

For the participant alone: nobody who helps them makes or sees it. Not here: what is read there (feeds.py).
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from classes.models import CalendarFeed
from classes.telling import feeds
from participants.api.own import NO_RECORD, TAKES_PART, own_record
from safefit.api import StrictAPIView, StrictSerializer


class CalendarShape(serializers.Serializer[Any]):
    address = serializers.URLField(allow_null=True, help_text="whoever knows it reads the times and places; null: none")


class NoWordsSerializer(StrictSerializer):
    """Nothing has to be said."""


class OwnCalendarView(StrictAPIView):
    permission_classes = TAKES_PART

    @extend_schema(operation_id="own_calendar_retrieve", responses={200: CalendarShape, **NO_RECORD})
    def get(self, request: Request) -> Response:
        """The address, while there is one."""
        return _answer(feeds.feed_of(own_record(request)))

    @extend_schema(
        operation_id="own_calendar_create",
        request=NoWordsSerializer,
        responses={201: CalendarShape, **NO_RECORD},
    )
    def post(self, request: Request) -> Response:
        """A new address; one that there was before is dead from now on."""
        participant = own_record(request)
        NoWordsSerializer(data=request.data).is_valid(raise_exception=True)
        feed = feeds.open_feed(participant=participant, by=participant.person)
        return _answer(feed, status.HTTP_201_CREATED)


class OwnCalendarCloseView(StrictAPIView):
    permission_classes = TAKES_PART

    @extend_schema(
        operation_id="own_calendar_close",
        request=NoWordsSerializer,
        responses={200: CalendarShape, **NO_RECORD},
    )
    def post(self, request: Request) -> Response:
        """Whatever reads the address finds nothing from now on. Harmless when there is none."""
        participant = own_record(request)
        NoWordsSerializer(data=request.data).is_valid(raise_exception=True)
        feeds.close_feed(participant=participant, by=participant.person)
        return _answer(None)


def _answer(feed: CalendarFeed | None, done: int = status.HTTP_200_OK) -> Response:
    address = settings.PUBLIC_URL + reverse("public:calendar", args=[feed.token]) if feed else None
    return Response(CalendarShape({"address": address}).data, done)
