"""On paper for those who are not here yet: a leaflet, and a poster with a code for the camera of a telephone.

Here: what they say, and the drawing, by the templates print/leaflet.typ and print/poster.typ. Not here: the addresses
(views/public/papers.py). The same facts as the pages for everybody; drawn once for the same facts, and kept by the
process, so that opening one often costs nothing.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from email.utils import parseaddr
from functools import lru_cache
from pathlib import Path

import segno
import typst
from django.conf import settings
from django.urls import reverse

from accounts.models import Programme
from frontend.letters import SENDER, TYPE
from frontend.wording import joined

TEMPLATES = Path(__file__).parent / "print"
TITLE = "Gentle exercise for people living with cancer"


def draw_leaflet(programmes: Iterable[Programme]) -> bytes:
    """Two sides of A4: what it is, who it is for, what happens next, and every way to get in touch."""
    return _drawn("leaflet.typ", json.dumps(_facts(programmes), sort_keys=True))


def draw_poster(programmes: Iterable[Programme]) -> bytes:
    """One side of A4, to be read from the other end of a waiting room."""
    return _drawn("poster.typ", json.dumps(_facts(programmes), sort_keys=True))


@lru_cache(maxsize=8)
def _drawn(template: str, facts: str) -> bytes:
    pdf: bytes = typst.compile(
        TEMPLATES / template,
        sys_inputs={"facts": facts},
        font_paths=[TYPE],
        ignore_system_fonts=True,  # the same on every computer
        pdf_standards="ua-1",  # one that a screen reader could not read is not drawn at all
    )
    return pdf


def _facts(programmes: Iterable[Programme]) -> dict[str, object]:
    join = settings.PUBLIC_URL + reverse("public:join")
    return {
        "title": TITLE,
        "sender": SENDER,
        "who": [line for programme in programmes for line in _who(programme)],
        "touch": _ways_to_get_in_touch(join),
        "phone": _whole(settings.PHONE),
        "hours": settings.PHONE_HOURS,
        "web": _plain(join),
        "code": _code(join),
        "code_alt": f"A code for the camera of a telephone. It opens {_plain(join)}",
    }


def _who(programme: Programme) -> list[str]:
    areas = joined(programme.areas_served, "or")
    return [
        f"You are {programme.minimum_age} or over.",
        "You have cancer, have had it, or are having tests for it. You do not need to prove it.",
        *([f"You live in {areas}."] if areas else []),
        "You agree that we ask about your health, so that we can keep you safe.",
    ]


def _ways_to_get_in_touch(join: str) -> list[tuple[str, str]]:
    ways = [
        ("Phone", f"{_whole(settings.PHONE)}, {settings.PHONE_HOURS}"),
        ("Relay UK or textphone", f"dial 18001, then {_whole(settings.PHONE)}"),
        ("Email", parseaddr(settings.DEFAULT_FROM_EMAIL)[1]),
        ("Post", settings.POSTAL_ADDRESS),
        ("Online", _plain(join)),
    ]
    return [(way, where) for way, where in ways if where]


def _code(address: str) -> str:
    picture = io.BytesIO()
    segno.make_qr(address, error="m").save(picture, kind="svg", xmldecl=False, scale=8, border=4, light="white")
    return picture.getvalue().decode()


def _plain(address: str) -> str:
    """An address as people type it."""
    return address.removeprefix("https://").removeprefix("http://").rstrip("/")


def _whole(number: str) -> str:
    """Not torn apart at the end of a line."""
    return number.replace(" ", "\u00a0")
