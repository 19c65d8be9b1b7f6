"""/messages/: what was sent to people, and the life of one message: each try, by which way, and what came of it.

For the desk, and to be read alone. Not here: sending once more by hand, and calls (the desk's pages); the words, which
are drawn when they are sent and may hold a link that is the person's alone. Opening one is logged, as on its page.
"""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.history import log_read
from accounts.models import User
from accounts.permissions import Permission
from accounts.signin import needs
from messaging.access import messages_at_desk_of, steps_of, tasks_of
from messaging.models import Message, MessageState, MessageStep, Task
from safefit.api import StrictModelSerializer, StrictViewSet


class MessageFilters(filters.FilterSet):
    state = filters.ChoiceFilter(choices=MessageState.choices)

    class Meta:
        model = Message
        fields: ClassVar[list[str]] = []


WAY = "email, text, phone or post; empty before that is decided"


class MessageSerializer(StrictModelSerializer):
    name = serializers.CharField(source="person.full_name", read_only=True)
    channel = serializers.CharField(read_only=True, help_text=WAY)

    class Meta:
        model = Message
        fields: ClassVar = ["id", "kind", "name", "state", "channel", "created_at", "due_at", "finished_at"]
        read_only_fields: ClassVar = fields


class StepShape(StrictModelSerializer):
    channel = serializers.CharField(read_only=True, help_text=WAY)

    class Meta:
        model = MessageStep
        fields: ClassVar = ["what", "channel", "reason", "at"]
        read_only_fields: ClassVar = fields


class MessageTaskShape(StrictModelSerializer):
    class Meta:
        model = Task
        fields: ClassVar = ["id", "kind", "state", "outcome", "due_at", "closed_at"]
        read_only_fields: ClassVar = fields


class MessageLifeSerializer(MessageSerializer):
    steps = serializers.SerializerMethodField(help_text="what happened to it, in order; none before its turn has come")
    tasks = serializers.SerializerMethodField(help_text="what somebody was asked to do about it: a call, a letter")

    class Meta(MessageSerializer.Meta):
        fields: ClassVar = [*MessageSerializer.Meta.fields, "steps", "tasks"]
        read_only_fields: ClassVar = fields

    @extend_schema_field(StepShape(many=True))
    def get_steps(self, message: Message) -> Any:
        return StepShape(steps_of(message), many=True).data

    @extend_schema_field(MessageTaskShape(many=True))
    def get_tasks(self, message: Message) -> Any:
        return MessageTaskShape(tasks_of(message), many=True).data


@extend_schema_view(list=extend_schema(responses=MessageSerializer(many=True)))
class MessageViewSet(ListModelMixin, RetrieveModelMixin, StrictViewSet):
    """Messages of one's programmes, the latest first."""

    queryset = Message.objects.visible_to(None).none()
    serializer_class = MessageSerializer
    permission_classes = [needs(Permission.WORK_AT_DESK)]
    filterset_class = MessageFilters

    def get_queryset(self) -> QuerySet[Message]:
        return messages_at_desk_of(self.request.user)

    @extend_schema(responses=MessageLifeSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        message: Message = self.get_object()
        by = cast(User, request.user)  # the permission lets nobody else in
        log_read(target=message.person, purpose="desk", what="message", by=by.person)
        return Response(MessageLifeSerializer(message).data)
