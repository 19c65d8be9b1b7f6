"""POST /sessions/{id}/kept-places/: one of the places that are kept back in a class, for somebody. For the desk."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from accounts.signin import needs
from classes.api.refusals import KEPT_PLACE_REFUSED, KEY_CAME_BEFORE, answer, conflict
from classes.api.shapes import (
    KEY_PARAMETER,
    BookableParticipant,
    BookingSerializer,
    key_of,
    signed_in,
    why_despite_limit,
)
from classes.judging.refusals import Refusal
from classes.models import Session
from classes.places.idempotency import REFUSED, Outcome, kept_if_refused, once
from classes.places.kept_back import LONGEST_WHY, give_kept_place
from safefit.api import StrictAPIView, StrictCharField, StrictIntegerField, StrictSerializer


class KeptPlaceSerializer(StrictSerializer):
    participant = BookableParticipant()
    party = StrictIntegerField(min_value=1, max_value=2, default=1, help_text="2 with a companion; not of a turn")
    why = StrictCharField(
        max_length=LONGEST_WHY, help_text="why they have it before whoever waits; the history keeps it"
    )
    despite_limit = why_despite_limit()


class KeptPlacesView(StrictAPIView):
    permission_classes = [needs(Permission.WORK_AT_DESK)]

    @extend_schema(
        operation_id="sessions_give_kept_place",
        request=KeptPlaceSerializer,
        parameters=[KEY_PARAMETER],
        responses={200: BookingSerializer, **KEPT_PLACE_REFUSED, **KEY_CAME_BEFORE},
    )
    def post(self, request: Request, pk: str) -> Response:
        """Give one of the places that are kept back. It is judged like any other; whoever waits here has it at once."""
        session = get_object_or_404(Session.objects.at_desk_of(request.user), pk=pk)
        key, by = key_of(request), signed_in(request).person
        given = KeptPlaceSerializer(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        wanted = given.validated_data

        def act() -> Outcome:
            booking = give_kept_place(session=session, by=by, **wanted)
            shown: Any = BookingSerializer(booking, context={"request": request})
            return Outcome(status.HTTP_200_OK, shown.to_representation(booking))

        try:
            body = {"kept_place": session.pk, **wanted, "participant": wanted["participant"].pk}
            outcome = once(key=key, body=body, action=lambda: kept_if_refused(act), by=by)
        except Refusal as refusal:
            answer(refusal)
        if outcome.status == REFUSED:
            raise conflict(**outcome.body)
        return Response(outcome.body)
