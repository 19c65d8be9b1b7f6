"""Addresses of the API of messages, under /api/v1/."""

from rest_framework.routers import SimpleRouter

from messaging.api.messages import MessageViewSet

router = SimpleRouter()
router.register("messages", MessageViewSet, basename="message")

urlpatterns = router.urls
