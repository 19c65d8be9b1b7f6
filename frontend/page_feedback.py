"""Which pages ask whether they helped, and by which name each is known to the desk.

Here: the question under a page. Not here: the page that is answered on (views/public/page_feedback.py), what becomes
of it (messaging/page_feedback.py). A name is the address with "…" for whatever stands in it for one person or class.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, get_resolver

ASKED_ON: Final = ("public", "me")
NOT_ON: Final = ("public:page_feedback",)
ONE_OF_MANY: Final = "…"
_PART: Final = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Asked:
    """The query of each answer."""

    yes: str
    no: str


def asked_about(request: HttpRequest) -> Asked | None:
    """None where a page does not ask."""
    found = request.resolver_match
    if found is None or found.namespace not in ASKED_ON or found.view_name in NOT_ON:
        return None
    page = _name(found.route)
    return Asked(*(urlencode({"page": page, "helpful": answer}) for answer in ("yes", "no")))


@cache
def pages_that_ask() -> frozenset[str]:
    """By their names; nothing else is kept."""
    return frozenset(_names(get_resolver().url_patterns, "", ""))


def _names(patterns: list[URLPattern | URLResolver], before: str, namespace: str) -> Iterator[str]:
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _names(one.url_patterns, route, one.namespace or namespace)
        elif namespace in ASKED_ON:
            yield _name(route)


def _name(route: str) -> str:
    return "/" + _PART.sub(ONE_OF_MANY, route)
