"""`enableWhen` of a file: made clean, or refused with the name of the item. PURE: no Django.

Here: that the question it hangs on is there and is asked, that the answer it wants
is one, and that nothing hangs on itself. Not here: judging a condition (gates.py).
Called by reading.py when every item is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from outcomes.fhir.extensions import as_object, extensions_of
from outcomes.fhir.gates import OPERATORS, ORDERED
from outcomes.fhir.given import CHOSEN, NAMES, NUMBERS, TIMED, Kind, identity, is_moment, is_number
from outcomes.fhir.items import DISPLAY, GROUP, Walk
from outcomes.fhir.remarks import LeftOut, Refused, Warned
from outcomes.fhir.shapes import shape_of

Json = dict[str, Any]


def clean_conditions(walk: Walk) -> None:
    """Put clean conditions in the place of those that came, in every item that is kept."""
    for link, item in walk.kept.items():
        raw, behaviour = item.pop("enableWhen", []), item.pop("enableBehavior", None)
        if not isinstance(raw, list):
            walk.notes.note(Refused.CONDITION_NOT_READ, link, "enableWhen")
            continue
        found = [clean for one in raw if (clean := _condition(as_object(one), link, walk)) is not None]
        if found:
            item["enableWhen"] = found
            item["enableBehavior"] = "any" if behaviour == "any" else "all"
        if len(raw) > 1 and behaviour not in ("any", "all"):
            walk.notes.note(Warned.ALL_CONDITIONS, link)
    for link in _in_rings(walk.kept):
        walk.notes.note(Refused.CONDITION_IN_A_RING, link)


def _condition(raw: Mapping[str, Any], link: str, walk: Walk) -> Json | None:
    extensions_of(raw, link, walk.notes)
    target = raw.get("question")
    if isinstance(target, str) and target in walk.skipped:
        walk.notes.note(LeftOut.CONDITION_BY_EXPRESSION, link, target)
        return None
    if not isinstance(target, str) or target not in walk.kept:
        walk.notes.note(Refused.CONDITION_MISSING, link, str(target))
        return None
    item = walk.kept[target]
    if item["type"] in (GROUP, DISPLAY):
        walk.notes.note(Refused.CONDITION_ON_NO_QUESTION, link, target)
        return None
    operator = raw.get("operator")
    expected = _expected(raw, operator, item) if operator in OPERATORS else None
    if expected is None:
        walk.notes.note(Refused.CONDITION_NOT_READ, link, target)
        return None
    name, inner = expected
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
