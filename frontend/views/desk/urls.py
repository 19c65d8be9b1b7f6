"""Addresses of the pages for this audience. Each views module brings its own list."""

from django.urls import URLPattern

from frontend.views.desk import (
    agreeing,
    booking,
    breaks,
    calling,
    capacity,
    clearance,
    health,
    leaving,
    letters,
    messages,
    needs,
    on_call,
    people,
    registering,
    releases,
    safety_check,
    stops,
    timeline,
    timetable,
    treatment,
    wellbeing,
    worklist,
)

app_name = "desk"
urlpatterns: list[URLPattern] = [
    *booking.urlpatterns,
    *worklist.urlpatterns,
    *on_call.urlpatterns,
    *letters.urlpatterns,
    *messages.urlpatterns,
    *people.urlpatterns,
    *needs.urlpatterns,
    *capacity.urlpatterns,
    *breaks.urlpatterns,
    *leaving.urlpatterns,
    *agreeing.urlpatterns,
    *calling.urlpatterns,
    *stops.urlpatterns,
    *registering.urlpatterns,
    *clearance.urlpatterns,
    *health.urlpatterns,
    *treatment.urlpatterns,
    *timeline.urlpatterns,
    *timetable.urlpatterns,
    *wellbeing.urlpatterns,
    *safety_check.urlpatterns,
    *releases.urlpatterns,
]
