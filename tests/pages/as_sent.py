"""What a browser sends when the form on a page is sent as it stands: typed words, chosen answers, hidden values."""

from __future__ import annotations

import re
from html import unescape

TAG = re.compile(r"<(input|textarea|select)\b([^>]*)>(?:(.*?)</\1>)?", re.DOTALL)
GIVEN = re.compile(r'([\w-]+)="([^"]*)"')
CHOSEN = re.compile(r'<option value="([^"]*)"[^>]* selected')


def as_it_stands(page: str) -> dict[str, list[str]]:
    sent: dict[str, list[str]] = {}
    for tag, attributes, inside in TAG.findall(page[page.index("<main") : page.index("</main>")]):
        given = dict(GIVEN.findall(attributes))
        if given.get("type") in ("radio", "checkbox") and not re.search(r"\bchecked\b", attributes):
            continue
        values = {"textarea": [inside], "select": CHOSEN.findall(inside) or [""]}.get(tag, [given.get("value", "")])
        sent.setdefault(given.get("name", ""), []).extend(map(unescape, values))
    return sent
