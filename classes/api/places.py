"""GET, POST /sessions/{id}/places/: how many places one date has, who holds them, and another number of places.

For whoever publishes for anybody. Here: the shapes. Not here: what may be changed and who may lose a place
(classes/places/making_smaller.py), which stands behind the desk's page as well.
"""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from accounts.signin import needs
from classes.api.refusals import KEY_CAME_BEFORE, PLACES_REFUSED, answer, conflict
from classes.api.shapes import KEY_PARAMETER, LONGEST_WHY, key_of, signed_in
from classes.judging.refusals import Refusal
from classes.models import BookingState, Session
from classes.places.idempotency import REFUSED, Outcome, kept_if_refused, once
from classes.places.making_smaller import MOST_PLACES, set_places
from classes.teaching import classes_arranged_by, places_held_in
from safefit.api import StrictAPIView, StrictCharField, StrictIntegerField, StrictSerializer


class HolderShape(serializers.Serializer[Any]):
    booking = serializers.IntegerField(source="pk")
    participant = serializers.IntegerField(source="participant_id")
    name = serializers.CharField(source="participant.person.full_name")
    state = serializers.ChoiceField(choices=BookingState.choices, help_text="offered: kept while they answer")
    party = serializers.IntegerField()
    joined_at = serializers.DateTimeField()


class PlacesShape(serializers.Serializer[Any]):
    capacity = serializers.IntegerField()
    held = serializers.IntegerField(help_text="taken, offered, kept back, or for whoever comes without booking")
    people = HolderShape(many=True, help_text="who holds a place, those who came last first")


class PlacesSerializer(StrictSerializer):
    capacity = StrictIntegerField(min_value=0, max_value=MOST_PLACES)
    giving_up = serializers.ListField(
        child=StrictIntegerField(min_value=1, max_value=2**63 - 1),
        required=False,
        default=list,
        max_length=MOST_PLACES,
        help_text="bookings whose places are taken back first; no more than are needed. Each is told at once",
    )
    reason = StrictCharField(
        required=False, default="", allow_blank=True, max_length=LONGEST_WHY,
        help_text="wanted with giving_up; the history keeps it, and it is sent to nobody",
    )  # fmt: skip

    def validate_giving_up(self, keys: list[int]) -> list[int]:
        known = self.context["session"].bookings.filter(pk__in=keys).count() if keys else 0
        if known != len(set(keys)):
            raise serializers.ValidationError("One of these is no booking of this class.")
        return keys

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["giving_up"] and not attrs["reason"].strip():
            raise serializers.ValidationError({"reason": ["Say why places are taken back."]})
        return attrs


class PlacesView(StrictAPIView):
    permission_classes = [needs(Permission.PUBLISH_FOR_ANYONE)]

    @extend_schema(operation_id="sessions_places", responses=PlacesShape)
    def get(self, request: Request, pk: str) -> Response:
        """How many places this date has, how many are held, and by whom."""
        return Response(_shown(_found(request, pk)))

    @extend_schema(
        operation_id="sessions_set_places",
        request=PlacesSerializer,
        parameters=[KEY_PARAMETER],
        responses={200: PlacesShape, **PLACES_REFUSED, **KEY_CAME_BEFORE},
    )
    def post(self, request: Request, pk: str) -> Response:
        """Another number of places for this date. New ones go to whoever waits first.

        Fewer than are held wants `giving_up`: whose places are taken back. Whatever refuses it, nothing was changed.
        """
        session, key, by = _found(request, pk), key_of(request), signed_in(request).person
        given = PlacesSerializer(data=request.data, context={"session": session})
        given.is_valid(raise_exception=True)
        wanted = given.validated_data

        def act() -> Outcome:
            set_places(session=session, by=by, **wanted)
            return Outcome(status.HTTP_200_OK, {})

        try:
            body = {"places": session.pk, **wanted}
            outcome = once(key=key, body=body, action=lambda: kept_if_refused(act), by=by)
        except Refusal as refusal:
            answer(refusal)
        if outcome.status == REFUSED:
            raise conflict(**outcome.body)
        return Response(_shown(_found(request, pk)))  # as it is now: names are not kept with the key


def _found(request: Request, pk: str) -> Session:
    found: Session = get_object_or_404(classes_arranged_by(request.user), pk=pk)
    return found


def _shown(session: Session) -> dict[str, Any]:
    held = session.places_taken + session.kept
    facts = {"capacity": session.capacity, "held": held, "people": places_held_in(session)}
    return dict(PlacesShape(facts).data)
