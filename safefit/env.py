"""Read settings from the environment, with errors that say how to mend them.

Here: the few readers that settings.py uses. Not here: any default that is
unsafe in production (those stand, visibly, in settings.py).
"""

from __future__ import annotations

import enum

import environ
from django.core.exceptions import ImproperlyConfigured

_env = environ.Env()


class Mode(enum.StrEnum):
    """How this copy runs. Anything but production is for made-up people only."""

    PRODUCTION = "production"
    LOCAL = "local"
    TEST = "test"


def mode() -> Mode:
    value = _env.str("SAFEFIT_MODE", default=Mode.PRODUCTION.value)
    try:
        return Mode(value)
    except ValueError:
        raise ImproperlyConfigured(
            f"SAFEFIT_MODE is {value!r}. Set it to 'production' or 'local', or leave it out for production."
        ) from None


def required(name: str, *, how: str) -> str:
    """The value of `name`; ImproperlyConfigured with `how` when it is missing or empty."""
    value = _env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {how} To try SafeFit on this computer, use ./run instead.")
    return str(value)


def text(name: str, *, default: str) -> str:
    return str(_env.str(name, default=default))


def items(name: str, *, default: list[str]) -> list[str]:
    return [item for item in _env.list(name, default=default) if item]


def flag(name: str, *, default: bool) -> bool:
    return bool(_env.bool(name, default=default))


def database() -> dict[str, object]:
    url = required("DATABASE_URL", how="Set it to postgres://USER:PASSWORD@HOST:5432/NAME (PostgreSQL 15 or later).")
    config = dict(environ.Env.db_url_config(url))
    if config.get("ENGINE") != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database: SafeFit runs on no other engine.")
    options = dict(config.get("OPTIONS") or {})
    if socket_folder := options.pop("host", None):  # ?host=/folder is how a URL names a local socket
        config["HOST"] = socket_folder
    return {**config, "OPTIONS": options}


def email(default: str) -> dict[str, object]:
    return dict(environ.Env.email_url_config(text("SAFEFIT_EMAIL_URL", default=default)))
