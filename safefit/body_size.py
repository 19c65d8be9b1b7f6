"""How much may be sent at once: whatever is larger is refused before any of it is read.

Here: the middleware. Not here: the page that says so (errors.py), how large a file of one form may be
(frontend/fields.py). It stands before whoever reads what is sent, the check of the CSRF token among them, so that a
stranger fills neither memory nor disk. A body whose length nobody says is refused as well: Django reads none of it.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from safefit.errors import length_missing, too_large


def bound_what_is_sent(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Named in settings.MIDDLEWARE. The web server holds a client to the length that it says."""

    def answer(request: HttpRequest) -> HttpResponse:
        if "HTTP_TRANSFER_ENCODING" in request.META:
            return length_missing(request)
        said = request.META.get("CONTENT_LENGTH") or "0"
        if said.isdecimal() and int(said[:20]) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
            return too_large(request)
        return get_response(request)

    return answer
