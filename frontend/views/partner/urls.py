"""Addresses of the pages for this audience. Each views module brings its own list."""

from django.urls import URLPattern

from frontend.views.partner import releases

app_name = "partner"
urlpatterns: list[URLPattern] = [
    *releases.urlpatterns,
]
