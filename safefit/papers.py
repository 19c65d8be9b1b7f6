"""GET /api/schema/: the API's papers as a program reads them, the same for everybody.

Here: their view. Not here: what they say of each operation (openapi.py), the page that people read
(frontend/views/public/developers.py). To work them out takes most of a second of a processor, and a stranger may ask
as often as they like; nothing of them changes while the program runs.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.request import Request


class PapersView(SpectacularJSONAPIView):
    permission_classes = ()

    def _get_schema_response(self, request: Request) -> HttpResponse:
        """Asked by the library's `get`."""
        renderer: Any = request.accepted_renderer
        return HttpResponse(_drawn(), content_type=renderer.media_type)


@cache
def _drawn() -> bytes:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    drawn: bytes = OpenApiJsonRenderer().render(schema)
    return drawn
