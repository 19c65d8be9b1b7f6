"""Nothing of ours carries a mark of the NHS, and no page asks another host for anything.

Pages that need a way in are opened, and so are the error pages (the others are
read in test_routes.py); what is never drawn here is read as a template; what pages ask for is read as a file. What
counts as a mark or an outside address is decided in marks.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.core import mail
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path, reverse

from frontend.nhsuk import component
from safefit import urls as site
from tests.structure.marks import faults_of, nhs_marks, outside_addresses_in_code
from tests.structure.pages import Opened, every_page, pages
from tests.structure.routes import EVERYBODY, Route, World
from tests.structure.ways_in import WAYS_IN

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES, BUILT = ROOT / "frontend" / "jinja2", ROOT / "frontend" / "static" / "frontend"
READ_AS_CODE = {".css", ".js", ".svg"}
CANNOT_ASK = {".png", ".ttf", ".woff2", ".txt"}
TO_DEVELOPERS = re.compile(  # what scripts say in the console alone: an error's library, where a warning is explained
    r"NHS\.UK frontend |https://bit\.ly/wb-precache"
)


def faults_of_code(text: str) -> list[str]:
    read = TO_DEVELOPERS.sub("", unquote(text))
    return [f"carries {mark}" for mark in nhs_marks(read)] + [f"asks {a}" for a in outside_addresses_in_code(read)]


def faults_of_pages(opened: list[Opened]) -> list[str]:
    return [f"{page.address.name} {fault}" for page in opened for fault in faults_of(page.html)]


def not_drawn(opened: list[Opened]) -> list[str]:
    """Pages of which nothing was seen: what `faults_of` would pass without having read them."""
    return [
        f"{page.address.name} as {page.who}: {page.answer.status_code} {page.answer.headers.get('Location', '')}"
        for page in opened
        if not page.is_drawn
    ]


# --- pages -------------------------------------------------------------------


@pytest.mark.django_db
def test_every_page_that_its_address_alone_does_not_open_is_ours_alone(world, sign_in):
    """The others are read in the walk of everybody over every address (test_routes.py)."""
    assert sorted(set(WAYS_IN) - {address.name for address in pages()}) == []
    opened = list(every_page(world, sign_in, [address for address in pages() if address.name in WAYS_IN]))
    assert len(opened) > 20, "the pages have moved: this check reads nothing"
    assert not_drawn(opened) == []
    assert faults_of_pages(opened) == []


def crash(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("made up for a test")


def away(request: HttpRequest) -> HttpResponse:
    raise OperationalError("connection refused")


def blank(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def marked(request: HttpRequest) -> HttpResponse:
    return HttpResponse('<h1>Marked</h1><footer></footer><svg><path d="M200 0v80H0V0h200Z"/></svg></html>')


views = (crash, away, blank, marked)
urlpatterns = [*(path(f"{view.__name__}/", view, name=view.__name__) for view in views), path("", include(site))]
handler400, handler403, handler404, handler500 = site.handler400, site.handler403, site.handler404, site.handler500


def too_many_tries(world: World, sign_in: Any) -> HttpResponse:
    with override_settings(ACCOUNT_RATE_LIMITS={"login": "1/m/ip"}):
        browser = Client(REMOTE_ADDR="10.0.4.1")
        return [browser.post(reverse("account_password_login"), {"login": "x@example.org"}) for _ in range(2)][-1]


ERRORS: dict[str, tuple[int, Callable[[World, Any], HttpResponse]]] = {
    "a host that is not ours": (400, lambda world, sign_in: Client().get("/", headers={"host": "else.example"})),
    "another role": (403, lambda world, sign_in: sign_in(world.users["nell"]).get("/desk/")),
    "a form too old": (403, lambda world, sign_in: Client(enforce_csrf_checks=True).post("/join/")),
    "nothing there": (404, lambda world, sign_in: Client().get("/nothing/")),
    "an old link": (404, lambda world, sign_in: Client().get("/join/return/nonsense/")),
    "an old invitation": (404, lambda world, sign_in: Client().get("/help/nonsense/")),
    "the address of a button": (405, lambda world, sign_in: Client().get("/account/sign-in/start-again/")),
    "a wrong form": (422, lambda world, sign_in: sign_in(world.users["pat"]).post("/me/details/contact/", {})),
    "a wrong form of a library": (422, lambda world, sign_in: Client().post("/account/sign-in/", {})),
    "a place that cannot be taken": (
        409,
        lambda world, sign_in: sign_in(world.users["pat"]).post(f"/me/bookings/{world.booking.pk}/join/"),
    ),
    "too many tries": (429, too_many_tries),
    "a database that is away": (503, lambda world, sign_in: Client(raise_request_exception=False).get("/away/")),
    "a fault of ours": (500, lambda world, sign_in: Client(raise_request_exception=False).get("/crash/")),
}


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize("error", ERRORS)
def test_every_error_page_is_ours_alone(error, world, sign_in):
    status, cause = ERRORS[error]
    answer = cause(world, sign_in)
    assert answer.status_code == status
    html = answer.content.decode()
    assert "<h1" in html and "</footer>" in html
    assert faults_of(html) == []


def test_every_template_is_ours_alone_drawn_or_not():
    files = [file for file in TEMPLATES.rglob("*") if file.is_file()]
    assert len(files) > 120, "the templates have moved: this check reads nothing"
    assert [f"{file.name} {fault}" for file in files for fault in faults_of(file.read_text())] == []


# --- what pages ask for ------------------------------------------------------


def test_every_built_file_is_ours_alone():
    files = [file for file in BUILT.rglob("*") if file.is_file()]
    read = {file: file.read_text() for file in files if file.suffix in READ_AS_CODE}
    assert {file.suffix for file in read} == READ_AS_CODE, "styles and scripts are not built: ./run builds them"
    assert min(len(text) for text in read.values()) > 100
    assert sorted({file.suffix for file in files} - READ_AS_CODE - CANNOT_ASK) == []
    assert [f"{file.name} {fault}" for file, text in read.items() for fault in faults_of_code(text)] == []


# --- messages ----------------------------------------------------------------


def test_messages_are_plain_text_in_which_nothing_can_be_fetched():
    folders = (TEMPLATES / "messages", TEMPLATES / "account" / "email")
    letters = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    assert len(letters) > 15
    assert [letter.name for letter in letters if letter.suffix != ".txt"] == []


@pytest.mark.django_db
def test_a_letter_of_the_sign_in_library_has_no_second_body_in_html(pat):
    Client().post("/account/sign-in/", {"email": "pat@example.org"})
    assert [(letter.content_subtype, getattr(letter, "alternatives", [])) for letter in mail.outbox] == [("plain", [])]


# --- the checks, broken ------------------------------------------------------

OUTSIDE = {
    "a font": '<link rel="preload" href="https://fonts.example/f.woff2" as="font">',
    "a font in a style": "<style>@font-face { src: url(//fonts.example/f.woff2) }</style>",
    "a style sheet": '<link rel="stylesheet" href="//styles.example/s.css">',
    "an imported style sheet": '<style>@import url("https://styles.example/s.css");</style>',
    "a style sheet imported by its name": "<style>@import'https://styles.example/s.css'</style>",
    "a style of its own": '<p style="background: url(https://pictures.example/p.png)">',
    "a script": '<script src="https://scripts.example/s.js"></script>',
    "a picture": '<img src="http://pictures.example/p.png" alt="">',
    "one picture of several": '<img srcset="/p.png 1x, //pictures.example/p.png 2x" alt="">',
    "a preloaded picture": '<link rel="preload" imagesrcset="https://pictures.example/p.png 1x" as="image">',
    "a part of a drawing": '<svg><use href="https://pictures.example/p.svg#a"/></svg>',
    "a pattern of a drawing": '<svg><path fill="url(https://pictures.example/p.svg#a)"/></svg>',
    "a frame": '<iframe src="https://frames.example/"></iframe>',
    "a frame within": '<iframe srcdoc="<img src=https://pictures.example/p.png>"></iframe>',
    "a form": '<form action="https://forms.example/"></form>',
    "a button of its own way": '<button formaction="https://forms.example/">',
    "a page that leads away": '<meta http-equiv="refresh" content="0; url=https://else.example/">',
    "a link that tells": '<a href="/" ping="https://counts.example/">Home</a>',
}
MARKS = {
    "the lozenge": '<svg viewBox="0 0 40 16"><path d="M0 0h40v16H0z"/></svg>',
    "its words": '<img src="/logo.svg" alt="NHS">',
    "its host": '<a href="https://assets.nhs.uk/">pictures</a>',
    "its search": '<form action="/nhs.uk/search">',
    "its typeface": '<p style="font-family: Frutiger W01">',
    "its title": "<title>Find a class – NHS.UK</title>",
    "its icon": '<link rel="mask-icon" href="/images/nhsuk-icon-mask.svg">',
}


@pytest.mark.parametrize("added", [*OUTSIDE.values(), *MARKS.values()], ids=[*OUTSIDE, *MARKS])
def test_the_check_finds_what_is_not_ours_in_a_page(added):
    html = Client().get("/accessibility/").content.decode()
    assert faults_of(html) == []
    assert len(faults_of(html.replace("</main>", f"{added}</main>"))) == 1


def test_the_check_finds_the_mark_that_the_design_system_would_draw():
    drawn = component("header", {"logo": {"href": "/"}})
    lozenge = re.search(r"<path.*?/>", drawn, re.DOTALL)
    assert lozenge and faults_of(drawn) and faults_of(f"<svg>{lozenge[0]}</svg>")


@pytest.mark.parametrize("name", ["favicon.svg", "nhsuk-icon-mask.svg"])
def test_the_check_finds_the_icons_of_the_design_system(name):
    images = ROOT / "frontend" / "node_modules" / "nhsuk-frontend" / "dist" / "nhsuk" / "assets" / "images"
    assert faults_of_code((images / name).read_text())


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_the_walk_finds_a_page_that_carries_a_mark_and_one_that_is_not_drawn(world, sign_in):
    added = [page for page in pages() if page.name in {"blank", "marked"}]
    opened = list(every_page(world, sign_in, added, {page.name: Route(EVERYBODY) for page in added}))
    assert faults_of_pages(opened) == ["marked carries M200 0v80H0V0h200"]
    assert not_drawn(opened) == ["blank as anonymous: 200 "]


@pytest.mark.parametrize(
    "added",
    [
        '@import"https://styles.example/s.css";',
        "@import url(//styles.example/s.css);",
        "@font-face{src:url(https://fonts.example/f.woff2)}",
        'a{background:image-set("//pictures.example/p.png" 1x)}',
        'fetch("https://counts.example/")',
        "new WebSocket(`wss://counts.example/`)",
        'import("//scripts.example/s.js")',
        "<svg><image href='https://pictures.example/p.png'/></svg>",
        "a{font-family:Frutiger W01}",
        "a{background:url(data:image/svg+xml,%3Cpath d='M0%200h40v16z'/%3E)}",
    ],
)
def test_the_check_finds_what_is_not_ours_in_a_built_file(added):
    css = (BUILT / "safefit.css").read_text()
    assert faults_of_code(css) == []
    assert len(faults_of_code(css + added)) == 1


@pytest.mark.parametrize(
    "harmless",
    [
        "/*! Made by https://licence.example/ */",
        '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
        "a{background:url(images/wave.svg)}",
        "a{background:url('data:image/svg+xml;utf8,<svg xmlns=%22http://www.w3.org/2000/svg%22/>')}",
    ],
)
def test_a_licence_a_namespace_and_our_own_files_are_no_requests(harmless):
    assert faults_of_code(harmless) == []
