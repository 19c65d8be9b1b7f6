"""Every kind of task that the code raises, read from the code itself.

`kind=` of a call of raise_task is a word, a constant, or looked up in a table; where it is an argument
of the function around it, the calls of that function in the same file are read.
What cannot be read that way is an error, so that no kind slips through.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

APPS = ("accounts", "messaging", "participants", "instructors", "classes", "outcomes", "records", "frontend")
RAISE = "raise_task"


class Unreadable(Exception):
    """A kind that is neither a word, nor a constant, nor handed on from a call in the same file."""


def raised_kinds(root: Path) -> dict[str, str]:
    """Kind → the file that raises it."""
    found: dict[str, str] = {}
    for app in APPS:
        for file in sorted((root / app).rglob("*.py")):
            if "node_modules" in file.parts or RAISE not in (source := file.read_text()):
                continue
            module = ".".join(file.relative_to(root).with_suffix("").parts)
            names = vars(importlib.import_module(module))
            found |= dict.fromkeys(kinds_in(source, names), str(file.relative_to(root)))
    return found


def kinds_in(source: str, names: dict[str, object]) -> set[str]:
    """The kinds raised in one file, whose constants are `names`."""
    tree = ast.parse(source)
    nodes = [node for call, around in _calls(tree, RAISE) for node in _kind_of(call, around, tree)]
    return {word for node in nodes for word in _words(node, names)}


def _calls(tree: ast.AST, name: str) -> Iterator[tuple[ast.Call, ast.FunctionDef | None]]:
    """Each call of `name`, with the function in which it stands."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.name != name:
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == name:
                    yield node, function


def _kind_of(call: ast.Call, around: ast.FunctionDef | None, tree: ast.AST) -> list[ast.expr]:
    kind = next((keyword.value for keyword in call.keywords if keyword.arg == "kind"), None)
    if kind is None:
        raise Unreadable(ast.unparse(call))
    given = [argument.arg for argument in around.args.args] if around else []
    if around is None or not isinstance(kind, ast.Name) or kind.id not in given:
        return [kind]
    place = given.index(kind.id)
    handed = [_argument(there, place, kind.id) for there, _ in _calls(tree, around.name)]
    if not handed:
        raise Unreadable(ast.unparse(call))
    return handed


def _argument(call: ast.Call, place: int, name: str) -> ast.expr:
    named = [keyword.value for keyword in call.keywords if keyword.arg == name]
    if not named and len(call.args) <= place:
        raise Unreadable(ast.unparse(call))
    return named[0] if named else call.args[place]


def _words(node: ast.expr, names: dict[str, object]) -> set[str]:
    """A word, a constant, or every value of a table that is looked up."""
    looked_up = isinstance(node, ast.Subscript)
    value = _value(node.value if isinstance(node, ast.Subscript) else node, names)
    words = list(value.values()) if looked_up and isinstance(value, dict) else [value]
    if not all(isinstance(word, str) for word in words):
        raise Unreadable(ast.unparse(node))
    return {str(word) for word in words}


def _value(node: ast.expr, names: dict[str, object]) -> object:
    if isinstance(node, ast.Attribute):  # a constant of a module that is imported whole
        return getattr(names.get(ast.unparse(node.value)), node.attr, None)
    return names.get(node.id) if isinstance(node, ast.Name) else getattr(node, "value", None)
