"""Addresses of a demonstration (only with settings.DEMO)."""

from django.urls import path

from frontend.views import demo

urlpatterns = [
    path("", demo.people, name="demo_people"),
    path("sign-in/", demo.sign_in, name="demo_sign_in"),
    path("people.json", demo.people_json, name="demo_people_json"),
    path("releases.json", demo.releases_json, name="demo_releases_json"),
]
