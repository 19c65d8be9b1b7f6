"""REST: questionnaires, one's assessments and answers.

Here: shapes. Not here: any rule (outcomes/answering/recording.py), what one's own came to (own_progress.py).
An assessment that is not one's own, a person's whom one may type for, or of
one's desk, is a 404.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django_filters import rest_framework as filters
from drf_spectacular.utils import (
    extend_schema,
    extend_schema_field,
    extend_schema_view,
    inline_serializer,
)
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response as Answered

from accounts.history import log_read
from accounts.models import Person
from accounts.permissions import Permission
from accounts.signin import needs
from outcomes import safety
from outcomes.answering import recording
from outcomes.answering.answers_out import as_fhir, name_of
from outcomes.models import AnswerMode, Assessment, AssessmentState, Questionnaire, Response
from outcomes.questions import Reply
from outcomes.scoring import DECLINED
from safefit.api import Conflict, KeyFilter, StrictSerializer, StrictViewSet, refusal

TYPED_MODES = [AnswerMode.PHONE, AnswerMode.PAPER]
MAY_ANSWER = needs(Permission.TAKE_PART, Permission.SUPPORT, Permission.WORK_AT_DESK)


class AssessmentFilters(filters.FilterSet):
    participant = KeyFilter(field_name="participant")
    state = filters.ChoiceFilter(choices=AssessmentState.choices)
    timepoint = filters.CharFilter(field_name="timepoint__code")

    class Meta:
        model = Assessment
        fields = ("participant", "state", "timepoint")


class AssessmentShape(serializers.ModelSerializer[Assessment]):
    """One questionnaire due at one timepoint, with its window."""

    timepoint = serializers.CharField(source="timepoint.code")
    is_open = serializers.SerializerMethodField(help_text="whether it takes answers today: planned, and in its window")

    class Meta:
        model = Assessment
        fields = (
            "id",
            "participant",
            "questionnaire",
            "timepoint",
            "round",
            "state",
            "opens_on",
            "due_on",
            "closes_on",
            "is_open",
        )
        extra_kwargs: ClassVar = {
            "state": {"help_text": "planned until it was sent, missed its window, or is no longer wanted"},
            "opens_on": {"help_text": "null: not known yet, the form takes no answers"},
            "closes_on": {"help_text": "null: not known yet, the form stays open"},
        }

    def get_is_open(self, assessment: Assessment) -> bool:
        return recording.is_open(assessment)


class QuestionnaireShape(serializers.ModelSerializer[Questionnaire]):
    """A questionnaire in the shape of FHIR R4."""

    resourceType = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField(help_text="its name among all questionnaires, with or without an address")
    status = serializers.SerializerMethodField()
    item = serializers.JSONField(source="items")
    description = serializers.CharField(source="introduction")
    copyright = serializers.CharField(source="licence")

    class Meta:
        model = Questionnaire
        fields = ("id", "resourceType", "url", "status", "code", "version", "title", "description", "copyright", "item")

    def get_resourceType(self, questionnaire: Questionnaire) -> str:
        return "Questionnaire"

    def get_url(self, questionnaire: Questionnaire) -> str:
        return name_of(questionnaire)

    def get_status(self, questionnaire: Questionnaire) -> str:
        return "active" if questionnaire.active else "retired"


@extend_schema_field(
    {
        "oneOf": [
            {"type": "integer"},
            {"type": "array", "items": {"type": "object"}},
            {"type": "string", "enum": [DECLINED]},
        ]
    }
)
class AnswerField(serializers.Field[Any, Any, Any, Any]):
    """A whole number, values in FHIR's shape, or "declined" for "I would rather not answer"."""

    default_error_messages: ClassVar = {
        "invalid": f'Give a whole number, a list of values in the shape of FHIR, or "{DECLINED}".'
    }

    def to_internal_value(self, data: Any) -> Reply:
        if isinstance(data, bool) or not (isinstance(data, int | list) or data == DECLINED):
            self.fail("invalid")
        return data  # type: ignore[no-any-return]


class DraftShape(StrictSerializer):
    answers = serializers.DictField(child=AnswerField())
    mode = serializers.ChoiceField(
        choices=TYPED_MODES, required=False, help_text="for the desk; left out, as it was begun, else phone"
    )


