"""What everybody led in a month, in the programmes of the desk."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from classes.hours import Led, classes_at_desk_in
from frontend.hours import Read, hours_page
from frontend.hours import hours_file as file_of

arranges = requires(Permission.PUBLISH_FOR_ANYONE)


@require_safe
@arranges
def hours(request: HttpRequest) -> HttpResponse:
    return hours_page(request, _all(request), audience="desk")


@require_safe
@arranges
def hours_file(request: HttpRequest) -> HttpResponse:
    return file_of(request, _all(request))


def _all(request: HttpRequest) -> Read:
    def read(month: date) -> list[Led]:
        return classes_at_desk_in(month, request.user)

    return read


urlpatterns = [
    path("instructors/hours/", hours, name="hours"),
    path("instructors/hours/hours.csv", hours_file, name="hours_file"),
]
