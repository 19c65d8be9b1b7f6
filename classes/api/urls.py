"""Addresses of the API of classes, under /api/v1/."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from classes.api.blocks import BlockView
from classes.api.bookings import BookingViewSet, WaitingViewSet
from classes.api.moving import MoveView
from classes.api.register import RegisterView
from classes.api.sessions import SessionViewSet
from classes.api.symptoms import AloudCheckView, BookingCheckView, TalkView
from safefit.api import KEY

router = SimpleRouter()
router.register("sessions", SessionViewSet, basename="session")
router.register("bookings", BookingViewSet, basename="booking")
router.register("waiting", WaitingViewSet, basename="waiting")

urlpatterns = [
    path("booking-blocks/", BlockView.as_view(), name="booking-block"),
    re_path(rf"^sessions/(?P<pk>{KEY})/register/$", RegisterView.as_view(), name="session-register"),
    re_path(rf"^bookings/(?P<pk>{KEY})/move/$", MoveView.as_view(), name="booking-move"),
    re_path(rf"^bookings/(?P<pk>{KEY})/symptom-check/$", BookingCheckView.as_view(), name="booking-symptom-check"),
    re_path(rf"^sessions/(?P<pk>{KEY})/symptom-checks/$", AloudCheckView.as_view(), name="session-symptom-checks"),
    re_path(rf"^sessions/(?P<pk>{KEY})/symptom-talks/$", TalkView.as_view(), name="session-symptom-talks"),
    path("", include(router.urls)),
]
