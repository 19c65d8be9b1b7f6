"""The register in a hall without signal: what a telephone keeps, what it shows, and what it hands in.

Here: the page that is shown when no server answers, the service worker and the manifest (for everybody:
nothing in them is about anybody), the registers to keep, whether they may still be kept, and what comes back. Not
here: what becomes of it (classes/handed_in.py), the scripts (assets/js/offline, docs/adr/0038, 0041).
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from accounts.signin import public_page, requires, signed_in_page
from classes import teaching
from classes.handed_in import take_kept
from classes.register import open_registers, questions_with
from frontend.keeper import keeper_of, may_still_keep, sender_of, ticket_of
from frontend.signed_in import user_of
from frontend.views.teach.handed_in import read_items
from frontend.views.teach.kept import kept_registers
from frontend.views.teach.kept_words import shared_words

SHELL = "frontend/teach/offline.html"
TICKET = "X-SafeFit-Ticket"
FILES = (  # all that the page without signal is drawn with
    "frontend/safefit.css",
    "frontend/safefit.js",
    "frontend/teach.js",
    "frontend/fonts/atkinson.woff2",
    "frontend/images/mark.svg",
    "frontend/images/wave.svg",
)


@public_page
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The same for everybody: drawn without the request, so that nothing of a person can come into it."""
    return HttpResponse(_shell())


@public_page
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Names the files of this version, then runs the script; a new version is a new text, which browsers look for."""
    files = [*map(_file, FILES), {"url": reverse("teach:offline"), "revision": _fingerprint(_shell())}]
    lines = [
        f"self.safefitFiles = {json.dumps(files)};",
        f"self.safefitShell = {json.dumps(reverse('teach:offline'))};",
        f"importScripts({json.dumps(static('frontend/service-worker.js'))});",
    ]
    answer = HttpResponse("\n".join(lines), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@public_page
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    icons = [
        {"src": static(f"frontend/images/mark-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    told = {
        "name": "SafeFit register",
        "short_name": "Register",
        "lang": "en-GB",
        "start_url": reverse("teach:sessions"),
        "scope": reverse("teach:sessions"),
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#003f40",
        "icons": icons,
    }
    return JsonResponse(told, content_type="application/manifest+json")


@require_safe
@requires(Permission.TEACH)
def registers_to_keep(request: HttpRequest) -> HttpResponse:
    """What a telephone saves, for whom, and what time it is by our clock."""
    user, now = user_of(request), timezone.now()
    sessions = list(teaching.registers_to_keep(user, now))
    registers = open_registers(sessions=sessions, by=user.person, to_keep=True)
    told = {"for": keeper_of(user), "ticket": ticket_of(user), "now": int(now.timestamp() * 1000)}
    return JsonResponse(
        {**told, "shared": shared_words(questions_with(sessions)), "classes": kept_registers(registers, user.person)}
    )


@public_page
@require_safe
@never_cache
def may_keep(request: HttpRequest) -> HttpResponse:
    """Whether what a telephone has saved may stay on it, asked where nobody is signed in: only who held it knows.

    The ticket is a header and not a part of the address, which is written into logs. null for what is none of ours.
    """
    return JsonResponse({"keep": may_still_keep(request.headers.get(TICKET, ""))})


@require_POST
@signed_in_page
def hand_in(request: HttpRequest) -> HttpResponse:
    """What was kept, each answered for itself. 409 when another login kept it: nobody marks in another's name.

    For whoever is signed in: what somebody marked while they led the class is taken also when they lead no more.
    """
    user = user_of(request)
    sent = _read(request)
    if sent is None:
        return JsonResponse({"problem": "unreadable"}, status=400)
    if sent.get("for") != sender_of(user):
        return JsonResponse({"problem": "another_login"}, status=409)
    kept, unreadable = read_items(sent["items"])
    answers = [
        {"id": str(one.id), "fate": one.fate.value, "differs": one.differs}
        for one in take_kept(kept=kept, by=user.person)
    ]
    return JsonResponse({"items": answers + [{"id": one, "fate": "unreadable"} for one in unreadable]})


def _read(request: HttpRequest) -> dict[str, Any] | None:
    try:
        sent = json.loads(request.body)
    except ValueError:
        return None
    return sent if isinstance(sent, dict) and isinstance(sent.get("items"), list) else None


def _shell() -> str:
    return get_template(SHELL).render()


def _file(name: str) -> dict[str, str | None]:
    """An address with a hash in it never changes what it holds; another one is fetched anew with each version."""
    url = static(name)
    return {"url": url, "revision": "unhashed" if url == f"{settings.STATIC_URL}{name}" else None}


def _fingerprint(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:20]


urlpatterns = [
    path("offline/", offline, name="offline"),
    path("offline/registers/", registers_to_keep, name="registers_to_keep"),
    path("offline/may-keep/", may_keep, name="may_keep"),
    path("offline/kept/", hand_in, name="hand_in"),
    path("service-worker.js", service_worker, name="service_worker"),
    path("manifest.webmanifest", manifest, name="manifest"),
]
