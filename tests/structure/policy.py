"""What every answer of the site tells the browser: run nothing but our own, send nobody on, stand in no frame.

Here: the policy as it must be, and what an answer has of it. Read by test_routes.py, which opens every address as
everybody, and by test_headers.py. What production adds (HTTPS, cookies) is in tests/unit/safefit/test_production.py.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from django.http import HttpResponse

OURS = "'self'"
POLICY = {
    "default-src": "'none'",
    "script-src": OURS,
    "style-src": OURS,
    "font-src": OURS,
    "img-src": f"{OURS} data:",
    "connect-src": OURS,
    "manifest-src": OURS,
    "worker-src": OURS,
    "form-action": OURS,
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
}
WIDER = {
    "me:join_class": {"form-action": f"{OURS} https:"},  # its button leads on to the class, at another host
    "teach:evidence": {"sandbox": ""},  # narrower: a file that somebody has sent
    "desk:evidence": {"sandbox": ""},
}
OTHERS = {"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
NONCE = re.compile(r" 'nonce-([A-Za-z0-9+/_=-]{16,})'")


def faults_of(answer: HttpResponse, name: str = "", *, read: bool = True) -> list[str]:
    """What in the headers of `answer`, or (with `read`) in a page beside them, lets in what is not ours."""
    wanted = {**POLICY, **WIDER.get(name, {})}
    faults = [f"{name}: {answer.get(name)}" for name, value in OTHERS.items() if answer.get(name) != value]
    given = str(answer.get("Content-Security-Policy", ""))
    nonces = NONCE.findall(given)
    parts = (part.strip().partition(" ") for part in NONCE.sub("", given).split(";"))
    policy = {name: value for name, _, value in parts}
    differs = sorted(name for name in {*wanted, *policy} if policy.get(name) != wanted.get(name))
    faults += [f"{name}: {policy.get(name)}" for name in differs]
    if not read or not answer.get("Content-Type", "").startswith("text/html"):
        return faults
    page = _Inline()
    page.feed(answer.content.decode())
    return faults + page.faults(nonces)


class _Inline(HTMLParser):
    """What stands in a page itself and would need a wider policy: scripts without a nonce, handlers, styles."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and "src" not in given:
            self.found.append(("script", given.get("nonce")))
        if tag == "style":
            self.found.append(("style", None))
        self.found += [(name, None) for name in given if name == "style" or name.startswith("on")]

    def faults(self, nonces: list[str]) -> list[str]:
        return [f"inline {what}" for what, nonce in self.found if nonce is None or nonce not in nonces]
