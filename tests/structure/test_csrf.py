"""What changes something asks for the token of a form of ours, at every address but those of programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, path
from django.views.decorators.csrf import csrf_exempt

# They come from no browser: each proves by a secret of its own who it is.
PROGRAMS = {"public:received_text", "public:text_receipt", "client_token"}


def exempt(patterns: list[Any], namespace: str = "", route: str = "") -> Iterator[str]:
    """Names of the addresses that look for no token. Those of the API look by themselves (safefit/api)."""
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from exempt(pattern.url_patterns, inner, here)
        elif not here.startswith("api/") and is_exempt(pattern):
            yield f"{namespace}{pattern.name or here}"


def is_exempt(pattern: URLPattern) -> bool:
    view: Callable[..., Any] = pattern.callback
    return bool(getattr(view, "csrf_exempt", False))


def test_every_address_but_those_of_programs_looks_for_the_token() -> None:
    assert set(exempt(get_resolver().url_patterns)) - PROGRAMS == set()


def test_the_check_finds_an_address_that_looks_for_none() -> None:
    assert list(exempt([path("x/", csrf_exempt(lambda request: None), name="x")])) == ["x"]
