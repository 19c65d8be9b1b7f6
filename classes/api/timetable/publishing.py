"""POST /new-classes/ and /terms/: publish a class, or let classes come back in a new term; what one may name in them.

For instructors (their own classes) and the desk (anybody's); a term is for the desk.
All dates are published or none, and nobody is told: nobody has a place yet.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Person
from accounts.permissions import Permission, allows
from accounts.signin import needs
from classes import arranging, teaching, timetable
from classes.api.refusals import KEY_CAME_BEFORE, answer
from classes.api.shapes import KEY_PARAMETER, key_of, signed_in
from classes.api.timetable.wishes import OfferedField, PlanSerializer, StrictTimeField, in_order, offered_to
from classes.api.timetable.written import PreviewShape, TermPreviewShape, series_preview, term_preview
from classes.judging.refusals import KeyReused
from classes.models import Mode, Series, SessionKind
from classes.places.idempotency import Outcome, once
from classes.timetable import (
    LONGEST_SERIES,
    MOST_DATES,
    DatesRefused,
    NotPossible,
    Preview,
    Term,
    TermOutdated,
    preview_term,
    publish_term,
)
from classes.wall_time import Which, dates_of_series, last_of_number, local_date
from safefit.api import (
    Conflict,
    StrictAPIView,
    StrictBooleanField,
    StrictCharField,
    StrictDateField,
    StrictIntegerField,
    StrictSerializer,
    refusal,
)

REFUSED, NOT_POSSIBLE, OUTDATED = "dates_refused", "not_possible", "term_outdated"
SAID = {
    REFUSED: "Some dates cannot be held. Nothing was published. See preview.",
    NOT_POSSIBLE: "The plan is not possible on any date. Nothing was published. See preview.",
    OUTDATED: "Something has changed since it was looked at. Nothing was published. See preview, and send its seen.",
}
ONCE = {"on", "which"}
SERIES = {
    *("first_date", "last_date", "number_of_dates", "interval_weeks", "excluded_dates", "leave_out_days_off"),
}
MOST_LEFT_OUT = 110
MOST_CLASSES = 200


class NewClassSerializer(PlanSerializer):  # no docstring: see StrictSerializer
    instructor = OfferedField("instructors")
    class_type = OfferedField("class_types")
    mode = serializers.ChoiceField(choices=Mode.choices)
    start_time = StrictTimeField(help_text="hh:mm by UK clocks; it stays the same when they change")
    duration_minutes = StrictIntegerField(min_value=0, max_value=480)
    capacity = StrictIntegerField(min_value=0, max_value=500)
    kind = serializers.ChoiceField(choices=SessionKind.choices, default=SessionKind.GROUP.value)
    on = StrictDateField(required=False, help_text="the day of a class that is held once")
    which = serializers.ChoiceField(
        choices=[which.value for which in Which],
        required=False,
        help_text="which of two equal times, in the night when the clocks go back",
    )
    first_date = StrictDateField(required=False, help_text="of a class that comes back")
    last_date = StrictDateField(required=False)
    number_of_dates = StrictIntegerField(
        min_value=1,
        max_value=MOST_DATES,
        required=False,
        help_text="instead of last_date: how many classes there are; dates that are left out do not count",
    )
    interval_weeks = serializers.ChoiceField(choices=[1, 2], required=False, help_text="1 where it is left out")
    excluded_dates = serializers.ListField(child=StrictDateField(), required=False, max_length=MOST_LEFT_OUT)
    leave_out_days_off = StrictBooleanField(
        required=False,
        help_text="leave out bank holidays and days without classes, of the programme and of the venue, too; "
        "the preview names them either way",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        once_only, repeats = sorted(ONCE & attrs.keys()), sorted(SERIES & attrs.keys())
        if "on" in attrs:
            unwanted, missing = repeats, set()
        else:
            unwanted, missing = once_only, {"first_date"} - attrs.keys()
            if ("last_date" in attrs) == ("number_of_dates" in attrs):
                missing = missing | {"last_date"}
        if unwanted:
            raise serializers.ValidationError({name: ["Not with the other dates."] for name in unwanted})
        if missing:
            raise serializers.ValidationError(
                {"on": ["Give on, or first_date and one of last_date and number_of_dates."]}
            )
        if repeats and attrs["kind"] == SessionKind.ONE_TO_ONE:
            raise serializers.ValidationError({"kind": ["One-to-one sessions are published one at a time."]})
        in_order(attrs.get("first_date"), attrs.get("last_date"), name="last_date")
        return attrs

    def preview(self) -> Preview:
        if "on" in self.validated_data:
            return timetable.preview_session(**self._once(), **self.wanted)
        return timetable.preview_series(**self._series(), **self.wanted)

    def written(self) -> dict[str, Any]:
        """The preview as it is answered, with the names of days without classes."""
        left_out = () if "on" in self.validated_data else self._series()["excluded_dates"]
        return series_preview(self.preview(), off=self.days_off, left_out=left_out)

    def publish(self, by: Person) -> dict[str, Any]:
        if "on" in self.validated_data:
            made = timetable.publish_session(**self._once(), **self.wanted, by=by)
            return {"series": None, "sessions": [made.pk]}
        series = timetable.publish_series(**self._series(), **self.wanted, by=by)
        return {
            "series": series.pk,
            "sessions": list(series.sessions.order_by("occurs_on").values_list("pk", flat=True)),
        }

    def _once(self) -> dict[str, Any]:
        given = self.validated_data
        which = given.get("which")
        return {"on": given["on"], "kind": SessionKind(given["kind"]), "which": Which(which) if which else None}

    @property
    def days_off(self) -> dict[date, str]:
        """Every day without classes while the class comes back, whether it is left out or not."""
        given, venue = self.validated_data, self.validated_data.get("venue")
        first, last = (given["on"], given["on"]) if "on" in given else (given["first_date"], self._until)
        return timetable.days_off(given["instructor"].programme_id, first, last, venue_id=venue.pk if venue else None)

    @property
    def _until(self) -> date:
        given = self.validated_data
        until: date = given.get("last_date", given["first_date"] + LONGEST_SERIES)
        return until

    def _series(self) -> dict[str, Any]:
        given, interval = self.validated_data, self.validated_data.get("interval_weeks", 1)
        excluded = {*given.get("excluded_dates", ()), *(self.days_off if given.get("leave_out_days_off") else ())}
        last = self._until
        if "number_of_dates" in given:
            last = last_of_number(
                given["first_date"],
                given["number_of_dates"],
                until=last,
                interval_weeks=interval,
                excluded=excluded,
            )
        every = dates_of_series(given["first_date"], last, interval_weeks=interval)
        left_out = [on for on in every if on in excluded]
        return {
            "first_date": given["first_date"],
            "last_date": last,
            "interval_weeks": interval,
            "excluded_dates": left_out,
        }


class PublishedShape(serializers.Serializer[Any]):
    series = serializers.IntegerField(allow_null=True, help_text="null for a class that is held once")
    sessions = serializers.ListField(
        child=serializers.IntegerField(), help_text="the dates that can be booked now, in order"
    )


class NewClassPreviewView(StrictAPIView):
    permission_classes = [needs(Permission.TEACH, Permission.PUBLISH_FOR_ANYONE)]

    @extend_schema(request=NewClassSerializer, responses={200: PreviewShape})
    def post(self, request: Request) -> Response:
        """Every date the class would have, and what stands against each. Publishes nothing."""
        return Response(_new_class(request).written())


class NewClassView(StrictAPIView):
    permission_classes = [needs(Permission.TEACH, Permission.PUBLISH_FOR_ANYONE)]

    @extend_schema(
        request=NewClassSerializer,
        parameters=[KEY_PARAMETER],
        responses={
            200: PublishedShape,
            201: PublishedShape,
            **refusal(409, "Nothing was published.", REFUSED, NOT_POSSIBLE),
            **KEY_CAME_BEFORE,
        },
    )
    def post(self, request: Request) -> Response:
        """Publish it: all its dates or none. 200 when the same key came before."""
        by, wish = signed_in(request).person, _new_class(request)

        def action() -> Outcome:
            return Outcome(status.HTTP_201_CREATED, wish.publish(by))

        try:
            outcome = once(key=key_of(request), body={"new": request.data}, action=action, by=by)
        except (DatesRefused, NotPossible) as refused:
            raise _refused(refused, wish.written()) from None
        except KeyReused as refused:
            answer(refused)
        return Response(outcome.body, status.HTTP_200_OK if outcome.replayed else outcome.status)


class TermWishSerializer(StrictSerializer):  # no docstring: see StrictSerializer
    series = serializers.ListField(
        child=OfferedField("series"), min_length=1, max_length=MOST_CLASSES, help_text="the classes that come back"
    )
    first = StrictDateField(help_text="first day of the new term")
    last = StrictDateField(help_text="last day of the new term")
    on_holidays = StrictBooleanField(
        default=False, help_text="hold classes on bank holidays and on the programme's own days without classes too"
    )
    leave_out = StrictBooleanField(
        default=False, help_text="go on without dates that cannot be held, and without classes that are there already"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        in_order(attrs["first"], attrs["last"], name="last")
        return attrs

    @property
    def term(self) -> Term:
        given = self.validated_data
        chosen = {one.pk for one in given["series"]}
        return Term(
            series=tuple(one for one in self.context["series"] if one.pk in chosen),
            first=given["first"],
            last=given["last"],
            on_holidays=given["on_holidays"],
            leave_out=given["leave_out"],
        )


class TermSerializer(TermWishSerializer):  # no docstring: see StrictSerializer
    seen = StrictCharField(max_length=64, help_text="of the preview that was looked at")


class TermShape(serializers.Serializer[Any]):
    series = serializers.ListField(child=serializers.IntegerField(), help_text="the classes of the new term")


class TermPreviewView(StrictAPIView):
    permission_classes = [needs(Permission.PUBLISH_FOR_ANYONE)]

    @extend_schema(request=TermWishSerializer, responses={200: TermPreviewShape})
    def post(self, request: Request) -> Response:
        """Every class with its dates in the new term, and what stands against each. Publishes nothing."""
        return Response(term_preview(preview_term(_term(request, TermWishSerializer).term)))


class TermView(StrictAPIView):
    permission_classes = [needs(Permission.PUBLISH_FOR_ANYONE)]

    @extend_schema(
        request=TermSerializer,
        parameters=[KEY_PARAMETER],
        responses={
            200: TermShape,
            201: TermShape,
            **refusal(409, "Nothing was published.", *SAID),
            **KEY_CAME_BEFORE,
        },
    )
    def post(self, request: Request) -> Response:
        """Publish all of them, if they still are what the preview with this `seen` said. 200: the key came before."""
        by, wish = signed_in(request).person, _term(request, TermSerializer)

        def action() -> Outcome:
            made = publish_term(term=wish.term, seen=wish.validated_data["seen"], by=by)
            return Outcome(status.HTTP_201_CREATED, {"series": [one.pk for one in made]})

        try:
            outcome = once(key=key_of(request), body={"term": request.data}, action=action, by=by)
        except TermOutdated as outdated:
            raise Conflict(SAID[OUTDATED], OUTDATED, preview=term_preview(outdated.preview)) from None
        except (DatesRefused, NotPossible) as refused:
            raise _refused(refused, term_preview(preview_term(wish.term))) from None
        except KeyReused as refused:
            answer(refused)
        return Response(outcome.body, status.HTTP_200_OK if outcome.replayed else outcome.status)


class NamedShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class VenueWithRoomsShape(NamedShape):
    rooms = NamedShape(many=True)


class SeriesShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    class_name = serializers.CharField()
    instructor = serializers.IntegerField()
    start_time = serializers.CharField(help_text="hh:mm by UK clocks")
    first_date = serializers.DateField()
    last_date = serializers.DateField()
    interval_weeks = serializers.IntegerField()


class ChoicesShape(serializers.Serializer[Any]):
    instructors = NamedShape(many=True)
    class_types = NamedShape(many=True)
    venues = VenueWithRoomsShape(many=True)
    series = SeriesShape(many=True, help_text="what may come back in a new term; empty for who may not publish one")


class ChoicesView(StrictAPIView):
    permission_classes = [needs(Permission.TEACH, Permission.PUBLISH_FOR_ANYONE)]

    @extend_schema(responses={200: ChoicesShape})
    def get(self, request: Request) -> Response:
        """What one may name in a new class, in a change and in a term: keys, and the names that people know."""
        instructors = arranging.published_for(request.user)
        kinds, venues = arranging.kinds_and_places(instructors)
        return Response(
            {
                "instructors": [_named(one.pk, one.person.full_name) for one in instructors],
                "class_types": [_named(kind.pk, kind.name) for kind in kinds],
                "venues": [
                    {
                        **_named(venue.pk, str(venue)),
                        "rooms": [_named(room.pk, room.name) for room in venue.rooms.all()],
                    }
                    for venue in venues
                ],
                "series": [_series(one) for one in _to_repeat(request)],
            }
        )


def _new_class(request: Request) -> NewClassSerializer:
    wish = NewClassSerializer(data=request.data, context=offered_to(request, arranging.published_for(request.user)))
    wish.is_valid(raise_exception=True)
    return wish


def _term(request: Request, shape: type[Any]) -> Any:
    wish = shape(data=request.data, context={"series": _to_repeat(request)})
    wish.is_valid(raise_exception=True)
    return wish


def _to_repeat(request: Request) -> list[Series]:
    if not allows(request.user, Permission.PUBLISH_FOR_ANYONE):
        return []
    arranged = teaching.series_arranged_by(request.user)
    return list(timetable.series_to_repeat(arranged, local_date(timezone.now())))


def _refused(refused: DatesRefused | NotPossible, preview: dict[str, Any]) -> Conflict:
    code = REFUSED if isinstance(refused, DatesRefused) else NOT_POSSIBLE
    return Conflict(SAID[code], code, preview=preview)


def _named(key: int, name: str) -> dict[str, Any]:
    return {"id": key, "name": name}


def _series(series: Series) -> dict[str, Any]:
    return {
        "id": series.pk,
        "class_name": series.class_type.name,
        "instructor": series.instructor_id,
        "start_time": f"{series.start_time:%H:%M}",
        "first_date": series.first_date.isoformat(),
        "last_date": series.last_date.isoformat(),
        "interval_weeks": series.interval_weeks,
    }
