"""Addresses of the pages for this audience. Each views module brings its own list."""

from django.urls import URLPattern

from frontend.views.content import asked, deciding, reading, worrying, writing

app_name = "content"
urlpatterns: list[URLPattern] = [
    *asked.urlpatterns,  # before those whose first part is a name
    *worrying.urlpatterns,
    *reading.urlpatterns,
    *writing.urlpatterns,
    *deciding.urlpatterns,
]
