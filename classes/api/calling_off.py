"""/calling-off/: several classes of today at once, whatever series they are of; and how many people know of it.

For whoever leads them, and for the desk, of tomorrow as well. The same functions stand behind the pages
(frontend/calling_off.py), which also show by name and number who must be rung: here people are counted alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Person
from accounts.permissions import Permission
from accounts.signin import needs
from classes import teaching
from classes.api.refusals import KEY_CAME_BEFORE, TRY_AGAIN, answer
from classes.api.shapes import KEY_PARAMETER, key_of, signed_in
from classes.api.timetable.cancelling import MOST_CHOSEN
from classes.judging.refusals import KeyReused, TryAgain
from classes.models import Session
from classes.places.idempotency import Outcome, once
from classes.telling.called_off import Heard, by_way, hearers_of, leaves_at
from classes.timetable import LONGEST_REASON, TooLateToCancel, cancel_sessions, people_to_tell
from safefit.api import Conflict, StrictAPIView, StrictCharField, StrictIntegerField, StrictSerializer, instant, refusal

MAY = (needs(Permission.TEACH, Permission.PUBLISH_FOR_ANYONE),)
OWN_DAYS, DESK_DAYS = 1, 2
OUTDATED, TOO_LATE = "classes_outdated", "too_late_to_cancel"
SAID = {
    OUTDATED: "Not all of these can be called off by you now. Nothing was. See offered.",
    TOO_LATE: "One of these is over, or its register has been started. Nothing was called off. See session.",
    **TRY_AGAIN,
}


class ChosenSerializer(StrictSerializer):
    sessions = serializers.ListField(
        child=StrictIntegerField(min_value=1, max_value=2**63 - 1), min_length=1, max_length=MOST_CHOSEN
    )


class CallOffSerializer(ChosenSerializer):
    reason = StrictCharField(max_length=LONGEST_REASON, help_text="people who booked will read it")


class OfferedShape(serializers.Serializer[Any]):
    session = serializers.IntegerField()
    class_name = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    booked = serializers.IntegerField()


class HeardShape(serializers.Serializer[Any]):
    to_ring = serializers.IntegerField(help_text="no message reaches them: the desk rings")
    on_its_way = serializers.IntegerField()
    not_reached = serializers.IntegerField(help_text="it was tried, and given up")
    not_told = serializers.IntegerField(help_text="they want no contact")
    told = serializers.IntegerField()


class OffShape(OfferedShape):
    heard = HeardShape()


class CallingOffShape(serializers.Serializer[Any]):
    offered = OfferedShape(many=True, help_text="can be called off: not over, and nobody is marked")
    off = OffShape(many=True, help_text="are off, until they would have ended")


class WaysShape(serializers.Serializer[Any]):
    people_told = serializers.IntegerField(help_text="each once, with one message")
    by_way = serializers.DictField(child=serializers.IntegerField(), help_text="how many would hear by which way")
    leaves_at = serializers.DateTimeField(allow_null=True, help_text="when messages begin to leave; null: at once")


class CalledOffShape(serializers.Serializer[Any]):
    called_off = serializers.ListField(child=serializers.IntegerField())
    people_told = serializers.IntegerField()


class CallingOffView(StrictAPIView):
    permission_classes = MAY

    @extend_schema(operation_id="calling_off_read", responses={200: CallingOffShape})
    def get(self, request: Request) -> Response:
        """What can be called off, and how many know of what is off. Names and numbers stand on the page alone."""
        off = _off(request.user)
        heard = hearers_of(off, with_numbers=False)
        counted = [(one, Counter(hearer.heard for hearer in heard.get(one.pk, []))) for one in off]
        return Response(
            {
                "offered": [_shape(one) for one in _offered(request.user)],
                "off": [_shape(one) | {"heard": {kind.value: many[kind] for kind in Heard}} for one, many in counted],
            }
        )

    @extend_schema(
        request=CallOffSerializer,
        parameters=[KEY_PARAMETER],
        responses={200: CalledOffShape, **refusal(409, "Nothing was called off.", *SAID), **KEY_CAME_BEFORE},
    )
    def post(self, request: Request) -> Response:
        """Call off exactly these: all or none. Their places end, and everybody is told once."""
        user, key = signed_in(request), key_of(request)
        sent = CallOffSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        given = sent.validated_data

        def action() -> Outcome:
            return _call_off(request.user, given["sessions"], given["reason"], by=user.person)

        try:
            outcome = once(key=key, body={"call_off": request.data}, action=action, by=user.person)
        except TooLateToCancel as refused:
            raise Conflict(SAID[TOO_LATE], TOO_LATE, session=refused.session.pk) from None
        except (KeyReused, TryAgain) as refused:
            answer(refused)
        return Response(outcome.body)


class CallingOffPreviewView(StrictAPIView):
    permission_classes = MAY

    @extend_schema(
        request=ChosenSerializer,
        responses={200: WaysShape, **refusal(409, "Nothing was looked at.", OUTDATED)},
    )
    def post(self, request: Request) -> Response:
        """How many people would hear of it, and by which way. Changes nothing."""
        sent = ChosenSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        chosen = _chosen(request.user, sent.validated_data["sessions"])
        ways, leaves = by_way(chosen), leaves_at(chosen, timezone.now())
        told = {"people_told": ways.total(), "by_way": dict(ways), "leaves_at": instant(leaves) if leaves else None}
        return Response(told)


def _call_off(user: object, named: Sequence[int], reason: str, *, by: Person) -> Outcome:
    chosen = _chosen(user, named)
    told = people_to_tell(*chosen)
    done = cancel_sessions(sessions=chosen, reason=reason, by=by)
    return Outcome(status.HTTP_200_OK, {"called_off": [one.pk for one in done], "people_told": told})


def _chosen(user: object, named: Sequence[int]) -> list[Session]:
    offered = _offered(user)
    chosen = [one for one in offered if one.pk in named]
    if len(chosen) != len(set(named)):
        raise Conflict(SAID[OUTDATED], OUTDATED, offered=[one.pk for one in offered])
    return chosen


def _offered(user: object) -> list[Session]:
    own = teaching.to_call_off(teaching.classes_led_by(user), days=OWN_DAYS)
    return _in_order([*own, *teaching.to_call_off(teaching.classes_arranged_by(user), days=DESK_DAYS)])


def _off(user: object) -> list[Session]:
    own = teaching.called_off(teaching.called_off_by_leader(user), days=OWN_DAYS)
    off = [*own, *teaching.called_off(teaching.classes_at_desk_of(user), days=DESK_DAYS)]
    return _in_order(one for one in off if one.ends_at > timezone.now())


def _in_order(sessions: Iterable[Session]) -> list[Session]:
    """Each once, although somebody leads it and works at its desk."""
    return sorted({one.pk: one for one in sessions}.values(), key=lambda one: (one.starts_at, one.pk))


def _shape(session: Session) -> dict[str, Any]:
    return {
        "session": session.pk,
        "class_name": session.class_type.name,
        "starts_at": instant(session.starts_at),
        "ends_at": instant(session.ends_at),
        "booked": session.places_taken,
    }
