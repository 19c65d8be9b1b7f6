"""Addresses of the pages for this audience. Each views module brings its own list."""

from django.urls import URLPattern

from frontend.views.staff import roles

app_name = "staff"
urlpatterns: list[URLPattern] = [*roles.urlpatterns]
