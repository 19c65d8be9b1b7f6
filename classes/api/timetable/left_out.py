"""/sessions/{id}/left-out/: the dates that a class leaves out; leave out another, look at one, put it back.

For whoever may change other dates of the class. A date that can be booked already is cancelled
(cancelling.py), not left out. Nobody is told of any of this: nobody has a place in these dates.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from accounts.signin import needs
from classes.api.shapes import signed_in
from classes.api.timetable.changing import held
from classes.api.timetable.written import LeftOutShape, PutBackShape, named_days, put_back_preview
from classes.models import Series
from classes.timetable import (
    DatesRefused,
    LeftOutOutdated,
    NotLeftOut,
    NotPossible,
    NotToMake,
    can_be_left_out,
    leave_out,
    left_out_of,
    preview_put_back,
    put_back,
)
from safefit.api import Conflict, StrictAPIView, StrictCharField, StrictDateField, StrictSerializer, refusal

NOT_LEFT_OUT, NOT_TO_MAKE, OUTDATED = "not_left_out", "not_to_make", "preview_outdated"
SAID = {
    NOT_LEFT_OUT: "The class does not leave out this date, or it is over. Nothing was saved.",
    OUTDATED: "Something has changed since it was looked at. Nothing was saved. See preview, and send its seen.",
    "dates_refused": "The date cannot be held. Nothing was saved. See preview.",
    "not_possible": "The class is not possible as it is planned. Nothing was saved. See preview.",
}


class DateSerializer(StrictSerializer):  # no docstring: see StrictSerializer
    on = StrictDateField()


class PutBackSerializer(DateSerializer):  # no docstring: see StrictSerializer
    seen = StrictCharField(max_length=64, help_text="of the preview that was looked at")


class LeftOutDatesShape(serializers.Serializer[Any]):
    left_out = LeftOutShape(many=True, help_text="dates to come without a class")
    not_made_yet = serializers.ListField(
        child=serializers.DateField(), help_text="dates that cannot be booked yet: each can be left out"
    )


class LeftOutView(StrictAPIView):
    permission_classes = [needs(Permission.TEACH, Permission.PUBLISH_FOR_ANYONE)]

    @extend_schema(responses={200: LeftOutDatesShape})
    def get(self, request: Request, pk: str) -> Response:
        """The dates to come that the class leaves out, and those that could be."""
        return Response(_written(_series(request, pk)))

    @extend_schema(
        request=DateSerializer,
        responses={200: LeftOutDatesShape, **refusal(409, "Nothing was saved.", NOT_TO_MAKE)},
    )
    def post(self, request: Request, pk: str) -> Response:
        """Do not hold the class on a date that is not made yet. Sent twice it is refused: it is left out then."""
        series = _series(request, pk)
        try:
            leave_out(series=series, on=_date(request, DateSerializer)["on"], by=signed_in(request).person)
        except NotToMake:
            raise Conflict("This date is there already, or is none of the class.", NOT_TO_MAKE) from None
        return Response(_written(_series(request, pk)))


class PutBackPreviewView(StrictAPIView):
    permission_classes = [needs(Permission.TEACH, Permission.PUBLISH_FOR_ANYONE)]

    @extend_schema(
        request=DateSerializer, responses={200: PutBackShape, **refusal(409, "It is not left out.", NOT_LEFT_OUT)}
    )
    def post(self, request: Request, pk: str) -> Response:
        """The date as it would be, and what stands against it. Changes nothing."""
        series, on = _series(request, pk), _date(request, DateSerializer)["on"]
        try:
            return Response(put_back_preview(preview_put_back(series=series, on=on)))
        except NotLeftOut:
            raise Conflict(SAID[NOT_LEFT_OUT], NOT_LEFT_OUT) from None


class PutBackView(StrictAPIView):
    permission_classes = [needs(Permission.TEACH, Permission.PUBLISH_FOR_ANYONE)]

    @extend_schema(
        request=PutBackSerializer, responses={200: PutBackShape, **refusal(409, "Nothing was saved.", *SAID)}
    )
    def post(self, request: Request, pk: str) -> Response:
        """Hold the class on this date after all, if it still is what the preview with this `seen` said.

        Sent twice, the second is refused: the date is not left out any more.
        """
        series, given = _series(request, pk), _date(request, PutBackSerializer)
        try:
            done = put_back(series=series, on=given["on"], seen=given["seen"], by=signed_in(request).person)
        except NotLeftOut:
            raise Conflict(SAID[NOT_LEFT_OUT], NOT_LEFT_OUT) from None
        except LeftOutOutdated as outdated:
            raise Conflict(SAID[OUTDATED], OUTDATED, preview=put_back_preview(outdated.preview)) from None
        except (DatesRefused, NotPossible) as refused:
            code = "dates_refused" if isinstance(refused, DatesRefused) else "not_possible"
            now = put_back_preview(preview_put_back(series=series, on=given["on"]))
            raise Conflict(SAID[code], code, preview=now) from None
        return Response(put_back_preview(done))


def _series(request: Request, pk: str) -> Series:
    """Of a class whose other dates the sender may change, too. Raises Http404."""
    own = held(request, pk)
    if own.session.series is None or not own.of_series:
        raise Http404
    return own.session.series


def _date(request: Request, shape: type[StrictSerializer]) -> dict[str, Any]:
    wish = shape(data=request.data)
    wish.is_valid(raise_exception=True)
    return dict(wish.validated_data)


def _written(series: Series) -> dict[str, Any]:
    return {
        "left_out": named_days(left_out_of(series)),
        "not_made_yet": [on.isoformat() for on in can_be_left_out(series)],
    }
