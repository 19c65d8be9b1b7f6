"""What an instructor led in a month: their own, and nobody else's."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from classes.hours import Led, own_classes_in
from frontend.hours import Read, hours_page
from frontend.hours import hours_file as file_of

teaches = requires(Permission.TEACH)


@require_safe
@teaches
def hours(request: HttpRequest) -> HttpResponse:
    return hours_page(request, _own(request), audience="teach")


@require_safe
@teaches
def hours_file(request: HttpRequest) -> HttpResponse:
    return file_of(request, _own(request))


def _own(request: HttpRequest) -> Read:
    def read(month: date) -> list[Led]:
        return own_classes_in(month, request.user)

    return read


urlpatterns = [
    path("hours/", hours, name="hours"),
    path("hours/hours.csv", hours_file, name="hours_file"),
]
