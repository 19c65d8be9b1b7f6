"""What production adds for the browser: HTTPS alone, cookies that never travel in the clear.

The settings are read in a process of their own, as production reads them, and
then hold here, so that real answers are looked at. What every copy sends is in
tests/structure/policy.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.http.cookie import SimpleCookie
from django.test import Client, override_settings
from django.urls import get_resolver

from participants.models import Participant
from tests.production import start

YEAR = 60 * 60 * 24 * 365
FOR_BROWSERS = ("SECURE_", "SESSION_COOKIE_", "CSRF_COOKIE_", "X_FRAME_", "CSRF_TRUSTED_ORIGINS", "DEBUG", "DEMO")
SHOW = (
    "import json; from django.conf import settings\n"
    f"print(json.dumps({{n: getattr(settings, n) for n in dir(settings) if n.startswith({FOR_BROWSERS!r})}}))"
)


def read(**environment: str) -> dict[str, Any]:
    done = start("-c", SHOW, **environment)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.fixture(scope="module")
def production() -> dict[str, Any]:
    return read()


@pytest.fixture
def in_production(production: dict[str, Any]) -> Iterator[None]:
    assert get_resolver().url_patterns  # read before, and once: without DEMO every later test would miss its addresses
    with override_settings(**production, ALLOWED_HOSTS=["testserver"], PUBLIC_URL="https://testserver"):
        yield


def test_a_traceback_never_leaves_the_server_and_nobody_is_a_demo_person(production: dict[str, Any]) -> None:
    assert (production["DEBUG"], production["DEMO"]) == (False, False)


def test_only_a_proxy_that_is_spoken_of_says_what_came_by_https(production: dict[str, Any]) -> None:
    assert production["SECURE_PROXY_SSL_HEADER"] is None
    assert read(SAFEFIT_BEHIND_PROXY="true")["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]


@pytest.mark.usefixtures("in_production", "db")
def test_what_comes_in_the_clear_is_sent_on_to_https() -> None:
    answer = Client().get("/privacy/")
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/privacy/")


@pytest.mark.usefixtures("in_production", "db")
@pytest.mark.parametrize("path", ["/privacy/", "/account/sign-in/", "/api/docs/", "/api/v1/own-record/", "/nowhere/"])
def test_a_browser_comes_by_https_alone_for_a_year(path: str) -> None:
    told = Client().get(path, secure=True)["Strict-Transport-Security"]
    assert told == f"max-age={YEAR}; includeSubDomains; preload"


def kept(cookies: SimpleCookie) -> dict[str, tuple[object, ...]]:
    return {
        name: tuple(one[what] for what in ("secure", "httponly", "samesite", "domain")) for name, one in cookies.items()
    }


@pytest.mark.usefixtures("in_production")
def test_cookies_travel_by_https_alone_and_to_no_other_site(pat: Participant) -> None:
    browser = Client()
    browser.get("/account/sign-in/", secure=True)
    browser.post(
        "/account/sign-in/", {"email": "pat@example.org"}, secure=True
    )  # a code is on its way: who asked is kept
    assert kept(browser.cookies) == {
        "csrftoken": (True, "", "Lax", ""),
        "sessionid": (True, True, "Lax", ""),
    }


@pytest.mark.usefixtures("in_production", "db")
def test_a_form_of_another_site_is_refused() -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.get("/account/sign-in/", secure=True)
    sent = {"email": "pat@example.org", "csrfmiddlewaretoken": browser.cookies["csrftoken"].value}
    elsewhere = browser.post("/account/sign-in/", sent, secure=True, headers={"origin": "https://elsewhere.example"})
    assert elsewhere.status_code == 403
    ours = browser.post("/account/sign-in/", sent, secure=True, headers={"origin": "https://testserver"})
    assert (ours.status_code, ours["Location"]) == (302, "/account/sign-in/code/")
