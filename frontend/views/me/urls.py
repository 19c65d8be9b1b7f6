"""Addresses of the pages for this audience. Each views module brings its own list."""

from django.urls import URLPattern

from frontend.views.me import (
    bookings,
    breaks,
    calendar,
    cancelling,
    changed_classes,
    classes,
    dates,
    details,
    goals,
    health,
    holds,
    home,
    joining,
    moving,
    needs,
    offers,
    one_to_ones,
    rehearsing,
    safety_check,
    supporters,
    treatment,
    wellbeing,
)

app_name = "me"
urlpatterns: list[URLPattern] = [
    *home.urlpatterns,
    *goals.urlpatterns,
    *bookings.urlpatterns,
    *calendar.urlpatterns,
    *cancelling.urlpatterns,
    *moving.urlpatterns,
    *changed_classes.urlpatterns,
    *offers.urlpatterns,
    *holds.urlpatterns,
    *joining.urlpatterns,
    *rehearsing.urlpatterns,
    *safety_check.urlpatterns,
    *classes.urlpatterns,
    *dates.urlpatterns,
    *one_to_ones.urlpatterns,
    *details.urlpatterns,
    *needs.urlpatterns,
    *health.urlpatterns,
    *treatment.urlpatterns,
    *breaks.urlpatterns,
    *supporters.urlpatterns,
    *wellbeing.urlpatterns,
]
