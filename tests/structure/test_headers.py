"""The one policy, beside what test_routes.py sees of it at every address: refusals, the documentation, nonces.

What the policy is, and what an answer has of it, is in policy.py.
"""

from __future__ import annotations

import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client, override_settings
from django.urls import include, path

from tests.structure.policy import NONCE, faults_of

pytestmark = pytest.mark.django_db


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
