"""/sessions/{id}/register/: who is on a register and what to know of them; send marks.

For those who lead the class, and for the desk of its programme; to everybody
else it is a 404. The same functions stand behind the page. Each GET is logged
for everybody on the register.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from accounts.signin import needs
from classes.api.shapes import signed_in
from classes.models import AttendanceState, Session
from classes.readiness import Readiness
from classes.register import (
    NewCompanionMark,
    NewMark,
    Outcome,
    Refused,
    RegisterClosed,
    RegisterNotOpen,
    is_ahead,
    open_register,
    take_register,
)
from classes.teaching import registers_open_to
from safefit.api import (
    Conflict,
    StrictAPIView,
    StrictBooleanField,
    StrictCharField,
    StrictDateTimeField,
    StrictIntegerField,
    StrictSerializer,
    StrictUUIDField,
    refusal,
)

MOST_MARKS = 500


class NeedShape(serializers.Serializer[Any]):
    kind = serializers.CharField()
    detail = serializers.CharField()


class EmergencyShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    relationship = serializers.CharField()
    phone = serializers.CharField()


class TodaysCheckShape(serializers.Serializer[Any]):
    check = serializers.IntegerField(source="check_id", allow_null=True)
    readiness = serializers.ChoiceField(choices=[readiness.value for readiness in Readiness])
    at = serializers.DateTimeField(allow_null=True, help_text="when it came to this")


class FactsShape(serializers.Serializer[Any]):
    adaptations = serializers.ListField(child=serializers.CharField())
    note = serializers.CharField(help_text="only of people who agreed to share health facts with instructors")
    needs = NeedShape(many=True)
    emergency = EmergencyShape(allow_null=True)
    confirm_contact = serializers.BooleanField(help_text="their first class: ask whether the contact is still right")
    cleared = serializers.BooleanField(help_text="whether clearance stands on the date of the class")
    ask_first = serializers.BooleanField(help_text="did not agree to share health facts: ask before the class")
    check = TodaysCheckShape(help_text="the same-day check; only ready and lifted may start")
    talk_about = serializers.ListField(
        child=serializers.CharField(), help_text="what a check that asks for a talk was about, where that is shared"
    )


class MarkShape(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=AttendanceState.choices)
    note = serializers.CharField()
    at = serializers.DateTimeField()


class EntryShape(serializers.Serializer[Any]):
    booking = serializers.IntegerField(source="booking_id", allow_null=True)
    guest = serializers.IntegerField(source="guest_id", allow_null=True)
    is_unknown = serializers.BooleanField(
        help_text="came without being listed, and nobody knows yet who it is: does not exercise"
    )
    name = serializers.CharField()
    first_name = serializers.CharField()
    reference = serializers.CharField()
    with_companion = serializers.BooleanField()
    companion_came = serializers.BooleanField(allow_null=True, help_text="null: not marked, or nobody comes along")
    first_class = serializers.BooleanField()
    first_of_kind = serializers.BooleanField()
    may_be_recorded = serializers.BooleanField(
        help_text="agreed to photos and recordings, as it stands now; of nobody else are any made"
    )
    said_coming = serializers.BooleanField(help_text="in answer to a reminder")
    facts = FactsShape(allow_null=True, help_text="null outside the window, and for a guest who is only a name")
    mark = MarkShape(allow_null=True)


class RegisterShape(serializers.Serializer[Any]):
    session = serializers.IntegerField(source="session.pk")
    class_name = serializers.CharField(source="session.class_type.name")
    starts_at = serializers.DateTimeField(source="window.starts_at")
    ends_at = serializers.DateTimeField(source="window.ends_at")
    facts_from = serializers.DateTimeField(source="window.facts_from")
    facts_until = serializers.DateTimeField(source="window.facts_until")
    amend_until = serializers.DateTimeField(source="window.amend_until")
    people_expected = serializers.IntegerField(help_text="those in entries, and those who come along with them")
    entries = EntryShape(many=True)


class NewMarkSerializer(StrictSerializer):
    id = StrictUUIDField(help_text="made where the mark is taken; sending it again adds nothing")
    booking = StrictIntegerField(min_value=1, max_value=2**63 - 1, required=False, help_text="either this or guest")
    guest = StrictIntegerField(min_value=1, max_value=2**63 - 1, required=False)
    state = serializers.ChoiceField(choices=AttendanceState.choices)
    marked_at = StrictDateTimeField(help_text="by the clock of the device, at most 5 minutes ahead of ours")
    note = StrictCharField(
        max_length=200,
        required=False,
        allow_blank=True,
        allow_null=True,
        default=None,
        help_text="left out or null: the note that is there stays",
    )

    def validate_marked_at(self, value: datetime) -> datetime:
        if is_ahead(value, timezone.now()):
            raise serializers.ValidationError("This has not come yet. Set the clock of the device, and mark again.")
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("booking" in attrs) == ("guest" in attrs):
            raise serializers.ValidationError({"booking": ["Give a booking or a guest, and not both."]})
        return attrs


class NewCompanionSerializer(StrictSerializer):
    id = StrictUUIDField(help_text="made where the mark is taken; sending it again adds nothing")
    booking = StrictIntegerField(min_value=1, max_value=2**63 - 1, help_text="a place for two")
    came = StrictBooleanField()


class NewMarksSerializer(StrictSerializer):
    marks = serializers.ListField(child=NewMarkSerializer(), required=False, max_length=MOST_MARKS)
    companions = serializers.ListField(
        child=NewCompanionSerializer(), required=False, max_length=MOST_MARKS, help_text="counted in no attendance"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not (attrs.get("marks") or attrs.get("companions")):
            raise serializers.ValidationError({"marks": ["Send at least one mark, of a person or of a companion."]})
        return attrs


class AcknowledgementShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    outcome = serializers.ChoiceField(choices=[o.value for o in Outcome])
    why = serializers.ChoiceField(choices=[r.value for r in Refused], allow_null=True)


class AcknowledgementsShape(serializers.Serializer[Any]):
    marks = AcknowledgementShape(many=True)


NOT_OPEN, CLOSED = "register_not_open", "register_closed"


class RegisterView(StrictAPIView):
    permission_classes = [needs(Permission.TEACH, Permission.WORK_AT_DESK)]

    @extend_schema(operation_id="sessions_register_retrieve", responses={200: RegisterShape})
    def get(self, request: Request, pk: str) -> Response:
        """The register as it stands. From 24 hours before the class to 48 hours after it with what people need."""
        register = open_register(session=self._session(request, pk), by=signed_in(request).person)
        return Response(RegisterShape(register).data)

    @extend_schema(
        operation_id="sessions_register_create",
        request=NewMarksSerializer,
        responses={200: AcknowledgementsShape, **refusal(409, "Not now.", NOT_OPEN, CLOSED)},
    )
    def post(self, request: Request, pk: str) -> Response:
        """Add marks. Each is answered for itself, in the order sent, companions last: a refused one costs the others
        nothing.

        409 `register_not_open` before the start, `register_closed` 14 days after the end (the desk may still send).
        """
        session = self._session(request, pk)
        sent = NewMarksSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        marks = [_mark(mark) for mark in sent.validated_data.get("marks", [])]
        beside = [_companion(mark) for mark in sent.validated_data.get("companions", [])]
        try:
            answers = take_register(session=session, marks=marks, companions=beside, by=signed_in(request).person)
        except RegisterNotOpen as refusal:
            raise Conflict("The class has not started.", NOT_OPEN, opens_at=refusal.opens_at.isoformat()) from None
        except RegisterClosed as refusal:
            raise Conflict(
                "The register is closed. Ask the desk.", CLOSED, closed_at=refusal.closed_at.isoformat()
            ) from None
        return Response(AcknowledgementsShape({"marks": answers}).data)

    def _session(self, request: Request, pk: str) -> Session:
        found: Session = get_object_or_404(registers_open_to(request.user), pk=pk)
        return found


def _companion(sent: dict[str, Any]) -> NewCompanionMark:
    return NewCompanionMark(id=sent["id"], booking_id=sent["booking"], came=sent["came"])


def _mark(sent: dict[str, Any]) -> NewMark:
    return NewMark(
        id=sent["id"],
        state=AttendanceState(sent["state"]),
        marked_at=sent["marked_at"],
        booking_id=sent.get("booking"),
        guest_id=sent.get("guest"),
        note=sent["note"],
    )
