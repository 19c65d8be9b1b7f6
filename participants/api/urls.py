"""Addresses of the API about oneself and those one acts for, under /api/v1/."""

from django.urls import include, path

from participants.api.conditions import OwnConditionsView
from participants.api.health import OwnHealthView
from participants.api.message_choices import OwnMessageChoicesView
from participants.api.pauses import OwnPauseEndView, OwnPausesView
from participants.api.record import OwnRecordView, router
from participants.api.treatment_days import OwnTreatmentDaysView

urlpatterns = [
    path("own-record/", OwnRecordView.as_view(), name="own-record"),
    path("own-record/conditions/", OwnConditionsView.as_view(), name="own-conditions"),
    path("own-health/", OwnHealthView.as_view(), name="own-health"),
    path("own-pauses/", OwnPausesView.as_view(), name="own-pause-list"),
    path("own-pauses/end/", OwnPauseEndView.as_view(), name="own-pause-end"),
    path("own-treatment-days/", OwnTreatmentDaysView.as_view(), name="own-treatment-days"),
    path("own-message-choices/", OwnMessageChoicesView.as_view(), name="own-message-choices"),
    path("", include(router.urls)),
]
