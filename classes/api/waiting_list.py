"""The desk's waiting list of a class: who is offered a place or not and why, what a call came to, who comes first.

Here: the shape. Not here: what an outcome does (classes/places/called.py), who decides on the order
(classes/waiting_list/priority.py). As on the desk's page, what is told of health is logged as read.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.history import log_reads
from accounts.permissions import Permission
from accounts.signin import needs
from classes.api.refusals import CALL_REFUSED, KEY_CAME_BEFORE, PRIORITY_REFUSED, answer, conflict
from classes.api.shapes import KEY_PARAMETER, BookingSerializer, key_of, signed_in
from classes.judging.refusals import Refusal
from classes.listing import waiting_list, with_classes
from classes.models import Booking, BookingState, Offer, Session
from classes.places.called import CallOutcome, answer_call
from classes.places.idempotency import REFUSED, Outcome, kept_if_refused, once
from classes.waiting_list.offers import last_offers
from classes.waiting_list.priority import LONGEST_REASON, set_priority
from messaging.access import tasks_at_desk_of
from messaging.worklist import TaskIsClosed, record_attempt
from safefit.api import StrictAPIView, StrictBooleanField, StrictCharField, StrictModelSerializer, StrictSerializer

AT_DESK = [needs(Permission.WORK_AT_DESK)]
WAITING_CALL = "waiting_call"  # kind of the desk's task


class LastOfferShape(StrictModelSerializer):
    class Meta:
        model = Offer
        fields: ClassVar = ["state", "by_phone", "made_at", "expires_at", "tried_at", "heard_at", "ended_at"]
        read_only_fields: ClassVar = fields


class TurnShape(serializers.Serializer[Any]):
    """Somebody who waits, is being offered a place, or was. `last_offer`: what became of the newest one."""

    booking = serializers.IntegerField(source="pk")
    participant = serializers.IntegerField(source="participant_id")
    name = serializers.CharField(source="participant.person.full_name")
    state = serializers.ChoiceField(choices=BookingState.choices)
    turn = serializers.SerializerMethodField(help_text="1 is next; null for who does not wait")
    party = serializers.IntegerField()
    book_automatically = serializers.BooleanField()
    joined_at = serializers.DateTimeField()
    comes_first = serializers.BooleanField(source="priority")
    priority_reason = serializers.CharField()
    passed_by_because = serializers.CharField(
        source="skipped_reason", help_text="why the last free place was not theirs"
    )
    last_offer = serializers.SerializerMethodField()

    def get_turn(self, booking: Booking) -> int | None:
        turns: dict[int, int] = self.context["turns"]
        return turns.get(booking.pk)

    @extend_schema_field(LastOfferShape(allow_null=True))
    def get_last_offer(self, booking: Booking) -> Any:
        offer = self.context["offers"].get(booking.pk)
        return LastOfferShape(offer).data if offer else None


class WaitingListShape(serializers.Serializer[Any]):
    places_left = serializers.IntegerField()
    people = TurnShape(many=True, help_text="who waits, in the order of turns; then who was asked or got a place")


class CallSerializer(StrictSerializer):
    outcome = serializers.ChoiceField(choices=[outcome.value for outcome in CallOutcome])
    despite_limit = StrictCharField(
        required=False, default="", allow_blank=True, max_length=LONGEST_REASON,
        help_text="with takes_place: why it is one more than their phase allows in that week",
    )  # fmt: skip
    note = StrictCharField(required=False, default="", allow_blank=True, max_length=500, help_text="for colleagues")


class PrioritySerializer(StrictSerializer):
    first = StrictBooleanField(help_text="false: in the order of joining again")
    reason = StrictCharField(required=False, default="", allow_blank=True, max_length=LONGEST_REASON)


class WaitingListView(StrictAPIView):
    permission_classes = AT_DESK

    @extend_schema(operation_id="sessions_waiting_list", responses=WaitingListShape)
    def get(self, request: Request, pk: str) -> Response:
        """Who waits for this class, who was offered a place, and why each was or was not."""
        session = get_object_or_404(Session.objects.at_desk_of(request.user), pk=pk)
        waiting, asked = waiting_list(session)
        offers = last_offers([*waiting, *asked])
        # Who answers health questions at this moment stands on no waiting list.
        held = {booking.pk for booking in asked if booking.state == BookingState.OFFERED} - offers.keys()
        shown = [*waiting, *(booking for booking in asked if booking.pk not in held)]
        of_health = [b.participant.person for b in shown if b.skipped_reason or b.priority_reason]
        log_reads(targets=of_health, purpose="booking", what="clearance", by=signed_in(request).person)
        context = {"turns": {booking.pk: turn for turn, booking in enumerate(waiting, start=1)}, "offers": offers}
        facts = {"places_left": max(session.places_left, 0), "people": shown}
        return Response(WaitingListShape(facts, context=context).data)


class TurnView(StrictAPIView):
    """One person on a waiting list of one's desk."""

    permission_classes = AT_DESK

    def turn(self, request: Request, pk: str) -> Booking:
        return get_object_or_404(with_classes(self.turns(request)), pk=pk)

    def turns(self, request: Request) -> QuerySet[Booking]:
        return Booking.objects.at_desk_of(request.user)

    def done(self, request: Request, body: dict[str, Any], act: Callable[[], Booking]) -> Response:
        def action() -> Outcome:
            return kept_if_refused(lambda: Outcome(status.HTTP_200_OK, _shown(act(), request)))

        try:
            outcome = once(key=key_of(request), body=body, action=action, by=signed_in(request).person)
        except Refusal as refusal:
            answer(refusal)
        if outcome.status == REFUSED:
            raise conflict(**outcome.body)
        return Response(outcome.body)


class CalledView(TurnView):
    @extend_schema(
        operation_id="waiting_called",
        request=CallSerializer,
        parameters=[KEY_PARAMETER],
        responses={200: BookingSerializer, **CALL_REFUSED, **KEY_CAME_BEFORE},
    )
    def post(self, request: Request, pk: str) -> Response:
        """What a call about a free place came to. The try stands on the desk's task, even when the place has gone."""
        booking, by = self.turn(request, pk), signed_in(request).person
        given = CallSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        outcome = CallOutcome(said["outcome"])

        def act() -> Booking:
            for task in tasks_at_desk_of(request.user).to_do().filter(kind=WAITING_CALL, subject_id=booking.pk):
                with suppress(TaskIsClosed):  # by the worker, at this moment: what was said is done all the same
                    record_attempt(task=task, outcome=outcome, note=said["note"], by=by)
            return answer_call(booking=booking, outcome=outcome, despite_limit=said["despite_limit"], by=by)

        return self.done(request, {"called": booking.pk, **said}, act)


class PriorityView(TurnView):
    @extend_schema(
        operation_id="waiting_priority",
        request=PrioritySerializer,
        parameters=[KEY_PARAMETER],
        responses={200: BookingSerializer, **PRIORITY_REFUSED, **KEY_CAME_BEFORE},
    )
    def post(self, request: Request, pk: str) -> Response:
        """Let somebody come first in this waiting list, and say why; or in the order of joining again."""
        booking, by = self.turn(request, pk), signed_in(request).person
        given = PrioritySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        return self.done(
            request, {"priority": booking.pk, **said}, lambda: set_priority(booking=booking, by=by, **said)
        )


def _shown(booking: Booking, request: Request) -> dict[str, Any]:
    return BookingSerializer(booking, context={"request": request}).to_representation(booking)
