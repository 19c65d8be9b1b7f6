"""Pages for everybody: what the programme is, who can join, accessibility, privacy.

Here: the views. Not here: registering (join.py), the list of classes (classes.py).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from accounts.signin import public_page
from frontend.wording import joined
from participants.registering import intake


@public_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "frontend/public/home.html")


@public_page
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "frontend/public/about.html", {"phases": intake.phases_shown()})


@public_page
@require_safe
def who_can_join(request: HttpRequest) -> HttpResponse:
    programmes = [(programme, joined(programme.areas_served, "or")) for programme in intake.open_programmes()]
    return render(request, "frontend/public/who_can_join.html", {"programmes": programmes})


@public_page
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "frontend/public/accessibility.html")


@public_page
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "frontend/public/privacy.html")


urlpatterns = [
    path("how-it-works/", about, name="about"),
    path("who-can-join/", who_can_join, name="who_can_join"),
    path("accessibility/", accessibility, name="accessibility"),
    path("privacy/", privacy, name="privacy"),
]
