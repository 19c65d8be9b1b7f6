"""GET /own-record/conditions/: the kind of cancer that one said oneself, in the shape of FHIR.

Not here: the resource (participants/rules/condition.py), saying it (frontend/about_you.py). Nobody else's, whatever
one's role.
"""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from participants.about import conditions_said
from participants.api.own import NO_RECORD, TAKES_PART, own_record
from participants.rules.condition import bundle_of
from safefit.api import StrictAPIView

BUNDLE = {
    "type": "object",
    "description": "a Bundle of FHIR R4 with at most one Condition, as the person said it: unconfirmed",
    "additionalProperties": True,
}


class OwnConditionsView(StrictAPIView):
    """What one said of the kind of one's cancer, as a FHIR R4 Bundle; empty where one said nothing, or rather not."""

    permission_classes = TAKES_PART

    @extend_schema(operation_id="own_conditions_retrieve", responses={200: BUNDLE, **NO_RECORD})
    def get(self, request: Request) -> Response:
        return Response(bundle_of(conditions_said(participant=own_record(request))))
