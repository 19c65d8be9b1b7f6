"""Addresses of the pages for this audience. Each views module brings its own list."""

from django.urls import URLPattern

from frontend.views.content import deciding, reading, writing

app_name = "content"
urlpatterns: list[URLPattern] = [
    *reading.urlpatterns,
    *writing.urlpatterns,
    *deciding.urlpatterns,
]
