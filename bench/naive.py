"""The same features as one writes them first: what the product's way of booking is compared with.

Session sign-in, clearance, one row lock held from the first
question to the commit, a counter, a message, a key that makes a repeat harmless, a
serializer. It is correct, and it is served by the same server, under the same triggers.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, ClassVar

from django.db import transaction
from django.urls import path
from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.history import acting
from accounts.models import User
from classes.models import Booking, IdempotencyKey, Session
from messaging.models import Message
from participants.models import Clearance, Enrolment, Participant


class NaiveBookingSerializer(serializers.ModelSerializer[Booking]):
    class_name = serializers.CharField(source="session.class_type.name")
    starts_at = serializers.DateTimeField(source="session.starts_at")

    class Meta:
        model = Booking
        fields: ClassVar = ["id", "participant", "session", "class_name", "starts_at", "state", "party", "joined_at"]


class NaiveSessionSerializer(serializers.ModelSerializer[Session]):
    class_name = serializers.CharField(source="class_type.name")

    class Meta:
        model = Session
        fields: ClassVar = ["id", "class_name", "starts_at", "ends_at", "mode", "capacity", "places_taken"]


class NaiveBook(APIView):
    authentication_classes = (SessionAuthentication,)
    permission_classes = (IsAuthenticated,)

    def post(self, request: Request) -> Response:
        key = request.headers.get("Idempotency-Key", "")
        user, wanted = request.user, dict(request.data)
        assert isinstance(user, User)
        person = user.person
        digest = hashlib.sha256(json.dumps(wanted).encode()).hexdigest()
        with transaction.atomic(), acting(person, "bench.naive"):
            earlier = IdempotencyKey.objects.filter(by=person, key=key).first()
            if earlier is not None:
                return Response(earlier.outcome, earlier.status)
            session = Session.objects.select_for_update().get(pk=wanted["session"])
            participant = Participant.objects.get(person=person)
            refusal = self._refusal(session, participant)
            if refusal:
                return Response({"code": refusal}, status.HTTP_409_CONFLICT)
            booking = Booking.objects.create(
                session=session,
                participant=participant,
                state="booked",
                during=(session.starts_at, session.ends_at),
                source="self",
                made_by=person,
                facts_version=participant.facts_version,
            )
            session.places_taken += 1
            session.version += 1
            session.save()
            Message.objects.create(
                programme=participant.programme,
                person=person,
                kind="booking_confirmed",
                subject_id=booking.pk,
                context={},
                due_at=timezone.now(),
                dedupe_key=f"booking_confirmed:{booking.pk}",
            )
            body: dict[str, Any] = json.loads(json.dumps(NaiveBookingSerializer(booking).data, default=str))
            IdempotencyKey.objects.create(by=person, key=key, body_hash=digest, status=201, outcome=body)
        return Response(body, status.HTTP_201_CREATED)

    def _refusal(self, session: Session, participant: Participant) -> str:
        now, on = timezone.now(), timezone.localdate(session.starts_at)
        live = Booking.objects.filter(participant=participant).live()
        if session.status != "published" or session.starts_at <= now:
            return "not_open"
        if not Clearance.objects.filter(
            participant=participant, state__startswith="cleared", valid_from__lte=on, valid_until__gte=on
        ).exists():
            return "not_cleared"
        if not Enrolment.objects.filter(participant=participant, starts_on__lte=on, ends_on=None).exists():
            return "not_enrolled"
        if live.filter(session=session).exists():
            return "there"
        if live.filter(session__starts_at__lt=session.ends_at, session__ends_at__gt=session.starts_at).exists():
            return "overlaps"
        if session.bookings.filter(state="waiting").exists():
            return "full"
        held = session.bookings.filter(state__in=("booked", "offered")).count()
        return "full" if held + session.kept >= session.capacity else ""


class NaiveList(APIView):
    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Request) -> Response:
        coming = Session.objects.filter(status="published", starts_at__gt=timezone.now()).order_by("starts_at", "id")
        return Response(NaiveSessionSerializer(coming.select_related("class_type")[:20], many=True).data)


urlpatterns = [path("book/", NaiveBook.as_view()), path("list/", NaiveList.as_view())]
