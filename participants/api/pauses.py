"""/own-pauses/: one's own breaks; start one, move its day, come back.

Here: the shape. Not here: what a break does (life.py and its consequences).
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from participants.api.own import NO_RECORD, TAKES_PART, own_record
from participants.models import EnrolmentPause, Participant, PauseReason
from participants.taking_part import life
from safefit.api import Conflict, StrictAPIView, StrictDateField, StrictSerializer, refusal

NOT_POSSIBLE_NOW = "not_possible_now"
NOT_CHANGED = refusal(409, "Nothing was changed; `status_now` says what you are in the programme.", NOT_POSSIBLE_NOW)


class PauseShape(serializers.ModelSerializer[EnrolmentPause]):
    """`ends_on` is the first day back, null while it goes on; `review_on` is when one is asked again."""

    class Meta:
        model = EnrolmentPause
        fields: ClassVar = ["starts_on", "ends_on", "reason", "review_on"]


class NewPauseSerializer(StrictSerializer):
    reason = serializers.ChoiceField(choices=PauseReason.choices)
    review_on = StrictDateField(required=False, default=None, help_text="left out: in four weeks")


class MovedPauseSerializer(StrictSerializer):
    review_on = StrictDateField()


class EndedPauseSerializer(StrictSerializer):
    """Nothing has to be said: today is the first day back."""


class OwnPausesView(StrictAPIView):
    permission_classes = TAKES_PART

    @extend_schema(operation_id="own_pauses_list", responses={200: PauseShape(many=True), **NO_RECORD})
    def get(self, request: Request) -> Response:
        """One's breaks, the latest first."""
        return Response(PauseShape(breaks_of(own_record(request)), many=True).data)

    @extend_schema(
        operation_id="own_pauses_create",
        request=NewPauseSerializer,
        responses={201: PauseShape, **NO_RECORD, **NOT_CHANGED},
    )
    def post(self, request: Request) -> Response:
        """Start a break: places are given back, and clearance stops."""
        return self._change(request, NewPauseSerializer, life.pause, status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="own_pauses_partial_update",
        request=MovedPauseSerializer,
        responses={200: PauseShape, **NO_RECORD, **NOT_CHANGED},
    )
    def patch(self, request: Request) -> Response:
        """Another day for the break that goes on."""
        return self._change(request, MovedPauseSerializer, life.move_review, status.HTTP_200_OK)

    def _change(self, request: Request, shape: type[StrictSerializer], action: Any, done: int) -> Response:
        participant = own_record(request)
        given = shape(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            action(participant=participant, by=participant.person, **given.validated_data)
        except life.BadReviewDate as wrong:
            words = f"Give a day from {wrong.earliest} to {wrong.latest}."
            raise serializers.ValidationError({"review_on": [words]}) from None
        except life.NotPossibleNow as refused:
            raise _not_now(refused) from None
        return Response(PauseShape(breaks_of(participant)[0]).data, done)


class OwnPauseEndView(StrictAPIView):
    permission_classes = TAKES_PART

    @extend_schema(
        operation_id="own_pauses_end",
        request=EndedPauseSerializer,
        responses={200: PauseShape, **NO_RECORD, **NOT_CHANGED},
    )
    def post(self, request: Request) -> Response:
        """Come back. Nothing can be booked before new health answers (POST /own-health/)."""
        participant = own_record(request)
        EndedPauseSerializer(data=request.data).is_valid(raise_exception=True)
        try:
            life.resume(participant=participant, by=participant.person)
        except life.NotPossibleNow as refused:
            raise _not_now(refused) from None
        return Response(PauseShape(breaks_of(participant)[0]).data)


def breaks_of(participant: Participant) -> list[EnrolmentPause]:
    rows = [
        pause for enrolment in participant.enrolments.prefetch_related("pauses") for pause in enrolment.pauses.all()
    ]
    return sorted(rows, key=_latest_first, reverse=True)


def _latest_first(pause: EnrolmentPause) -> tuple[date, int]:
    return pause.starts_on, pause.pk


def _not_now(refused: life.NotPossibleNow) -> Conflict:
    words = "What you are in the programme does not allow it; see status_now."
    return Conflict(words, NOT_POSSIBLE_NOW, status_now=refused.status)
