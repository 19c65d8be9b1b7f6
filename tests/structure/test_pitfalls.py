"""What failed people elsewhere is guarded: docs/pitfalls.md names tests, and each says which failure is its own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PAGE = ROOT / "docs" / "pitfalls.md"
NUMBERS = re.compile(r"[Pp]itfalls?:? ([\d, and]+)")
NEAR = 4  # lines before the name, for what stands above its decorators


def said_by_tests() -> Iterator[tuple[int, str]]:
    """Each number that stands beside a test, or at the top of its file, and that test."""
    for path in (ROOT / "tests").rglob("test_*.py"):
        if not NUMBERS.search(source := path.read_text()):
            continue
        tree, lines = ast.parse(source), source.splitlines()
        whole = ast.get_docstring(tree) or ""
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield from ((number, node.name) for number in numbers_in(whole + around(node, lines)))


def around(node: ast.FunctionDef, lines: list[str]) -> str:
    first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
    above = [line for line in lines[max(0, first - NEAR) : first - 1] if line.startswith("#")]
    return "\n".join([*above, *lines[first - 1 : node.end_lineno]])


def numbers_in(text: str) -> set[int]:
    return {int(number) for said in NUMBERS.findall(text) for number in re.findall(r"\d+", said)}


def faults_of(page: str, said: set[tuple[int, str]]) -> list[str]:
    rows = {
        int(number): re.findall(r"`(test_\w+)`", row) for number, row in re.findall(r"^\| (\d+) (\|.*)$", page, re.M)
    }
    named = {(number, name) for number, names in rows.items() for name in names}
    missing = [f"row {number} names no test" for number, names in rows.items() if not names]
    missing += [f"{name} does not say that it guards {number}" for number, name in sorted(named - said)]
    return missing + [f"there is no row {number}" for number in sorted({number for number, _ in said} - rows.keys())]


def test_every_failure_is_guarded_by_tests_that_name_it() -> None:
    page = PAGE.read_text()
    assert page.count("\n| ") > 60, "the page has moved: this check reads nothing"
    assert faults_of(page, set(said_by_tests())) == []


def test_the_check_finds_a_test_that_is_gone_and_a_row_that_is_missing() -> None:
    page = "| 1 | a | b | `test_there`, `test_gone` |\n| 2 | a | b | |\n"
    assert faults_of(page, {(1, "test_there"), (3, "test_other")}) == [
        "row 2 names no test",
        "test_gone does not say that it guards 1",
        "there is no row 3",
    ]


WRITE_A_CAPACITY = {"classes/places/booking.py", "classes/places/making_smaller.py"}  # a change by staff, with a reason


def writes_capacity(source: str) -> bool:
    """Whether a class that is there gets another capacity; making one is something else."""
    for node in ast.walk(ast.parse(source)):
        changes = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update"
        if changes and any(word.arg == "capacity" for word in node.keywords):  # type: ignore[attr-defined]
            return True
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Attribute) and target.attr == "capacity" for target in targets):
            return True
    return False


def test_a_capacity_is_written_where_staff_change_it_and_nowhere_else() -> None:  # pitfalls 11
    apps = ("accounts", "messaging", "participants", "instructors", "classes", "outcomes", "records", "frontend")
    sources = [path for app in apps for path in (ROOT / app).rglob("*.py") if "capacity" in path.read_text()]
    assert {str(path.relative_to(ROOT)) for path in sources if writes_capacity(path.read_text())} == WRITE_A_CAPACITY
    for odd in ("session.capacity += 1", "session.capacity = 3", "rows.filter(pk=1).update(capacity=taken)"):
        assert writes_capacity(odd), odd
