"""Addresses of the pages for this audience. Each views module brings its own list."""

from django.urls import URLPattern

from frontend.views.teach import (
    away,
    changing,
    cover,
    credentials,
    emergency,
    hours,
    measuring,
    offline,
    on_the_day,
    one_to_ones,
    paper,
    publishing,
    register,
    reporting,
    safety_check,
    session_notes,
    sessions,
    walk_in,
    whereabouts,
    work_number,
)

app_name = "teach"
urlpatterns: list[URLPattern] = [
    *sessions.urlpatterns,
    *changing.urlpatterns,
    *publishing.urlpatterns,
    *one_to_ones.urlpatterns,
    *register.urlpatterns,
    *safety_check.urlpatterns,
    *paper.urlpatterns,
    *session_notes.urlpatterns,
    *measuring.urlpatterns,
    *whereabouts.urlpatterns,
    *emergency.urlpatterns,
    *offline.urlpatterns,
    *credentials.urlpatterns,
    *cover.urlpatterns,
    *hours.urlpatterns,
    *on_the_day.urlpatterns,
    *away.urlpatterns,
    *reporting.urlpatterns,
    *walk_in.urlpatterns,
    *work_number.urlpatterns,
]
