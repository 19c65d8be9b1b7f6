"""What no page of ours may carry: a mark of the NHS, or anything fetched from (or sent to) another host.

Pure functions over the HTML of a page. Read by test_pages_are_ours.py, by the
journeys (tests/journeys/visitor.py) and by tests/unit/frontend/test_pages.py.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

NHS_MARKS = (
    "M0 0h40v16",  # the path of the lozenge
    'alt="NHS"',
    "assets.nhs.uk",
    "nhs.uk/search",
    "nhsuk-header__logo",
    "nhsuk-logo",
    "Frutiger",
    "NHS.UK",
)
FETCHED = frozenset({"action", "background", "data", "formaction", "poster", "src", "srcset", "xlink:href"})
IN_STYLE = re.compile(r"""(?:url\(|@import)\s*["']?([^"')\s;]+)""")


def nhs_marks(html: str) -> list[str]:
    return [mark for mark in NHS_MARKS if mark in html]


def outside_addresses(html: str, *, own: str = "") -> list[str]:
    """What the page would fetch from, or send to, another host than `own`. A link that a person follows is neither."""
    page = _Addresses()
    page.feed(html)
    page.close()
    return [address for address in page.found if urlsplit(address).netloc not in {"", own}]


class _Addresses(HTMLParser):
    """Every address in a page that the browser asks without being told to, or sends a form to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        for name, value in attrs:
            if name == "srcset":
                self.found += [part.split()[0] for part in (value or "").split(",") if part.strip()]
            elif name in FETCHED or (name == "href" and tag not in {"a", "area"}):
                self.found.append((value or "").strip())
            elif name == "style":
                self.found += IN_STYLE.findall(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.found += IN_STYLE.findall(data)
