"""What every answer of the site tells the browser: run nothing but our own, send nobody on, stand in no frame.

Every address is opened, pages, account pages, documentation and API alike, and
so are refusals: the policy is one for all, and an answer that widens it fails.
What production adds (HTTPS, cookies) is in tests/unit/safefit/test_production.py.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client, override_settings
from django.urls import include, path, reverse

from tests.structure.addresses import addresses
from tests.structure.routes import ROUTES

pytestmark = pytest.mark.django_db

OURS = "'self'"
POLICY = {
    "default-src": "'none'",
    "script-src": OURS,
    "style-src": OURS,
    "font-src": OURS,
    "img-src": f"{OURS} data:",
    "connect-src": OURS,
    "manifest-src": OURS,
    "worker-src": OURS,
    "form-action": OURS,
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
}
WIDER = {
    "me:join_class": {"form-action": f"{OURS} https:"},  # its button leads on to the class, at another host
    "teach:evidence": {"sandbox": ""},  # narrower: a file that somebody has sent
    "desk:evidence": {"sandbox": ""},
}
OTHERS = {"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
NONCE = re.compile(r" 'nonce-([A-Za-z0-9+/_=-]{16,})'")


def faults_of(answer: HttpResponse, name: str = "") -> list[str]:
    """What in the headers of `answer`, or in a page beside them, lets in what is not ours."""
    wanted = {**POLICY, **WIDER.get(name, {})}
    faults = [f"{name}: {answer.get(name)}" for name, value in OTHERS.items() if answer.get(name) != value]
    given = str(answer.get("Content-Security-Policy", ""))
    nonces = NONCE.findall(given)
    parts = (part.strip().partition(" ") for part in NONCE.sub("", given).split(";"))
    policy = {name: value for name, _, value in parts}
    differs = sorted(name for name in {*wanted, *policy} if policy.get(name) != wanted.get(name))
    faults += [f"{name}: {policy.get(name)}" for name in differs]
    if not answer.get("Content-Type", "").startswith("text/html"):
        return faults
    page = _Inline()
    page.feed(answer.content.decode())
    return faults + page.faults(nonces)


class _Inline(HTMLParser):
    """What stands in a page itself and would need a wider policy: scripts without a nonce, handlers, styles."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and "src" not in given:
            self.found.append(("script", given.get("nonce")))
        if tag == "style":
            self.found.append(("style", None))
        self.found += [(name, None) for name in given if name == "style" or name.startswith("on")]

    def faults(self, nonces: list[str]) -> list[str]:
        return [f"inline {what}" for what, nonce in self.found if nonce is None or nonce not in nonces]


def test_every_answer_carries_the_one_policy(world, sign_in):
    browsers = {"": Client()}
    faults = []
    for address in addresses():
        route = ROUTES[address.name]
        who = min(route.may - {"anonymous"}, default="")
        if who not in browsers:
            browsers[who] = sign_in(world.users[who])
        url = reverse(address.name, kwargs=route.arguments(world, address.arguments))
        for browser, name in ((browsers[who], address.name), (browsers[""], "")):
            faults += [f"{address.name}: {fault}" for fault in faults_of(browser.get(url), name)]
    assert faults == []


@override_settings(DEBUG_PROPAGATE_EXCEPTIONS=False)
def test_an_answer_to_what_went_wrong_carries_it_too(sign_in, nell):
    browser = sign_in(nell)
    answers = [browser.get("/nowhere/"), browser.get("/api/v1/nowhere/"), browser.get("/desk/"), browser.post("/")]
    assert [answer.status_code for answer in answers] == [404, 404, 403, 405]
    with_check = Client(enforce_csrf_checks=True)
    answers.append(with_check.post("/account/sign-in/", {"login": "pat@example.org"}))
    assert answers[-1].status_code == 403
    assert [faults_of(answer) for answer in answers] == [[]] * len(answers)


def test_the_documentation_of_the_api_asks_no_other_host():
    """Its tables are drawn here: no viewer is fetched from anywhere."""
    html = Client().get("/api/docs/").content.decode()
    fetched = re.findall(r"""<(?:script|link|img|iframe|source)\b[^>]*?(?:src|href)=["']([^"']+)""", html)
    assert fetched and all(address.startswith(("/static/", "/api/")) for address in fetched)


def inline(request: HttpRequest) -> HttpResponse:
    return render(request, "frontend/public/privacy.html", {"nonce": str(request.csp_nonce)})


def widened(request: HttpRequest) -> HttpResponse:
    answer = HttpResponse(
        f'<p onclick="x()" style="color: red"><script nonce="{request.csp_nonce}">1</script><script>2'
    )
    answer._csp_update = {"script-src": "'unsafe-inline'"}  # type: ignore[attr-defined]
    answer["X-Frame-Options"] = "SAMEORIGIN"
    return answer


urlpatterns = [path("inline/", inline), path("widened/", widened), path("", include("safefit.urls"))]


@override_settings(ROOT_URLCONF=__name__)
def test_a_script_of_a_page_runs_by_a_nonce_that_no_other_answer_shares():
    one, two = (NONCE.findall(Client().get("/inline/")["Content-Security-Policy"]) for _ in range(2))
    assert len(one) == len(two) == 1
    assert one != two
    assert faults_of(Client().get("/inline/")) == []


@override_settings(ROOT_URLCONF=__name__)
def test_the_check_finds_an_answer_that_widens_the_policy():
    assert faults_of(Client().get("/widened/")) == [
        "X-Frame-Options: SAMEORIGIN",
        "script-src: 'self' 'unsafe-inline'",
        "inline onclick",
        "inline style",
        "inline script",
    ]
