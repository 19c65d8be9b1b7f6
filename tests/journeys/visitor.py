"""A person in a browser: does what people do, and looks at every page on the way.

`look` is where a page is judged: axe finds nothing, the title and the one main
heading are there, links with the same words lead to the same place, nothing
scrolls sideways, nothing was asked of another host, the console is silent.
"""

from __future__ import annotations

import json
import os
import re
from datetime import date
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

from tests.structure.marks import nhs_marks

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
PAPERS = ROOT / "docs" / "pictures"
PICTURES = os.environ.get("SAFEFIT_PICTURES", str(ROOT / ".state" / "pictures"))  # empty: none are kept
PHONE, DESKTOP, HEIGHT = 320, 1280, 900
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
BY_WIDTH = ["link-in-text-block", "scrollable-region-focusable", "target-size"]  # what a width may change
# The first width is judged by every rule. The next ones show the same elements, but for those that it had hidden:
# these are judged by every rule, the whole page by the rules that a width may change, and the contrast of what has
# other colours than before, or text that is large at one of the widths only. Half of the time less. What stands
# around the page itself (header, footer, ways to get help) is looked through once for each form of it that there is.
JUDGE = """async ({every, byWidth, known}) => {
    const around = [...document.body.children].filter(
        one => !one.matches('main') && !one.querySelector('main') && one.checkVisibility());
    const form = one => one.outerHTML.replace(/\\d+|(href|value)="[^"]*"/g, '') + innerWidth;
    const left = around.filter(one => !known.includes(form(one)));
    const seen = around.filter(one => known.includes(form(one)));
    const judge = async (include, type, values) => (await axe.run(
        {include, exclude: seen}, {resultTypes: ['violations'], preload: false, runOnly: {type, values}})).violations;
    const colours = one => {
        const {color, backgroundColor, backgroundImage, opacity, fontSize, fontWeight} = getComputedStyle(one);
        const large = parseFloat(fontSize) >= (fontWeight >= 700 ? 18.66 : 24);
        return [color, backgroundColor, backgroundImage, opacity, large].join();
    };
    const shown = [...document.body.querySelectorAll('*')].filter(
        one => one.checkVisibility() && !seen.some(part => part.contains(one)));
    const first = !window.judged;
    window.judged ??= new Map();
    const late = shown.filter(one => !window.judged.has(one));
    const recoloured = shown.filter(one => window.judged.has(one) && window.judged.get(one) !== colours(one));
    shown.forEach(one => window.judged.set(one, colours(one)));
    const violations = first ? await judge(document, 'tag', every) : [
        ...await judge(document, 'rule', byWidth),
        ...late.length ? await judge(late, 'tag', every) : [],
        ...recoloured.length ? await judge(recoloured, 'rule', ['color-contrast']) : [],
    ];
    return {violations, around: left.map(form)};
}"""
AROUND: set[str] = set()  # what stands around a page, in each form and at each width that was found without fault
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# All that is asked of a page at once: each question of its own would be a way to the browser and back.
SEEN = """() => ({
    title: document.title,
    headings: document.querySelectorAll('h1').length,
    html: document.documentElement.outerHTML,
    links: [...document.querySelectorAll('main a[href]')].map(a => [a.innerText.trim(), a.getAttribute('href')]),
    spaced: [...document.querySelectorAll('.nhsuk-form-group')].filter(
        one => getComputedStyle(one).whiteSpace.startsWith('pre')).length,
    summaryHasFocus: !!document.activeElement.closest('.nhsuk-error-summary'),
    judged: delete window.judged,  // what was done on it since the last look may have changed it
})"""


