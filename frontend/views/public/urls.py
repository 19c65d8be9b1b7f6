"""Addresses of the pages for everybody. Each views module brings its own list."""

from django.urls import URLPattern

from frontend.views.public import (
    calendar,
    carrier,
    classes,
    data_uses,
    developers,
    first_sign_in,
    help,
    join,
    join_return,
    page_feedback,
    pages,
    papers,
    refer,
    reply,
)

app_name = "public"
urlpatterns: list[URLPattern] = [
    *classes.urlpatterns,
    *calendar.urlpatterns,
    *pages.urlpatterns,
    *data_uses.urlpatterns,
    *join_return.urlpatterns,  # before join: there any other word is a page
    *join.urlpatterns,
    *papers.urlpatterns,
    *refer.urlpatterns,
    *help.urlpatterns,
    *first_sign_in.urlpatterns,
    *reply.urlpatterns,
    *carrier.urlpatterns,
    *developers.urlpatterns,
    *page_feedback.urlpatterns,
]
