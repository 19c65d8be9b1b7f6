"""POST /booking-blocks/: several places in one request, and what came of each.

For whom /bookings/ is. The same action stands behind the page. Each date has an
outcome of its own, so that a class that is full stops none of the others.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from accounts.signin import needs
from classes.api.refusals import KEY_CAME_BEFORE, NO_BLOCK, answer
from classes.api.shapes import (
    KEY_PARAMETER,
    ForSomebodySerializer,
    VisibleSession,
    key_of,
    signed_in,
    staff_alone_pass_the_limit,
    why_despite_limit,
)
from classes.judging.refusals import Refusal
from classes.places.blocks import MOST_DATES, book_dates
from classes.places.idempotency import Outcome, once
from classes.sources import source_of
from safefit.api import StrictAPIView, StrictBooleanField, StrictIntegerField, StrictSerializer


class BlockSerializer(ForSomebodySerializer):
    nobody_said = "Say for whom the places are."
    sessions = serializers.ListField(child=VisibleSession(), min_length=1, max_length=MOST_DATES)
    party = StrictIntegerField(min_value=1, max_value=2, default=1, help_text="2 with a companion, on every date")
    book_automatically = StrictBooleanField(
        default=False, help_text="where a class is full: take a place that comes free a day or more ahead"
    )
    despite_limit = why_despite_limit()


class DateSerializer(StrictSerializer):
    session = serializers.IntegerField()
    state = serializers.ChoiceField(
        choices=["booked", "waiting", "offered", "refused"], help_text="waiting: the class is full"
    )
    booking = serializers.IntegerField(allow_null=True, help_text="null when the date was refused")
    refusal = serializers.DictField(
        allow_null=True,
        help_text="code, and what else POST /bookings/ says with its 409; null when nothing was refused",
    )


class DatesSerializer(StrictSerializer):
    dates = DateSerializer(many=True)


class BlockView(StrictAPIView):
    """Several places at once."""

    permission_classes = [needs(Permission.TAKE_PART, Permission.SUPPORT, Permission.WORK_AT_DESK)]

    @extend_schema(
        request=BlockSerializer,
        parameters=[KEY_PARAMETER],
        responses={200: DatesSerializer, 201: DatesSerializer, **NO_BLOCK, **KEY_CAME_BEFORE},
    )
    def post(self, request: Request) -> Response:
        """Take a place on each date, or join its waiting list. The outcomes stand in the order of the dates.

        201 when a place or a turn was made now; 200 when none was, or the same key came before.
        """
        key, user = key_of(request), signed_in(request)
        wish = BlockSerializer(data=request.data, context={"request": request})
        wish.is_valid(raise_exception=True)
        wanted = wish.validated_data
        source = staff_alone_pass_the_limit(wanted["despite_limit"], source_of(wanted["participant"], user))
        body = {name: getattr(value, "pk", value) for name, value in wanted.items()}
        body["sessions"] = [session.pk for session in wanted["sessions"]]

        def book() -> Outcome:
            return _book(wanted, source=source, request_key=key, by=user.person)

        try:
            outcome = once(key=key, body=body, action=book, by=user.person)
        except Refusal as refusal:
            answer(refusal)
        return Response(outcome.body, status.HTTP_200_OK if outcome.replayed else outcome.status)


def _book(wanted: dict[str, Any], **how: Any) -> Outcome:
    done = book_dates(**wanted, **how)
    new = any(one.booking and one.booking.made_now for one in done)
    made = status.HTTP_201_CREATED if new else status.HTTP_200_OK
    return Outcome(made, {"dates": [one.facts for one in done]})
