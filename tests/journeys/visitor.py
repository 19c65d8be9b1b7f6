"""A person in a browser: does what people do, and looks at every page on the way.

`look` is where a page is judged: axe finds nothing, the title and the one main
heading are there, links with the same words lead to the same place, nothing
scrolls sideways, nothing was asked of another host, the console is silent.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Route

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = Path(os.environ.get("SAFEFIT_PICTURES", ROOT / ".state" / "pictures"))
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NHS_MARKS = ("M0 0h40v16", 'alt="NHS"', "assets.nhs.uk", "nhsuk-header__logo")


class Visitor:
    """One browser window of one person at one width. Use `as_person` to sign in by the demo button."""

    def __init__(self, context: BrowserContext, base_url: str, *, width: int, javascript: bool = True) -> None:
        self.context, self.base_url, self.width, self.javascript = context, base_url, width, javascript
        self.outside: list[str] = []
        self.complaints: list[str] = []
        context.route("**/*", self._only_our_own)
        self.page: Page = context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        # A page that refuses answers 409 or 422; the browser calls that an error, we do not.
        if message.type == "error" and not re.search(r"status of (409|422)\b", message.text):
            self.complaints.append(message.text)

    def _only_our_own(self, route: Route) -> None:
        if urlsplit(route.request.url).netloc in {urlsplit(self.base_url).netloc, ""}:
            route.continue_()
            return
        self.outside.append(route.request.url)
        route.abort()

    # --- moving about

    def goto(self, path: str) -> None:
        self.page.goto(self.base_url + path)

    def follow(self, words: str) -> None:
        self.page.get_by_role("link", name=words).first.click()

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=words).first.click()

    def fill(self, label: str, value: str) -> None:
        self.page.get_by_label(label).first.fill(value)

    def choose(self, words: str, *, exact: bool = True) -> None:
        """Tick the radio button or box with these words."""
        self.page.get_by_label(words, exact=exact).first.check()

    def select(self, label: str, words: str) -> None:
        self.page.get_by_label(label).first.select_option(label=words)

    def tab_to(self, words: str, *, within: int = 80) -> None:
        """Reach a link or button with the Tab key alone."""
        for _ in range(within):
            self.page.keyboard.press("Tab")
            focused = self.page.evaluate(
                "(document.activeElement.innerText || document.activeElement.value || '').trim()"
            )
            if words in focused:
                return
        raise AssertionError(f"the Tab key does not reach {words!r}")

    # --- looking

    @property
    def heading(self) -> str:
        return self.page.locator("h1").first.inner_text().strip()

    @property
    def text(self) -> str:
        return self.page.locator("body").inner_text()

    def sees(self, words: str) -> None:
        assert words in self.text, f"{words!r} is not on {self.page.url}:\n{self.text[:2000]}"

    def does_not_see(self, words: str) -> None:
        assert words not in self.text, f"{words!r} is on {self.page.url}"

    def look(self, name: str, *, error: bool = False) -> None:
        """Judge the page, and keep its picture under `name`."""
        self._picture(name)
        title = self.page.title()
        assert title.endswith("SafeFit"), f"the title of {name} is {title!r}"
        assert title.startswith("Error: ") == error, f"the title of {name} is {title!r}"
        assert self.page.locator("h1").count() == 1, f"{name} has {self.page.locator('h1').count()} main headings"
        html = self.page.content()
        assert not [mark for mark in NHS_MARKS if mark in html], f"{name} carries an NHS mark"
        assert not self.outside, f"{name} asked other hosts: {self.outside}"
        assert not self.complaints, f"{name}: the browser complained: {self.complaints}"
        assert self._overflow() <= 0, f"{name} scrolls sideways by {self._overflow()} px at {self.width}"
        assert not self._unlike_links(), f"{name}: links of the same words lead apart: {self._unlike_links()}"
        if self.javascript:
            if error:
                assert self._error_summary_has_focus(), f"{name}: the error summary is not focused"
            assert not self._axe(), f"{name}: {json.dumps(self._axe(), indent=1)}"

    def _picture(self, name: str) -> None:
        folder = PICTURES / str(self.width)
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{name}.png", full_page=True)

    def _overflow(self) -> int:
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def _unlike_links(self) -> dict[str, list[str]]:
        found: dict[str, set[str]] = {}
        for link in self.page.locator("main a[href]").all():
            found.setdefault(link.inner_text().strip(), set()).add(link.get_attribute("href") or "")
        return {words: sorted(targets) for words, targets in found.items() if words and len(targets) > 1}

    def _error_summary_has_focus(self) -> bool:
        return bool(self.page.evaluate("!!document.activeElement.closest('.nhsuk-error-summary')"))

    def _axe(self) -> list[dict[str, object]]:
        if not self.page.evaluate("'axe' in window"):
            # Evaluated by the browser's debugger, so that the page's own policy stays as strict as it is.
            self.page.evaluate(AXE.read_text())
        result = self.page.evaluate("(rules) => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
        return [
            {"id": v["id"], "impact": v["impact"], "nodes": [n["html"][:200] for n in v["nodes"][:3]]}
            for v in result["violations"]
        ]
