"""A real browser against a real server over a real database."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from safefit.toolchain import BROWSERS, WINDOWLESS
from tests.journeys.visitor import AXE, DESKTOP, HEIGHT, PHONE, Visitor
from tests.journeys.world import Post, World, make_world

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",  # no other host is reached, whatever a page asks for
]


def chromium() -> str | None:
    named = (os.environ.get("SAFEFIT_CHROMIUM"), *map(shutil.which, (WINDOWLESS, *BROWSERS)))
    return next(filter(None, named), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/journeys/" in str(item.path):
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=False))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in this thread; the tests are synchronous
    program = chromium()
    if program is None or not AXE.exists():
        reason = "no Chromium, or the front-end packages are not installed: start the tests with ./run test"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_window(browser: Browser, live_server: Any) -> Iterator[Callable[..., Visitor]]:
    """A fresh browser: no cookies, UK English, a zone that is not the UK's.

    `open_window()` is a phone's, whose pages are looked at once more as wide as a desk's;
    `open_window(width=320)` has that width alone.
    """
    contexts = []

    def open_one(*, width: int | None = None, javascript: bool = True, **options: Any) -> Visitor:
        widths = (PHONE, DESKTOP) if width is None else (width,)
        context = browser.new_context(
            viewport={"width": widths[0], "height": HEIGHT},
            locale="en-GB",
            timezone_id="Europe/Athens",  # pitfalls 29: what people read is UK time, whatever the browser says
            java_script_enabled=javascript,
            bypass_csp=False,
            **options,
        )
        context.set_default_timeout(10_000)
        expect.set_options(timeout=10_000)
        contexts.append(context)
        return Visitor(context, live_server.url, widths=widths, javascript=javascript)

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def world(live_server: Any) -> World:
    return make_world()


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch, live_server: Any) -> Post:
    """Delivery at any hour: whether the evening is quiet is shown by the tests of messaging."""
    monkeypatch.setattr("messaging.delivery.quiet_until", lambda at: None)
    return Post()
