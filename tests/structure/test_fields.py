"""What the API takes and gives, and to whom, frozen in fields/api.txt; and that the files say nothing of what is gone.

Not here: what each of the cast is given, address by address (test_routes.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse, JsonResponse
from django.urls import resolve

from tests.papers import Operation, operations, papers
from tests.structure.fields import HOME, WRITES, fields_of, frozen, unfrozen
from tests.structure.routes import CAST, ROUTES

API = HOME / "api.txt"
DONE = ("200", "201", "202")


def test_what_the_api_takes_and_gives_and_to_whom_is_what_the_file_says() -> None:
    drawn = "".join(f"{row}\n" for one in operations() for row in rows_of(one))
    if WRITES:
        API.write_text(drawn)
    assert drawn == API.read_text(), "read the difference, then write the file anew: tests/structure/fields.py"
    assert drawn.count("\n  ") > 300, "the papers have moved: this check reads nothing"


def rows_of(operation: Operation) -> Iterator[str]:
    yield f"{operation.method.upper()} {operation.path}: {', '.join(sorted(ROUTES[name_of(operation)].may))}"
    content = operation.said.get("requestBody", {}).get("content", {}).get("application/json", {})
    yield from (f"  takes {name}" for name in sorted(names_in(content.get("schema", {}))))
    answers = [operation.said["responses"].get(status, {}).get("content", {}) for status in DONE]
    given = [names_in(kind.get("schema", {})) for kinds in answers for kind in kinds.values()]
    yield from (f"  gives {name}" for name in sorted(set().union(*given)))


def name_of(operation: Operation) -> str:
    parts = [part if not part.startswith("{") else "1" for part in operation.path.split("/")]
    return resolve("/".join(parts)).view_name


def names_in(schema: dict[str, Any], at: str = "") -> set[str]:
    """The names in a shape, with those of the shapes inside it."""
    if "$ref" in schema:
        schema = papers()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    found = set()
    for name, inner in schema.get("properties", {}).items():
        here = f"{at}.{name}" if at else name
        found |= names_in(inner, here) or {here}
    for inner in [one for kind in ("anyOf", "oneOf", "allOf") for one in schema.get(kind, ())]:
        found |= names_in(inner, at)
    return found | (names_in(schema["items"], f"{at}[]") if "items" in schema else set())


@pytest.mark.parametrize("who", CAST)
def test_no_file_of_fields_names_an_address_that_is_gone_or_shut_to_them(who: str) -> None:
    known = frozen(who)
    assert {name for name in known if who not in ROUTES[name].may} == set()
    assert known or who == "nell", "the files have moved"


def test_the_check_finds_a_field_that_nobody_put_in_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.structure.fields.WRITES", False)
    page = HttpResponse(
        '<dt>Not in here</dt><main><dl><dt>NHS <b>number</b></dt></dl><input type="text" name="known_as"></main>'
    )
    assert fields_of(page) == {"NHS number", "?known_as"}
    assert unfrozen("pat", {"me:leave": {"NHS number"}}) == ["pat is given more at me:leave: NHS number"]
    record = json.loads(json.dumps({"id": 1, "phases": [{"weeks": 4}], "none": {}, "note": None}))
    assert fields_of(JsonResponse(record)) == {"id", "phases[].weeks", "none", "note"}
