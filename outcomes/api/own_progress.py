"""REST: what one's own forms came to, for oneself alone.

Here: shapes. Not here: which forms and scores (outcomes/answering/recording.py, other_forms.py), answering
(questionnaires.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_view, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response as Answered

from accounts.permissions import Permission
from accounts.signin import needs
from outcomes.answering import recording
from outcomes.answering.other_forms import OtherForms, other_forms
from outcomes.answering.progress import Form
from outcomes.counting.instruments import Told, instrument_of
from participants import access
from safefit.api import StrictAPIView, refusal

OWN_FORM = inline_serializer(
    "OwnForm",
    {
        "timepoint": serializers.CharField(),
        "on": serializers.DateField(),
        "is_superseded": serializers.BooleanField(
            help_text="the same was answered once more, nearer to its time: compare nothing with this"
        ),
        "scales": serializers.DictField(child=serializers.FloatField()),
        "items": serializers.DictField(child=serializers.FloatField()),
    },
    many=True,
)


@extend_schema(tags=["questionnaires"])
@extend_schema_view(get=extend_schema(responses={200: OWN_FORM, **refusal(404, "You take part in no programme.")}))
class OwnProgressView(StrictAPIView):
    """One's own sent forms with their scores. Nobody else's, whatever one's role."""

    permission_classes = [needs(Permission.TAKE_PART)]

    def get(self, request: Request) -> Answered:
        participant = access.own_record(request.user)
        if participant is None:
            raise Http404
        forms = recording.own_forms(participant)
        return Answered([_own(form) for form in forms])


def _own(form: Form) -> dict[str, Any]:
    return {
        "timepoint": form.label,
        "on": form.on,
        "is_superseded": form.is_superseded,
        "scales": form.scales,
        "items": form.items,
    }


OTHER_FORMS = inline_serializer(
    "OwnOtherForms",
    {
        "title": serializers.CharField(),
        "scales": inline_serializer(
            "OwnOtherScale",
            {
                "name": serializers.CharField(),
                "lo": serializers.FloatField(),
                "hi": serializers.FloatField(),
                "more_is_better": serializers.BooleanField(),
                "scores": inline_serializer(
                    "OwnOtherScore",
                    {
                        "timepoint": serializers.CharField(),
                        "on": serializers.DateField(),
                        "value": serializers.FloatField(),
                    },
                    many=True,
                ),
            },
            many=True,
        ),
    },
    many=True,
)


@extend_schema(tags=["questionnaires"])
@extend_schema_view(get=extend_schema(responses={200: OTHER_FORMS, **refusal(404, "You take part in no programme.")}))
class OwnOtherFormsView(StrictAPIView):
    """Scores of one's own forms of other questionnaires than our check: of the scales that are told, with two or more.

    Show them as numbers. Nothing here says what a number or a change means.
    """

    permission_classes = [needs(Permission.TAKE_PART)]

    def get(self, request: Request) -> Answered:
        participant = access.own_record(request.user)
        if participant is None:
            raise Http404
        return Answered([_numbers(one) for one in other_forms(participant) if one.scales])


def _numbers(one: OtherForms) -> dict[str, Any]:
    told = [scale for scale in instrument_of(one.recipe).scales if scale.scale in one.scales]
    return {"title": one.title, "scales": [_scale(scale, one.forms) for scale in told]}


def _scale(scale: Told, forms: Sequence[Form]) -> dict[str, Any]:
    scores = [
        {"timepoint": form.label, "on": form.on, "value": form.scales[scale.scale]}
        for form in forms
        if scale.scale in form.scales
    ]
    return {"name": scale.label, "lo": scale.lo, "hi": scale.hi, "more_is_better": scale.up, "scores": scores}
