"""Every address of the site: pages, sign-in, API, health."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularJSONAPIView

from safefit.health import healthz


def _if_there(route: str, module: str) -> list[URLPattern | URLResolver]:  # only while the house is being built
    package = module.rpartition(".")[0]
    return [path(route, include(module))] if find_spec(package) and find_spec(module) else []


handler400 = "safefit.errors.bad_request"
handler403 = "safefit.errors.permission_denied"
handler404 = "safefit.errors.not_found"
handler500 = "safefit.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("", include("frontend.urls")),
    *_if_there("account/", "accounts.urls"),
    *_if_there("api/v1/", "classes.api.urls"),
    *_if_there("api/v1/", "outcomes.api.urls"),
    path("api/schema/", SpectacularJSONAPIView.as_view(permission_classes=[]), name="schema"),
]
if settings.DEMO:
    urlpatterns += _if_there("demo/", "frontend.views.demo_urls")
