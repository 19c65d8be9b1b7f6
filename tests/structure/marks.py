"""What nothing of ours may carry: a mark of the NHS, or anything fetched from (or sent to) another host.

Pure functions over the HTML of a page, and over the style sheets, scripts and
drawings that pages ask for. Read by test_pages_are_ours.py, by test_routes.py, by the journeys
(tests/journeys/visitor.py) and by tests/unit/frontend/test_pages.py.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

NHS_MARKS = (
    "M0 0h40v16",  # the path of the lozenge, as older versions of the design system draw it
    "M200 0v80H0V0h200",  # as it draws it today
    "M104 34v40H4V34h100",  # in its icons
    "nhsuk-icon-mask",
    "nhsuk-opengraph-image",
    'alt="NHS"',
    "assets.nhs.uk",
    "nhs.uk/search",
    "nhsuk-header__logo",
    "nhsuk-logo",
    "Frutiger",
    "NHS.UK",
)
FETCHED = frozenset({"action", "background", "data", "formaction", "poster", "src", "xlink:href"})
IN_STYLE = re.compile(r"""(?:url\(|@import(?!\s*url\())\s*["']?([^"')\s;]+)""", re.IGNORECASE)
IN_REFRESH = re.compile(r"""url\s*=\s*["']?([^"'\s]+)""", re.IGNORECASE)
IN_CODE = re.compile(r"""(?:\b(?:https?|wss?):|["'`(])//[^\s"'`()<>;,]+""", re.IGNORECASE)
NAMESPACES = "http://www.w3.org/"  # names that look like addresses; nothing is fetched from there


def faults_of(html: str) -> list[str]:
    """What of a page is not ours."""
    return [f"carries {mark}" for mark in nhs_marks(html)] + [f"asks {host}" for host in outside_addresses(html)]


def nhs_marks(text: str) -> list[str]:
    return [mark for mark in NHS_MARKS if mark in text]


def outside_addresses(html: str, *, own: str = "") -> list[str]:
    """What the page would fetch from, or send to, another host than `own`. A link that a person follows is neither."""
    page = _Addresses()
    page.feed(html)
    page.close()
    return [address for address in page.found if urlsplit(address).netloc not in {"", own}]


def outside_addresses_in_code(text: str) -> list[str]:
    """Every address of another host in a style sheet, a script or a drawing, whatever is done with it there."""
    code = re.sub(r"/\*!.*?\*/", "", text, flags=re.DOTALL)  # a licence names its home
    found = [*(match.strip("\"'`(") for match in IN_CODE.findall(code)), *IN_STYLE.findall(code)]
    outside = [address for address in found if urlsplit(address).netloc and not address.startswith(NAMESPACES)]
    return list(dict.fromkeys(outside))


class _Addresses(HTMLParser):
    """Every address in a page that the browser asks without being told to, or sends a form to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        for name, value in attrs:
            self.found += self._of(tag, name, value or "")

    def _of(self, tag: str, name: str, value: str) -> list[str]:
        if name in {"srcset", "imagesrcset"}:
            return [part.split()[0] for part in value.split(",") if part.strip()]
        if name == "ping":
            return value.split()
        if name == "srcdoc":
            return outside_addresses(value)
        if name == "content" and tag == "meta":
            return IN_REFRESH.findall(value)
        if name in FETCHED or (name == "href" and tag not in {"a", "area"}):
            return [value.strip()]
        return IN_STYLE.findall(value)  # style="…", and fill="url(…)" of a drawing

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.found += IN_STYLE.findall(data)
