"""Addresses for tests of the frame of a page; the real ones belong to safefit.urls."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


me = ([path("classes/", nothing, name="classes"), path("bookings/", nothing, name="bookings")], "me")
public = ([path("classes/", nothing, name="classes"), path("privacy/", nothing, name="privacy")], "public")
urlpatterns = [
    path("me/", include(me)),
    path("", include(public)),
    path("sign-in/", nothing, name="account_login"),
    path("sign-out/", nothing, name="account_logout"),
]
