"""The leaflet and the poster, for whoever wants to print them: a surgery, a ward, the desk.

Here: the two addresses. Not here: what stands on them (frontend/leaflets.py).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from accounts.signin import public_page
from frontend.leaflets import draw_leaflet, draw_poster
from participants.registering.intake import open_programmes


@public_page
@require_safe
def leaflet(request: HttpRequest) -> HttpResponse:
    return _file(draw_leaflet(open_programmes()), "safefit-leaflet.pdf")


@public_page
@require_safe
def poster(request: HttpRequest) -> HttpResponse:
    return _file(draw_poster(open_programmes()), "safefit-poster.pdf")


def _file(pdf: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


urlpatterns = [
    path("leaflet.pdf", leaflet, name="leaflet"),
    path("poster.pdf", poster, name="poster"),
]
