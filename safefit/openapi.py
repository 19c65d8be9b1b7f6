"""What the API's papers say of each operation, refusals included: the settings name this for every view.

Here: the refusals that follow from what kind of operation it is, so that no
view has to list them and none can forget one. Not here: a 409 or 422, which a
view declares with `refusal` (safefit/api.py) because only it knows. That each
of them is real, and that no other is met, tests/structure/test_api_papers.py
finds out by asking.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from rest_framework.permissions import AllowAny

from safefit.api import PROBLEM_COMPONENT, refusal

TAKES_A_BODY = frozenset({"POST", "PUT", "PATCH"})
WITHOUT_SIGNING_IN = "The second factor is missing."
SIGNED_IN = "The role, the second factor or the CSRF token does not allow this."


PROBLEM_SHAPE = {
    "type": "object",
    "description": "An answer to what went wrong (RFC 9457). Beside the names below stand facts to go on with.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "the status in words"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "why, for programs"},
        "detail": {"type": "string", "description": "why, for people"},
        "errors": {
            "type": "object",
            "additionalProperties": {},
            "description": "with code `invalid`: each name that cannot be used, and what is wrong with it",
        },
    },
    "required": ["type", "title", "status", "code", "detail"],
    "additionalProperties": {},
}


class Papers(AutoSchema):
    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        self._name_the_problem()
        for status, words in self._refusals():
            if str(status) not in bodies:
                ((key, answer),) = refusal(status, words).items()
                media = list(key[1:])
                bodies[str(status)] = self._get_response_for_code(  # type: ignore[no-untyped-call]  # of the library
                    answer, str(status), media, direction
                )
        return dict(sorted(bodies.items()))

    def _name_the_problem(self) -> None:
        problem = ResolvedComponent(PROBLEM_COMPONENT, ResolvedComponent.SCHEMA, PROBLEM_SHAPE, PROBLEM_COMPONENT)
        self.registry.register_on_missing(problem)

    def _refusals(self) -> Iterator[tuple[int, str]]:
        """Every refusal that an operation of this kind can meet, whatever it does."""
        is_public = AllowAny in self.view.permission_classes
        is_list, takes_a_body = self._is_list_view(), self.method in TAKES_A_BODY
        yield 400, _what_cannot_be_used(is_list=is_list, takes_a_body=takes_a_body)
        if not is_public:
            yield 401, "Nobody is signed in."
        yield 403, WITHOUT_SIGNING_IN if is_public else SIGNED_IN
        if "{" in self.path:
            yield 404, "There is no such thing, or it is not yours."
        elif is_list and self._get_paginator():  # type: ignore[no-untyped-call]  # of the library
            yield 404, "There is no such page."
        yield 406, "`Accept` leaves out application/json."
        if takes_a_body:
            yield 415, "The body is not application/json."


def _what_cannot_be_used(*, is_list: bool, takes_a_body: bool) -> str:
    if takes_a_body:
        return "The body cannot be used, or a query parameter was sent. See `errors`."
    return "A filter is unknown or cannot be used. See `errors`." if is_list else "A query parameter was sent."
