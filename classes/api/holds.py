"""POST /holds/: a place kept for a quarter of an hour while somebody answers questions about their health.

For oneself alone: nobody else answers for them. What becomes of it the booking says:
`offer` while it is kept. Answers go to /own-health/.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from classes.api.refusals import CANNOT_BE_KEPT, KEY_CAME_BEFORE, answer
from classes.api.shapes import KEY_PARAMETER, BookingSerializer, VisibleSession, key_of, signed_in
from classes.judging.refusals import Refusal
from classes.models import BookingSource
from classes.places.holds import hold_place
from classes.places.idempotency import Outcome, once
from participants.api.own import NO_RECORD, TAKES_PART, own_record
from safefit.api import StrictAPIView, StrictSerializer


class HoldSerializer(StrictSerializer):
    session = VisibleSession(help_text="the class in which a place is kept")


class HoldView(StrictAPIView):
    permission_classes = TAKES_PART

    @extend_schema(
        request=HoldSerializer,
        parameters=[KEY_PARAMETER],
        responses={
            200: BookingSerializer,
            201: BookingSerializer,
            **NO_RECORD,
            **CANNOT_BE_KEPT,
            **KEY_CAME_BEFORE,
        },
    )
    def post(self, request: Request) -> Response:
        """Keep a place while oneself answers. 200 when one has a place, a turn or a hold in this class already.

        It is let go with POST /bookings/{id}/cancel/, and ends by itself after a quarter of an hour.
        """
        participant, user = own_record(request), signed_in(request)
        wish = HoldSerializer(data=request.data, context={"request": request})
        wish.is_valid(raise_exception=True)
        session = wish.validated_data["session"]

        def action() -> Outcome:
            kept = hold_place(participant=participant, session=session, by=user.person, source=BookingSource.SELF)
            shown: Any = BookingSerializer(kept, context={"request": request})
            made = status.HTTP_201_CREATED if kept.made_now else status.HTTP_200_OK
            return Outcome(made, shown.to_representation(kept))

        try:
            outcome = once(key=key_of(request), body={"hold": session.pk}, action=action, by=user.person)
        except Refusal as refusal:
            answer(refusal)
        return Response(outcome.body, status.HTTP_200_OK if outcome.replayed else outcome.status)
