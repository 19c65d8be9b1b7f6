"""POST /bookings/{id}/move/: another date instead, in one step. For whom /bookings/ is."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from accounts.signin import needs
from classes.api.refusals import CANNOT_BE_MOVED, KEY_CAME_BEFORE, answer, conflict
from classes.api.shapes import (
    COPY_HELP,
    KEY_PARAMETER,
    BookingSerializer,
    VisibleSession,
    copy_asked,
    key_of,
    signed_in,
    staff_alone_pass_the_limit,
    why_despite_limit,
)
from classes.judging.refusals import Refusal
from classes.listing import with_classes
from classes.models import Booking, Session
from classes.places.idempotency import REFUSED, Outcome, kept_if_refused, once
from classes.places.moving import move_booking
from classes.sources import source_of
from safefit.api import StrictAPIView, StrictBooleanField, StrictSerializer


class MoveSerializer(StrictSerializer):
    session = VisibleSession(help_text="the date to move to")
    copy_to_me = StrictBooleanField(default=False, help_text=COPY_HELP)
    despite_limit = why_despite_limit()


class MoveView(StrictAPIView):
    """Another date instead of this one."""

    permission_classes = [needs(Permission.TAKE_PART, Permission.SUPPORT, Permission.WORK_AT_DESK)]

    @extend_schema(
        request=MoveSerializer,
        parameters=[KEY_PARAMETER],
        responses={200: BookingSerializer, **CANNOT_BE_MOVED, **KEY_CAME_BEFORE},
    )
    def post(self, request: Request, pk: str) -> Response:
        """Take a place in another class and give this one back. The answer is the new booking.

        Whatever refuses it, the old place is kept. Where the new class is full, join its list with POST /bookings/.
        """
        user, key = signed_in(request), key_of(request)
        booking = get_object_or_404(with_classes(Booking.objects.visible_to(user)), pk=pk)
        given = MoveSerializer(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        to, copy = given.validated_data["session"], copy_asked(given.validated_data, user, booking.participant)
        why = given.validated_data["despite_limit"]
        how: dict[str, Any] = {
            "source": staff_alone_pass_the_limit(why, source_of(booking.participant, user)),
            "copy": copy,
            "despite_limit": why,
            "by": user.person,
        }
        body = {"move": booking.pk, "to": to.pk, "copy": copy, "despite_limit": why}

        def action() -> Outcome:
            return kept_if_refused(lambda: _move(request, booking, to, how))

        try:
            outcome = once(key=key, body=body, action=action, by=user.person)
        except Refusal as refusal:
            answer(refusal)
        if outcome.status == REFUSED:
            raise conflict(**outcome.body)
        return Response(outcome.body)


def _move(request: Request, booking: Booking, to: Session, how: dict[str, Any]) -> Outcome:
    new = move_booking(booking=booking, to=to, **how)
    return Outcome(status.HTTP_200_OK, BookingSerializer(new, context={"request": request}).to_representation(new))
