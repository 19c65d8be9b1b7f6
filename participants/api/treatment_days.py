"""GET and PUT /own-treatment-days/: the days of treatment that one has noted, all of them at once.

Here: the shape. Not here: what is refused (treatments.py), which classes lie
close to them (treatment_days.py). One's own and nobody else's.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from participants import treatments
from participants.api.own import NO_RECORD, TAKES_PART, own_record
from participants.health import NoConsent
from participants.refusals import NotPossibleNow
from participants.rules.treatment_days import MOST_TIMES, MOST_WEEKS, Days
from safefit.api import Conflict, StrictAPIView, StrictDateField, StrictIntegerField, StrictSerializer, refusal

NO_CONSENT, NOT_POSSIBLE_NOW = "no_consent", "not_possible_now"
NOT_KEPT = refusal(409, "Nothing was changed.", NO_CONSENT, NOT_POSSIBLE_NOW)
FAULTS = {
    "every_weeks": f"From 1 to {MOST_WEEKS} weeks; 0 only for a single day.",
    "times": f"From 2 to {MOST_TIMES} times; 1 only for a single day.",
    "too_long_ago": "A first day is at most a year ago.",
    "too_far": "The last day is at most two years away.",
    "past": "All of these days have passed.",
}


class DaysSerializer(StrictSerializer):
    """One day, or several: `times` days, one every `every_weeks` weeks from `first` on."""

    first = StrictDateField()
    every_weeks = StrictIntegerField(required=False, default=0, min_value=0, max_value=MOST_WEEKS)
    times = StrictIntegerField(required=False, default=1, min_value=1, max_value=MOST_TIMES)


class NotedSerializer(StrictSerializer):
    days = serializers.ListField(child=DaysSerializer(), max_length=treatments.MOST_NOTED)


class NotedShape(serializers.Serializer[Any]):
    days = DaysSerializer(many=True, help_text="by their first day")
    days_after = serializers.IntegerField(help_text="for how many days after each a class counts as close to it")


class OwnTreatmentDaysView(StrictAPIView):
    """One's own days of treatment. They close no class: booking is the same."""

    permission_classes = TAKES_PART

    @extend_schema(operation_id="own_treatment_days_retrieve", responses={200: NotedShape, **NO_RECORD})
    def get(self, request: Request) -> Response:
        return _answer([row.days for row in treatments.noted_by(own_record(request))])

    @extend_schema(
        operation_id="own_treatment_days_update",
        request=NotedSerializer,
        responses={200: NotedShape, **NO_RECORD, **NOT_KEPT},
    )
    def put(self, request: Request) -> Response:
        """Exactly these days; what is left out is removed. The same again changes nothing."""
        participant = own_record(request)
        given = NotedSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        days = [Days(**one) for one in given.validated_data["days"]]
        try:
            rows = treatments.replace_days(participant=participant, days=days, by=participant.person)
        except treatments.BadDays as bad:
            raise serializers.ValidationError({"days": [FAULTS[bad.fault]]}) from None
        except NoConsent:
            raise Conflict("Without your consent to hold health facts nothing is kept.", NO_CONSENT) from None
        except NotPossibleNow as refused:
            words = "Days are noted while you take part, or have a break."
            raise Conflict(words, NOT_POSSIBLE_NOW, status_now=refused.status) from None
        return _answer([row.days for row in rows])


def _answer(days: list[Days]) -> Response:
    return Response(NotedShape({"days": days, "days_after": treatments.days_after()}).data)
