"""/bookings/{id}/cancel-later/: one place or turn and those after it in the same class. For whom /bookings/ is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from accounts.signin import needs
from classes.api.bookings import CancelSerializer
from classes.api.refusals import NO_BLOCK, answer
from classes.api.shapes import BookingSerializer, copy_asked, signed_in, with_turns
from classes.judging.refusals import Refusal
from classes.listing import with_classes
from classes.models import Booking
from classes.places.blocks import cancel_dates, later_ones
from safefit.api import StrictAPIView, StrictIntegerField, StrictSerializer

MOST = 100


class CancelLaterSerializer(CancelSerializer):  # no docstring: see StrictSerializer
    bookings = serializers.ListField(
        child=StrictIntegerField(min_value=1, max_value=2**63 - 1),
        min_length=1,
        max_length=MOST,
        help_text="those that GET listed, or some of them; no other is given back",
    )

    def validate_bookings(self, keys: list[int]) -> list[int]:
        known = self.context["theirs"].filter(pk__in=keys).count()
        if known != len(set(keys)):
            raise serializers.ValidationError("One of these is no booking of this person, or not yours to see.")
        return keys


class NamedBookingsSerializer(StrictSerializer):
    bookings = BookingSerializer(many=True)


class CancelLaterView(StrictAPIView):
    permission_classes = [needs(Permission.TAKE_PART, Permission.SUPPORT, Permission.WORK_AT_DESK)]

    @extend_schema(responses={200: NamedBookingsSerializer})
    def get(self, request: Request, pk: str) -> Response:
        """This booking, and the person's places and turns on later dates of the same class, in order."""
        found = self._found(request, pk)
        later = [one.pk for one in later_ones(found)]
        return _answer(request, self._theirs(request, found), [found.pk, *later])

    @extend_schema(request=CancelLaterSerializer, responses={200: NamedBookingsSerializer, **NO_BLOCK})
    def post(self, request: Request, pk: str) -> Response:
        """Give back exactly those that are named, with one message; the answer shows each as it is then.

        One that has ended, or whose class has started, stays as it was. Again: the same answer.
        """
        found, user = self._found(request, pk), signed_in(request)
        theirs = self._theirs(request, found)
        given = CancelLaterSerializer(data=request.data, context={"theirs": theirs})
        given.is_valid(raise_exception=True)
        copy = copy_asked(given.validated_data, user, found.participant)
        try:
            cancel_dates(participant=found.participant, by=user.person, copy=copy, **given.validated_data)
        except Refusal as refusal:
            answer(refusal)
        return _answer(request, theirs, given.validated_data["bookings"])

    def _found(self, request: Request, pk: str) -> Booking:
        found: Booking = get_object_or_404(with_classes(Booking.objects.visible_to(request.user)), pk=pk)
        return found

    def _theirs(self, request: Request, found: Booking) -> Any:
        return with_classes(Booking.objects.visible_to(request.user)).filter(participant=found.participant)


def _answer(request: Request, theirs: Any, keys: Sequence[int]) -> Response:
    rows = list(theirs.filter(pk__in=keys).order_by("session__starts_at", "id"))
    context: dict[str, Any] = {"request": request, **with_turns(rows)}
    return Response({"bookings": BookingSerializer(rows, many=True, context=context).data})
