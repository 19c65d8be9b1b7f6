"""GET /people/: for whom one may do what. GET /own-record/: what SafeFit holds about the person who asks.

Here: the shapes. Not here: bookings and answers (they have addresses of their
own), the health answers as given (health.py). One's record has no key in its
address: there is no record of another to ask for.
"""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from accounts.models import ContactPoint
from accounts.permissions import Permission
from accounts.signin import needs
from participants import access, consents, details
from participants.api.own import NO_RECORD, TAKES_PART, own_record
from participants.course import course_of, with_course
from participants.health import clearance_of
from participants.models import AccessNeed, Clearance, ConsentEvent, Enrolment, Participant, Phase
from safefit.api import StrictAPIView, StrictViewSet


class PhaseShape(serializers.ModelSerializer[Phase]):
    class Meta:
        model = Phase
        fields: ClassVar = ["order", "name", "weeks", "contacts_least", "contacts_most", "per_weeks"]


class EnrolmentShape(serializers.ModelSerializer[Enrolment]):
    class Meta:
        model = Enrolment
        fields: ClassVar = ["starts_on", "ends_on"]


class PositionShape(serializers.Serializer[Any]):
    """How far one is in the programme: paused days do not count."""

    day = serializers.IntegerField(source="position.day", help_text="1 is the first")
    week = serializers.IntegerField(source="position.week")
    phase = serializers.CharField(
        source="position.stretch.name", default=None, allow_null=True, help_text="null after the last one"
    )
    ends_on = serializers.DateField(
        source="position.ends_on", allow_null=True, help_text="the last day; null while a break goes on"
    )


class ClearanceShape(serializers.ModelSerializer[Clearance]):
    adaptations = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Clearance
        fields: ClassVar = ["state", "valid_until", "adaptations"]


class AccessNeedShape(serializers.ModelSerializer[AccessNeed]):
    class Meta:
        model = AccessNeed
        fields: ClassVar = ["kind", "detail", "share_with_instructors", "recorded_at", "review_on"]


class ContactPointShape(serializers.ModelSerializer[ContactPoint]):
    class Meta:
        model = ContactPoint
        fields: ClassVar = ["channel", "value", "preferred", "may_leave_message"]


class ConsentShape(serializers.ModelSerializer[ConsentEvent]):
    kind = serializers.CharField(source="text.kind")
    version = serializers.IntegerField(source="text.version")

    class Meta:
        model = ConsentEvent
        fields: ClassVar = ["kind", "version", "at"]


class EmergencyContactShape(serializers.ModelSerializer[Participant]):
    name = serializers.CharField(source="emergency_name")
    relationship = serializers.CharField(source="emergency_relationship")
    phone = serializers.CharField(source="emergency_phone")

    class Meta:
        model = Participant
        fields: ClassVar = ["name", "relationship", "phone"]


class OwnRecordShape(serializers.ModelSerializer[Participant]):
    """One's own part in the programme. `clearance` is null until somebody has decided; `consents` are those given."""

    known_as = serializers.CharField(source="person.first_name")
    programme = serializers.CharField(source="programme.name")
    phases = PhaseShape(source="programme.phases", many=True)
    enrolments = serializers.SerializerMethodField()
    position = serializers.SerializerMethodField()
    clearance = serializers.SerializerMethodField()
    access_needs = serializers.SerializerMethodField()
    contact_points = serializers.SerializerMethodField()
    consents = serializers.SerializerMethodField()
    emergency_contact = EmergencyContactShape(source="*")

    class Meta:
        model = Participant
        fields: ClassVar = [
            "id",
            "reference",
            "known_as",
            "status",
            "programme",
            "phases",
            "enrolments",
            "position",
            "clearance",
            "access_needs",
            "contact_points",
            "consents",
            "emergency_contact",
        ]

    @extend_schema_field(EnrolmentShape(many=True))
    def get_enrolments(self, participant: Participant) -> list[dict[str, object]]:
        rows = sorted(participant.enrolments.all(), key=lambda row: (row.starts_on, row.pk))
        return list(EnrolmentShape(rows, many=True).data)

    @extend_schema_field(PositionShape(allow_null=True))
    def get_position(self, participant: Participant) -> dict[str, object] | None:
        course = course_of(participant)
        return dict(PositionShape(course).data) if course else None

    @extend_schema_field(ClearanceShape(allow_null=True))
    def get_clearance(self, participant: Participant) -> dict[str, object] | None:
        clearance = clearance_of(participant)
        return dict(ClearanceShape(clearance).data) if clearance else None

    @extend_schema_field(AccessNeedShape(many=True))
    def get_access_needs(self, participant: Participant) -> list[dict[str, object]]:
        return list(AccessNeedShape(details.current_needs_of(participant.person), many=True).data)

    @extend_schema_field(ContactPointShape(many=True))
    def get_contact_points(self, participant: Participant) -> list[dict[str, object]]:
        return list(ContactPointShape(details.contact_points_of(participant.person), many=True).data)

    @extend_schema_field(ConsentShape(many=True))
    def get_consents(self, participant: Participant) -> list[dict[str, object]]:
        answers = consents.consents_in_force(participant)
        given = [answers[kind] for kind in consents.ORDER if kind in answers and answers[kind].given]
        return list(ConsentShape(given, many=True).data)


class OwnRecordView(StrictAPIView):
    """One's own record: who takes part reads what is held about them."""

    permission_classes = TAKES_PART

    @extend_schema(
        operation_id="own_record_retrieve",
        responses={200: OwnRecordShape, **NO_RECORD},
    )
    def get(self, request: Request) -> Response:
        return Response(OwnRecordShape(with_course(own_record(request))).data)


class PersonShape(serializers.ModelSerializer[Participant]):
    known_as = serializers.CharField(source="person.first_name")
    is_oneself = serializers.BooleanField(source="is_own")
    may = serializers.SerializerMethodField(help_text="book: take and give back places; answer: fill in questionnaires")

    class Meta:
        model = Participant
        fields: ClassVar = ["id", "reference", "known_as", "is_oneself", "may"]
        extra_kwargs: ClassVar = {"id": {"help_text": "what other addresses call `participant`"}}

    @extend_schema_field({"type": "array", "items": {"type": "string", "enum": ["book", "answer"]}})
    def get_may(self, participant: Participant) -> list[str]:
        allowed: list[str] = self.context["may"][participant.pk]
        return allowed


class PeopleFilter(django_filters.FilterSet):
    reference = django_filters.CharFilter(lookup_expr="iexact", max_length=12)

    class Meta:
        model = Participant
        fields: ClassVar[list[str]] = []


class PeopleViewSet(ListModelMixin, StrictViewSet):
    """For whom one may act: oneself first, whom one supports, the people of one's desk."""

    queryset = Participant.objects.acted_for_by(None).none()
    serializer_class = PersonShape
    permission_classes = (needs(Permission.TAKE_PART, Permission.SUPPORT, Permission.WORK_AT_DESK),)
    filterset_class = PeopleFilter

    def get_queryset(self) -> QuerySet[Participant]:
        return access.acted_for_by(self.request.user)

    def get_serializer(self, *args: Any, **rest: Any) -> Any:
        if rest.get("many"):
            may = access.may_do_for(self.request.user, args[0])
            rest["context"] = {**self.get_serializer_context(), "may": may}
        return super().get_serializer(*args, **rest)


router = SimpleRouter()
router.register("people", PeopleViewSet, basename="people")
