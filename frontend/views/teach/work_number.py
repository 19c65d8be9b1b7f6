"""The mobile number at which the desk rings an instructor.

Here: whose number it is. Not here: the page (frontend/work_number.py).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.signin import requires
from frontend.signed_in import user_of
from frontend.work_number import WorkNumber, work_number_page
from instructors.access import own_instructors


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.TEACH)
def own_number(request: HttpRequest) -> HttpResponse:
    own = get_object_or_404(own_instructors(request.user).select_related("programme")[:1])
    back = reverse("teach:sessions")
    return work_number_page(request, WorkNumber(user_of(request).person, own.programme, False, back, "My teaching"))


urlpatterns = [path("reached/", own_number, name="own_number")]
