"""Addresses of the API of outcomes, under /api/v1/."""

from __future__ import annotations

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from outcomes.api.own_progress import OwnOtherFormsView, OwnProgressView
from outcomes.api.questionnaires import AssessmentViewSet, QuestionnaireViewSet
from outcomes.api.releases import ReleaseViewSet

router = SimpleRouter()
router.register("questionnaires", QuestionnaireViewSet, basename="questionnaire")
router.register("assessments", AssessmentViewSet, basename="assessment")
router.register("releases", ReleaseViewSet, basename="release")

urlpatterns = [
    path("own-progress/", OwnProgressView.as_view(), name="own-progress-list"),
    path("own-progress/other-questionnaires/", OwnOtherFormsView.as_view(), name="own-other-questionnaires-list"),
    path("", include(router.urls)),
]
