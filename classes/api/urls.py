"""Addresses of the API of classes, under /api/v1/."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from classes.api.blocks import BlockView
from classes.api.bookings import BookingViewSet, WaitingViewSet
from classes.api.calling_off import CallingOffPreviewView, CallingOffView
from classes.api.cancelling_later import CancelLaterView
from classes.api.class_notes import ClassNotePreviewView, ClassNotesView
from classes.api.coming import ComingView
from classes.api.cover import CoversView, SessionCoverView, TakeCoverView
from classes.api.holds import HoldView
from classes.api.incidents import IncidentsView
from classes.api.kept_places import KeptPlacesView
from classes.api.moving import MoveView
from classes.api.own_calendar import OwnCalendarCloseView, OwnCalendarView
from classes.api.own_notes import OwnNotesView
from classes.api.places import PlacesView
from classes.api.register import RegisterView
from classes.api.sessions import SessionViewSet
from classes.api.symptoms import AloudCheckView, BookingCheckView, TalkView
from classes.api.timetable.cancelling import CancelPreviewView, CancelView
from classes.api.timetable.changing import ChangePreviewView, ChangeView
from classes.api.timetable.left_out import LeftOutView, PutBackPreviewView, PutBackView
from classes.api.timetable.publishing import (
    ChoicesView,
    NewClassPreviewView,
    NewClassView,
    TermPreviewView,
    TermView,
)
from classes.api.waiting_list import CalledView, PriorityView, WaitingListView
from safefit.api import KEY

router = SimpleRouter()
router.register("sessions", SessionViewSet, basename="session")
router.register("bookings", BookingViewSet, basename="booking")
router.register("waiting", WaitingViewSet, basename="waiting")

urlpatterns = [
    path("", include(router.urls)),  # first: what is asked for most
    path("holds/", HoldView.as_view(), name="hold"),
    re_path(rf"^bookings/(?P<pk>{KEY})/cancel-later/$", CancelLaterView.as_view(), name="booking-cancel-later"),
    path("booking-blocks/", BlockView.as_view(), name="booking-block"),
    re_path(rf"^sessions/(?P<pk>{KEY})/register/$", RegisterView.as_view(), name="session-register"),
    re_path(rf"^sessions/(?P<pk>{KEY})/incidents/$", IncidentsView.as_view(), name="session-incidents"),
    re_path(rf"^sessions/(?P<pk>{KEY})/cover/$", SessionCoverView.as_view(), name="session-cover"),
    path("covers/", CoversView.as_view(), name="cover-list"),
    re_path(rf"^covers/(?P<pk>{KEY})/take/$", TakeCoverView.as_view(), name="cover-take"),
    re_path(rf"^bookings/(?P<pk>{KEY})/move/$", MoveView.as_view(), name="booking-move"),
    re_path(rf"^bookings/(?P<pk>{KEY})/symptom-check/$", BookingCheckView.as_view(), name="booking-symptom-check"),
    re_path(rf"^sessions/(?P<pk>{KEY})/symptom-checks/$", AloudCheckView.as_view(), name="session-symptom-checks"),
    re_path(rf"^sessions/(?P<pk>{KEY})/symptom-talks/$", TalkView.as_view(), name="session-symptom-talks"),
    re_path(rf"^sessions/(?P<pk>{KEY})/change/$", ChangeView.as_view(), name="session-change"),
    re_path(rf"^sessions/(?P<pk>{KEY})/change/preview/$", ChangePreviewView.as_view(), name="session-change-preview"),
    re_path(rf"^sessions/(?P<pk>{KEY})/cancel/$", CancelView.as_view(), name="session-cancel"),
    re_path(rf"^sessions/(?P<pk>{KEY})/cancel/preview/$", CancelPreviewView.as_view(), name="session-cancel-preview"),
    re_path(rf"^sessions/(?P<pk>{KEY})/places/$", PlacesView.as_view(), name="session-places"),
    re_path(rf"^sessions/(?P<pk>{KEY})/kept-places/$", KeptPlacesView.as_view(), name="session-kept-places"),
    re_path(rf"^sessions/(?P<pk>{KEY})/notes/$", ClassNotesView.as_view(), name="session-notes"),
    re_path(rf"^sessions/(?P<pk>{KEY})/notes/preview/$", ClassNotePreviewView.as_view(), name="session-notes-preview"),
    re_path(rf"^sessions/(?P<pk>{KEY})/left-out/$", LeftOutView.as_view(), name="session-left-out"),
    re_path(
        rf"^sessions/(?P<pk>{KEY})/put-back/preview/$", PutBackPreviewView.as_view(), name="session-put-back-preview"
    ),
    re_path(rf"^sessions/(?P<pk>{KEY})/put-back/$", PutBackView.as_view(), name="session-put-back"),
    re_path(rf"^bookings/(?P<pk>{KEY})/coming/$", ComingView.as_view(), name="booking-coming"),
    path("own-session-notes/", OwnNotesView.as_view(), name="own-session-notes-list"),
    path("own-calendar/", OwnCalendarView.as_view(), name="own-calendar"),
    path("own-calendar/close/", OwnCalendarCloseView.as_view(), name="own-calendar-close"),
    re_path(rf"^sessions/(?P<pk>{KEY})/waiting-list/$", WaitingListView.as_view(), name="session-waiting-list"),
    re_path(rf"^waiting/(?P<pk>{KEY})/called/$", CalledView.as_view(), name="waiting-called"),
    re_path(rf"^waiting/(?P<pk>{KEY})/priority/$", PriorityView.as_view(), name="waiting-priority"),
    path("calling-off/", CallingOffView.as_view(), name="calling-off"),
    path("calling-off/preview/", CallingOffPreviewView.as_view(), name="calling-off-preview"),
    path("new-classes/", NewClassView.as_view(), name="new-class"),
    path("new-classes/preview/", NewClassPreviewView.as_view(), name="new-class-preview"),
    path("terms/", TermView.as_view(), name="term"),
    path("terms/preview/", TermPreviewView.as_view(), name="term-preview"),
    path("timetable-choices/", ChoicesView.as_view(), name="timetable-choices"),
]
