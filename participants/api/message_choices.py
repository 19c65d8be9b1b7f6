"""/own-message-choices/: what one hears of, and by which of one's ways.

Here: the shape. Not here: what a choice does (messaging/choices.py, asked when a message is sent).
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Channel
from messaging import choices
from messaging.models import Matter, Topic
from participants import details
from participants.api.own import NO_RECORD, TAKES_PART, own_record
from participants.models import Participant
from safefit.api import StrictAPIView, StrictSerializer

NOT_A_WAY = "This is none of your ways. Those that there are stand in `ways_there_are`."
TWICE = "Name each matter once."


class ChosenWaySerializer(StrictSerializer):
    matter = serializers.ChoiceField(choices=Matter.choices)
    way = serializers.ChoiceField(choices=Channel.choices)


class MessageChoicesSerializer(StrictSerializer):
    topics = serializers.ListField(
        child=serializers.ChoiceField(choices=Topic.choices),
        max_length=len(Topic),
        help_text="what one wants to hear of; of a change or a class that is off one is always told",
    )
    ways = ChosenWaySerializer(
        many=True, help_text="of each matter that is left out one hears by the way one likes best"
    )

    def validate_ways(self, ways: list[dict[str, str]]) -> list[dict[str, str]]:
        if len({one["matter"] for one in ways}) < len(ways):
            raise serializers.ValidationError(TWICE)
        if any(one["way"] not in self.context["ways_there_are"] for one in ways):
            raise serializers.ValidationError(NOT_A_WAY)
        return ways


class MessageChoicesShape(serializers.Serializer[Any]):
    topics = serializers.ListField(child=serializers.ChoiceField(choices=Topic.choices))
    ways = ChosenWaySerializer(many=True)
    ways_there_are = serializers.ListField(
        child=serializers.ChoiceField(choices=Channel.choices), help_text="one's own, the one liked best first"
    )


class OwnMessageChoicesView(StrictAPIView):
    permission_classes = TAKES_PART

    @extend_schema(operation_id="own_message_choices_retrieve", responses={200: MessageChoicesShape, **NO_RECORD})
    def get(self, request: Request) -> Response:
        """What one has chosen."""
        return _answer(own_record(request))

    @extend_schema(
        operation_id="own_message_choices_update",
        request=MessageChoicesSerializer,
        responses={200: MessageChoicesShape, **NO_RECORD},
    )
    def put(self, request: Request) -> Response:
        """Exactly this from now on. The same again changes nothing."""
        participant = own_record(request)
        given = MessageChoicesSerializer(data=request.data, context={"ways_there_are": _ways_there_are(participant)})
        given.is_valid(raise_exception=True)
        chosen, person = given.validated_data, participant.person
        ways = {Matter(one["matter"]): one["way"] for one in chosen["ways"]}
        with transaction.atomic():
            choices.choose_topics(person=person, wanted=chosen["topics"], by=person)
            choices.choose_ways(person=person, ways=ways, by=person)
        return _answer(participant)


def _ways_there_are(participant: Participant) -> list[str]:
    return list(dict.fromkeys(point.channel for point in details.contact_points_of(participant.person)))


def _answer(participant: Participant) -> Response:
    chosen = choices.choices_of(participant.person)
    ways = [{"matter": matter, "way": chosen.ways[matter]} for matter in Matter if matter in chosen.ways]
    facts = {"topics": chosen.topics, "ways": ways, "ways_there_are": _ways_there_are(participant)}
    return Response(MessageChoicesShape(facts).data)
