"""Which fields each of the cast is given, frozen in files: so that one more is seen by whoever reviews the change.

Here: reading the fields out of an answer (what a page labels, what it asks, what an answer of the API holds), and
the files beside this module, one for each of the cast. Compared by test_routes.py, which opens every address for
everybody anyway, and by test_fields.py. Written anew, after the difference was read:
`SAFEFIT_FIELDS=write ./run test tests/structure/test_routes.py tests/structure/test_fields.py`.

What a page shows hangs on the hour and on what was done before, so a page may show less than its line says, and
never more. What the API can answer stands in its papers, and is compared exactly (api.txt).
"""

from __future__ import annotations

import html
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

HOME: Final = Path(__file__).parent / "fields"
WRITES: Final = os.environ.get("SAFEFIT_FIELDS") == "write"
HEAD: Final = "# What {who} is given: address, and the fields of its answer. Written by tests/structure/fields.py.\n"
MAIN = re.compile(r"<main\b.*?</main>", re.DOTALL)
LABEL = re.compile(r"<(?:dt|th scope=\"col\")\b[^>]*>(.*?)</(?:dt|th)>", re.DOTALL)
ASKED = re.compile(r'<(?:input|select|textarea)\b[^>]*\bname="([^"]+)"')
TAGS, SPACE = re.compile(r"<[^>]+>"), re.compile(r"\s+")
NUMBERED = re.compile(r"\d+")
MOMENT = re.compile(r".*\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b.*")  # the label of a change: when, and by whom
NOT_FIELDS = {"csrfmiddlewaretoken"}


def fields_of(answer: Any) -> set[str]:
    """Of a page what it labels ("Date of birth") and asks ("?known_as"), of JSON its keys ("phases[].weeks")."""
    kind = answer.headers.get("Content-Type", "")
    if answer.status_code != 200 or answer.streaming:
        return set()
    if kind.startswith("application/json"):
        return set(keys_of(json.loads(answer.content)))
    main = MAIN.search(answer.content.decode()) if kind.startswith("text/html") else None
    if main is None:
        return set()
    labels = {SPACE.sub(" ", html.unescape(TAGS.sub("", one))).strip() for one in LABEL.findall(main[0])}
    asked = {f"?{name}" for name in ASKED.findall(main[0]) if name not in NOT_FIELDS}
    return {NUMBERED.sub("#", MOMENT.sub("(a day)", one)) for one in labels | asked if one}


def keys_of(value: Any, at: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            name = NUMBERED.sub("#", f"{at}.{key}" if at else str(key))
            yield from keys_of(inner, name) if isinstance(inner, dict | list) and inner else (name,)
    elif isinstance(value, list):
        for inner in value:
            yield from keys_of(inner, f"{at}[]")


def frozen(who: str) -> dict[str, set[str]]:
    """Address → fields, as the file has them."""
    path = HOME / f"{who}.txt"
    rows = path.read_text().splitlines() if path.exists() else []
    split = (row.split(" | ") for row in rows if not row.startswith("#"))
    return {name: set(fields) for name, *fields in split}


def write(who: str, found: Mapping[str, set[str]]) -> None:
    rows = [" | ".join([name, *sorted(fields)]) for name, fields in sorted(found.items()) if fields]
    (HOME / f"{who}.txt").write_text(HEAD.format(who=who) + "".join(f"{row}\n" for row in rows))


def unfrozen(who: str, found: Mapping[str, set[str]]) -> list[str]:
    """What somebody is given that their file does not name; with WRITES the file names it from now on."""
    known = frozen(who)
    if WRITES:
        write(who, {name: known.get(name, set()) | fields for name, fields in found.items()})
        return []
    more = {name: fields - known.get(name, set()) for name, fields in found.items()}
    return [f"{who} is given more at {name}: {', '.join(sorted(fields))}" for name, fields in more.items() if fields]
