"""The answers that the API's papers name, each of them real: problem documents by status."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse, inline_serializer
from rest_framework import serializers

ProblemSerializer = inline_serializer(
    "Problem",
    {
        "type": serializers.CharField(),
        "title": serializers.CharField(),
        "status": serializers.IntegerField(),
        "code": serializers.CharField(),
        "detail": serializers.CharField(),
    },
)


def _problem(status: int, words: str) -> dict[Any, Any]:
    return {(status, "application/problem+json"): OpenApiResponse(ProblemSerializer, description=words)}


BAD_REQUEST = _problem(400, "The request cannot be used: an unknown name, filter or value.")
NOT_SIGNED_IN = _problem(401, "Nobody is signed in.")
NOT_ALLOWED = _problem(403, "The role, or the CSRF token, does not allow this.")
NOT_FOUND = _problem(404, "There is no such thing, or it is not yours.")
CONFLICT = _problem(409, "The state is against it; `code` says why.")
KEY_REUSED = _problem(422, "The Idempotency-Key came with another request before.")
