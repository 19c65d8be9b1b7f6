"""Every address of the site: pages, sign-in, API, health."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from safefit.health import healthz
from safefit.papers import PapersView

handler400 = "safefit.errors.bad_request"
handler403 = "safefit.errors.permission_denied"
handler404 = "safefit.errors.not_found"
handler500 = "safefit.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("api/v1/", include("classes.api.urls")),
    path("api/v1/", include("participants.api.urls")),
    path("api/v1/", include("outcomes.api.urls")),
    path("api/v1/", include("messaging.api.urls")),
    path("", include("outcomes.api.tokens")),
    path("account/", include("accounts.urls")),
    path("", include("frontend.urls")),  # last: it has the most addresses, and each before it is tried first
    path("api/schema/", PapersView.as_view(), name="schema"),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("frontend.views.demo_urls")))
