"""Addresses of the pages, by audience."""

from django.urls import include, path

from frontend.views.public.pages import home
from frontend.views.start import start

urlpatterns = [
    path("", home, name="home"),
    path("", include("frontend.views.public.urls")),
    path("start/", start, name="start"),
    path("me/", include("frontend.views.me.urls")),
    path("teach/", include("frontend.views.teach.urls")),
    path("desk/", include("frontend.views.desk.urls")),
    path("content/", include("frontend.views.content.urls")),
    path("staff/", include("frontend.views.staff.urls")),
    path("partner/", include("frontend.views.partner.urls")),
]
