"""The server's door to naive.py: the product's settings, with the middleware that Django writes into a new project."""

from __future__ import annotations

from django.conf import settings
from django.core.wsgi import get_wsgi_application

STANDARD = (
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # its app does not start without
)
settings.ROOT_URLCONF = "bench.naive"
settings.MIDDLEWARE = list(STANDARD)
settings.SESSION_ENGINE = "bench.naive_sessions"
application = get_wsgi_application()