class SendShape(StrictSerializer):
    mode = serializers.ChoiceField(choices=TYPED_MODES, required=False)
    answered_on = serializers.DateField(required=False, help_text="of a paper form: the day that stands on it")


ANSWERS = inline_serializer(
    "Answers",
    {
        "assessment": serializers.IntegerField(),
        "answers": serializers.DictField(
            allow_null=True, help_text="null when they are not yours to read: another's form that does not take answers"
        ),
        "mode": serializers.ChoiceField(choices=AnswerMode.choices, allow_null=True),
        "submitted_at": serializers.DateTimeField(allow_null=True),
        "answered_on": serializers.DateField(allow_null=True, help_text="the day on a paper form, where it was said"),
        "worries": serializers.BooleanField(
            help_text="an answer may mean that the person needs help: show at once whom to call, 999, 111 and 116 123. "
            "Said with the first such answer, sent or not, to the person and to whoever types or sent the answers; "
            "false for everybody else"
        ),
    },
)
RESPONSE_OUT = {"type": "object", "description": "a QuestionnaireResponse of FHIR R4", "additionalProperties": True}
NOT_YOURS = "These answers are the person’s own to read."
SENT, NOT_OPEN, NOTHING_ANSWERED = "already_sent", "not_open", "nothing_answered"
STILL_REQUIRED = "still_required"


@extend_schema(tags=["questionnaires"])
class QuestionnaireViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, StrictViewSet):
    """Questionnaires that the user may be asked, or may ask."""

    permission_classes = [MAY_ANSWER]
    serializer_class = QuestionnaireShape

    def get_queryset(self) -> Any:
        return recording.questionnaires_visible_to(self.request.user)


@extend_schema(tags=["questionnaires"])
@extend_schema_view(
    send=extend_schema(
        request=SendShape,
        responses={200: ANSWERS, **refusal(409, "It cannot be sent.", NOT_OPEN, NOTHING_ANSWERED, STILL_REQUIRED)},
    ),
)
class AssessmentViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, StrictViewSet):
    """What is due from oneself, from people one may type for, and from people of one's desk."""

    permission_classes = [MAY_ANSWER]
    serializer_class = AssessmentShape
    filterset_class = AssessmentFilters

    def get_queryset(self) -> Any:
        return recording.assessments_answerable_by(self.request.user)

    @extend_schema(methods=["get"], responses={200: ANSWERS})
    @extend_schema(
        methods=["put"],
        request=DraftShape,
        responses={200: ANSWERS, **refusal(409, "Nothing more is taken.", SENT, NOT_OPEN)},
    )
    @action(detail=True, methods=["get", "put"])
    def answers(self, request: Request, pk: str) -> Answered:
        """What has been answered so far. PUT replaces all of it while the form is open.

        Somebody else's answers are read only while one may type them.
        """
        assessment = self.get_object()
        response = recording.response_of(assessment)
        if request.method == "PUT":
            response = self._put(assessment, response, _valid(DraftShape, request))
        elif response:
            self._log_read_of_anothers(assessment)
        return Answered(_shown(request, assessment, response))

    @extend_schema(responses={200: RESPONSE_OUT, **refusal(404, NOT_YOURS)})
    @action(detail=True, methods=["get"], url_path="questionnaire-response")
    def questionnaire_response(self, request: Request, pk: str) -> Answered:
        """The answers as a FHIR R4 QuestionnaireResponse: one's own, or those that one may type.

        Names of items and codes; the words of a licensed form do not go out.
        """
        assessment = self.get_object()
        if not recording.may_read_answers(request.user, assessment):
            raise NotFound(NOT_YOURS)
        response = recording.response_of(assessment)
        if response:
            self._log_read_of_anothers(assessment)
        return Answered(as_fhir(assessment, response))

    def _log_read_of_anothers(self, assessment: Assessment) -> None:
        is_own = recording.mode_of(self.request.user, assessment) == AnswerMode.SELF
        if not is_own and recording.may_read_answers(self.request.user, assessment):
            reader = _person(self.request)
            log_read(target=assessment.participant.person, purpose="questionnaire", what="answers", by=reader)

    def _put(self, assessment: Assessment, before: Response | None, given: dict[str, Any]) -> Response:
        taken_back = dict.fromkeys(before.answers) if before else {}
        try:
            return _refusing(recording.save_draft)(
                assessment=assessment,
                answers={**taken_back, **given["answers"]},
                mode=_mode(self.request, assessment, before, given),
                by=_person(self.request),
            )
        except recording.NotAnAnswer as refusal:
            raise serializers.ValidationError({"answers": {refusal.item: [_why(refusal)]}}) from None

    @action(detail=True, methods=["post"])
    def send(self, request: Request, pk: str) -> Answered:
        """Send the answers: they are fixed and scored. Sending again changes nothing."""
        assessment = self.get_object()
        given = _valid(SendShape, request)
        mode = _mode(request, assessment, recording.response_of(assessment), given)
        if "answered_on" in given and mode != AnswerMode.PAPER:
            raise serializers.ValidationError({"answered_on": ['Only with mode "paper".']})
        sent = _refusing(recording.submit)(
            assessment=assessment,
            mode=mode,
            answered_on=given.get("answered_on"),
            by=_person(request),
        )
        return Answered(_shown(request, assessment, sent))