class Visitor:
    """One browser window of one person, used at the first of its widths. `sign_in` is the demonstration's button."""

    def __init__(
        self, context: BrowserContext, base_url: str, *, widths: tuple[int, ...], javascript: bool = True
    ) -> None:
        self.context, self.base_url, self.widths, self.javascript = context, base_url, widths, javascript
        self.width = widths[0]
        self.outside: list[str] = []
        self.complaints: list[str] = []
        # A page that refuses answers 409 or 422; the browser calls that an error, we do not.
        self.harmless = r"status of (409|422)\b"
        if javascript:
            # Given by the browser's debugger, so that the page's own policy stays as strict as it is.
            context.add_init_script(path=AXE)
        context.on("request", self._note_who_is_asked)  # not routed: that would turn the browser's cache off
        self.page: Page = context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not re.search(self.harmless, message.text):
            self.complaints.append(message.text)

    def _note_who_is_asked(self, request: Request) -> None:
        if urlsplit(request.url).netloc not in {urlsplit(self.base_url).netloc, ""}:
            self.outside.append(request.url)

    # --- moving about

    def enlarge_text(self) -> None:
        """Text at twice its size from the next page on, as somebody sets it in a browser; the window stays as it is."""
        grow = "document.documentElement.style.fontSize = '200%'"
        self.page.add_init_script(f"document.addEventListener('DOMContentLoaded', () => {{ {grow} }})")

    def goto(self, path: str) -> None:
        self.page.goto(self.base_url + path)

    def sign_in(self, slug: str) -> None:
        """As one of the made-up people, by the page of the demonstration."""
        self.goto("/demo/sign-in/")
        self.fill("Demo person", slug)
        self.press("Sign in")

    def follow(self, words: str) -> None:
        self._leave_by("link", words)

    def press(self, words: str) -> None:
        self._leave_by("button", words)

    def is_told_by(self, name: str) -> None:
        """At the desk, on somebody's page: they are on the line, and said two things that are on record."""
        self.choose(name)
        self.choose("Date of birth: ", exact=False)
        self.choose("Reference: ", exact=False)
        self.press("Keep who is on the line")
        self.sees(f"{name} is on the line")

    def _leave_by(self, role: Literal["link", "button"], words: str) -> None:
        """Every link and button leads to a page: wait until it is there."""
        found = self.page.get_by_role(role, name=words, exact=True)
        found = found if found.count() else self.page.get_by_role(role, name=words)
        with self.page.expect_navigation():
            found.first.click()

    def status_of(self, path: str) -> int:
        """What opening `path` would answer to this person, without going there."""
        return int(self.context.request.get(self.base_url + path, max_redirects=0).status)

    def status_of_post(self, path: str) -> int:
        """The same for a form with one button, sent with this person's own token."""
        token = next(cookie["value"] for cookie in self.context.cookies() if cookie["name"] == "csrftoken")
        headers = {"X-CSRFToken": token, "Origin": self.base_url}
        return int(self.context.request.post(self.base_url + path, headers=headers, max_redirects=0).status)

    def press_enter(self) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def fill(self, label: str, value: str) -> None:
        self.page.get_by_label(label).first.fill(value)

    def fill_date(self, name: str, on: date | tuple[str, str, str]) -> None:
        """The three boxes of a date; three texts for a date that there is not."""
        parts = (str(on.day), str(on.month), str(on.year)) if isinstance(on, date) else on
        for part, value in zip(("day", "month", "year"), parts, strict=True):
            self.page.locator(f'[name="{name}-{part}"]').fill(value)

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
                assert self.focus_is_visible(), f"nothing shows that {words!r} has the focus"
                return
        raise AssertionError(f"the Tab key does not reach {words!r}")

    def focus_is_visible(self) -> bool:
        """Whether what has the focus looks different from when it has not."""
        return bool(
            self.page.evaluate(
                """() => {
                    const one = document.activeElement;
                    const looks = () => {
                        const s = getComputedStyle(one);
                        return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.backgroundColor].join();
                    };
                    const focused = looks();
                    one.blur();
                    const plain = looks();
                    one.focus({focusVisible: true});
                    return focused !== plain;
                }"""
            )
        )

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
        """Judge the page at every width of the window, and keep its pictures under `name`."""
        seen = self.page.evaluate(SEEN)
        title, marks, unlike = seen["title"], nhs_marks(seen["html"]), unlike_links(seen["links"])
        assert title.endswith("SafeFit"), f"the title of {name} is {title!r}"
        assert title.startswith("Error: ") == error, f"the title of {name} is {title!r}"
        assert seen["headings"] == 1, f"{name} has {seen['headings']} main headings"
        assert not marks, f"{name} carries a mark of the NHS: {marks}"
        assert not unlike, f"{name}: links of the same words lead apart: {unlike}"
        assert not seen["spaced"], f"{name}: {seen['spaced']} fields show the line breaks of the page's own source"
        if self.javascript and error:
            assert seen["summaryHasFocus"], f"{name}: the error summary is not focused"
        for width in self.widths:
            self._become(width)
            self._look_at_this_width(name)
        self._become(self.widths[0])

    def _become(self, width: int) -> None:
        """As wide as that: what a page shows depends on its width alone, so it is not loaded anew."""
        if width != self.width:
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            self.width = width

    def _look_at_this_width(self, name: str) -> None:
        self._picture(name)
        overflow = self.page.evaluate(OVERFLOW)
        assert overflow <= 0, f"{name} scrolls sideways by {overflow} px at {self.width}"
        faults = self._axe() if self.javascript else []
        assert not faults, f"{name} at {self.width} px: {json.dumps(faults, indent=1)}"
        assert not self.outside, f"{name} asked other hosts: {self.outside}"
        assert not self.complaints, f"{name}: the browser complained: {self.complaints}"

    def picture_for_the_papers(self, name: str, *, width: int = 0, top: str = "") -> None:
        """Renew a picture of docs/pictures, when asked to: one screen of the page, with the heading `top` on top."""
        if os.environ.get("SAFEFIT_DOC_PICTURES") != "1":
            return
        PAPERS.mkdir(parents=True, exist_ok=True)
        size = {"width": self.width, "height": HEIGHT}
        self.page.set_viewport_size({**size, "width": width or self.width})
        if top:
            place = self.page.get_by_role("heading", name=top).first.evaluate("one => one.getBoundingClientRect().top")
            self.page.evaluate("y => window.scrollBy(0, y - 16)", place)
        self.page.screenshot(path=PAPERS / f"{name}.png")
        self.page.set_viewport_size(size)

    def _picture(self, name: str) -> None:
        """For people to look at; where nobody will, a fifth of the time of a look is saved."""
        if not PICTURES:
            return
        folder = Path(PICTURES) / str(self.width)
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{name}.png", full_page=True)

    def _axe(self) -> list[dict[str, object]]:
        judged = self.page.evaluate(JUDGE, {"every": RULES, "byWidth": BY_WIDTH, "known": sorted(AROUND)})
        violations = judged["violations"]
        if not violations:
            AROUND.update(judged["around"])
        return [
            {"id": v["id"], "impact": v["impact"], "nodes": [n["html"][:200] for n in v["nodes"][:3]]}
            for v in violations
        ]


def unlike_links(links: list[tuple[str, str]]) -> dict[str, list[str]]:
    """Where the links with the same words lead, if to more than one place."""
    found: dict[str, set[str]] = {}
    for words, target in links:
        found.setdefault(words, set()).add(target)
    return {words: sorted(targets) for words, targets in found.items() if words and len(targets) > 1}
