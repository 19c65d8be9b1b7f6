"""POST /sessions/{id}/change/: one date of a class, or it and others of its series, as it was looked at.

For whoever leads the class, and for the desk. `preview/` says what saving would do;
its `seen` is what the change must bring, so that nothing is saved that nobody has read.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from accounts.signin import needs
from classes.api.refusals import KEY_CAME_BEFORE, TRY_AGAIN, answer
from classes.api.shapes import KEY_PARAMETER, key_of, signed_in
from classes.api.timetable.wishes import PlanSerializer, offered_to
from classes.api.timetable.written import EditPreviewShape, edit_preview
from classes.arranging import Arranged, arranged
from classes.judging.refusals import CapacityBelowHeld, KeyReused, TryAgain
from classes.places.idempotency import Outcome, once
from classes.timetable import (
    DatesRefused,
    Edit,
    NothingChanges,
    NotPossible,
    PeopleBusy,
    PreviewOutdated,
    Scope,
    change_dates,
    fields_now,
    preview_edit,
)
from classes.timetable.plans import ClassFields, with_release
from classes.wall_time import Which
from safefit.api import Conflict, StrictAPIView, StrictBooleanField, StrictCharField, StrictDateField, refusal

SCOPES = [scope.value for scope in Scope]
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
OUTDATED = "preview_outdated"
SAID = {
    OUTDATED: "Something has changed since it was looked at. Nothing was saved. See preview, and send its seen.",
    "dates_refused": "Some dates cannot be held so. Nothing was saved. See preview.",
    "not_possible": "The plan is not possible on any date. Nothing was saved. See preview.",
    "nothing_changes": "Nothing is different from how it is now, or no date of these can change any more.",
    "people_busy": "Some people have another class then. Send give_back: true to end their places here. See preview.",
    "capacity_below_held": "More places than that are taken or kept back. Nothing was saved. See preview.",
    **TRY_AGAIN,
}
REFUSED = refusal(409, "Nothing was saved.", *SAID)
CODES = {
    DatesRefused: "dates_refused",
    NotPossible: "not_possible",
    NothingChanges: "nothing_changes",
    PeopleBusy: "people_busy",
    CapacityBelowHeld: "capacity_below_held",
}


class ChangeWishSerializer(PlanSerializer):  # no docstring: see StrictSerializer
    scope = serializers.ChoiceField(choices=SCOPES, help_text="which dates it is about, counted from this one")
    on = StrictDateField(required=False, help_text="another day, for this-date alone")
    which = serializers.ChoiceField(
        choices=[which.value for which in Which],
        required=False,
        help_text="which of two equal times, in the night when the clocks go back",
    )
    weekday = serializers.ChoiceField(
        choices=WEEKDAYS, required=False, help_text="of a series: each date moves within its own week, Monday to Sunday"
    )
    own_too = StrictBooleanField(default=False, help_text="dates that were changed by themselves follow too")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["scope"] != Scope.ONE:
            if alone := sorted({"on", "which"} & attrs.keys()):
                raise serializers.ValidationError({name: ["Only with this-date."] for name in alone})
            if not self.context["arranged"].offers(Scope(attrs["scope"])):
                raise serializers.ValidationError({"scope": ["There are no other dates that you may change."]})
        elif "weekday" in attrs:
            raise serializers.ValidationError({"weekday": ["Not with this-date: send on."]})
        return attrs

    def edit(self, *, give_back: bool = False) -> Edit:
        given, held = self.validated_data, self.context["arranged"]
        scope = Scope(given["scope"])
        now = fields_now(held.session, scope)
        leads = now["instructor"] or next(iter(held.may_lead), None)
        if now.get("release_hours") is None and not now.get("reserved"):
            now.pop("release_hours", None)  # nothing was said of it, since no place was kept back
        wanted: Any = with_release(cast(ClassFields, {**now, "instructor": leads, **self.wanted}))
        if wanted["instructor"] is None:
            raise serializers.ValidationError({"instructor": ["Say who leads it."]})
        which = given.get("which")
        return Edit(
            session=held.session,
            scope=scope,
            wanted=wanted,
            on=given.get("on"),
            which=Which(which) if which else None,
            shift=self._shift(),
            own_too=given["own_too"],
            give_back=give_back,
        )

    def _shift(self) -> timedelta:
        series = self.context["arranged"].session.series
        if "weekday" not in self.validated_data:
            return timedelta(0)
        return timedelta(days=WEEKDAYS.index(self.validated_data["weekday"]) - series.first_date.weekday())


class ChangeDatesSerializer(ChangeWishSerializer):
    seen = StrictCharField(max_length=64, help_text="of the preview that was looked at")
    give_back = StrictBooleanField(
        default=False, help_text="whoever has another class at the new time loses the place here, and is told"
    )


class ChangePreviewView(StrictAPIView):
    permission_classes = [needs(Permission.TEACH, Permission.PUBLISH_FOR_ANYONE)]

    @extend_schema(request=ChangeWishSerializer, responses={200: EditPreviewShape})
    def post(self, request: Request, pk: str) -> Response:
        """What the change would do to each date, and how many people would be told. Changes nothing.

        What is not sent stays as it is. Asked by POST, since a wish is too long for an address.
        """
        wish = _wish(request, pk, ChangeWishSerializer)
        return Response(edit_preview(preview_edit(wish.edit())))


class ChangeView(StrictAPIView):
    permission_classes = [needs(Permission.TEACH, Permission.PUBLISH_FOR_ANYONE)]

    @extend_schema(
        request=ChangeDatesSerializer,
        parameters=[KEY_PARAMETER],
        responses={200: EditPreviewShape, **REFUSED, **KEY_CAME_BEFORE},
    )
    def post(self, request: Request, pk: str) -> Response:
        """Change the dates, if that still does what the preview with this `seen` said; the answer says what was done.

        All of them or none. A refusal carries the preview as it is now, and is not kept under the key.
        """
        user, key = signed_in(request), key_of(request)
        wish = _wish(request, pk, ChangeDatesSerializer)
        given = wish.validated_data

        def action() -> Outcome:
            edit = wish.edit(give_back=given["give_back"])
            done = change_dates(edit=edit, seen=given["seen"], by=user.person)
            return Outcome(status.HTTP_200_OK, edit_preview(done))

        try:
            outcome = once(key=key, body={"change": pk, "as": request.data}, action=action, by=user.person)
        except PreviewOutdated as outdated:
            raise Conflict(SAID[OUTDATED], OUTDATED, preview=edit_preview(outdated.preview)) from None
        except (DatesRefused, NotPossible, NothingChanges, PeopleBusy, CapacityBelowHeld) as refused:
            code, preview = CODES[type(refused)], preview_edit(wish.edit())
            raise Conflict(SAID[code], code, preview=edit_preview(preview)) from None
        except (KeyReused, TryAgain) as refused:
            answer(refused)
        return Response(outcome.body)


def held(request: Request, pk: str) -> Arranged:
    """Raises Http404 for a class that is not the sender's to change."""
    if (found := arranged(request.user, int(pk))) is None:
        raise Http404
    return found


def _wish(request: Request, pk: str, shape: type[Any]) -> Any:
    own = held(request, pk)
    said = request.data.get("scope") if isinstance(request.data, dict) else None
    scope = Scope(said) if said in list(Scope) else Scope.ONE
    context = offered_to(request, own.instructors(scope), now=fields_now(own.session, scope))
    wish = shape(data=request.data, context={**context, "arranged": own})
    wish.is_valid(raise_exception=True)
    return wish
