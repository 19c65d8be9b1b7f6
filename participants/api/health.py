"""GET and POST /own-health/: the health questions asked now, and one's own answers to them.

Here: the shape. Not here: what answers mean (screening.py). Earlier answers are
given only where the wording is still the same; every question is answered anew.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from participants import health
from participants.api.own import NO_RECORD, TAKES_PART, own_record
from participants.health_content import health_questions
from participants.models import Clearance, Participant
from participants.refusals import NotPossibleNow, QuestionsChanged
from participants.rules.questions import QuestionSet
from participants.rules.screening import BadAnswer, Unanswered
from safefit.api import Conflict, StrictAPIView, StrictCharField, StrictSerializer, refusal

QUESTIONS_CHANGED, NO_CONSENT, NOT_POSSIBLE_NOW = "questions_changed", "no_consent", "not_possible_now"
NOT_KEPT = refusal(409, "Nothing was kept.", QUESTIONS_CHANGED, NO_CONSENT, NOT_POSSIBLE_NOW)


class OptionShape(serializers.Serializer[Any]):
    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    asks = serializers.CharField(help_text="the question that choosing this opens; empty for none")
    alone = serializers.BooleanField(help_text="cannot stand beside another option")


class QuestionShape(serializers.Serializer[Any]):
    id = serializers.CharField()
    kind = serializers.ChoiceField(choices=["one", "any"], help_text="one: a value; any: a list of values")
    ask = serializers.CharField()
    why = serializers.CharField()
    follow_up = serializers.BooleanField(help_text="asked only when an option of another question opens it")
    options = OptionShape(many=True)


class StandingShape(serializers.ModelSerializer[Clearance]):
    """What follows from one's answers, as it stands today."""

    state = serializers.SerializerMethodField(help_text="run_out once the last day has passed")

    class Meta:
        model = Clearance
        fields: ClassVar = ["state", "valid_until", "review_due_at", "adaptations"]

    def get_state(self, clearance: Clearance) -> str:
        return health.state_today(clearance) or ""


class OwnHealthShape(serializers.Serializer[Participant]):
    version = serializers.SerializerMethodField(help_text="the wording asked now; send it back with your answers")
    questions = serializers.SerializerMethodField()
    last_answers = serializers.SerializerMethodField(help_text="to this same wording; null otherwise")
    standing = serializers.SerializerMethodField()

    @cached_property
    def asked(self) -> QuestionSet:
        """Once for each answer, so that the version and the questions belong together."""
        return health_questions()

    def get_version(self, participant: Participant) -> str:
        return self.asked.version

    @extend_schema_field(QuestionShape(many=True))
    def get_questions(self, participant: Participant) -> list[dict[str, object]]:
        return list(QuestionShape(list(self.asked), many=True).data)

    @extend_schema_field(serializers.DictField(allow_null=True))
    def get_last_answers(self, participant: Participant) -> dict[str, Any] | None:
        last = health.last_answers(participant)
        return last.answers if last else None

    @extend_schema_field(StandingShape(allow_null=True))
    def get_standing(self, participant: Participant) -> dict[str, object] | None:
        clearance = health.clearance_of(participant)
        return dict(StandingShape(clearance).data) if clearance else None


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})
class AnswerField(serializers.Field):  # type: ignore[type-arg]
    """One value, or a list of values."""

    default_error_messages: ClassVar = {"invalid": "Give a value, or a list of values."}

    def to_internal_value(self, data: Any) -> str | list[str]:
        several = data if isinstance(data, list) else [data]
        if not all(isinstance(value, str) for value in several):
            self.fail("invalid")
        return several if isinstance(data, list) else str(data)


class NewAnswersSerializer(StrictSerializer):
    version = StrictCharField(max_length=20, help_text="the wording that was read")
    answers = serializers.DictField(child=AnswerField(), help_text="question id → value, or list of values")
    note = StrictCharField(max_length=2000, required=False, allow_blank=True, default="")


class OwnHealthView(StrictAPIView):
    """One's own health questions and answers: nobody else's, and for nobody else."""

    permission_classes = TAKES_PART

    @extend_schema(operation_id="own_health_retrieve", responses={200: OwnHealthShape, **NO_RECORD})
    def get(self, request: Request) -> Response:
        return Response(OwnHealthShape(own_record(request)).data)

    @extend_schema(
        operation_id="own_health_create",
        request=NewAnswersSerializer,
        responses={201: StandingShape, **NO_RECORD, **NOT_KEPT},
    )
    def post(self, request: Request) -> Response:
        """Answer every question anew."""
        participant = own_record(request)
        given = NewAnswersSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(StandingShape(_keep(participant, given.validated_data)).data, status.HTTP_201_CREATED)


def _keep(participant: Participant, given: dict[str, Any]) -> Clearance:
    try:
        return health.update_health(participant=participant, by=participant.person, **given)
    except QuestionsChanged as changed:
        words = "The questions have changed. Read them again, and answer every one."
        raise Conflict(words, QUESTIONS_CHANGED, version=changed.version) from None
    except NotPossibleNow as refused:
        words = "Nothing is asked of somebody who is paused or has left."
        raise Conflict(words, NOT_POSSIBLE_NOW, status_now=refused.status) from None
    except health.NoConsent:
        words = "Without your consent to hold health facts nothing is asked or kept."
        raise Conflict(words, NO_CONSENT) from None
    except Unanswered as missing:
        raise serializers.ValidationError({"answers": {id: ["Answer this question."] for id in missing.ids}}) from None
    except BadAnswer as wrong:
        raise serializers.ValidationError({"answers": {wrong.id: ["This is not one of its answers."]}}) from None
