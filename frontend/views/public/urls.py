"""Addresses of the pages for everybody. Each views module brings its own list."""

from django.urls import URLPattern

from frontend.views.public import classes, developers, help, join, pages

app_name = "public"
urlpatterns: list[URLPattern] = [
    *classes.urlpatterns,
    *pages.urlpatterns,
    *join.urlpatterns,
    *help.urlpatterns,
    *developers.urlpatterns,
]
