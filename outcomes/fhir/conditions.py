"""`enableWhen` of a file: made clean, or refused with the name of the item. PURE: no Django.

Here: that the question it hangs on is there and is asked, that the answer it wants
is one, and that nothing hangs on itself. Not here: judging a condition (gates.py).
Called by reading.py when every item is known.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from outcomes.fhir.extensions import as_object, extensions_of, is_in_unit
from outcomes.fhir.gates import OPERATORS, ORDERED, Condition
from outcomes.fhir.given import CHOSEN, NAMES, NUMBERS, TIMED, Kind, identity, is_moment, is_number
from outcomes.fhir.items import DISPLAY, GROUP, Walk
from outcomes.fhir.remarks import LeftOut, Refused, Warned
from outcomes.fhir.shapes import extensions_in, first_of, shape_of

Json = dict[str, Any]
FIRST = "first"  # of an item that was dropped: what it is answered with, in the place of what it came with


class Verdict(enum.Enum):
    """What is known of a condition before anybody answers, as it hangs on a question that is not asked."""

    HOLDS = "holds"
    NEVER = "never"
    UNKNOWN = "unknown"  # the answer is worked out elsewhere


def clean_conditions(items: list[Json], walk: Walk) -> list[Json]:
    """Put clean conditions in the place of those that came, in every item that is kept; returns those of `items` that
    somebody may be asked. What hangs on one that nobody is asked is judged anew."""
    while never := _clean(walk):
        items = _without(items, never, walk)
    for link in _in_rings(walk.kept):
        walk.notes.note(Refused.CONDITION_IN_A_RING, link)
    return items


def _clean(walk: Walk) -> set[str]:
    """Returns the items of which nobody would be asked."""
    never = set()
    for link, item in walk.kept.items():
        raw, behaviour = item.pop("enableWhen", []), item.pop("enableBehavior", None)
        if not isinstance(raw, list):
            walk.notes.note(Refused.CONDITION_NOT_READ, link, "enableWhen")
            continue
        if len(raw) > 1 and behaviour not in ("any", "all"):
            walk.notes.note(Warned.ALL_CONDITIONS, link)
        found = [clean for one in raw if (clean := _condition(as_object(one), link, walk)) is not None]
        left = _left_of(found, any_one=behaviour == "any")
        if left is None:
            walk.notes.note(LeftOut.NOBODY_ASKED, link, _questions(raw))
            never.add(link)
        elif left:
            item["enableWhen"] = left
            item["enableBehavior"] = "any" if behaviour == "any" else "all"
    return never


def _without(items: Iterable[Json], never: Collection[str], walk: Walk) -> list[Json]:
    found = []
    for item in items:
        if item["linkId"] in never:
            _drop(item, walk)
            continue
        if below := _without(item.pop("item", ()), never, walk):
            item["item"] = below
        found.append(item)
    return found


def _drop(item: Json, walk: Walk) -> None:
    """The item and everything inside it. What it would have begun with counts for nobody."""
    del walk.kept[item["linkId"]]
    is_question = item["type"] not in (GROUP, DISPLAY)
    walk.skipped[item["linkId"]] = {**item, FIRST: []} if is_question else None
    for below in item.get("item", ()):
        _drop(below, walk)


def _left_of(found: list[Json | Verdict], *, any_one: bool) -> list[Json] | None:
    """The conditions that are left to be judged of each person; None where they cannot hold for anybody."""
    decides, falls_away = (Verdict.HOLDS, Verdict.NEVER) if any_one else (Verdict.NEVER, Verdict.HOLDS)
    if any_one and Verdict.UNKNOWN in found:
        return []  # whoever it would let in cannot be told apart
    if decides in found:
        return [] if any_one else None
    left = [one for one in found if not isinstance(one, Verdict)]
    return None if any_one and not left and falls_away in found else left


def _questions(raw: Iterable[Mapping[str, Any]]) -> str:
    return ", ".join(dict.fromkeys(str(as_object(one).get("question")) for one in raw))


def _condition(raw: Mapping[str, Any], link: str, walk: Walk) -> Json | Verdict | None:
    extensions_of(raw, link, walk.notes)
    target = raw.get("question")
    if isinstance(target, str) and target in walk.skipped and walk.skipped[target] is None:
        walk.notes.note(LeftOut.CONDITION_BY_EXPRESSION, link, target)
        return Verdict.UNKNOWN
    item = walk.kept.get(target) or walk.skipped.get(target) if isinstance(target, str) else None
    if item is None:
        walk.notes.note(Refused.CONDITION_MISSING, link, str(target))
        return None
    if item["type"] in (GROUP, DISPLAY):
        walk.notes.note(Refused.CONDITION_ON_NO_QUESTION, link, str(target))
        return None
    operator = str(raw.get("operator"))
    expected = _expected(raw, operator, item) if operator in OPERATORS else None
    if expected is None:
        walk.notes.note(Refused.CONDITION_NOT_READ, link, str(target))
        return None
    name, inner = expected
    if target in walk.skipped:
        holds = Condition(str(target), operator, {name: inner}).holds(item.get(FIRST, first_of(item)))
        return Verdict.HOLDS if holds else Verdict.NEVER
    return {"question": target, "operator": operator, name.replace("value", "answer", 1): inner}


def _expected(raw: Mapping[str, Any], operator: object, item: Json) -> tuple[str, Any] | None:
    found = [(key, inner) for key, inner in raw.items() if key.startswith("answer")]
    if len(found) != 1:
        return None
    name, inner = found[0][0].replace("answer", "value", 1), found[0][1]
    if operator == "exists":
        return (name, inner) if name == "valueBoolean" and isinstance(inner, bool) else None
    kind = Kind(item["type"])
    if kind in CHOSEN:
        return _of_option(name, inner, item) if operator not in ORDERED else None
    if kind in NUMBERS:
        if not is_in_unit(as_object(inner), extensions_in(item)):
            return None
        number = as_object(inner).get("value") if name == "valueQuantity" else inner
        return (name, {"value": number} if name == "valueQuantity" else number) if is_number(number) else None
    if kind in TIMED:
        return (name, inner) if name == NAMES[kind] and is_moment(kind, inner) else None
    fits = isinstance(inner, bool if kind is Kind.BOOLEAN else str)
    return (name, inner) if fits and name in (NAMES[kind], "valueString") and operator not in ORDERED else None


def _of_option(name: str, inner: Any, item: Json) -> tuple[str, Any] | None:
    """One of the options, found by system and code; by code alone where the condition names no system."""
    options = [option.kept for option in shape_of(item).options]
    if isinstance(inner, list | bool):
        return None
    for option in options:
        if identity(option) == identity({name: inner}):
            return next(iter(option.items()))
    if name == "valueCoding" and not as_object(inner).get("system"):
        code = as_object(inner).get("code")
        alike = [option for option in options if as_object(option.get(name)).get("code") == code]
        return next(iter(alike[0].items())) if len(alike) == 1 else None
    own_words = item["type"] == Kind.OPEN_CHOICE and name == "valueString" and isinstance(inner, str)
    return (name, inner) if own_words else None


def _in_rings(items: Mapping[str, Json]) -> list[str]:
    """The items that hang on themselves, however long the way round. An item also hangs on what is around it."""
    above: dict[str, list[str]] = {link: [] for link in items}
    for link, item in items.items():
        for below in _below(item.get("item", ())):
            above.setdefault(below, []).append(link)
    hangs = {
        link: [condition["question"] for condition in item.get("enableWhen", ())] + above[link]
        for link, item in items.items()
    }
    return [link for link in items if link in _reached(hangs, hangs[link])]


def _below(items: Iterable[Json]) -> list[str]:
    return [item["linkId"] for item in items]


def _reached(hangs: Mapping[str, list[str]], first: list[str]) -> set[str]:
    seen, waiting = set[str](), list(first)
    while waiting:
        link = waiting.pop()
        if link not in seen:
            seen.add(link)
            waiting += hangs.get(link, [])
    return seen
