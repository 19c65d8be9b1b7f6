"""POST /bookings/{id}/coming/: the person is coming, as one says by the button of a reminder."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from accounts.signin import needs
from classes.api.refusals import COMING_REFUSED, answer
from classes.api.shapes import BookingSerializer, signed_in
from classes.judging.refusals import Refusal
from classes.listing import with_classes
from classes.models import Booking
from classes.telling.replies import say_coming
from safefit.api import StrictAPIView, StrictSerializer


class ComingSerializer(StrictSerializer):
    """Nothing has to be said."""


class ComingView(StrictAPIView):
    permission_classes = [needs(Permission.TAKE_PART, Permission.SUPPORT, Permission.WORK_AT_DESK)]

    @extend_schema(
        operation_id="bookings_coming",
        request=ComingSerializer,
        responses={200: BookingSerializer, **COMING_REFUSED},
    )
    def post(self, request: Request, pk: str) -> Response:
        """Say that the person is coming. Again: the same answer. Who cannot come gives the place back."""
        booking = get_object_or_404(with_classes(Booking.objects.visible_to(request.user)), pk=pk)
        ComingSerializer(data=request.data).is_valid(raise_exception=True)
        try:
            booking.said_coming_at = say_coming(booking=booking, by=signed_in(request).person).said_coming_at
        except Refusal as refusal:
            answer(refusal)
        return Response(BookingSerializer(booking, context={"request": request}).data)
