"""Finds code that goes round the door: pages and API that take rows straight from a model.

A page reaches an object only through a queryset that is scoped to the user,
such as `Session.objects.visible_to(request.user)`. What is refused is a bare
`Model.objects` that does not at once call one of SCOPED, and
`get_object_or_404(Model, …)`. PURE: reads source, imports nothing of it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SCOPED = frozenset(
    {
        "visible_to",
        "of",
        "supported_by",
        "at_desk_of",
        "bookable_by",
        "answered_by",
        "acted_for_by",
        "led_by",
        "public",
        "shared_with",
        "built_by_desk_of",
        "answerable_by",
        "typed_for_by",
        "readable_by",
        "reported_by_leader",
    }
)
LOOKUPS = frozenset({"get_object_or_404", "get_list_or_404", "aget_object_or_404"})


def bare_lookups(source: str, name: str = "<source>") -> list[str]:
    """`name:line: what` for every way round the door in `source`."""
    tree = ast.parse(source)
    scoped = {id(node.value) for node in ast.walk(tree) if _is_scoped_call(node)}
    return [f"{name}:{line}: {what}" for line, what in _found(tree, scoped)]


def _is_scoped_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in SCOPED


def _found(tree: ast.AST, scoped: set[int]) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"} and id(node) not in scoped:
            yield node.lineno, f"{ast.unparse(node)} without a scope"
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in LOOKUPS and node.args:
            first = node.args[0]
            if isinstance(first, ast.Name) and first.id[:1].isupper():
                yield node.lineno, f"{ast.unparse(node.func)}({first.id}, …)"


def pages_and_api(root: Path) -> list[Path]:
    """The files that stand behind the door: every page, and every api module or package."""
    apps = ("accounts", "messaging", "participants", "instructors", "classes", "outcomes", "records")
    files = list((root / "frontend").rglob("*.py"))
    for app in apps:
        files += [*(root / app).glob("api*.py"), *(root / app / "api").rglob("*.py")]
    return [f for f in files if "node_modules" not in f.parts]
