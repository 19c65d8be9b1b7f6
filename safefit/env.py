"""Read settings from the environment, with errors that say how to mend them.

Here: the few readers that settings.py uses. Not here: any default that is
unsafe in production (those stand, visibly, in settings.py).
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from messaging.neutral import telling_words

_env = environ.Env()

MAKE_SIGNING_KEY = 'python3 -c "import secrets; print(secrets.token_urlsafe(64))"'
MAKE_FERNET_KEY = 'python3 -c "import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())"'
LEAST_TOKEN = 32
LEAST_SECRET, LEAST_DIFFERENT = 50, 10  # characters, and how many of them differ: a sentence has more, "xxxx" has not
ON, OFF = frozenset({"true", "yes", "on", "1"}), frozenset({"false", "no", "off", "0"})


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


def sender(name: str, *, default: str) -> str:
    """Whom messages come from. It is read over a shoulder, so a name that says why people come is refused."""
    said = text(name, default=default)
    if telling := telling_words(parseaddr(said)[0]):
        raise ImproperlyConfigured(
            f"{name} names {', '.join(telling)}: whoever sees somebody's list of mail would read why they come. "
            f"Set it to a name that does not say so, like {default}"
        )
    return said


def minutes(name: str, *, default: int) -> int:
    said = text(name, default=str(default))
    if not re.fullmatch(r"[1-9][0-9]?", said):
        raise ImproperlyConfigured(f"{name} is {said!r}. Set it to minutes from 1 to 99, like {default}.")
    return int(said)


def share_from_elsewhere(name: str) -> dict[str, Any]:
    """A percentage and who says so, like "57%, Example Review 2023"; empty when nothing is set."""
    said = text(name, default="")
    found = re.fullmatch(r"([1-9][0-9]?) ?% ?, ?(\S.*)", said)
    if said and found is None:
        raise ImproperlyConfigured(f"{name} is {said!r}. Set it to a percentage and its source, like 57%, Review 2023.")
    return {"percent": int(found[1]), "source": found[2]} if found else {}


def one_of(name: str, *, known: Sequence[str], default: str) -> str:
    value = text(name, default=default)
    if value not in known:
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to one of: {', '.join(known)}.")
    return value


def items(name: str, *, default: list[str]) -> list[str]:
    return [item.strip() for item in _env.list(name, default=default) if item.strip()]


def hosts(name: str, *, default: list[str]) -> list[str]:
    found = items(name, default=default)
    if not found:
        raise ImproperlyConfigured(f"{name} is not set. Set it to the site's host names, separated by commas.")
    if "*" in found:
        raise ImproperlyConfigured(f"{name} lets any name in. Set it to the site's host names, separated by commas.")
    return found


def site_address(name: str, *, default: str, secure: bool) -> str:
    """Where the site is, as messages say it: scheme and host, without a slash at the end."""
    value = text(name, default=default).rstrip("/")
    parts = urlsplit(value)
    schemes = ("https",) if secure else ("https", "http")
    if parts.scheme not in schemes or not parts.hostname or parts.hostname[0] in ".*" or parts.path or parts.query:
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to the site's address, like https://safefit.example")
    return value


def flag(name: str, *, default: bool) -> bool:
    """True or false as it is said; `default` where nothing is said. A word that is neither is never taken for a no."""
    said = str(_env.str(name, default="")).strip().lower()
    if said and said not in ON | OFF:
        raise ImproperlyConfigured(f"{name} is {said!r}. Set it to true or false, or leave it out for {default}.")
    return said in ON if said else default


def secret_key(name: str) -> str:
    """The key that signs sessions and links: whoever guesses it can sign in as anybody. Never named in an error."""
    value = required(name, how=f"Make one with: {MAKE_SIGNING_KEY}")
    if len(value) < LEAST_SECRET or len(set(value)) < LEAST_DIFFERENT:
        raise ImproperlyConfigured(
            f"{name} can be guessed: it must be at least {LEAST_SECRET} random characters. "
            f"Make one with: {MAKE_SIGNING_KEY}"
        )
    return value


def encryption_keys(name: str) -> list[str]:
    """Fernet keys, each of them usable now rather than when the first health answer is written."""
    keys = items(name, default=[])
    if not keys:
        raise ImproperlyConfigured(
            f"{name} is not set. Set it to one or more Fernet keys, separated by commas: "
            f"the first one writes, all of them read. Make one with: {MAKE_FERNET_KEY}"
        )
    for place, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except ValueError:
            raise ImproperlyConfigured(
                f"Key {place} of {len(keys)} in {name} is not a Fernet key (32 random bytes as URL-safe base64). "
                f"Make one with: {MAKE_FERNET_KEY}"
            ) from None
    return keys


def written_address(state: Path) -> str:
    """Where the copy in `state` runs, or last ran: ./run writes it down, for commands typed beside it."""
    try:
        return (state / "address").read_text().strip()
    except OSError:
        return "http://127.0.0.1:8000"


# A server that is gone says nothing: without these a thread would wait for it for two hours. What has been sent and is
# not acknowledged for three seconds ends the connection; while an answer is waited for, the line is tried after three.
# A line that takes everything and never answers is noticed by `silence` alone (safefit/database/base.py): 5/8 of it for
# the question whether a kept connection still works, and two seconds to make another one, stay below five in all.
PATIENCE: dict[str, object] = {
    "connect_timeout": 2,  # the least that there is
    "tcp_user_timeout": 3_000,  # milliseconds
    "keepalives_idle": 3,
    "keepalives_interval": 1,
    "keepalives_count": 3,
}


def database() -> dict[str, object]:
    form = "postgres://USER:PASSWORD@HOST:5432/NAME"
    url = required("DATABASE_URL", how=f"Set it to {form} (PostgreSQL 15 or later).")
    if url.partition("://")[0] not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(
            f"DATABASE_URL must name a PostgreSQL database: SafeFit runs on no other engine. Set it to {form}"
        )
    try:
        config = dict(environ.Env.db_url_config(url))
    except ValueError:  # which part is not said: a password may stand in it
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read. Set it to {form}") from None
    options = dict(config.get("OPTIONS") or {})
    if socket_folder := options.pop("host", None):  # ?host=/folder is how a URL names a local socket
        config["HOST"] = socket_folder
    # Plans are kept by the connection (accounts/prepared.py). A pooler between must be one that knows of them:
    # PgBouncer from 1.21 with max_prepared_statements, or session pooling.
    return {
        **config,
        "ENGINE": "safefit.database",
        "OPTIONS": {"prepare_threshold": 5, "silence": _silence("SAFEFIT_DATABASE_SILENCE"), **PATIENCE, **options},
    }


def _silence(name: str) -> float:
    """In seconds; 0 where nothing is said, which is right for all but the web server: their work may take long."""
    said = text(name, default="0")
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9])?", said):
        raise ImproperlyConfigured(f"{name} is {said!r}. Set it to a number of seconds, like 4, or leave it out.")
    return float(said)


def email(default: str) -> dict[str, object]:
    return dict(environ.Env.email_url_config(text("SAFEFIT_EMAIL_URL", default=default)))


@dataclass(frozen=True)
class Texts:
    """Who carries text messages, and what GOV.UK Notify wants to know."""

    gateway: str
    key: str = ""
    template: str = ""
    address: str = ""


TEXT_GATEWAYS = {"off": "", "folder": "messaging.text_folder.Folder", "notify": "messaging.notify.Notify"}
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
NOTIFY_KEY = re.compile(rf".*-{_UUID}-{_UUID}")


def texts(name: str, *, default: str, production: bool) -> Texts:
    """Whether text messages go out, and through whom. What is not off works, or the start is stopped."""
    said = text(name, default=default).strip().lower() or default
    if said not in TEXT_GATEWAYS or (production and said == "folder"):
        raise ImproperlyConfigured(
            f"{name} is {said!r}. Set it to 'notify' to send text messages through GOV.UK Notify, or to 'off': "
            "then whoever wants a text is called. A folder, for a copy with invented people, reaches nobody."
        )
    if said != "notify":
        return Texts(TEXT_GATEWAYS[said])
    if find_spec("notifications_python_client") is None:
        raise ImproperlyConfigured(
            f"{name} is 'notify', and Notify's client is not installed: it is the extra 'texts'."
        )
    key = required("SAFEFIT_NOTIFY_KEY", how="Make an API key in GOV.UK Notify.")
    if not NOTIFY_KEY.fullmatch(key):
        raise ImproperlyConfigured("SAFEFIT_NOTIFY_KEY is not an API key of GOV.UK Notify: NAME-UUID-UUID.")
    template = required("SAFEFIT_NOTIFY_TEMPLATE", how="Make a text template that holds only ((body)), and use its ID.")
    if not re.fullmatch(_UUID, template):
        raise ImproperlyConfigured("SAFEFIT_NOTIFY_TEMPLATE is not the ID of a template of GOV.UK Notify, a UUID.")
    return Texts(TEXT_GATEWAYS[said], key, template, text("SAFEFIT_NOTIFY_URL", default=""))


def callback_token(name: str) -> str:
    """What a carrier shows when it calls us; "" when none may. Whoever guesses it can speak for anybody."""
    value = text(name, default="")
    if value and (len(value) < LEAST_TOKEN or len(set(value)) < LEAST_DIFFERENT):
        raise ImproperlyConfigured(
            f"{name} can be guessed: it must be at least {LEAST_TOKEN} random characters. Make one with: "
            f"{MAKE_SIGNING_KEY}"
        )
    return value
