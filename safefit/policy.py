"""The content security policy of each answer: django-csp's, written once where it is always the same.

Nearly every answer of the API, and many a page, has neither a nonce nor a change of
its own. The policy itself stands in settings.py.
"""

from __future__ import annotations

from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CheckableLazyObject, CSPMiddleware
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponseBase

CHANGES = ("_csp_exempt", "_csp_config", "_csp_update", "_csp_replace")  # how django-csp marks an answer


class PolicyMiddleware(CSPMiddleware):
    """Named in settings.MIDDLEWARE."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self._plain = build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if hasattr(request, "_csp_nonce") or HEADER in response or any(hasattr(response, name) for name in CHANGES):
            answer: HttpResponseBase = super().process_response(request, response)
            return answer
        response[HEADER] = self._plain
        request.csp_nonce = CheckableLazyObject(self._csp_nonce_post_response)  # type: ignore[attr-defined]
        return response
