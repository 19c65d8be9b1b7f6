"""The same-day check: /bookings/{id}/symptom-check/; at the class, /sessions/{id}/symptom-checks/ and symptom-talks/.

For oneself, as a scribe, on the telephone at the desk; or asked aloud by who leads
the class. The same actions stand behind the pages. No answer ever leaves by here,
only what it came to. Whatever is refused, answers that mean 999 or the 24-hour
line are answered with that.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.history import log_read
from accounts.models import Person
from accounts.permissions import Permission
from accounts.signin import needs
from classes.api.refusals import ANSWERS_ALOUD_REFUSED, ANSWERS_REFUSED, KEY_CAME_BEFORE, TALK_REFUSED, conflict
from classes.api.shapes import KEY_PARAMETER, key_of, signed_in
from classes.judging.refusals import IdUsed, KeyReused, NoPlace, Refusal
from classes.listing import with_classes
from classes.models import Booking, CheckMode, Guest, Session, SymptomCheck, TalkOutcome
from classes.readiness import Readiness, TodaysCheck, check_window, todays_check
from classes.same_day.symptom_content import symptom_questions
from classes.same_day.symptom_questions import Advice
from classes.same_day.symptoms import NotAnAnswer, Result, Unanswered, worst_so_far
from classes.symptom_check import answer_check, record_talk
from classes.teaching import classes_led_by, place_on_register
from safefit.api import (
    StrictAPIView,
    StrictBooleanField,
    StrictCharField,
    StrictIntegerField,
    StrictSerializer,
    StrictUUIDField,
    Unprocessable,
)

LARGEST = 2**63 - 1
KEYS = uuid.UUID("6f0f9b52-6f0e-4a0c-9d0e-0b6d3b8f1c55")  # the room in which Idempotency-Keys become ids

# --- shapes ------------------------------------------------------------------


class CheckQuestionShape(serializers.Serializer[Any]):
    id = serializers.CharField()
    group = serializers.CharField()
    ask = serializers.CharField()
    help = serializers.CharField()


class CallShape(serializers.Serializer[Any]):
    words = serializers.CharField()
    number = serializers.CharField()
    relay = serializers.CharField(help_text="what to dial instead with Relay UK")


class AdviceShape(serializers.Serializer[Any]):
    heading = serializers.CharField(help_text="what to do first")
    lead = serializers.CharField()
    steps = serializers.ListField(child=serializers.CharField())
    call = CallShape(allow_null=True)


class CheckShape(serializers.Serializer[Any]):
    check = serializers.IntegerField(source="standing.check_id", allow_null=True)
    readiness = serializers.ChoiceField(source="standing.readiness", choices=[r.value for r in Readiness])
    result = serializers.ChoiceField(source="standing.result", choices=[r.value for r in Result], allow_null=True)
    at = serializers.DateTimeField(source="standing.at", allow_null=True)
    advice = AdviceShape(allow_null=True, help_text="fixed words for this result, to be shown as they are")


class QuestionsShape(serializers.Serializer[Any]):
    version = serializers.CharField(help_text="sent back with the answers")
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField(help_text="for whoever asks here")
    is_open = serializers.BooleanField()
    questions = CheckQuestionShape(many=True)


class OwnCheckShape(QuestionsShape):
    check = CheckShape(allow_null=True, help_text="null until it is answered, and where it is not yours to see")


class AnswersSerializer(StrictSerializer):
    version = StrictCharField(max_length=20)
    answers = serializers.DictField(child=StrictBooleanField(), help_text="question id → true for yes, false for no")


class AloudSerializer(AnswersSerializer):
    id = StrictUUIDField(help_text="made where the answers were given; sending it again adds nothing")
    booking = StrictIntegerField(min_value=1, max_value=LARGEST, required=False, help_text="either this or guest")
    guest = StrictIntegerField(min_value=1, max_value=LARGEST, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("booking" in attrs) == ("guest" in attrs):
            raise serializers.ValidationError({"booking": ["Give a booking or a guest, and not both."]})
        return attrs


class TalkSerializer(StrictSerializer):
    id = StrictUUIDField(help_text="made where it was written down; sending it again adds nothing")
    check_id = StrictIntegerField(min_value=1, max_value=LARGEST, help_text="the check in force, from the register")
    outcome = serializers.ChoiceField(choices=TalkOutcome.choices)
    note = StrictCharField(max_length=500, help_text="what was said; only staff read it")
    asks_new_health_answers = StrictBooleanField(default=False)


# --- views -------------------------------------------------------------------


@extend_schema(tags=["same-day check"])
class BookingCheckView(StrictAPIView):
    permission_classes = [needs(Permission.TAKE_PART, Permission.SUPPORT, Permission.WORK_AT_DESK)]

    @extend_schema(operation_id="bookings_symptom_check_retrieve", responses={200: OwnCheckShape})
    def get(self, request: Request, pk: str) -> Response:
        """The questions as they are asked now, and where the check of this place stands."""
        booking = _booking(request, pk)
        mode, reader = _mode_of(booking, request), signed_in(request).person
        standing = todays_check(booking.session, booking.participant)
        mine = standing.check_id is not None and (mode != CheckMode.SCRIBE or standing.by_id == reader.pk)
        if mine and mode != CheckMode.SELF:
            log_read(target=booking.participant.person, purpose="same-day check", what="result", by=reader)
        asked = _questions(booking.session, aloud=False)
        return Response(OwnCheckShape({**asked, "check": _told(standing) if mine else None}).data)

    @extend_schema(
        operation_id="bookings_symptom_check_create",
        request=AnswersSerializer,
        parameters=[KEY_PARAMETER],
        responses={200: CheckShape, 201: CheckShape, **ANSWERS_REFUSED, **KEY_CAME_BEFORE},
    )
    def post(self, request: Request, pk: str) -> Response:
        """Answer every question. 201 when it was kept now, 200 for the same key and answers again.

        A result of `cancer_line` or `emergency` ends the place, and every other place of that day. 409
        `questions_changed` asks for the answers to the version that is asked now.
        """
        booking = _booking(request, pk)
        given = _valid(AnswersSerializer, request)
        key = key_of(request)
        person = signed_in(request).person
        client_id = uuid.uuid5(KEYS, f"{person.pk}:{key}") if key else uuid.uuid4()
        try:
            check = _answer(booking, given, mode=_mode_of(booking, request), client_id=client_id, by=person)
        except IdUsed:
            words = "This Idempotency-Key came with other answers before. Use a new one."
            raise Unprocessable(words, KeyReused.code) from None
        return _kept(check, booking)


@extend_schema(tags=["same-day check"])
class AloudCheckView(StrictAPIView):
    permission_classes = [needs(Permission.TEACH)]

    @extend_schema(operation_id="sessions_symptom_checks_retrieve", responses={200: QuestionsShape})
    def get(self, request: Request, pk: str) -> Response:
        """The questions as they are asked aloud at this class. Where each person stands is on the register."""
        return Response(QuestionsShape(_questions(_led(request, pk), aloud=True)).data)

    @extend_schema(
        operation_id="sessions_symptom_checks_create",
        request=AloudSerializer,
        responses={200: CheckShape, 201: CheckShape, **ANSWERS_ALOUD_REFUSED},
    )
    def post(self, request: Request, pk: str) -> Response:
        """What somebody on the register said when they were asked aloud. 200 for the same id again."""
        session = _led(request, pk)
        given = _valid(AloudSerializer, request)
        line = f"b{given['booking']}" if "booking" in given else f"g{given['guest']}"
        place = place_on_register(session, line)
        if place is None:
            raise conflict(NoPlace.code, **_warning(given))
        try:
            check = _answer(place, given, mode=CheckMode.ALOUD, client_id=given["id"], by=signed_in(request).person)
        except IdUsed as refusal:
            raise conflict(refusal.code, **_warning(given)) from None
        return _kept(check, place)


@extend_schema(tags=["same-day check"])
class TalkView(StrictAPIView):
    permission_classes = [needs(Permission.TEACH)]

    @extend_schema(
        operation_id="sessions_symptom_talks_create",
        request=TalkSerializer,
        responses={200: CheckShape, 201: CheckShape, **TALK_REFUSED},
    )
    def post(self, request: Request, pk: str) -> Response:
        """What came of the talk that a check asked for. Only `talk_first` can be lifted. 200 for the same id again."""
        session = _led(request, pk)
        given = _valid(TalkSerializer, request)
        check = get_object_or_404(session.symptom_checks.select_related("participant__person"), pk=given["check_id"])
        check.session = session
        try:
            talk = record_talk(
                check=check,
                outcome=given["outcome"],
                note=given["note"],
                asks_new_health_answers=given["asks_new_health_answers"],
                client_id=given["id"],
                by=signed_in(request).person,
            )
        except Refusal as refusal:
            raise conflict(refusal.code, **refusal.details) from None
        told = _told(todays_check(session, check.participant))
        return Response(CheckShape(told).data, status.HTTP_201_CREATED if talk.made_now else status.HTTP_200_OK)


# --- what they share ---------------------------------------------------------


def _booking(request: Request, pk: str) -> Booking:
    found: Booking = get_object_or_404(with_classes(Booking.objects.answerable_by(request.user)), pk=pk)
    return found


def _led(request: Request, pk: str) -> Session:
    found: Session = get_object_or_404(classes_led_by(request.user), pk=pk)
    return found


def _mode_of(booking: Booking, request: Request) -> CheckMode:
    """By oneself; as a scribe while that is allowed; else at the desk, on the telephone."""
    if booking.participant.person_id == signed_in(request).person.pk:
        return CheckMode.SELF
    typed = Booking.objects.typed_for_by(request.user).filter(pk=booking.pk).exists()
    return CheckMode.SCRIBE if typed else CheckMode.PHONE


def _questions(session: Session, *, aloud: bool) -> dict[str, Any]:
    asked = symptom_questions()
    window = check_window(session, asked)
    return {
        "version": asked.version,
        "opens_at": window.opens_at,
        "closes_at": window.closes_at(aloud=aloud),
        "is_open": window.is_open(timezone.now(), aloud=aloud),
        "questions": list(asked),
    }


def _answer(
    place: Booking | Guest, given: dict[str, Any], *, mode: CheckMode, client_id: uuid.UUID, by: Person
) -> SymptomCheck:
    try:
        return answer_check(
            place=place, answers=given["answers"], version=given["version"], mode=mode, client_id=client_id, by=by
        )
    except NotAnAnswer as wrong:
        raise _invalid(wrong.ids, "This is not asked.", given) from None
    except Unanswered as left_out:
        raise _invalid(left_out.ids, "Answer this with true or false.", given) from None
    except IdUsed:  # what it means depends on whose id it is
        raise
    except Refusal as refusal:
        raise conflict(refusal.code, **refusal.details, **_warning(given)) from None


def _invalid(ids: tuple[str, ...], words: str, given: dict[str, Any]) -> serializers.ValidationError:
    warning = _warning(given)
    first = {"warning": [warning["advice"]["heading"]]} if warning else {}
    return serializers.ValidationError({**first, "answers": {id: [words] for id in ids}})


def _warning(given: dict[str, Any]) -> dict[str, Any]:
    """What a refusal says all the same, when the answers mean 999 or the 24-hour line."""
    try:
        asked = symptom_questions(given["version"])
    except KeyError:
        asked = symptom_questions()
    result = worst_so_far(asked, given["answers"])
    return {"result": result.value, "advice": AdviceShape(asked.advice[result]).data} if result.is_stop else {}


def _told(standing: TodaysCheck) -> dict[str, Any]:
    advice: Advice | None = symptom_questions().advice[standing.result] if standing.result else None
    return {"standing": standing, "advice": advice}


def _kept(check: SymptomCheck, place: Booking | Guest) -> Response:
    """Where the check stands now, which for a repeated older answer is not what that answer came to."""
    told = _told(todays_check(place.session, check.participant))
    return Response(CheckShape(told).data, status.HTTP_201_CREATED if check.made_now else status.HTTP_200_OK)


def _valid(shape: type[StrictSerializer], request: Request) -> dict[str, Any]:
    given = shape(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)
