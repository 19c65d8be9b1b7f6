"""The words and numbers of a body of content that may be changed, and what two bodies say differently. PURE: no Django.

Here: finding them, comparing them, putting others in their place within bounds.
Not here: which versions there are and who signed them (content.py), what a body
means (the app that registers it). A body is what a TOML file reads as.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Value = str | int | list[str]
Route = tuple[str | int, ...]  # the keys and positions that lead to one value
Body = Mapping[str, Any]


class BadContent(ValueError):
    """Content that cannot be used; says which part of it, and why."""


@dataclass(frozen=True)
class Word:
    """What may be changed under one key. `most`: characters of a text or of one of its lines, or the largest number."""

    label: str
    optional: bool = False
    most: int = 300
    least: int = 0


Words = Mapping[str, Word]  # by key: everything under another key is structure


@dataclass(frozen=True)
class Leaf:
    """One value that may be changed. `section` is the part of the body it stands in, `part` the one within that."""

    route: Route
    section: str
    part: str
    word: Word
    value: Value

    @property
    def label(self) -> str:
        return f"{self.word.label}: {self.part}" if self.part else self.word.label

    @property
    def called(self) -> str:
        """Where it stands and what it is, in one line."""
        return f"{self.section}: {self.label}" if self.section else self.label


@dataclass(frozen=True)
class Change:
    """One value that differs between two bodies; None where one of them has no such value."""

    called: str
    before: Value | None
    after: Value | None


def leaves(words: Words, body: Body) -> list[Leaf]:
    """Every value that may be changed, in the order in which the body says it."""
    return list(_leaves(words, body, (), ()))


def _leaves(words: Words, part: Any, route: Route, place: tuple[str, ...]) -> Iterator[Leaf]:
    pairs: Iterator[tuple[str | int, Any]] = iter(part.items() if isinstance(part, Mapping) else enumerate(part))
    for key, value in pairs:
        if key in words:
            section, *within = place or ("",)
            yield Leaf((*route, key), section, ", ".join(within), words[str(key)], value)
        elif isinstance(value, Mapping | list):
            yield from _leaves(words, value, (*route, key), (*place, *_named(key, value)))


def _named(key: str | int, value: Any) -> tuple[str, ...]:
    """A part is called by its own id, value or name, or by the key under which it stands; a list by its parts."""
    if isinstance(value, list):
        return ()
    own = value.get("id") or value.get("value") or value.get("name") or (key if isinstance(key, str) else "")
    return (str(own).replace("_", " "),)


def changes(words: Words, before: Body, after: Body) -> list[Change]:
    """What `after` says otherwise than `before`."""
    old, new = ({leaf.route: leaf for leaf in leaves(words, body)} for body in (before, after))
    found = []
    for route, leaf in {**old, **new}.items():
        was, now = old.get(route), new.get(route)
        if was is None or now is None or was.value != now.value:
            found.append(Change(leaf.called, was.value if was else None, now.value if now else None))
    return found


def reworded(words: Words, body: Body, values: Mapping[Route, Value]) -> dict[str, Any]:
    """A copy of `body` with `values` in their places; those of no word are left out. Raises BadContent."""
    new = copy.deepcopy(dict(body))
    for leaf in leaves(words, body):
        if leaf.route in values:
            _check(leaf, values[leaf.route])
            _put(new, leaf.route, values[leaf.route])
    return new


def _check(leaf: Leaf, value: Value) -> None:
    """A value of the same sort as the one it replaces, within the bounds of its word. Raises BadContent."""
    if type(value) is not type(leaf.value):  # a bool is no number here
        raise BadContent(f"{leaf.called}: this is another sort of value.")
    if isinstance(value, int):
        if not leaf.word.least <= value <= leaf.word.most:
            raise BadContent(f"{leaf.called}: a number from {leaf.word.least} to {leaf.word.most}.")
        return
    lines = [value] if isinstance(value, str) else value
    empty = not all(line.strip() for line in lines) or not lines
    if (empty and leaf.value and not leaf.word.optional) or any(len(line) > leaf.word.most for line in lines):
        raise BadContent(f"{leaf.called}: 1 to {leaf.word.most} characters.")


def _put(body: Any, route: Route, value: Value) -> None:
    for key in route[:-1]:
        body = body[key]
    body[route[-1]] = value
