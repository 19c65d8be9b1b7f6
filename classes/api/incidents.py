"""/sessions/{id}/incidents/: report what went wrong in a class, also long after it was written down without a signal.

For those who lead the class; to everybody else it is a 404. The action of the page stands behind it. Nothing of a
report leaves by here but that it is kept, and until when somebody looks into it.
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
from classes.api.refusals import INCIDENT_REFUSED, conflict
from classes.api.shapes import signed_in
from classes.incident_rules import Harm, IncidentKind
from classes.incidents import LONGEST_WORDS, BadReport, NewIncident, report_incident, review_task_of
from classes.judging.refusals import Refusal
from classes.teaching import reported_on_by
from safefit.api import (
    StrictAPIView,
    StrictBooleanField,
    StrictCharField,
    StrictDateTimeField,
    StrictIntegerField,
    StrictSerializer,
    StrictUUIDField,
)

LARGEST = 2**63 - 1
WHY = {
    "near_miss_with_harm": ("harm", "A near miss did no harm."),
    "no_words": ("what_happened", "Say what happened."),
    "not_yet": ("happened_at", "This has not come yet. Set the clock of the device."),
    "before_the_class": ("happened_at", "This is long before the class."),
}


class NewIncidentSerializer(StrictSerializer):
    id = StrictUUIDField(help_text="made where it was written; sending it again adds nothing")
    kind = serializers.ChoiceField(choices=[(kind.value, kind.value) for kind in IncidentKind])
    harm = serializers.ChoiceField(choices=[(harm.value, harm.value) for harm in Harm])
    booking = StrictIntegerField(min_value=1, max_value=LARGEST, required=False, help_text="whom it is about, if so")
    guest = StrictIntegerField(min_value=1, max_value=LARGEST, required=False, help_text="or this")
    happened_at = StrictDateTimeField(help_text="by the clock of the device, at most 5 minutes ahead of ours")
    what_happened = StrictCharField(max_length=LONGEST_WORDS)
    what_was_done = StrictCharField(max_length=LONGEST_WORDS, required=False, allow_blank=True, default="")
    called_999 = StrictBooleanField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "booking" in attrs and "guest" in attrs:
            raise serializers.ValidationError({"booking": ["Give a booking or a guest, and not both."]})
        return attrs


class KeptIncidentShape(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="incident.pk")
    reference = serializers.CharField(source="incident.reference", help_text="to say on the telephone")
    reported_at = serializers.DateTimeField(source="incident.reported_at")
    review_due_at = serializers.DateTimeField(
        source="task.due_at", allow_null=True, help_text="until when somebody looks into it; null once it is closed"
    )


class IncidentsView(StrictAPIView):
    permission_classes = [needs(Permission.TEACH)]

    @extend_schema(
        operation_id="sessions_incidents_create",
        request=NewIncidentSerializer,
        responses={200: KeptIncidentShape, 201: KeptIncidentShape, **INCIDENT_REFUSED},
    )
    def post(self, request: Request, pk: str) -> Response:
        """Report an incident, a near miss or an adverse event. 201 when it was kept now, 200 for the same id again.

        It is locked with being sent. Where the harm asks for it, whoever is on call is told at once.
        """
        session = get_object_or_404(reported_on_by(request.user), pk=pk)
        sent = NewIncidentSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            incident = report_incident(
                session=session, report=_report(sent.validated_data), by=signed_in(request).person
            )
        except BadReport as wrong:
            field, words = WHY[wrong.problem]
            raise serializers.ValidationError({field: [words]}) from None
        except Refusal as refusal:
            raise conflict(refusal.code, **refusal.details) from None
        answer = KeptIncidentShape({"incident": incident, "task": review_task_of(incident)})
        return Response(answer.data, status.HTTP_201_CREATED if incident.made_now else status.HTTP_200_OK)


def _report(sent: dict[str, Any]) -> NewIncident:
    return NewIncident(
        id=sent["id"],
        kind=IncidentKind(sent["kind"]),
        harm=Harm(sent["harm"]),
        happened_at=sent["happened_at"],
        what_happened=sent["what_happened"],
        what_was_done=sent["what_was_done"],
        called_999=sent["called_999"],
        booking_id=sent.get("booking"),
        guest_id=sent.get("guest"),
    )
