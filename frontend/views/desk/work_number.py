"""The desk's own mobile number, and that of an instructor who tells it by telephone.

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
from instructors.access import instructors_kept_by
from participants import access


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WORK_AT_DESK)
def own_number(request: HttpRequest) -> HttpResponse:
    programme = access.programmes_at_desk_of(request.user)[0]
    person = user_of(request).person
    return work_number_page(request, WorkNumber(person, programme, True, reverse("desk:on_call"), "On call"))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PUBLISH_FOR_ANYONE)
def instructor_number(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(instructors_kept_by(request.user).select_related("programme"), pk=pk)
    back = reverse("desk:instructor", args=[pk])
    return work_number_page(request, WorkNumber(found.person, found.programme, False, back, found.person.full_name))


urlpatterns = [
    path("on-call/you/", own_number, name="own_number"),
    path("instructors/<int:pk>/number/", instructor_number, name="instructor_number"),
]