def _person(request: Request) -> Person:
    return request.user.person  # type: ignore[union-attr]


def _mode(request: Request, assessment: Assessment, before: Response | None, given: dict[str, Any]) -> AnswerMode:
    """How the user answers here; the desk may say that it types from paper, and nobody else says anything. What it
    said once holds until it says otherwise."""
    own = recording.mode_of(request.user, assessment, before)
    said = given.get("mode")
    if said is not None and own not in recording.DESK_MODES:
        raise serializers.ValidationError({"mode": [f"You cannot answer as “{said}” here."]})
    return AnswerMode(said) if said else own


def _valid(shape: type[StrictSerializer], request: Request) -> dict[str, Any]:
    given = shape(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def _shown(request: Request, assessment: Assessment, response: Response | None) -> dict[str, Any]:
    answers = response.answers if response else {}
    return {
        "assessment": assessment.pk,
        "answers": answers if recording.may_read_answers(request.user, assessment) else None,
        "mode": response.mode if response else None,
        "submitted_at": response.submitted_at if response else None,
        "answered_on": response.answered_on if response else None,
        "worries": response is not None and _worries(request, assessment, response),
    }


def _worries(request: Request, assessment: Assessment, response: Response) -> bool:
    """What was sent by what was decided then; a draft by what counts now, to whoever may type it. Whoever filled in
    paper is not there to read it."""
    if response.submitted_at:
        return safety.worry_to_show(response, to=_person(request)) is not None
    if response.mode == AnswerMode.PAPER:
        return False
    may_read = recording.may_read_answers(request.user, assessment)
    return may_read and safety.help_now(assessment.questionnaire, response.answers) is not None


def _why(refusal: recording.NotAnAnswer) -> str:
    if refusal.question is None:
        return "This form does not ask this."
    if not refusal.question.is_numbered:
        kind = refusal.question.shape.kind
        return f'Give values that this {kind} question takes, as its item says, or "{DECLINED}".'
    return f'Give a whole number from {refusal.question.lo} to {refusal.question.hi}, or "{DECLINED}".'


def _refusing(act: Callable[..., Response]) -> Callable[..., Response]:
    """The action, with its refusals as conflicts."""

    def refused(**given: Any) -> Response:
        try:
            return act(**given)
        except recording.AlreadySent:
            raise Conflict("These answers were sent and are fixed.", SENT) from None
        except recording.NotOpen as refusal:
            window = {"opens_on": refusal.opens_on, "closes_on": refusal.closes_on}
            raise Conflict("This form is not open.", NOT_OPEN, **window) from None
        except recording.WrongDay as refusal:
            words = f"Give a day from {refusal.earliest or 'the day it opened'} to {refusal.latest}."
            raise serializers.ValidationError({"answered_on": [words]}) from None
        except recording.NothingAnswered:
            raise Conflict("Answer or decline at least one question first.", NOTHING_ANSWERED) from None
        except recording.StillRequired as refusal:
            words = f"Answer or decline “{refusal.question.text}” first."
            raise Conflict(words, STILL_REQUIRED, item=refusal.question.id) from None

    return refused
