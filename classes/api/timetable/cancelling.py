"""POST /sessions/{id}/cancel/: one date, later ones, all to come, or some that were chosen; exactly what is named.

For whoever leads the class, and for the desk.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from accounts.signin import needs
from classes.api.refusals import KEY_CAME_BEFORE, TRY_AGAIN, answer
from classes.api.shapes import KEY_PARAMETER, key_of, signed_in
from classes.api.timetable.changing import held
from classes.arranging import Arranged
from classes.judging.refusals import KeyReused, TryAgain
from classes.models import Session
from classes.places.idempotency import Outcome, once
from classes.timetable import (
    LONGEST_REASON,
    Scope,
    TooLateToCancel,
    cancel_sessions,
    itself,
    open_dates,
    people_to_tell,
    still_to_make,
    with_people,
)
from safefit.api import Conflict, StrictAPIView, StrictCharField, StrictIntegerField, StrictSerializer, instant, refusal

CHOSEN = "chosen-dates"
SCOPES = [*(scope.value for scope in Scope), CHOSEN]
MOST_CHOSEN = 110
OUTDATED, TOO_LATE = "dates_outdated", "too_late_to_cancel"
SAID = {
    OUTDATED: "These are not the dates that can be cancelled now. Nothing was cancelled. See preview.",
    TOO_LATE: "One of these dates is over, or its register has been started. Nothing was cancelled. See session.",
    **TRY_AGAIN,
}


class CancelWishSerializer(StrictSerializer):
    scope = serializers.ChoiceField(
        choices=SCOPES,
        help_text="which dates it is about, counted from this one; chosen-dates: some of all that are to come",
    )

    def validate_scope(self, scope: str) -> str:
        if scope != Scope.ONE and not self.context["arranged"].offers(_asked(scope)):
            raise serializers.ValidationError("There are no other dates that you may cancel.")
        return scope


class CancelDatesSerializer(CancelWishSerializer):
    dates = serializers.ListField(
        child=StrictIntegerField(min_value=1, max_value=2**63 - 1),
        min_length=1,
        max_length=MOST_CHOSEN,
        help_text="keys of sessions: all that the preview listed, or those of them that were chosen",
    )
    reason = StrictCharField(max_length=LONGEST_REASON, help_text="people who booked will read it")


class CancelledDateShape(serializers.Serializer[Any]):
    session = serializers.IntegerField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    booked = serializers.IntegerField()
    waiting = serializers.IntegerField()


class CancelPreviewShape(serializers.Serializer[Any]):
    dates = CancelledDateShape(many=True)
    later = serializers.ListField(child=serializers.DateField(), help_text="dates that would be made later, and go too")
    people_told = serializers.IntegerField(help_text="each gets one message about all of these dates")


class CancelledShape(serializers.Serializer[Any]):
    cancelled = serializers.ListField(child=serializers.IntegerField(), help_text="the dates (sessions)")
    people_told = serializers.IntegerField()


class CancelPreviewView(StrictAPIView):
    permission_classes = [needs(Permission.TEACH, Permission.PUBLISH_FOR_ANYONE)]

    @extend_schema(request=CancelWishSerializer, responses={200: CancelPreviewShape})
    def post(self, request: Request, pk: str) -> Response:
        """Which dates would be cancelled, and how many people would be told. Changes nothing."""
        own = held(request, pk)
        wish = CancelWishSerializer(data=request.data, context={"arranged": own})
        wish.is_valid(raise_exception=True)
        return Response(_preview(own, wish.validated_data["scope"]))


class CancelView(StrictAPIView):
    permission_classes = [needs(Permission.TEACH, Permission.PUBLISH_FOR_ANYONE)]

    @extend_schema(
        request=CancelDatesSerializer,
        parameters=[KEY_PARAMETER],
        responses={200: CancelledShape, **refusal(409, "Nothing was cancelled.", *SAID), **KEY_CAME_BEFORE},
    )
    def post(self, request: Request, pk: str) -> Response:
        """Cancel the dates: all or none. Their places end, and everybody is told once. A date that is off stays off.

        `this-and-later` and `all-to-come` end the series as well: no date of it is made any more.
        """
        own, user, key = held(request, pk), signed_in(request), key_of(request)
        wish = CancelDatesSerializer(data=request.data, context={"arranged": own})
        wish.is_valid(raise_exception=True)
        given = wish.validated_data

        def action() -> Outcome:
            return _cancel(own, given["scope"], given["dates"], given["reason"], by=user.person)

        try:
            outcome = once(key=key, body={"cancel": pk, "as": request.data}, action=action, by=user.person)
        except TooLateToCancel as refused:
            raise Conflict(SAID[TOO_LATE], TOO_LATE, session=refused.session.pk) from None
        except (KeyReused, TryAgain) as refused:
            answer(refused)
        return Response(outcome.body)


def _cancel(own: Arranged, scope: str, named: Sequence[int], reason: str, *, by: Any) -> Outcome:
    dates = _dates(own, scope)
    chosen = [one for one in dates if one.pk in named]
    if len(chosen) != len(set(named)) or (scope != CHOSEN and len(chosen) != len(dates)):
        raise Conflict(SAID[OUTDATED], OUTDATED, preview=_preview(own, scope))
    told = people_to_tell(*chosen)
    ends = own.session.series if scope in (Scope.LATER, Scope.ALL) else None
    done = cancel_sessions(sessions=chosen, reason=reason, end_series=ends, by=by)
    return Outcome(status.HTTP_200_OK, {"cancelled": [one.pk for one in done], "people_told": told})


def _asked(scope: str) -> Scope:
    return Scope.ALL if scope == CHOSEN else Scope(scope)


def _dates(own: Arranged, scope: str) -> list[Session]:
    """A date by itself is asked for whatever its state is: the action knows until when it can be cancelled."""
    if scope == Scope.ONE:
        return list(with_people(itself(own.session)))
    return list(with_people(open_dates(own.session, _asked(scope), timezone.now())))


def _preview(own: Arranged, scope: str) -> dict[str, Any]:
    dates, series = _dates(own, scope), own.session.series
    ends = series is not None and dates and scope in (Scope.LATER, Scope.ALL)
    return {
        "dates": [_date(one) for one in dates],
        "later": [on.isoformat() for on in still_to_make(series, dates[0].occurs_on)] if series and ends else [],
        "people_told": people_to_tell(*dates),
    }


def _date(session: Session) -> dict[str, Any]:
    counted: Any = session  # by with_people
    return {
        "session": session.pk,
        "starts_at": instant(session.starts_at),
        "ends_at": instant(session.ends_at),
        "booked": counted.booked,
        "waiting": counted.waiting,
    }
